"""Runs the reference's own PyTorch network at full size, for comparison with @genesis/unet3d.

    python packages/unet3d/test/reference/full_size.py REFERENCE OUT [--rate 0.1] [--batch 1]
    node packages/unet3d/test/reference/full-size.mjs OUT [native|cpu|webgpu|tensorflow]

REFERENCE is the folder with the reference's unet3d.py (pytorch/ of its repository). Needs torch,
numpy, safetensors. Random weights from a seed. Writes OUT/zip.pt and OUT/legacy.pt (both PyTorch
serialisations, `module.` prefixes, optimiser state), and OUT/data.safetensors: inputs, outputs in training
and evaluation mode at two sizes, losses of ten steps of SGD (momentum 0.9, MSE), the weights after
one and after ten steps, and after one step in float64. The second program reads these and prints
the distances; the float64 step tells where PyTorch's own float32 is no more exact (the shift of a
normalisation, whose gradient nearly cancels when another normalisation follows).
"""

import argparse
import copy
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

parser = argparse.ArgumentParser()
parser.add_argument("reference")
parser.add_argument("out", type=Path)
parser.add_argument("--rate", type=float, default=0.1)
parser.add_argument("--batch", type=int, default=1)
options = parser.parse_args()
sys.path.insert(0, options.reference)
from unet3d import UNet3D

torch.manual_seed(5)
network = torch.nn.DataParallel(UNet3D())
print(sum(p.numel() for p in network.parameters()), "parameters, torch", torch.__version__)
optimizer = torch.optim.SGD(network.parameters(), lr=options.rate, momentum=0.9)
options.out.mkdir(parents=True, exist_ok=True)
checkpoint = {
    "epoch": 1,
    "state_dict": network.state_dict(),
    "optimizer_state_dict": optimizer.state_dict(),
}
torch.save(checkpoint, options.out / "zip.pt")
torch.save(checkpoint, options.out / "legacy.pt", _use_new_zipfile_serialization=False)

last = lambda t: np.ascontiguousarray(t.detach().numpy().transpose(0, 2, 3, 4, 1))
data = {"rate": np.array([options.rate], dtype=np.float32)}
with torch.no_grad():
    for i, size in enumerate(((64, 64, 32), (32, 48, 64))):
        x = torch.rand(options.batch, 1, *size)
        data[f"x{i}"] = last(x)
        for mode in ("train", "eval"):
            network.train(mode == "train")
            data[f"{mode}{i}"] = last(network(x))
network.train()
x = torch.rand(options.batch, 1, 64, 64, 32)
smooth = torch.nn.functional.avg_pool3d(x, 5, 1, 2)
y = (smooth - smooth.min()) / (smooth.max() - smooth.min())
data["x"], data["y"] = last(x), last(y)

exact = copy.deepcopy(network).double()
torch.nn.functional.mse_loss(exact(x.double()), y.double()).backward()
for name, parameter in exact.named_parameters():
    data[f"exact/{name}"] = (parameter - options.rate * parameter.grad).detach().numpy()
losses, start = [], time.perf_counter()
for step in range(1, 11):
    loss = torch.nn.functional.mse_loss(network(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if step in (1, 10):
        for name, value in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                data[f"step{step}/{name}"] = value.numpy().copy()
print(f"ten steps: {time.perf_counter() - start:.1f} s; losses", losses)
data["losses"] = np.array(losses, dtype=np.float32)
save_file(data, options.out / "data.safetensors")
