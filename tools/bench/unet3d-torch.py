"""PyTorch's side of tools/bench/unet3d.mjs: python unet3d-torch.py BATCH STEPS. Needs torch.

The network of packages/unet3d/test/reference/network_pytorch.py at the reference's width of 32 and four levels.
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "packages/unet3d/test/reference"))
import torch
from network_pytorch import Network

batch, steps = int(sys.argv[1]), int(sys.argv[2])
network = Network(32, 4)
assert sum(p.numel() for p in network.parameters()) == 19_073_665
x = torch.sin(torch.arange(batch * 131072.0)).abs().reshape(batch, 1, 64, 64, 32)
optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)


def timed(f):
    seconds = []
    for i in range(steps + 1):
        start = time.perf_counter()
        f()
        if i:
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def predict():
    with torch.no_grad():
        network(x)


def train():
    loss = torch.nn.functional.mse_loss(network(x), x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


out = {"predict": timed(predict), "predictPeak": peak()}
out.update(train=timed(train), peak=peak())
print(json.dumps(out))
