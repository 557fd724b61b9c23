"""Writes what nnU-Net's residual-encoder U-Net gives, for the tests of @genesis/unet3d.

    pip install dynamic-network-architectures
    python packages/unet3d/test/reference/network_nnunet.py packages/unet3d/test/fixtures

Needs torch, numpy, safetensors. Seeded; a narrow network with nnU-Net's settings (instance norm,
leaky ReLU, convolution bias), one stage with an anisotropic kernel and stride.
"""

import sys
from pathlib import Path

import torch
from dynamic_network_architectures.architectures.unet import ResidualEncoderUNet
from safetensors.numpy import save_file
from torch import nn

torch.manual_seed(5)
torch.set_num_threads(1)
network = ResidualEncoderUNet(
    input_channels=1,
    n_stages=3,
    features_per_stage=(3, 4, 6),
    conv_op=nn.Conv3d,
    kernel_sizes=((1, 3, 3), 3, 3),
    strides=(1, (1, 2, 2), 2),
    n_blocks_per_stage=(1, 2, 2),
    num_classes=2,
    n_conv_per_stage_decoder=(1, 2),
    conv_bias=True,
    norm_op=nn.InstanceNorm3d,
    norm_op_kwargs={"eps": 1e-5, "affine": True},
    nonlin=nn.LeakyReLU,
    nonlin_kwargs={"inplace": True},
    deep_supervision=False,
)
for module in network.modules():
    if isinstance(module, nn.InstanceNorm3d):
        nn.init.uniform_(module.weight, 0.5, 1.5)
        nn.init.uniform_(module.bias, -0.5, 0.5)
x = torch.rand(2, 1, 4, 8, 12)
y = network(x)
loss = (y * torch.linspace(-1, 1, y.numel()).reshape(y.shape)).mean()
loss.backward()
folder = Path(sys.argv[1])
last = lambda t: t.detach().permute(0, 2, 3, 4, 1).contiguous().numpy()
gradients = {f"grad.{name}": p.grad.numpy() for name, p in network.named_parameters() if p.grad is not None}
state = {name: value.numpy().copy() for name, value in network.state_dict().items()}
save_file(state, folder / "nnunet_weights.safetensors")
save_file({"x": last(x), "y": last(y), **gradients}, folder / "nnunet_data.safetensors")
