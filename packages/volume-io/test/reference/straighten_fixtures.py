"""Writes test/fixtures/ops/straighten.json: sheared volumes, resampled by SimpleITK to a grid without shear.

    python packages/volume-io/test/reference/straighten_fixtures.py

Needs numpy and SimpleITK. Seeded: every run writes the same bytes. Affines are voxel → RAS mm, row by row; voxels i fastest.
The grid is made here from what a tilted gantry is: slices keep their planes and in-plane voxels, the third axis is their
normal, and the grid holds the centres of all old voxels.
"""

import json
import pathlib

import numpy as np
import SimpleITK as sitk

rng = np.random.default_rng(0)
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def image(voxels, affine):
    """voxels[i, j, k]; SimpleITK takes any directions that are independent."""
    a = LPS @ affine
    spacing = np.linalg.norm(a[:3, :3], axis=0)
    out = sitk.GetImageFromArray(np.ascontiguousarray(voxels.T))
    out.SetSpacing(spacing.tolist())
    out.SetDirection((a[:3, :3] / spacing).ravel().tolist())
    out.SetOrigin(a[:3, 3].tolist())
    return out


def tilted(shape, degrees, spacing, turn=0.0, sideways=0.0):
    """Planes turned by `degrees` about x, stacked along z, with a part of a millimetre sideways; then turned about z."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    affine = np.eye(4)
    affine[:3, 0] = [-spacing[0], 0, 0]
    affine[:3, 1] = [0, -spacing[1] * c, spacing[1] * s]
    affine[:3, 2] = [sideways, 0, spacing[2]]
    affine[:3, 3] = [12.5, -7.25, 30]
    c, s = np.cos(turn), np.sin(turn)
    return np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]) @ affine


def straight_grid(affine, shape):
    u, v, w = affine[:3, :3].T
    normal = np.cross(u, v)
    normal /= np.linalg.norm(normal)
    axes = np.stack([u, v, normal * (normal @ w)], 1)
    corners = np.array([[i, j, k] for i in (0, shape[0] - 1) for j in (0, shape[1] - 1) for k in (0, shape[2] - 1)])
    at = np.linalg.solve(axes, (corners @ affine[:3, :3].T).T).T
    low, high = np.floor(at.min(0) + 1e-6), np.ceil(at.max(0) - 1e-6)
    out = np.eye(4)
    out[:3, :3] = axes
    out[:3, 3] = affine[:3, 3] + axes @ low
    return out, (high - low + 1).astype(int)


def case(name, affine, shape, dtype):
    voxels = (rng.normal(100, 400, shape)).astype(dtype)
    grid, size = straight_grid(affine, shape)
    reference = image(np.zeros(size, np.float32), grid)
    least = float(voxels.min())
    out = {}
    for kind, interpolator in {"linear": sitk.sitkLinear, "nearest": sitk.sitkNearestNeighbor}.items():
        moved = sitk.Resample(image(voxels.astype(np.float64), affine), reference, sitk.Transform(), interpolator, least)
        out[kind] = [round(float(x), 4) for x in sitk.GetArrayFromImage(moved).ravel()]
    return {
        "name": name,
        "dtype": dtype,
        "shape": list(shape),
        "affine": affine.ravel().tolist(),
        "voxels": [float(x) for x in voxels.T.ravel()],
        "straight": {"shape": size.tolist(), "affine": grid.ravel().tolist(), **out},
    }


def main():
    cases = [
        case("tilt 15", tilted((4, 5, 6), 15, (0.7, 0.8, 2.5)), (4, 5, 6), "float32"),
        case("tilt -20, oblique", tilted((4, 5, 6), -20, (0.7, 0.8, 2.5), 0.3), (4, 5, 6), "float32"),
        case("tilt 5 and sideways", tilted((5, 4, 7), 5, (1, 1, 3), 0.1, 0.35), (5, 4, 7), "float32"),
        case("integers", tilted((4, 6, 5), 25, (1, 1, 1.5)), (4, 6, 5), "int16"),
    ]
    target = pathlib.Path(__file__).parent.parent / "fixtures" / "ops" / "straighten.json"
    target.write_text(json.dumps(cases) + "\n")
    print(len(cases), target.stat().st_size)


main()
