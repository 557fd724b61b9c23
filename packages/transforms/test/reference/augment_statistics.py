"""Writes packages/transforms/test/fixtures/augment-statistics.*: what 2,000 samples of nnU-Net v2's default augmentation look
like, one number a sample and statistic, for the two-sample tests of packages/transforms/test/augment-distribution.test.ts,
which measures the same.

Command (from the repository's root; made with batchgeneratorsv2 0.3.6; takes a few minutes):
  python packages/transforms/test/reference/augment_statistics.py packages/transforms/test/fixtures
"""
import os
import sys
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")

import numpy as np
import torch

from fixtures import Bundle
from nnunet_preset import preset

torch.set_num_threads(1)
SAMPLES = 2000
SOURCE, PATCH = (24, 22, 20), (16, 15, 14)
STEPS = ("noise", "blur", "brightness", "contrast", "lowResolution", "gammaInverted", "gamma")


def pair(i):
    """Sample number i before augmentation; the test makes the same."""
    x, y, z = np.meshgrid(*[np.arange(n) for n in SOURCE], indexing="ij")
    image = (np.sin(0.51 * x + 0.7 * i) * np.cos(0.47 * y + 0.3 * i) + np.sin(0.61 * z + 0.11 * i)).astype(np.float32)
    label = ((x > 9).astype(np.int16) + (y > 12)).astype(np.int16)
    return {"image": torch.from_numpy(np.stack([image, image])), "segmentation": torch.from_numpy(label[None])}


def voxel_row(image, label):
    x = image[0].numpy().astype(np.float64)
    bins = np.histogram(x, 8, (-2, 2))[0] / x.size
    rough = [np.abs(np.diff(x, axis=axis)).mean() for axis in range(3)]
    return [x.mean(), x.std(), x.min(), x.max(), *bins, *rough]


def label_row(label):
    found = label[0].numpy()
    at = [np.mean(np.where(found == 2)[axis]) if (found == 2).any() else -1 for axis in range(3)]
    return [*[np.mean(found == value) for value in range(3)], *at]


def main(folder):
    np.random.seed(2024)
    torch.manual_seed(2024)
    steps = preset(PATCH, benchmark=False).transforms
    drawn = {}
    for step in steps:
        # What a transform draws is noted as it is drawn.
        inner = getattr(step, "transform", step)

        def note(own=inner, draw=inner.get_parameters, **data):
            drawn[id(own)] = draw(**data)
            return drawn[id(own)]

        inner.get_parameters = note
    spatial, *middle, mirror = [getattr(step, "transform", step) for step in steps]
    rows = {"voxels": [], "labels": []}
    numbers = {name: [] for name in ("angleX", "angleY", "angleZ", "scale", "noise", "blurX", "blurZ", "brightness",
                                     "contrast", "lowResolution", "gammaInverted", "gamma")}
    classes = {name: [] for name in ("turned", "scaled", "mirror", "blurred", "lowered", *[f"has {s}" for s in STEPS])}
    for i in range(SAMPLES):
        drawn.clear()
        data = pair(i)
        for step in steps:
            data = step(**data)
        rows["voxels"].append(voxel_row(data["image"], data["segmentation"]))
        rows["labels"].append(label_row(data["segmentation"]))
        affine = drawn[id(spatial)]["affine"]
        scale = 1 if affine is None else float(np.cbrt(np.linalg.det(affine)))
        r = np.eye(3) if affine is None else affine / scale
        angles = [np.arctan2(r[2, 1], r[2, 2]), -np.arcsin(np.clip(r[2, 0], -1, 1)), np.arctan2(r[1, 0], r[0, 0])]
        turned = np.abs(angles).max() > 1e-9
        classes["turned"].append(turned)
        classes["scaled"].append(abs(scale - 1) > 1e-9)
        if turned:
            for name, angle in zip(("angleX", "angleY", "angleZ"), angles):
                numbers[name].append(angle)
        if classes["scaled"][-1]:
            numbers["scale"].append(scale)
        classes["mirror"].append(sum(1 << axis for axis in drawn[id(mirror)]["axes"]))
        found = [drawn.get(id(step)) for step in middle]
        for name, own in zip(STEPS, found):
            classes[f"has {name}"].append(own is not None)
        noise, blur, bright, contrast, low, inverted, gamma = found
        if noise:
            numbers["noise"].append(noise["sigmas"])
        if blur:
            classes["blurred"].append(int(blur["apply_to_channel"].sum()))
            for sigmas in blur["sigmas"]:
                numbers["blurX"].append(sigmas[0])
                numbers["blurZ"].append(sigmas[2])
        if bright:
            numbers["brightness"] += bright["multipliers"].tolist()
        if contrast:
            numbers["contrast"] += contrast["multipliers"].tolist()
        if low:
            classes["lowered"].append(len(low["apply_to_channel"]))
            numbers["lowResolution"] += [row[0] for row in low["scales"].tolist()]
        if inverted:
            numbers["gammaInverted"] += inverted["gamma"].tolist()
        if gamma:
            numbers["gamma"] += gamma["gamma"].tolist()
    bundle = Bundle()
    manifest = {"samples": SAMPLES, "source": SOURCE, "patch": PATCH}
    manifest["rows"] = {name: bundle.add(table, "float32") for name, table in rows.items()}
    manifest["numbers"] = {name: bundle.add(column, "float32") for name, column in numbers.items()}
    manifest["classes"] = {name: bundle.add(column, "uint8") for name, column in classes.items()}
    bundle.write(folder, "augment-statistics", manifest)


if __name__ == "__main__":
    main(sys.argv[1])
