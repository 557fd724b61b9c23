"""The Python side of volume-io.mjs: makes the volumes, then answers one timed request a line on standard input."""

import json
import os
import resource
import sys
import time

import nibabel as nib
import numpy as np


def make(folder):
    # The compressed file is kept apart: SimpleITK, asked for ct.nii.gz, takes the voxels of a ct.nii that lies beside it.
    packed = os.path.join(folder, "gz", "ct.nii.gz")
    os.makedirs(os.path.dirname(packed), exist_ok=True)
    if os.path.exists(packed):
        return
    rng = np.random.default_rng(0)
    x, y, z = np.ogrid[-1:1:512j, -1:1:512j, -1:1:275j]
    body = (x / 0.85) ** 2 + (y / 0.6) ** 2 < 1
    lungs = ((np.abs(x) - 0.4) / 0.28) ** 2 + (y / 0.42) ** 2 + (z / 0.9) ** 2 < 1
    hu = np.where(body, 40, -1000) + 0 * z
    hu = np.where(lungs, -850, hu) + 60 * np.sin(9 * x) * np.sin(7 * y) * np.cos(11 * z)
    hu = (hu + rng.normal(0, 12, hu.shape)).astype(np.int16)
    raw = os.path.join(folder, "ct.nii")
    image = nib.Nifti1Image(hu, np.diag([-0.7, -0.7, 1.25, 1.0]))
    nib.save(image, raw)
    import SimpleITK as sitk

    # MetaImage cannot hold all that NIfTI says, and ITK would tell.
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    sitk.WriteImage(sitk.ReadImage(raw), os.path.join(folder, "ct.mha"))
    nib.save(image, packed)


def run(request):
    path, library, task = request["path"], request["library"], request["task"]
    start = time.perf_counter()
    if library == "nibabel":
        image = nib.load(path)
        if task == "region":
            i, j, k = request["start"]
            data = np.asarray(image.dataobj[i : i + 64, j : j + 64, k : k + 32], np.float32)
        else:
            data = image.get_fdata(dtype=np.float32)
    else:
        import SimpleITK as sitk

        start = time.perf_counter()
        if task == "region":
            reader = sitk.ImageFileReader()
            reader.SetFileName(path)
            reader.SetOutputPixelType(sitk.sitkFloat32)
            reader.SetExtractIndex(request["start"])
            reader.SetExtractSize([64, 64, 32])
            image = reader.Execute()
            data = sitk.GetArrayViewFromImage(image)
        else:
            image = sitk.ReadImage(path, sitk.sitkFloat32)
            data = sitk.GetArrayViewFromImage(image)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "sum": float(data.sum(dtype=np.float64)),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    make(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
