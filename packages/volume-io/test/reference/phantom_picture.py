"""Slices of two chest phantoms, for the documentation.

    npm run build && python packages/volume-io/test/reference/phantom_picture.py packages/volume-io/docs/phantom.png

Needs numpy, Pillow and node. Seen as radiologists do: the patient's right on the left.
"""
import subprocess
import sys

import numpy as np
from PIL import Image

SHAPE = (224, 224, 168)
WINDOWS = {"lung": (-1250, 250), "soft": (-160, 240)}


def phantom(seed):
    program = (
        "import {chestPhantom} from '@genesis/volume-io';"
        f"process.stdout.write(new Uint8Array(chestPhantom({{seed: {seed}, shape: {list(SHAPE)}}}).image.data.data.buffer))"
    )
    raw = subprocess.run(["node", "--input-type=module", "-e", program], check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<i2").reshape(SHAPE, order="F")


def show(plane, window):
    lo, hi = WINDOWS[window]
    grey = (np.clip((np.flip(plane.T, (0, 1)).astype(float) - lo) / (hi - lo), 0, 1) * 255).astype("u1")
    canvas = np.zeros((SHAPE[1], SHAPE[0]), "u1")
    top = (SHAPE[1] - grey.shape[0]) // 2
    canvas[top:top + grey.shape[0], :grey.shape[1]] = grey
    return canvas


rows = []
for seed in (7, 4):
    v = phantom(seed)
    nx, ny, nz = SHAPE
    rows.append(np.concatenate([
        show(v[:, :, int(0.42 * nz)], "soft"), show(v[:, :, int(0.55 * nz)], "lung"),
        show(v[:, int(0.52 * ny), :], "lung"), show(v[int(0.5 * nx), :, :], "soft"),
    ], axis=1))
Image.fromarray(np.concatenate(rows, axis=0)).quantize(48).save(sys.argv[1], optimize=True)
