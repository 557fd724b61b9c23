"""Writes packages/transforms/test/fixtures/reference-statistics.*: what 2,000 pairs of the reference
implementation look like, one number a pair and statistic, for the two-sample tests of
packages/transforms/test/distribution.test.ts, which measures the same.

Command (from the repository's root; utils.py is pytorch/utils.py of the Models Genesis repository;
takes a few minutes):
  python packages/transforms/test/reference/statistics_of_pairs.py PATH/TO/utils.py packages/transforms/test/fixtures
"""
import sys

import numpy as np

import recorder as rec
from fixtures import Bundle, flip_axes

SHAPE = (64, 64, 32)
PAIRS = 2000
SHUFFLINGS = 200


def crop(i):
    """Crop number i; the test makes the same."""
    x, y, z = np.meshgrid(*[np.arange(n) for n in SHAPE], indexing="ij")
    return (0.5 + 0.3 * np.sin(0.21 * x + 0.7 * i) * np.cos(0.17 * y + 0.3 * i)
            + 0.2 * np.sin(0.31 * z + 0.11 * i))


def pair_row(x, y):
    d = np.abs(x - y)
    histogram = np.histogram(x, 10, (0, 1))[0] / x.size
    return [np.mean(d > 1e-6), d.mean(), x.mean(), x.std(), *histogram]


def pairs(module):
    table = {name: [] for name in ("voxels", "flips", "net", "shuffled", "curve", "increasing", "paint",
                                   "insideCount", "outsideCount", "insideBoxes", "outsideBoxes")}
    recorder = rec.Recorder(2024)
    recorder.install(module)
    for i in range(PAIRS):
        recorder.events = []
        x, y = next(module.generate_pair(crop(i)[None, None], 1, rec.Config))
        factors = rec.read_pair(recorder.events, SHAPE)
        table["voxels"].append(pair_row(x[0, 0], y[0, 0]))
        axes = flip_axes(factors["flip"])
        table["flips"].append(len(axes))
        table["net"].append(axes.count(0) % 2 + 2 * (axes.count(1) % 2) + 4 * (axes.count(2) % 2))
        table["shuffled"].append(factors["shuffling"] is not None)
        table["curve"].append(factors["curve"] is not None)
        if factors["curve"]:
            table["increasing"].append(factors["curve"][1])
        inside, outside = factors["inside"], factors["outside"]
        table["paint"].append(1 if inside else 2 if outside else 0)
        if inside:
            table["insideCount"].append(len(inside))
            table["insideBoxes"] += [list(size) + list(start) for start, size, _ in inside]
        if outside:
            table["outsideCount"].append(len(outside[0]))
            table["outsideBoxes"] += [list(size) + list(start) for start, size in outside[0]]
        if i % 100 == 0:
            print(f"{i} pairs", file=sys.stderr, flush=True)
    return table


def shufflings(module):
    """Changed voxels and mean displacements of local shuffling alone."""
    rec.Recorder(7).install(module)
    ramp = np.arange(np.prod(SHAPE), dtype=np.float64).reshape(1, *SHAPE)
    at = np.array(np.unravel_index(np.arange(ramp.size), SHAPE))
    rows = []
    for _ in range(SHUFFLINGS):
        out = module.local_pixel_shuffling(ramp, prob=1.0).ravel().astype(np.int64)
        moved = np.abs(np.array(np.unravel_index(out, SHAPE)) - at)
        rows.append([np.mean(out != np.arange(out.size)), *moved.mean(axis=1)])
    return rows


def main(path, folder):
    table = pairs(rec.load(path))
    bundle = Bundle()
    manifest = {"pairs": PAIRS, "shufflings": SHUFFLINGS}
    manifest["voxels"] = bundle.add(table.pop("voxels"), "float32")
    for name, column in table.items():
        manifest[name] = bundle.add(column, "uint8")
    manifest["shuffling"] = bundle.add(shufflings(rec.load(path)), "float32")
    bundle.write(folder, "reference-statistics", manifest)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
