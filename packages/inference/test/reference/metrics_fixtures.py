"""Measures seeded masks with DeepMind's surface-distance, MONAI and scipy, and writes down masks and figures.

    pip install surface-distance monai torch scipy
    python packages/inference/test/reference/metrics_fixtures.py packages/inference/test/fixtures/metrics.json

Masks are bits in C order, most significant first, base64.
"""
import base64
import json
import sys

import numpy as np
import surface_distance as sd
import torch
from monai.metrics import (
    compute_average_surface_distance,
    compute_hausdorff_distance,
    compute_surface_dice,
)
from scipy import ndimage
from surface_distance.lookup_tables import (
    ENCODE_NEIGHBOURHOOD_3D_KERNEL,
    create_table_neighbour_code_to_surface_area,
)

rng = np.random.default_rng(20)
# No distance between voxels is one of these, up to rounding.
TOLERANCES = [0.53, 1.07, 2.51]


def blob(shape, sigma, share):
    noise = ndimage.gaussian_filter(rng.standard_normal(shape), sigma, mode="constant")
    return noise > np.quantile(noise, 1 - share)


def bits(mask):
    return base64.b64encode(np.packbits(mask.astype(bool).ravel())).decode()


def finite(value):
    return float(value) if np.isfinite(value) else None


def deepmind(truth, predicted, spacing):
    distances = sd.compute_surface_distances(truth, predicted, spacing)
    first, second = sd.compute_average_surface_distance(distances)
    return {
        "averageFirst": finite(first),
        "averageSecond": finite(second),
        "areaFirst": float(np.sum(distances["surfel_areas_gt"])),
        "areaSecond": float(np.sum(distances["surfel_areas_pred"])),
        "hd": finite(sd.compute_robust_hausdorff(distances, 100)),
        "hd95": finite(sd.compute_robust_hausdorff(distances, 95)),
        "surfaceDice": [finite(sd.compute_surface_dice_at_tolerance(distances, t)) for t in TOLERANCES],
        "dice": finite(sd.compute_dice_coefficient(truth, predicted)),
    }


def monai(truth, predicted, spacing):
    y, p = (torch.from_numpy(m.astype(np.float32))[None, None] for m in (truth, predicted))
    how = {"include_background": True, "spacing": list(spacing)}
    dice = [
        [
            finite(compute_surface_dice(p, y, [t], use_subvoxels=sub, **how).item())
            for t in TOLERANCES
        ]
        for sub in (False, True)
    ]
    return {
        "hd": finite(compute_hausdorff_distance(p, y, **how).item()),
        "hd95": finite(compute_hausdorff_distance(p, y, percentile=95, **how).item()),
        "assd": finite(compute_average_surface_distance(p, y, symmetric=True, **how).item()),
        "surfaceDice": dice[0],
        "surfaceDiceSubvoxels": dice[1],
    }


cases = []
for shape, spacing, sigma, share in [
    ((20, 18, 16), (1.0, 1.0, 1.0), 2.0, 0.15),
    ((24, 20, 10), (0.7, 0.8, 3.0), (3.0, 3.0, 1.0), 0.2),
    ((12, 22, 21), (2.5, 1.1, 0.9), (1.0, 2.0, 2.0), 0.1),
    ((16, 16, 16), (1.0, 1.0, 1.0), 0.6, 0.3),
    ((14, 15, 13), (1.3, 0.6, 2.2), 1.2, 0.5),
]:
    truth = blob(shape, sigma, share)
    # Much the same, shifted, with pieces of its own.
    predicted = np.roll(truth, 1, axis=0) & (rng.random(shape) > 0.05) | blob(shape, sigma, share / 4)
    cases.append((truth, predicted, spacing))
empty = np.zeros((6, 5, 4), bool)
dot = empty.copy()
dot[2, 3, 1] = True
cases += [(dot, np.roll(dot, 2, axis=0), (1.0, 2.0, 3.0)), (dot, ~empty, (1.0, 2.0, 3.0))]

out = {"tolerances": TOLERANCES, "cases": [], "distances": [], "components": [], "areas": []}
for truth, predicted, spacing in cases:
    out["cases"].append({
        "shape": truth.shape,
        "spacing": spacing,
        "truth": bits(truth),
        "predicted": bits(predicted),
        "deepmind": deepmind(truth, predicted, spacing),
        "monai": monai(truth, predicted, spacing),
    })
for shape, spacing, share in [
    ((9, 12, 7), (1.0, 1.0, 1.0), 0.01),
    ((11, 8, 13), (0.5, 2.3, 1.1), 0.03),
    ((5, 17, 6), (4.0, 0.9, 0.9), 0.2),
]:
    seeds = rng.random(shape) < share
    squares = ndimage.distance_transform_edt(~seeds, sampling=spacing) ** 2
    out["distances"].append({
        "shape": shape,
        "spacing": spacing,
        "seeds": bits(seeds),
        "squares": [round(float(v), 6) for v in squares.ravel()],
    })
for shape, share in [((10, 11, 12), 0.25), ((9, 8, 14), 0.12), ((7, 7, 7), 0.5)]:
    mask = rng.random(shape) < share
    labels = {}
    for rank, name in ((1, "6"), (2, "18"), (3, "26")):
        found, _ = ndimage.label(mask, ndimage.generate_binary_structure(3, rank))
        labels[name] = found[mask].tolist()
    out["components"].append({"shape": shape, "mask": bits(mask), "labels": labels})
for spacing in [(1.0, 1.0, 1.0), (0.7, 1.9, 3.1)]:
    table = create_table_neighbour_code_to_surface_area(spacing)
    # Theirs numbers the corners by a kernel; here bit 4x + 2y + z is the corner (x, y, z).
    kernel = ENCODE_NEIGHBOURHOOD_3D_KERNEL.ravel()
    codes = [sum(int(kernel[n]) for n in range(8) if code >> n & 1) for code in range(256)]
    out["areas"].append({"spacing": spacing, "areas": [round(float(table[c]), 9) for c in codes]})

with open(sys.argv[1], "w") as file:
    json.dump(out, file)
    file.write("\n")
