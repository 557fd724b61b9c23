"""Times one 3-D convolution at a time for conv-shapes.mjs: PyTorch's side.

Reads lines "direction batch inD inH inW inC outD outH outW outC kernel stride pad" and answers each with
the seconds of one call. Directions: forward, input-grad, filter-grad, as PyTorch's autograd runs them.
Usage: python conv-shapes-torch.py [threads] [wall|cpu]
"""
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
clock = time.process_time if len(sys.argv) > 2 and sys.argv[2] == "cpu" else time.perf_counter
print(torch.__version__, flush=True)

kept = {}


def operands(key):
    """Tensors and a grad function for a shape; only the latest shape is kept."""
    if key not in kept:
        kept.clear()
        n, d, h, w, c, od, oh, ow, oc, k, s, p = key
        x = torch.rand(n, c, d, h, w) - 0.5
        weight = torch.rand(oc, c, k, k, k) - 0.5
        dy = torch.rand(n, oc, od, oh, ow) - 0.5
        kept[key] = (x, weight, torch.rand(oc), dy)
    return kept[key]


def call(direction, key):
    x, weight, bias, dy = operands(key)
    stride, pad = [key[10]] * 3, [key[11]] * 3
    if direction == "forward":
        with torch.no_grad():
            start = clock()
            torch.nn.functional.conv3d(x, weight, bias, stride, pad)
            return clock() - start
    mask = [direction == "input-grad", direction == "filter-grad", False]
    start = clock()
    torch.ops.aten.convolution_backward(
        dy, x, weight, None, stride, pad, [1, 1, 1], False, [0, 0, 0], 1, mask
    )
    return clock() - start


for line in sys.stdin:
    direction, *numbers = line.split()
    print(call(direction, tuple(int(n) for n in numbers)), flush=True)
