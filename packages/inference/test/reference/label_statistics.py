"""Writes what SimpleITK's statistics of labels are, for the tests of @genesis/inference.

    python packages/inference/test/reference/label_statistics.py > packages/inference/test/fixtures/label-statistics.json

Needs SimpleITK, numpy. Seeded: an oblique grid, three labels that touch the border or are single voxels, large intensities with little
spread. Places are turned from ITK's LPS to RAS.
"""

import json

import numpy as np
import SimpleITK as sitk

rng = np.random.default_rng(7)
shape, spacing, origin = (7, 6, 5), (0.8, 1.5, 2.5), (-12.5, 30.25, 104.0)
a, b = 0.3, -0.2
direction = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array(
    [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
)
labels = np.zeros(shape, np.uint8)
labels[1:4, 2:6, 0:3] = 2
labels[3:7, 0:3, 2:5] = 5
labels[0, 0, 4] = 9
image = (100_000 + rng.normal(size=shape)).astype(np.float32)


def itk(array):
    made = sitk.GetImageFromArray(array.transpose(2, 1, 0))
    made.SetSpacing(spacing)
    made.SetOrigin(origin)
    made.SetDirection(direction.ravel().tolist())
    return made


shapes = sitk.LabelShapeStatisticsImageFilter()
shapes.Execute(itk(labels))
values = sitk.LabelStatisticsImageFilter()
values.SetUseHistograms(False)
values.Execute(itk(image), itk(labels))
turn = np.diag([-1, -1, 1])
affine = np.eye(4)
affine[:3, :3] = turn @ direction @ np.diag(spacing)
affine[:3, 3] = turn @ origin
found = []
for label in (2, 5, 9):
    box = shapes.GetBoundingBox(label)
    found.append(
        {
            "label": label,
            "voxels": shapes.GetNumberOfPixels(label),
            "volume": shapes.GetPhysicalSize(label) / 1000,
            "centroid": (turn @ shapes.GetCentroid(label)).tolist(),
            "first": box[:3],
            "size": box[3:],
            "mean": values.GetMean(label),
            "sd": values.GetSigma(label) if shapes.GetNumberOfPixels(label) > 1 else 0,
            "min": values.GetMinimum(label),
            "max": values.GetMaximum(label),
        }
    )
print(
    json.dumps(
        {
            "shape": shape,
            "affine": affine.ravel().tolist(),
            "labels": labels.ravel().tolist(),
            "image": image.ravel().tolist(),
            "found": found,
        }
    )
)
