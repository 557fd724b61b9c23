"""Runs the official crop generator on real CT and on the phantom, and writes down which crops it tried and kept.

    git clone https://github.com/MrGiovanni/ModelsGenesis
    npm run build
    python packages/volume-io/test/reference/crops_fixtures.py ModelsGenesis ../shared/data/chest_ct_nifti \
        packages/volume-io/test/fixtures/crops/reference.json

Needs numpy, nibabel, scikit-image, git and node. The generator's function is taken from the clone at run time; nothing
of it is kept here. For each volume the fixture holds the configuration, every position that was tried, in order, how
many crops were asked for, which tries were kept, and a digest of each kept crop's float32 voxels (C order).
"""
import ast
import hashlib
import json
import random
import subprocess
import sys
from types import SimpleNamespace

import nibabel as nib
import numpy as np
from skimage.transform import resize

clone, data, target = sys.argv[1:4]


def generator():
    source = subprocess.run(
        ["git", "-C", clone, "show", "HEAD:infinite_generator_3D.py"],
        check=True, capture_output=True, text=True,
    ).stdout
    wanted = [
        node for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "infinite_generator_from_one_volume"
    ]
    scope = {"np": np, "random": LOGGED, "resize": resize}
    exec(compile(ast.Module(wanted, []), "infinite_generator_3D.py", "exec"), scope)
    return scope["infinite_generator_from_one_volume"]


class Logged:
    """Python's own generator, with every number written down."""

    def __init__(self):
        self.drawn = []

    def randint(self, lo, hi):
        value = random.randint(lo, hi)
        self.drawn.append(value)
        return value


LOGGED = Logged()
GENERATE = generator()


def run(name, volume, size, border, scale):
    config = SimpleNamespace(
        hu_max=1000.0, hu_min=-1000.0, HU_thred=(-150.0 + 1000.0) / 2000.0,
        input_rows=size[0], input_cols=size[1], input_deps=size[2], crop_rows=size[0], crop_cols=size[1],
        len_border=border[0], len_border_z=border[2], len_depth=3, lung_max=0.15, scale=scale,
    )
    LOGGED.drawn = []
    random.seed(1)
    kept = GENERATE(config, volume.copy())
    tries = np.array(LOGGED.drawn).reshape(-1, 3).tolist()
    crops = [] if kept is None else list(kept)
    scaled = (np.clip(volume, -1000, 1000).astype(float) + 1000) / 2000
    accepted = []
    for n, (x, y, z) in enumerate(tries):
        if len(accepted) == len(crops):
            break
        if np.array_equal(scaled[x:x + size[0], y:y + size[1], z:z + size[2]], crops[len(accepted)]):
            accepted.append(n)
    assert len(accepted) == len(crops)
    print(name, len(tries), "tries,", len(crops), "kept", flush=True)
    return {
        "volume": name, "size": size, "border": border, "count": scale, "tries": tries, "accepted": accepted,
        "sha256": [hashlib.sha256(np.ascontiguousarray(c, "<f4").tobytes()).hexdigest()[:16] for c in crops],
    }


def read(name):
    return np.asarray(nib.load(f"{data}/{name}").dataobj)


def phantom(shape):
    program = (
        "import {chestPhantom} from '@genesis/volume-io';"
        f"process.stdout.write(new Uint8Array(chestPhantom({{seed: 0, shape: {list(shape)}}}).image.data.data.buffer))"
    )
    raw = subprocess.run(["node", "--input-type=module", "-e", program], check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<i2").reshape(shape, order="F")


results = [
    run("phantom", phantom((128, 128, 96)), [16, 16, 16], [25, 25, 12], 8),
    run("CPTAC-LSCC_C3N-00247.nii.gz", read("CPTAC-LSCC_C3N-00247.nii.gz"), [64, 64, 32], [50, 50, 15], 4),
    run("CPTAC-LSCC_C3N-00247.nii.gz", read("CPTAC-LSCC_C3N-00247.nii.gz"), [32, 32, 16], [50, 50, 15], 16),
    run("LIDC-IDRI-0314.nii.gz", read("LIDC-IDRI-0314.nii.gz"), [32, 32, 32], [50, 50, 20], 16),
    run("Lung_Dx-A0001_s2.nii.gz", read("Lung_Dx-A0001_s2.nii.gz"), [48, 32, 8], [60, 60, 8], 16),
    # Too short along k: skipped.
    run("Lung_Dx-A0002_B40f.nii.gz", read("Lung_Dx-A0002_B40f.nii.gz"), [32, 32, 16], [50, 50, 15], 4),
    # The official configuration to the letter, on slices brought back to 512 x 512 by doubling their pixels.
    run("LIDC-IDRI-0314.nii.gz x2", read("LIDC-IDRI-0314.nii.gz").repeat(2, 0).repeat(2, 1), [64, 64, 32],
        [100, 100, 30], 8),
]
with open(target, "w") as file:
    json.dump(results, file, separators=(",", ":"))
    file.write("\n")
