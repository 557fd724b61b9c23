"""What nibabel, SimpleITK and numpy make of small volumes: fixtures of volume-io's operations.

    python packages/volume-io/test/reference/ops_fixtures.py packages/volume-io/test/fixtures/ops

Needs numpy, nibabel and SimpleITK. Arrays are listed with the first index fastest.
"""
import itertools
import json
import math
import sys

import nibabel as nib
import numpy as np
import SimpleITK as sitk

target = sys.argv[1]
rng = np.random.default_rng(7)


def save(name, value):
    with open(f"{target}/{name}.json", "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


def flat(array):
    return [None if isinstance(v, float) and math.isnan(v) else v for v in np.asarray(array).ravel(order="F").tolist()]


def rotation(*degrees):
    a, b, c = np.radians(degrees)
    x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    z = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    return z @ y @ x


def affine(direction, spacing, origin):
    out = np.eye(4)
    out[:3, :3] = direction @ np.diag(spacing)
    out[:3, 3] = origin
    return out


def reorient():
    codes = ["".join(c) for axes in itertools.permutations(["LR", "PA", "IS"]) for c in itertools.product(*axes)]
    data = np.arange(24, dtype="i2").reshape((2, 3, 4), order="F")
    flips = np.array([[0, -1, 0], [0, 0, 1], [-1, 0, 0]])
    affines = [
        affine(np.eye(3), (1, 2, 3), (10, -20, 30)),
        affine(rotation(12, -20, 33) @ flips, (0.7, 1.3, 2.5), (-5, 4, 3)),
    ]
    cases = []
    for source in affines:
        image = nib.Nifti1Image(data, source)
        for code in codes:
            move = nib.orientations.ornt_transform(
                nib.io_orientation(source), nib.orientations.axcodes2ornt(code)
            )
            result = image.as_reoriented(move)
            cases.append({
                "code": code, "shape": result.shape, "affine": result.affine.ravel().tolist(),
                "data": flat(np.asanyarray(result.dataobj)),
            })
    save("reorient", {"shape": data.shape, "affines": [a.ravel().tolist() for a in affines], "cases": cases})


LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def to_itk(data, ras):
    image = sitk.GetImageFromArray(np.ascontiguousarray(data.transpose(2, 1, 0)))
    lps = LPS @ ras
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin(lps[:3, 3].tolist())
    return image


def itk_resample(data, ras, shape, grid, nearest, fill, antialias):
    image = to_itk(data, ras)
    if antialias:
        matrix = np.linalg.inv(ras) @ grid
        reach = np.linalg.norm(matrix[:3, :3], axis=1)
        variance = [max(0.0, (k * k - 1) / (8 * math.log(2))) if k > 1 + 1e-6 else 0.0 for k in reach]
        for axis, v in enumerate(variance):
            if v > 0:
                one = [v if d == axis else 0.0 for d in range(3)]
                image = sitk.DiscreteGaussian(image, one, 128, [1e-3] * 3, False)
    lps = LPS @ grid
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    result = sitk.Resample(
        image, [int(n) for n in shape], sitk.Transform(), sitk.sitkNearestNeighbor if nearest else sitk.sitkLinear,
        lps[:3, 3].tolist(), spacing.tolist(), (lps[:3, :3] / spacing).ravel().tolist(), float(fill),
    )
    return sitk.GetArrayFromImage(result).transpose(2, 1, 0)


def resample():
    shape = (11, 9, 7)
    values = {
        "float32": rng.normal(size=shape).astype("f4") * 100,
        "int16": rng.integers(-1000, 1000, shape).astype("i2"),
        "uint8": rng.integers(0, 5, shape).astype("u1"),
    }
    straight = affine(np.diag([-1, -1, 1]), (1.1, 0.9, 2.0), (40, 30, -20))
    tilted = affine(rotation(5, 10, -15), (1.1, 0.9, 2.0), (4, -3, 2))

    def centred(source, matrix, size):
        """A grid whose middle is that of the source, moved a little."""
        out = matrix.copy()
        middle = source @ [5.21, 4.13, 2.87, 1]
        out[:3, 3] = middle[:3] - matrix[:3, :3] @ ((np.array(size) - 1) / 2)
        return out

    grids = {
        "finer": ((12, 10, 9), lambda a: centred(a, a @ np.diag([0.7, 0.8, 0.6, 1]), (12, 10, 9))),
        "larger": ((14, 12, 9), lambda a: centred(a, a @ np.diag([1.0, 0.95, 1.0, 1]), (14, 12, 9))),
        "turned": ((7, 10, 9), lambda a: centred(a, a @ np.array(
            [[0, 0, -0.9, 0], [0, 1.05, 0, 0], [-0.8, 0, 0, 0], [0, 0, 0, 1]]), (7, 10, 9))),
        "coarser": ((5, 4, 6), lambda a: centred(a, a @ np.diag([2.1, 2.4, 1.2, 1]), (5, 4, 6))),
        "rotated": ((10, 10, 8), lambda a: centred(a, affine(rotation(20, -8, 30), (1, 1, 1.7), (0, 0, 0)), (10, 10, 8))),
        "rotated, coarser": ((5, 4, 3), lambda a: centred(a, affine(rotation(20, -8, 30), (2.5, 2.2, 4), (0, 0, 0)), (5, 4, 3))),
    }
    cases = []
    for source_name, source in (("straight", straight), ("tilted", tilted)):
        for name, (size, make) in grids.items():
            grid = make(source)
            for dtype, data in values.items():
                if source_name == "tilted" and dtype != "float32":
                    continue
                nearest = dtype == "uint8"
                fill = 0 if nearest else -77
                for antialias in (False, True):
                    if antialias and (nearest or "coarser" not in name):
                        continue
                    exact = data if nearest else data.astype("f8")
                    result = itk_resample(exact, source, size, grid, nearest, fill, antialias)
                    cases.append({
                        "name": f"{source_name}, {name}, {dtype}{', antialiased' if antialias else ''}",
                        "source": source_name, "dtype": dtype, "shape": size, "affine": grid.ravel().tolist(),
                        "interpolation": "nearest" if nearest else "linear", "antialias": antialias, "fill": fill,
                        "data": [round(float(v), 5) for v in result.ravel(order="F")],
                    })
    save("resample", {
        "shape": shape, "affines": {"straight": straight.ravel().tolist(), "tilted": tilted.ravel().tolist()},
        "values": {k: [float(x) for x in v.ravel(order="F")] for k, v in values.items()}, "cases": cases,
    })


def intensities():
    shape = (5, 4, 6)
    values = (rng.gamma(2.0, 300.0, shape) - 100).astype("f4")
    values[1, 2, 3] = np.nan
    values[0, 0, 0] = 0
    values[4, 3, 5] = 0
    finite = values[np.isfinite(values)].astype("f8")
    nonzero = finite[finite != 0]
    whole = np.nan_to_num(values.astype("f8"))
    cases = []
    for low, high in ((0.5, 99.5), (5, 90), (0, 100), (33.3, 66.6)):
        for over, some in (("all", finite), ("nonzero", nonzero)):
            a, b = np.percentile(some, [low, high])
            out = np.clip((whole - a) / (b - a), 0, 1)
            out[np.isnan(values)] = 0
            cases.append({"scheme": {"kind": "percentile", "low": low, "high": high, "over": over}, "data": flat(out.astype("f4"))})
    for over, some in (("all", finite), ("nonzero", nonzero)):
        out = (whole - some.mean()) / some.std()
        out[np.isnan(values)] = 0
        cases.append({"scheme": {"kind": "zscore", "over": over}, "data": flat(out.astype("f4"))})
    save("intensity", {"shape": shape, "values": flat(values), "cases": cases})


def pad():
    data = np.arange(24, dtype="i4").reshape((2, 3, 4), order="F") * 3 - 7
    widths = [(1, 1), (2, 0), (3, 1)]
    modes = {"constant": {"constant_values": -5}, "edge": {}, "reflect": {}}
    cases = [{"mode": m, "data": flat(np.pad(data, widths, mode=m, **o))} for m, o in modes.items()]
    save("pad", {"shape": data.shape, "values": flat(data), "before": [w[0] for w in widths],
                 "after": [w[1] for w in widths], "cases": cases})


reorient()
resample()
intensities()
pad()
