"""The U-Net of an export in PyTorch, under the parameter names of the Models Genesis reference.

    model = load("genesis.json", "model.pt")   # or model.safetensors
    probabilities = torch.softmax(model(x), 1)

`x` is [batch, channel, x, y, z]; sides are multiples of 2 ** (levels - 1). The output is what stands before the last activation:
softmax over classes for a segmentation, sigmoid for a network that restores.
"""

import json

import torch
from torch import nn
from torch.nn import functional


class BatchStatisticsNorm(nn.BatchNorm3d):
    """Always normalizes by the batch at hand, also when it is applied."""

    def forward(self, x):
        return functional.batch_norm(x, None, None, self.weight, self.bias, True, 0, self.eps)


class Unit(nn.Module):
    def __init__(self, inputs, outputs, norm, activation, eps):
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, outputs, 3, padding=1)
        self.bn1 = {
            "batch": lambda: BatchStatisticsNorm(outputs, eps),
            "batchRunning": lambda: nn.BatchNorm3d(outputs, eps),
            "instance": lambda: nn.InstanceNorm3d(outputs, eps, affine=True),
            "group": lambda: nn.GroupNorm(8, outputs, eps),
        }[norm]()
        self.activation = {"relu": nn.ReLU(), "leakyRelu": nn.LeakyReLU(0.01), "elu": nn.ELU()}[activation]

    def forward(self, x):
        return self.activation(self.bn1(self.conv1(x)))


class Level(nn.Module):
    def __init__(self, inputs, middle, outputs, below=0, **unit):
        super().__init__()
        if below:
            self.up_conv = nn.ConvTranspose3d(below, below, 2, stride=2)
        self.ops = nn.Sequential(Unit(inputs, middle, **unit), Unit(middle, outputs, **unit))


class Output(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.final_conv = nn.Conv3d(inputs, outputs, 1)


class UNet3d(nn.Module):
    """`inputs` channels in, `outputs` out; the rest as in `card.network` of genesis.json."""

    def __init__(self, inputs, outputs, width, levels, activation, norm, upsampling, variant, skips=True):
        super().__init__()
        self.levels, self.repeats, self.skips = levels, upsampling == "repeat", skips
        unit = {"norm": norm, "activation": activation, "eps": 1e-3 if variant == "keras" else 1e-5}
        for level in range(levels):
            before, after = inputs if level == 0 else width * 2**level, width * 2 ** (level + 1)
            self.add_module(f"down_tr{64 * 2**level}", Level(before, after // 2, after, **unit))
        for level in reversed(range(levels - 1)):
            below, after = width * 2 ** (level + 2), width * 2 ** (level + 1)
            joined = below + after if skips else below
            up = Level(joined, after, after, 0 if self.repeats else below, **unit)
            self.add_module(f"up_tr{64 * 2**level}", up)
        self.out_tr = Output(2 * width, outputs)

    def forward(self, x):
        kept = []
        for level in range(self.levels):
            x = getattr(self, f"down_tr{64 * 2**level}").ops(functional.max_pool3d(x, 2) if level else x)
            kept.append(x)
        for level in reversed(range(self.levels - 1)):
            up = getattr(self, f"up_tr{64 * 2**level}")
            x = functional.interpolate(x, scale_factor=2) if self.repeats else up.up_conv(x)
            x = up.ops(torch.cat((x, kept[level]), 1) if self.skips else x)
        return self.out_tr.final_conv(x)


def build(description):
    """The network of a genesis.json with random weights."""
    network = {key: value for key, value in description["card"]["network"].items() if key != "architecture"}
    return UNet3d(description["inputs"][0]["shape"][1], description["outputs"][0]["shape"][1], **network)


def load(description, weights):
    """The network of a genesis.json with the weights of a file beside it, ready to be applied."""
    with open(description) as file:
        model = build(json.load(file))
    if str(weights).endswith(".safetensors"):
        from safetensors.torch import load_file

        state = load_file(weights)
    else:
        state = torch.load(weights, weights_only=True)
    model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    return model.eval()
