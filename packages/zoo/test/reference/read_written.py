"""Reads with PyTorch what encodePytorch of @genesis/zoo has written, for the tests of @genesis/zoo.

    python packages/zoo/test/reference/read_written.py packages/zoo/test/fixtures/written.pt

Needs torch. Says "ok" when every name, type and value is as in test/written.test.ts.
"""

import sys

import torch

kernel = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4) / 8 - 1
expected = {
    "encoder.0.weight": kernel,
    "encoder.again.weight": kernel,
    "turned": torch.tensor([[1, 4], [2, 5], [3, 6]], dtype=torch.float16),
    "counter": torch.tensor(7),
    "bytes": torch.tensor([1, 2, 255], dtype=torch.uint8),
    "größe": torch.tensor([0.1], dtype=torch.float64),
    "empty": torch.empty(0, 3),
}
found = torch.load(sys.argv[1], weights_only=True)
assert list(found) == list(expected), list(found)
for name, tensor in expected.items():
    assert found[name].dtype == tensor.dtype and torch.equal(found[name], tensor), name
assert found["encoder.0.weight"].data_ptr() == found["encoder.again.weight"].data_ptr()
print("ok")
