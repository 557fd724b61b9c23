"""PyTorch's side of convergence.mjs: trains from given weights on given pairs, writes the losses.

    python convergence.py FOLDER STEPS WIDTH LEARNING_RATE THREADS BATCH X Y Z
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parents[2] / "packages/unet3d/test/reference"))
from network_pytorch import Network  # noqa: E402

folder = Path(sys.argv[1])
steps, width = int(sys.argv[2]), int(sys.argv[3])
rate, threads = float(sys.argv[4]), int(sys.argv[5])
batch, *crop = map(int, sys.argv[6:10])
torch.set_num_threads(threads)

LEVELS = 4
PARTS = {"conv.kernel": "conv1.weight", "conv.bias": "conv1.bias", "norm.gamma": "bn1.weight", "norm.beta": "bn1.bias"}


def official(name):
    """encoder.1.a.conv.kernel → down_tr128.ops.0.conv1.weight."""
    if name.startswith("head."):
        return "out_tr.final_conv." + ("weight" if name.endswith("kernel") else "bias")
    side, level, unit, part = re.match(r"(encoder|decoder)\.(\d)\.(a|b|up)\.(.*)", name).groups()
    prefix = f"{'down' if side == 'encoder' else 'up'}_tr{64 * 2 ** int(level)}."
    if unit == "up":
        return prefix + "up_conv." + ("weight" if part == "kernel" else "bias")
    return f"{prefix}ops.{'ab'.index(unit)}.{PARTS[part]}"


state = {}
for name, value in load_file(folder / "start.safetensors").items():
    # Both kernels, [kx, ky, kz, in, out] and the transposed one's [kx, ky, kz, out, in], turn alike.
    turned = value.transpose(4, 3, 0, 1, 2) if value.ndim == 5 else value
    state[official(name)] = torch.from_numpy(np.ascontiguousarray(turned))
network = Network(width, LEVELS)
report = network.load_state_dict(state, strict=False)
assert not report.unexpected_keys, report
assert all("running" in k or "tracked" in k for k in report.missing_keys), report
optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=0.9)
shape = (steps, batch, 1, *crop)
inputs = torch.from_numpy(np.fromfile(folder / "inputs.f32", np.float32).reshape(shape))
targets = torch.from_numpy(np.fromfile(folder / "targets.f32", np.float32).reshape(shape))
losses = []
for x, y in zip(inputs, targets):
    loss = functional.mse_loss(network(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
(folder / "losses.json").write_text(json.dumps(losses))
