"""Writes what the reference's PyTorch network gives, for the tests of @genesis/unet3d.

    python packages/unet3d/test/reference/network_pytorch.py packages/unet3d/test/fixtures

Needs torch, numpy, safetensors. Seeded. The reference class has a fixed width of 32, so this is a
network of the same structure, operations and parameter names with the width as an argument:
convolution 3x3x3 with bias, batch normalisation that always uses batch statistics, activation;
max-pool 2; transposed convolution 2x2x2; concatenation (upsampled, skip); 1x1x1 convolution,
sigmoid. Files: weights before training, after one and after ten steps of SGD (momentum 0.9, MSE), the
inputs, and outputs in training and evaluation mode at two sizes. The learning rate is small because in
a network this narrow a single ReLU input that rounding moves across zero changes the weights by
1e-3 in ten steps at a rate of 0.1, in any two implementations.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional


class BatchStatisticsNorm(nn.BatchNorm3d):
    def forward(self, x):
        return functional.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, True, self.momentum, self.eps
        )


class Unit(nn.Module):
    def __init__(self, inputs, outputs, activation):
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, outputs, 3, padding=1)
        self.bn1 = BatchStatisticsNorm(outputs)
        self.activation = {"relu": nn.ReLU, "prelu": lambda: nn.PReLU(outputs), "elu": nn.ELU}[activation]()

    def forward(self, x):
        return self.activation(self.bn1(self.conv1(x)))


class Down(nn.Module):
    def __init__(self, inputs, width, activation):
        super().__init__()
        self.ops = nn.Sequential(Unit(inputs, width, activation), Unit(width, 2 * width, activation))


class Up(nn.Module):
    def __init__(self, below, skip, activation):
        super().__init__()
        self.up_conv = nn.ConvTranspose3d(below, below, 2, stride=2)
        self.ops = nn.Sequential(Unit(below + skip, skip, activation), Unit(skip, skip, activation))


class Output(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.final_conv = nn.Conv3d(inputs, classes, 1)


class Network(nn.Module):
    def __init__(self, width, levels, activation="relu", inputs=1, classes=1):
        super().__init__()
        self.levels = levels
        for level in range(levels):
            before = inputs if level == 0 else width * 2**level
            self.add_module(f"down_tr{64 * 2**level}", Down(before, width * 2**level, activation))
        for level in reversed(range(levels - 1)):
            below = width * 2 ** (level + 2)
            self.add_module(f"up_tr{64 * 2**level}", Up(below, below // 2, activation))
        self.out_tr = Output(2 * width, classes)

    def forward(self, x):
        skips = []
        for level in range(self.levels):
            if level:
                x = functional.max_pool3d(x, 2)
            x = getattr(self, f"down_tr{64 * 2**level}").ops(x)
            skips.append(x)
        for level in reversed(range(self.levels - 1)):
            up = getattr(self, f"up_tr{64 * 2**level}")
            x = up.ops(torch.cat((up.up_conv(x), skips[level]), 1))
        return torch.sigmoid(self.out_tr.final_conv(x))


def channels_last(tensor):
    return np.ascontiguousarray(tensor.detach().numpy().transpose(0, 2, 3, 4, 1))


def state(network):
    return {f"module.{name}": value.detach().numpy().copy() for name, value in network.state_dict().items()}


def make(folder, name, width, levels, activation, inputs, classes, shapes):
    from safetensors.numpy import save_file

    torch.manual_seed(5)
    network = Network(width, levels, activation, inputs, classes)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    save_file(state(network), folder / f"{name}_step0.safetensors")
    data = {}
    for i, shape in enumerate(shapes):
        x = torch.rand(2, inputs, *shape)
        data[f"x{i}"] = channels_last(x)
        network.train()
        data[f"train{i}"] = channels_last(network(x))
        network.eval()
        data[f"eval{i}"] = channels_last(network(x))
    network.train()
    x = torch.rand(2, inputs, *shapes[0])
    y = torch.rand(2, classes, *shapes[0])
    data["x"], data["y"] = channels_last(x), channels_last(y)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9)
    losses = []
    for step in range(1, 11):
        loss = functional.mse_loss(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step in (1, 10):
            save_file(state(network), folder / f"{name}_step{step}.safetensors")
    data["losses"] = np.array(losses, dtype=np.float32)
    save_file(data, folder / f"{name}_data.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    target = Path(sys.argv[1])
    make(target, "pytorch_relu", 2, 3, "relu", 1, 1, [(16, 8, 8), (4, 12, 8)])
    make(target, "pytorch_prelu", 2, 2, "prelu", 2, 3, [(8, 8, 4)])
    make(target, "pytorch_elu", 2, 2, "elu", 1, 1, [(4, 8, 8)])
