"""Writes pairs of float32 and float16 values that the tests of @genesis/core compare with.

    python packages/core/test/reference/half_fixtures.py packages/core/test/fixtures

Needs numpy and torch, which must agree. Seeded. half.json holds the bits of the float32 values and of their float16s: every kind of
exponent, ties to even of normal and of subnormal halves with the values beside them, the limits of range, infinities, random bits.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch


def neighbours(values):
    values = np.asarray(values, np.float32)
    return np.concatenate(
        [values, np.nextafter(values, np.float32(0)), np.nextafter(values, np.float32(np.inf))]
    )


def values():
    rng = np.random.default_rng(0)
    halves = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float32)
    picked = np.sort(rng.choice(halves.size - 1, 200, replace=False))
    ties = (halves[picked] + halves[picked + 1]) / 2
    small = (halves[:40] + halves[1:41]) / 2
    limits = [0, 2.0**-24, 2.0**-25, 2.0**-26, 2.0**-14, 65504, 65519.996, 65520, 65536, 1e30, np.inf]
    # Without NaNs, whose bits are not the same everywhere.
    some = rng.integers(0, 0x7F800000, 200, dtype=np.uint32).view(np.float32)
    near = rng.normal(0, 1, 100).astype(np.float32)
    all_of_them = np.concatenate([neighbours(ties), neighbours(small), neighbours(limits), some, near])
    all_of_them = all_of_them[~np.isnan(all_of_them)]
    return np.concatenate([all_of_them, -all_of_them]).astype(np.float32)


def main(folder):
    single = values()
    with np.errstate(over="ignore"):
        half = single.astype(np.float16)
    assert np.array_equal(half.view(np.int16), torch.from_numpy(single).half().numpy().view(np.int16))
    pairs = {"float32": single.view(np.uint32).tolist(), "float16": half.view(np.uint16).tolist()}
    (Path(folder) / "half.json").write_text(json.dumps(pairs, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1])
