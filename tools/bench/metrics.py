"""MONAI's and surface-distance's side of metrics.mjs: reads a side a line, answers with milliseconds and values.

Started by metrics.mjs. Needs numpy, torch, monai, scipy and surface-distance. One thread.
"""
import json
import sys
import time

import numpy as np
import surface_distance as sd
import torch
from monai.metrics import compute_hausdorff_distance, compute_surface_dice
from scipy import ndimage

torch.set_num_threads(1)


def mask(side, shift, radius):
    """An ellipsoid with a wavy surface, as metrics.mjs makes it."""
    x, y, z = np.meshgrid(*[np.arange(side)] * 3, indexing="ij")
    u, v, w = (x - side / 2 - shift) / radius, (y - side / 2) / radius, (z - side / 2) / radius
    wave = 0.1 * (np.sin(x / 5) + np.sin(y / 7) + np.sin(z / 6))
    return u * u + v * v / 1.44 + w * w / 0.81 + wave < 1


def timed(work):
    start = time.perf_counter()
    value = work()
    return 1000 * (time.perf_counter() - start), value


for line in sys.stdin:
    case = json.loads(line)
    side, spacing = case["side"], case["spacing"]
    truth = mask(side, 0, side * case["radius"])
    predicted = mask(side, 3, side * case["radius"])

    def deepmind():
        distances = sd.compute_surface_distances(truth, predicted, spacing)
        return [
            sd.compute_robust_hausdorff(distances, 95),
            sd.compute_surface_dice_at_tolerance(distances, 1.0),
        ]

    y, p = (torch.from_numpy(m.astype(np.float32))[None, None] for m in (truth, predicted))

    def monai():
        how = {"include_background": True, "spacing": spacing}
        return [
            compute_hausdorff_distance(p, y, percentile=95, **how).item(),
            compute_surface_dice(p, y, [1.0], use_subvoxels=True, **how).item(),
        ]

    answers = [
        timed(deepmind),
        timed(monai),
        timed(lambda: float(ndimage.distance_transform_edt(~truth, sampling=spacing).max())),
        timed(lambda: ndimage.label(truth, np.ones((3, 3, 3)))[1]),
    ]
    print(json.dumps([{"ms": ms, "value": value} for ms, value in answers]), flush=True)
