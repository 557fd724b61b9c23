"""Writes the fixtures of packages/transforms/test/exactness.test.ts: factors that the reference
implementation drew, and what it made of them.

Command (from the repository's root; utils.py is pytorch/utils.py of the Models Genesis repository):
  python packages/transforms/test/reference/fixtures.py PATH/TO/utils.py packages/transforms/test/fixtures
"""
import gzip
import json
import sys

import numpy as np

import recorder as rec


class Bundle:
    """Arrays one after another in a gzip file, their places in a JSON file."""

    def __init__(self):
        self.parts = []
        self.size = 0

    def add(self, array, dtype):
        data = np.ascontiguousarray(array, dtype)
        pad = -self.size % 8
        place = {"dtype": np.dtype(dtype).name, "offset": self.size + pad, "shape": list(data.shape)}
        self.parts.append(b"\0" * pad + data.tobytes())
        self.size += pad + data.nbytes
        return place

    def write(self, folder, name, manifest):
        with open(f"{folder}/{name}.json", "w") as file:
            json.dump(manifest, file, indent=1)
            file.write("\n")
        with open(f"{folder}/{name}.bin.gz", "wb") as file:
            file.write(gzip.compress(b"".join(self.parts), 9, mtime=0))


def volume(shape, seed):
    """Smooth, with some texture; 256 levels, which float32 holds exactly."""
    x, y, z = np.meshgrid(*[np.linspace(0, 1, n) for n in shape], indexing="ij")
    smooth = 0.5 + 0.3 * np.sin(7 * x + 3 * y) * np.cos(5 * z - 2 * x) + 0.15 * (y - 0.5)
    noise = np.random.RandomState(seed).rand(*shape) * 0.1
    return np.floor(np.clip(smooth + noise, 0, 1) * 255) / 255


def add_shuffling(bundle, shuffling):
    if shuffling is None:
        return None
    windows, orders = shuffling
    return {
        "windows": bundle.add(windows, "uint8"),
        "permutations": bundle.add(np.concatenate(orders), "uint8"),
    }


def flip_axes(axes):
    """The reference counts axes of (channel, x, y, z): 0 is the channel."""
    return [axis - 1 for axis in axes if axis > 0]


def record(module, seed, call):
    recorder = rec.Recorder(seed)
    recorder.install(module)
    result = call()
    return recorder.events, result


def pairs(module, bundle):
    found = []
    wanted = {"inside", "outside", "increasing", "decreasing", "shuffled", "flipped"}
    seed = 0
    while wanted:
        shape = (24, 20, 22)
        crop = volume(shape, seed)
        images = crop[None, None].copy()
        generator = module.generate_pair(images, 1, rec.Config)
        events, (x, y) = record(module, seed, lambda: next(generator))
        factors = rec.read_pair(events, shape)
        shows = {"inside": bool(factors["inside"]), "outside": factors["outside"] is not None,
                 "shuffled": factors["shuffling"] is not None,
                 "flipped": bool(flip_axes(factors["flip"]))}
        if factors["curve"]:
            shows["increasing" if factors["curve"][1] else "decreasing"] = True
        new = {name for name, value in shows.items() if value} & wanted
        seed += 1
        if not new:
            continue
        wanted -= new
        case = {
            "crop": bundle.add(crop, "float32"),
            "flip": flip_axes(factors["flip"]),
            "shuffling": add_shuffling(bundle, factors["shuffling"]),
            "curve": factors["curve"],
            "inside": [
                {"start": start, "size": size, "values": bundle.add(noise, "float32")}
                for start, size, noise in factors["inside"]
            ],
            "outside": None,
            "input": bundle.add(x[0, 0], "float32"),
            "target": bundle.add(y[0, 0], "float32"),
        }
        if factors["outside"]:
            boxes, noise = factors["outside"]
            case["outside"] = {
                "boxes": [{"start": start, "size": size} for start, size in boxes],
                "values": bundle.add(noise[0], "float32"),
            }
        found.append(case)
    return found


def larger(module, bundle):
    """Local shuffling of a larger crop, with 8 bits a voxel."""
    shape = (56, 48, 24)
    crop = volume(shape, 99)
    events, out = record(module, 99, lambda: module.local_pixel_shuffling(crop[None], prob=1.0))
    shuffling = rec.read_shuffling(rec.Reader(events), 1.0)
    return {
        "crop": bundle.add(np.round(crop * 255), "uint8"),
        "shuffling": add_shuffling(bundle, shuffling),
        "output": bundle.add(np.round(out[0] * 255), "uint8"),
    }


def curves(module, bundle):
    """Intensity maps: curves as drawn, and the steepest there are."""
    random = np.random.RandomState(7)
    values = np.concatenate([
        [0.0, 1.0, 0.5, 1e-7, 1e-5, 1e-3, 1 - 2**-24, 1 - 1e-5, 0.25, 0.75],
        np.linspace(0, 0.004, 60), np.linspace(0.996, 1, 60), np.linspace(0.49, 0.51, 60),
        random.rand(210),
    ]).astype(np.float32)
    points = [list(random.rand(4)) for _ in range(20)] + [
        [0, 1, 0, 1], [0, 0, 0, 1], [1, 0, 1, 0], [1, 1, 1, 1], [0, 1, 1, 0], [1, 0, 0, 1],
        [1, 1, 0, 0], [0.999, 0.3, 0.001, 0.7], [0.97, 0.9, 0.02, 0.1], [0.001, 0.9, 0.3, 0.5],
        [0.03, 0.95, 0.5, 0.2], [0.6, 0.1, 0.9999, 0.2], [1e-6, 0.8, 1e-6, 0.1], [0, 0, 1, 1],
    ]

    class Fixed:
        """Gives the reference the numbers that make it draw this curve."""

        def __init__(self, numbers):
            self.numbers = iter(numbers)

        def random(self):
            return next(self.numbers)

    cases = []
    for p in points:
        for increasing in (True, False):
            module.random = Fixed([0.0, *p, 0.9 if increasing else 0.1])
            module.np = np
            out = module.nonlinear_transformation(values.astype(np.float64), prob=1.0)
            cases.append({"points": p, "increasing": increasing, "output": bundle.add(out, "float64")})
    return {"values": bundle.add(values, "float32"), "cases": cases}


def main(path, folder):
    module = rec.load(path)
    bundle = Bundle()
    manifest = {"pairs": pairs(module, bundle)}
    bundle.write(folder, "reference-pairs", manifest)
    bundle = Bundle()
    bundle.write(folder, "reference-shuffling", larger(module, bundle))
    bundle = Bundle()
    bundle.write(folder, "reference-curves", curves(module, bundle))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
