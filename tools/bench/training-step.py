"""The PyTorch side of training-step.mjs: the same 3-D U-Net, one step per line on standard input.

Started by training-step.mjs; by hand:
  echo step | python3 tools/bench/training-step.py --batch 1 --size 64 64 32 --width 32 --mode train --threads 2
"""

import argparse
import json
import re
import sys
import time

import torch
from torch import nn


def unit(channels_in, channels_out):
    return nn.Sequential(
        nn.Conv3d(channels_in, channels_out, 3, padding=1),
        nn.BatchNorm3d(channels_out, track_running_stats=False),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    """Four levels; width·2^level channels, doubled by each level's second convolution."""

    def __init__(self, width, levels=4):
        super().__init__()
        self.levels = levels
        self.down = nn.ModuleList()
        self.rise = nn.ModuleList()
        self.up = nn.ModuleList()
        channels = 1
        for level in range(levels):
            first = width * 2**level
            self.down.append(nn.Sequential(unit(channels, first), unit(first, 2 * first)))
            channels = 2 * first
        for level in reversed(range(levels - 1)):
            skip = width * 2 ** (level + 1)
            self.rise.append(nn.ConvTranspose3d(2 * skip, 2 * skip, 2, stride=2))
            self.up.append(nn.Sequential(unit(3 * skip, skip), unit(skip, skip)))
        self.head = nn.Conv3d(2 * width, 1, 1)

    def forward(self, x):
        skips = []
        for level, block in enumerate(self.down):
            x = block(x)
            if level < self.levels - 1:
                skips.append(x)
                x = nn.functional.max_pool3d(x, 2)
        for rise, block in zip(self.rise, self.up):
            x = block(torch.cat([rise(x), skips.pop()], dim=1))
        return torch.sigmoid(self.head(x))


def peak_kib():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--size", type=int, nargs=3, default=[64, 64, 32])
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--mode", choices=["train", "infer"], default="train")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    model = UNet(args.width)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    x = torch.rand(args.batch, 1, *args.size)

    def train():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), x)
        loss.backward()
        optimizer.step()

    def infer():
        with torch.no_grad():
            model(x)

    step = train if args.mode == "train" else infer
    parameters = sum(p.numel() for p in model.parameters())
    print(json.dumps({"name": f"PyTorch {torch.__version__}", "parameters": parameters}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        step()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "peakKiB": peak_kib()}), flush=True)


if __name__ == "__main__":
    main()
