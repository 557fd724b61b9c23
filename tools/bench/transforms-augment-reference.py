"""Times the augmentations of batchgeneratorsv2, TorchIO and MONAI for tools/bench/transforms-augment.mjs: reads lines
`NAME COUNT` and answers with CPU seconds per call.

Started by transforms-augment.mjs: python tools/bench/transforms-augment-reference.py SIDE
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../packages/transforms/test/reference"))

torch.set_num_threads(1)
PI = np.pi


def pair(side):
    """Noise, and two nested balls as labels; larger than the crop as nnU-Net's loader gives it."""
    large = round(1.6 * side)
    axes = np.meshgrid(*[np.arange(large, dtype=np.float32) - (large - 1) / 2] * 3, indexing="ij")
    radius = np.sqrt(sum(a * a for a in axes))
    label = ((radius < 0.4 * side).astype(np.int16) + (radius < 0.2 * side).astype(np.int16))[None]
    return torch.rand((1, large, large, large)), torch.from_numpy(label)


def batchgenerators(side):
    from batchgeneratorsv2.transforms.intensity.brightness import MultiplicativeBrightnessTransform
    from batchgeneratorsv2.transforms.intensity.contrast import BGContrast, ContrastTransform
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
    from nnunet_preset import preset

    image, label = pair(side)
    patch = (side,) * 3
    crop = torch.rand((1, *patch))
    mask = torch.zeros((1, *patch), dtype=torch.int16)
    factor, gamma = BGContrast((0.75, 1.25)), BGContrast((0.7, 1.5))

    whole = preset(patch)

    class Mirror(MirrorTransform):
        def get_parameters(self, **data):
            return {"axes": [0, 1, 2]}

    images = {
        "gaussianNoise": GaussianNoiseTransform((0, 0.1), 1, True),
        "ricianNoise": RicianNoiseTransform((0, 0.1)),
        "gaussianBlur": GaussianBlurTransform((0.5, 1.0), False, False, 1, True),
        "sharpening": SharpeningTransform((0.1, 0.5)),
        "brightness": MultiplicativeBrightnessTransform(factor, False, 1),
        "contrast": ContrastTransform(factor, True, False, 1),
        "lowResolution": SimulateLowResolutionTransform((0.5, 1), False, True, None, None, 1),
        "gamma": GammaTransform(gamma, 0, False, 1, 1),
        "cutOut": BlankRectangleTransform(tuple((side // 10, 3 * side // 10) for _ in range(3)), 0.5, 2),
    }
    turned = SpatialTransform(patch, 0, False, 0, p_rotation=1, rotation=(-PI / 6, PI / 6), p_scaling=1,
                              scaling=(0.7, 1.4), p_synchronize_scaling_across_axes=1)
    mirror, transpose = Mirror((0, 1, 2)), TransposeAxesTransform({0, 1, 2})
    calls = {"preset": lambda: whole(image=image, segmentation=label),
             "spatial": lambda: turned(image=image, segmentation=label),
             "mirror": lambda: mirror(image=crop, segmentation=mask),
             "transposition": lambda: transpose(image=crop, segmentation=mask)}
    for name, transform in images.items():
        # In place, as in a pipeline; on fresh values now and then would only warm other memory.
        calls[name] = (lambda t: lambda: t(image=crop))(transform)
    # And with a copy before, so that a volume becomes another array, as everywhere else.
    other = torch.empty_like(crop)
    copied = {name: (lambda t: lambda: t(image=other.copy_(crop)))(transform) for name, transform in images.items()}
    return {
        **{f"batchgeneratorsv2{' in place' if name in images else ''}/{name}": call for name, call in calls.items()},
        **{f"batchgeneratorsv2 copied/{name}": call for name, call in copied.items()},
    }


def torchio(side):
    import torchio as tio

    patch = (side,) * 3
    crop = torch.rand((1, *patch))
    label = torch.zeros((1, *patch), dtype=torch.uint8)
    label[:, side // 4:-side // 4, side // 4:-side // 4, side // 4:-side // 4] = 1
    single = tio.Subject(image=tio.ScalarImage(tensor=crop))
    both = tio.Subject(image=tio.ScalarImage(tensor=crop), label=tio.LabelMap(tensor=label))
    # The tutorial's pipeline, without preprocessing.
    preset = tio.Compose([
        tio.RandomMotion(p=0.2), tio.RandomBiasField(p=0.3), tio.RandomNoise(p=0.5), tio.RandomFlip(),
        tio.OneOf({tio.RandomAffine(): 0.8, tio.RandomElasticDeformation(): 0.2}),
    ])
    made = {
        "torchioMr": (preset, both), "affine": (tio.RandomAffine(), both),
        "elastic": (tio.RandomElasticDeformation(), both), "mirror": (tio.RandomFlip((0, 1, 2), 1), both),
        "gaussianNoise": (tio.RandomNoise(), single), "gaussianBlur": (tio.RandomBlur((0.5, 1)), single),
        "gamma": (tio.RandomGamma(), single), "biasField": (tio.RandomBiasField(), single),
        "ghosting": (tio.RandomGhosting(), single), "spikes": (tio.RandomSpike(), single),
        "motion": (tio.RandomMotion(), single),
    }
    return {f"torchio/{name}": (lambda t, s: lambda: t(s))(*row) for name, row in made.items()}


def monai(side):
    from monai import transforms as m

    image, label = pair(side)
    patch = (side,) * 3
    crop = torch.rand((1, *patch))
    mask = torch.zeros((1, *patch), dtype=torch.uint8)
    keys = ("image", "label")
    # The same set as nnU-Net's, as far as MONAI has it, with the same rates.
    preset = m.Compose([
        m.RandAffined(keys, prob=0.36, rotate_range=(PI / 6,) * 3, scale_range=(0.3,) * 3, spatial_size=patch,
                      mode=("bilinear", "nearest"), padding_mode="zeros"),
        m.CenterSpatialCropd(keys, patch),
        m.RandGaussianNoised("image", prob=0.1, std=0.1),
        m.RandGaussianSmoothd("image", prob=0.1, sigma_x=(0.5, 1), sigma_y=(0.5, 1), sigma_z=(0.5, 1)),
        m.RandScaleIntensityd("image", 0.25, prob=0.15),
        m.RandAdjustContrastd("image", prob=0.4, gamma=(0.7, 1.5), retain_stats=True),
        m.RandSimulateLowResolutiond("image", prob=0.125, zoom_range=(0.5, 1)),
        *[m.RandFlipd(keys, 0.5, axis) for axis in range(3)],
    ])
    affine = m.RandAffined(keys, prob=1, rotate_range=(PI / 6,) * 3, scale_range=(0.3,) * 3, spatial_size=patch,
                           mode=("bilinear", "nearest"), padding_mode="zeros")
    made = {
        "gaussianNoise": m.RandGaussianNoise(1, std=0.1), "ricianNoise": m.RandRicianNoise(1, std=0.1),
        "gaussianBlur": m.RandGaussianSmooth((0.5, 1), (0.5, 1), (0.5, 1), prob=1),
        "brightness": m.RandScaleIntensity(0.25, 1), "gamma": m.RandAdjustContrast(1, (0.7, 1.5), retain_stats=True),
        "lowResolution": m.RandSimulateLowResolution(1, zoom_range=(0.5, 1)), "biasField": m.RandBiasField(prob=1),
        "histogramShift": m.RandHistogramShift(prob=1), "spikes": m.RandKSpaceSpikeNoise(1),
        "sharpening": m.RandGaussianSharpen(prob=1),
        "cutOut": m.RandCoarseDropout(2, side // 10, max_spatial_size=3 * side // 10, prob=1, fill_value=0.5),
    }
    calls = {name: (lambda t: lambda: t(crop))(transform) for name, transform in made.items()}
    flip = m.Compose([m.RandFlipd(keys, 1, axis) for axis in range(3)])
    calls["mirror"] = lambda: flip({"image": crop, "label": mask})
    calls["affine"] = lambda: affine({"image": image, "label": label.to(torch.uint8)})
    calls["preset"] = lambda: preset({"image": image, "label": label.to(torch.uint8)})
    return {f"monai/{name}": call for name, call in calls.items()}


def main(side):
    np.random.seed(0)
    torch.manual_seed(0)
    calls = {**batchgenerators(side), **torchio(side), **monai(side)}
    with torch.no_grad():
        for call in calls.values():
            call()
        print("\t".join(calls), flush=True)
        for line in sys.stdin:
            name, count = line.rstrip("\n").split("\t")
            call = calls[name]
            start = time.process_time()
            for _ in range(int(count)):
                call()
            print((time.process_time() - start) / int(count), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
