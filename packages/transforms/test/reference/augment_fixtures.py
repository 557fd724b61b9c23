"""Writes the fixtures of packages/transforms/test/augment-exactness.test.ts: factors, and what batchgeneratorsv2, TorchIO,
MONAI, scipy.ndimage and SimpleITK make of a volume with them.

Command (from the repository's root; made with batchgeneratorsv2 0.3.6, torchio 1.2.1, monai 1.6.1, scipy 1.17.1, SimpleITK 2.5.7):
  python packages/transforms/test/reference/augment_fixtures.py packages/transforms/test/fixtures
"""
import os
import random
import sys
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")

import numpy as np
import scipy.ndimage as ndi
import SimpleITK as sitk
import torch
import torchio as tio
from batchgeneratorsv2.transforms.intensity.brightness import MultiplicativeBrightnessTransform
from batchgeneratorsv2.transforms.intensity.contrast import ContrastTransform
from batchgeneratorsv2.transforms.intensity.gamma import GammaTransform
from batchgeneratorsv2.transforms.intensity.gaussian_noise import GaussianNoiseTransform
from batchgeneratorsv2.transforms.noise.blank_rectangle import BlankRectangleTransform
from batchgeneratorsv2.transforms.noise.gaussian_blur import GaussianBlurTransform
from batchgeneratorsv2.transforms.noise.rician import RicianNoiseTransform
from batchgeneratorsv2.transforms.noise.sharpen import SharpeningTransform
from batchgeneratorsv2.transforms.spatial.low_resolution import SimulateLowResolutionTransform
from batchgeneratorsv2.transforms.spatial.mirroring import MirrorTransform
from batchgeneratorsv2.transforms.spatial.spatial import SpatialTransform
from batchgeneratorsv2.transforms.spatial.transpose import TransposeAxesTransform
from batchgeneratorsv2.transforms.utils.pseudo2d import Convert2DTo3DTransform, Convert3DTo2DTransform
from monai.transforms import RandHistogramShift

from fixtures import Bundle

torch.set_num_threads(1)


def volume(shape, seed):
    """Smooth, with texture, mean about 0 and deviation about 1; multiples of 1/64."""
    x, y, z = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    smooth = np.sin(0.41 * x + 0.27 * y + seed) + np.cos(0.33 * z - 0.21 * x)
    noise = np.random.RandomState(seed).rand(*shape) - 0.5
    return (np.round((smooth + noise) * 64) / 64).astype(np.float32)


def labels(shape, seed, largest=3):
    x, y, z = np.meshgrid(*[(np.arange(n) + 0.5) / n for n in shape], indexing="ij")
    depth = (0.48 - np.sqrt((x - 0.45) ** 2 + (y - 0.5) ** 2 + (z - 0.55) ** 2)) * 2.2 * largest
    found = np.clip(np.floor(depth), 0, largest)
    random = np.random.RandomState(seed)
    speckled = random.rand(*shape) < 0.03
    found[speckled] = random.randint(0, largest + 1, speckled.sum())
    return found.astype(np.int16)


class Once(Bundle):
    """Writes equal arrays once."""

    def __init__(self):
        super().__init__()
        self.seen = {}

    def add(self, array, dtype):
        data = np.ascontiguousarray(array, dtype)
        key = (data.tobytes(), data.shape, data.dtype)
        if key not in self.seen:
            self.seen[key] = super().add(data, dtype)
        return self.seen[key]


class Cases:
    def __init__(self):
        self.bundle = Once()
        self.all = []

    def add(self, peer, spec, image, factors, output, label=None, output_label=None, **more):
        case = {"peer": peer, "spec": spec, "factors": factors,
                "image": self.bundle.add(image, "float32"), "output": self.bundle.add(output, "float32"), **more}
        if label is not None:
            case["label"] = self.bundle.add(label, "uint8")
            case["outputLabel"] = self.bundle.add(output_label, "uint8")
        self.all.append(case)


def floats(values):
    return [float(v) for v in np.ravel(values)]


def neutral(shape, center):
    return {"shape": list(shape), "center": floats(center), "angles": [0, 0, 0], "scales": [1, 1, 1],
            "shears": [0, 0, 0], "translation": [0, 0, 0], "elastic": None}


def tensors(image, label=None):
    data = {"image": torch.from_numpy(image.copy())[None]}
    if label is not None:
        data["segmentation"] = torch.from_numpy(label.copy())[None]
    return data


def spatial_of_batchgenerators(cases):
    random = np.random.RandomState(1)
    rows = [((15, 14, 17), (9, 10, 12), {}, {}, 3), ((15, 14, 17), (15, 14, 17), {}, {}, 1),
            ((12, 13, 11), (14, 9, 13), {}, {}, 6),
            ((15, 14, 17), (13, 12, 12), {"padding_mode_image": "border", "border_mode_seg": "border"},
             {"border": "nearest"}, 3),
            ((15, 14, 17), (13, 12, 12), {"padding_mode_image": "reflection", "border_mode_seg": "reflection"},
             {"border": "reflect"}, 3),
            ((15, 14, 17), (13, 12, 12),
             {"padding_mode_image": "constant", "padding_value_image": 0.75, "border_mode_seg": "constant",
              "padding_value_seg": 2}, {"fill": 0.75, "labelFill": 2}, 3),
            ((15, 14, 17), (13, 12, 12), {"mode_seg": "nearest"}, {"labels": "nearest"}, 3)]
    for n, (source, patch, theirs, ours, largest) in enumerate(rows):
        for turn in range(2):
            image, label = volume(source, n), labels(source, n, largest)
            angles = random.uniform(-0.6, 0.6, 3)
            scales = random.uniform(0.7, 1.4, 3) if turn else np.full(3, random.uniform(0.7, 1.4))
            transform = SpatialTransform(
                patch, 0, False, 0, p_rotation=1, rotation=lambda image, dim: angles[dim], p_scaling=1,
                scaling=lambda image, dim: scales[0 if dim is None else dim],
                p_synchronize_scaling_across_axes=0, **theirs)
            out = transform(**tensors(image, label))
            factors = neutral(patch, [(s - 1) / 2 for s in source])
            factors.update(angles=floats(angles), scales=floats(scales))
            cases.add("batchgeneratorsv2 SpatialTransform", {"name": "spatial", "opts": {"patch": patch, **ours}},
                      image, factors, out["image"][0].numpy(), label, out["segmentation"][0].numpy())
    # Whole voxels are cut out; also where the crop is the larger one.
    for source, patch in [((15, 14, 17), (9, 10, 12)), ((8, 9, 7), (12, 4, 9))]:
        image, label = volume(source, 7), labels(source, 7)
        out = SpatialTransform(patch, 0, False, 0)(**tensors(image, label))
        cases.add("batchgeneratorsv2 SpatialTransform", {"name": "spatial", "opts": {"patch": patch}}, image,
                  neutral(patch, [(s - 1) / 2 for s in source]), out["image"][0].numpy(), label,
                  out["segmentation"][0].numpy())
    # In plane, as nnU-Net does for thick slices: their first axis is ours.
    source, patch = (5, 17, 16), (5, 12, 13)
    image, label = volume(source, 8), labels(source, 8)
    angle, scale = 1.9, 1.23
    transform = SpatialTransform(patch[1:], 0, False, 0, p_rotation=1, rotation=lambda image, dim: angle,
                                 p_scaling=1, scaling=lambda image, dim: scale)
    data = Convert2DTo3DTransform()(**transform(**Convert3DTo2DTransform()(**tensors(image, label))))
    factors = neutral(patch, [(s - 1) / 2 for s in source])
    factors.update(angles=[angle, 0, 0], scales=[1, scale, scale])
    cases.add("batchgeneratorsv2 SpatialTransform in 2D", {"name": "spatial", "opts": {"patch": patch, "acrossAxis": 0}},
              image, factors, data["image"][0].numpy(), label, data["segmentation"][0].numpy())


def matrix_of(factors):
    (a, b, c), (p, q, r) = factors["angles"], factors["shears"]
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return rz @ ry @ rx @ np.array([[1, p, q], [0, 1, r], [0, 0, 1]]) @ np.diag(factors["scales"])


def spatial_of_scipy(cases):
    random = np.random.RandomState(2)
    source, patch = (13, 14, 12), (11, 12, 13)
    for border, mode in (("constant", "grid-constant"), ("nearest", "nearest"), ("reflect", "reflect")):
        for order in (0, 1, 3):
            image = volume(source, order)
            factors = neutral(patch, random.uniform(4, 8, 3))
            factors.update(angles=floats(random.uniform(-1, 1, 3)), scales=floats(random.uniform(0.8, 1.3, 3)),
                           shears=floats(random.uniform(-0.2, 0.2, 3)), translation=floats(random.uniform(-2, 2, 3)))
            matrix = matrix_of(factors)
            middle = np.array(factors["center"]) + factors["translation"]
            offset = middle - matrix @ ((np.array(patch) - 1) / 2)
            out = ndi.affine_transform(image.astype(np.float64), matrix, offset, patch, order=order, mode=mode, cval=0.25)
            cases.add(f"scipy.ndimage.affine_transform, order {order}, {mode}",
                      {"name": "spatial", "opts": {"patch": patch, "order": order, "border": border, "fill": 0.25}},
                      image, factors, out)


def elastic_of_torchio(cases):
    torch.manual_seed(3)
    for points, locked in (((7, 7, 7), 2), ((5, 6, 4), 0)):
        shape = (16, 15, 17)
        image, label = volume(shape, 4), labels(shape, 4)
        field = tio.RandomElasticDeformation.get_params(points, (2.0, 1.5, 2.5), locked)
        transform = tio.ElasticDeformation(field, (2.0, 1.5, 2.5))
        subject = transform(tio.Subject(image=tio.ScalarImage(tensor=torch.from_numpy(image)[None]),
                                        label=tio.LabelMap(tensor=torch.from_numpy(label)[None])))
        # Control points and displacements are along the axes of the LPS frame, in which x and y run against ours.
        displacements = field[::-1, ::-1] * np.array([-1, -1, 1])
        factors = neutral(shape, [(s - 1) / 2 for s in shape])
        factors["elastic"] = {"controlPoints": list(points), "displacements": floats(displacements)}
        # Beyond the last voxel's center SimpleITK clamps, and fills from half a voxel on: compared inside.
        cases.add("TorchIO ElasticDeformation (SimpleITK BSplineTransform)",
                  {"name": "spatial", "opts": {"labels": "nearest", "border": "nearest"}}, image, factors,
                  subject.image.numpy()[0], label, subject.label.numpy()[0], inside=3)


def channel(**factors):
    return {"channels": [factors]}


def intensities_of_batchgenerators(cases):
    shape = (14, 12, 16)
    image = volume(shape, 10)
    apply = lambda transform, **params: transform._apply_to_image(torch.from_numpy(image.copy())[None], **params)[0].numpy()
    one = torch.tensor([0])
    torch.manual_seed(5)
    noise = torch.empty((1, *shape)).normal_().numpy()
    torch.manual_seed(5)
    transform = GaussianNoiseTransform((0.08, 0.08), 1, True)
    out = transform._apply_to_image(torch.from_numpy(image.copy())[None], apply_idx=one, num_apply=1, sigmas=0.08)
    cases.add("batchgeneratorsv2 GaussianNoiseTransform", {"name": "gaussian-noise"}, image,
              channel(sigma=0.08, noise={"values": cases.bundle.add(noise[0], "float32")}), out[0].numpy())
    torch.manual_seed(6)
    parts = [torch.empty((1, *shape)).normal_().numpy() for _ in range(2)]
    torch.manual_seed(6)
    cases.add("batchgeneratorsv2 RicianNoiseTransform", {"name": "rician-noise"}, image,
              channel(sigma=0.3, noise={"values": cases.bundle.add(np.stack(parts), "float32")}),
              apply(RicianNoiseTransform(), variance=0.3))
    for sigma in ((0.5, 0.75, 1.0), (1.6, 0.9, 2.4), (0.58, 0.59, 0.42)):
        cases.add("batchgeneratorsv2 GaussianBlurTransform", {"name": "gaussian-blur"}, image, channel(sigma=list(sigma)),
                  apply(GaussianBlurTransform(), apply_to_channel=torch.tensor([True]), sigmas=[list(sigma)]))
    for strength, clamp in ((0.7, False), (0.4, True)):
        cases.add("batchgeneratorsv2 SharpeningTransform", {"name": "sharpening"}, image,
                  channel(strength=strength, clamp=clamp),
                  apply(SharpeningTransform(), strengths=[strength], clamp_intensities=[clamp], apply_channel=[True]))
    cases.add("batchgeneratorsv2 MultiplicativeBrightnessTransform", {"name": "brightness"}, image,
              channel(factor=1.17, shift=0),
              apply(MultiplicativeBrightnessTransform(1, False), apply_to_channel=one, multipliers=torch.tensor([1.17])))
    for factor, keep in ((0.77, True), (1.24, True), (1.24, False)):
        cases.add("batchgeneratorsv2 ContrastTransform", {"name": "contrast", "opts": {"keepRange": keep}}, image,
                  channel(factor=factor),
                  apply(ContrastTransform(1, keep, False), apply_to_channel=one, multipliers=torch.tensor([factor])))
    for scale in ((0.5, 0.5, 0.5), (0.73, 0.73, 0.73), (0.6, 1.0, 0.9)):
        cases.add("batchgeneratorsv2 SimulateLowResolutionTransform", {"name": "low-resolution"}, image,
                  channel(scale=list(scale)),
                  apply(SimulateLowResolutionTransform(1, False, True, None), apply_to_channel=one,
                        scales=torch.tensor([scale])))
    for gamma, invert, keep in ((0.71, False, True), (1.48, False, True), (1.3, True, True), (0.8, True, False)):
        cases.add("batchgeneratorsv2 GammaTransform", {"name": "gamma"}, image,
                  channel(gamma=gamma, invert=invert, keepStats=keep),
                  apply(GammaTransform(1, 0, False, 1, 1), apply_to_channel=one, gamma=torch.tensor([gamma]),
                        invert_image=torch.tensor([invert]), retain_stats=torch.tensor([keep])))
    boxes = [([2, 3, 1], [5, 7, 8]), ([6, 0, 9], [14, 4, 12])]
    cases.add("batchgeneratorsv2 BlankRectangleTransform", {"name": "cut-out"}, image,
              channel(boxes=[{"start": low, "size": [b - a for a, b in zip(low, high)], "value": 0.4} for low, high in boxes]),
              apply(BlankRectangleTransform(1, 0.4, 1), apply_channel=[True], rectangles=[boxes]))


def moves_of_batchgenerators(cases):
    shape = (14, 12, 16)
    image, label = volume(shape, 11), labels(shape, 11)
    for axes in ([0], [1, 2], [0, 1, 2]):
        transform = MirrorTransform((0, 1, 2))
        data = tensors(image, label)
        cases.add("batchgeneratorsv2 MirrorTransform", {"name": "mirror"}, image, {"axes": axes},
                  transform._apply_to_image(data["image"], axes=axes)[0].numpy(), label,
                  transform._apply_to_segmentation(data["segmentation"], axes=axes)[0].numpy())
    for order in ([1, 2, 0], [0, 2, 1], [2, 1, 0]):
        transform = TransposeAxesTransform({0, 1, 2})
        data = tensors(image, label)
        theirs = [0, *[axis + 1 for axis in order]]
        cases.add("batchgeneratorsv2 TransposeAxesTransform", {"name": "transposition"}, image, {"order": order},
                  transform._apply_to_image(data["image"], axis_order=theirs)[0].numpy(), label,
                  transform._apply_to_segmentation(data["segmentation"], axis_order=theirs)[0].numpy())


def euler(matrix):
    """Angles of Rz · Ry · Rx."""
    return [np.arctan2(matrix[2, 1], matrix[2, 2]), -np.arcsin(matrix[2, 0]), np.arctan2(matrix[1, 0], matrix[0, 0])]


def magnetic_resonance_of_torchio(cases):
    torch.manual_seed(7)
    for shape in ((14, 12, 16), (13, 11, 15)):
        image = volume(shape, 12)
        subject = lambda values=image: tio.Subject(image=tio.ScalarImage(tensor=torch.from_numpy(values.copy())[None]))
        coefficients = floats(np.random.RandomState(1).uniform(-0.5, 0.5, 20))
        cases.add("TorchIO BiasField", {"name": "bias-field"}, image, channel(order=3, coefficients=coefficients),
                  tio.BiasField(coefficients, 3)(subject()).image.numpy()[0])
        for ghosts, axis, intensity, restore in ((4, 0, 0.7, None), (5, 1, 0.9, 0.3), (7, 2, 0.5, None)):
            cases.add("TorchIO Ghosting", {"name": "ghosting"}, image,
                      channel(ghosts=ghosts, axis=axis, intensity=intensity, restore=restore),
                      tio.Ghosting(ghosts, axis, intensity, restore)(subject()).image.numpy()[0])
        for places, intensity in (([[0.31, 0.77, 0.52]], 0.4), ([[0.6, 0.4, 0.9], [0.1, 0.5, 0.3], [0.6, 0.4, 0.9]], 0.3)):
            cases.add("TorchIO Spike", {"name": "spikes"}, image, channel(places=places, intensity=intensity),
                      tio.Spike(np.array(places), intensity)(subject()).image.numpy()[0])
        # A border of the fill value, because SimpleITK interpolates otherwise at the border.
        padded = np.full(shape, image.min(), np.float32)
        padded[4:-4, 4:-4, 4:-4] = image[4:-4, 4:-4, 4:-4]
        for times in ((0.3, 0.72), (0.2, 0.45), (0.61, 0.8)):
            degrees = np.random.RandomState(2).uniform(-10, 10, (2, 3)).astype(np.float32)
            translation = np.random.RandomState(3).uniform(-1, 1, (2, 3)).astype(np.float32)
            motion = tio.Motion(degrees, translation, np.array(times, np.float32), "linear")
            # TorchIO turns about the origin of its physical frame, LPS: x and y run against ours.
            flip = np.diag([-1, -1, 1])
            movements = []
            for time, angle, moved in zip(times, degrees, translation):
                transform = sitk.Euler3DTransform()
                transform.SetRotation(*np.radians(angle).tolist())
                matrix = flip @ np.array(transform.GetMatrix()).reshape(3, 3) @ flip
                movements.append({"time": float(np.float32(time)), "angles": floats(euler(matrix)),
                                  "translation": floats(flip @ moved)})
            cases.add("TorchIO Motion", {"name": "motion"}, padded,
                      channel(axis=2, center=[0, 0, 0], movements=movements), motion(subject(padded)).image.numpy()[0])


def others(cases):
    shape = (14, 12, 16)
    image = volume(shape, 13)
    for count in (4, 10):
        transform = RandHistogramShift(count, prob=1).set_random_state(count)
        transform.randomize()
        out = transform(image[None], randomize=False)
        cases.add("MONAI RandHistogramShift", {"name": "histogram-shift"}, image,
                  channel(points=floats(transform.floating_control_points)), np.asarray(out)[0])
    hounsfield = volume(shape, 14) * 300
    center, width = 45.0, 380.0
    window = sitk.IntensityWindowing(sitk.GetImageFromArray(hounsfield), center - width / 2, center + width / 2, 0, 1)
    cases.add("SimpleITK IntensityWindowing", {"name": "window-jitter"}, hounsfield, channel(center=center, width=width),
              sitk.GetArrayFromImage(window))


def main(folder):
    random.seed(0)
    cases = Cases()
    for make in (spatial_of_batchgenerators, spatial_of_scipy, elastic_of_torchio, moves_of_batchgenerators,
                 intensities_of_batchgenerators, magnetic_resonance_of_torchio, others):
        make(cases)
    cases.bundle.write(folder, "augment", {"cases": cases.all})


if __name__ == "__main__":
    main(sys.argv[1])
