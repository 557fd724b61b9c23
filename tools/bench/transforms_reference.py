"""Times the reference implementation and the nearest transforms of MONAI and TorchIO for
tools/bench/transforms.mjs: reads lines `NAME COUNT` and answers with CPU seconds per call.

Started by transforms.mjs: python tools/bench/transforms_reference.py PATH/TO/utils.py
"""
import os
import random
import sys
import time
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../packages/transforms/test/reference"))
import recorder as rec

torch.set_num_threads(1)
SHAPE = (64, 64, 32)
WINDOW = (6, 6, 3)


def reference(path, crop):
    module = rec.load(path)
    volume = crop[None].astype(np.float64)
    images = np.stack([volume] * 6)
    generator = module.generate_pair(images, 1, rec.Config)
    return {
        "reference/pair": lambda: next(generator),
        "reference/flip": lambda: module.data_augmentation(volume, volume, 1.0),
        "reference/localShuffling": lambda: module.local_pixel_shuffling(volume, 1.0),
        "reference/bezierIntensity": lambda: module.nonlinear_transformation(volume, 1.0),
        "reference/inPainting": lambda: module.image_in_painting(volume.copy()),
        "reference/outPainting": lambda: module.image_out_painting(volume.copy()),
    }


def monai(crop):
    from monai import transforms as m

    x = torch.from_numpy(crop[None])
    # Five boxes each, of the sides that ours have: ours are told to draw five too. In-painting is done
    # in the given memory, which ours leave as it is; so it is given a copy.
    inside = m.RandCoarseDropout(
        holes=5, spatial_size=(10, 10, 5), max_spatial_size=(21, 21, 10), prob=1)
    made = {
        "monai/flip RandAxisFlip": m.RandAxisFlip(prob=1),
        "monai/localShuffling RandCoarseShuffle": m.RandCoarseShuffle(
            holes=10000, spatial_size=1, max_spatial_size=WINDOW, prob=1),
        "monai/bezierIntensity RandHistogramShift": m.RandHistogramShift(num_control_points=4, prob=1),
        "monai/outPainting RandCoarseDropout": m.RandCoarseDropout(
            holes=5, spatial_size=(28, 28, 14), max_spatial_size=(37, 37, 19),
            dropout_holes=False, prob=1),
        # Without the cut to 0…1 and without a target, which ours include.
        "monai/denoising RandGaussianNoise": m.RandGaussianNoise(
            prob=1, std=0.1, sample_std=False),
    }
    calls = {name: (lambda t: lambda: t(x))(transform) for name, transform in made.items()}
    return {**calls, "monai/inPainting RandCoarseDropout": lambda: inside(x.clone())}


def torchio(crop):
    import torchio as tio

    x = torch.from_numpy(crop[None])
    made = {
        "torchio/flip RandomFlip": tio.RandomFlip(axes=(0, 1, 2), flip_probability=0.5),
        "torchio/patchShuffling RandomSwap": tio.RandomSwap(patch_size=8, num_iterations=50),
        # One power of each voxel, where ours is any curve.
        "torchio/bezierIntensity RandomGamma": tio.RandomGamma(),
        # One deviation, as ours (a single number would be a range); no cut, no target.
        "torchio/denoising RandomNoise": tio.RandomNoise(std=(0.1, 0.1)),
    }
    return {name: (lambda t: lambda: t(x))(transform) for name, transform in made.items()}


def main(path):
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    crop = np.random.rand(*SHAPE).astype(np.float32)
    calls = {**reference(path, crop), **monai(crop), **torchio(crop)}
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
    main(sys.argv[1])
