"""The Python half of dicom.mjs: makes the test folder, and times readers in it.

    python tools/bench/dicom.py make FOLDER SERIES_FOLDER      a folder of 275 slices of 512×512
    python tools/bench/dicom.py time FOLDER READER COUNT       seconds of COUNT reads to float32 by pydicom or sitk
"""

import pathlib
import resource
import sys
import time

import numpy as np


def make(folder, source):
    """275 slices with the headers of real ones; their pixels are shifted from slice to slice."""
    import pydicom

    folder.mkdir(parents=True, exist_ok=True)
    slices = sorted(source.glob("*.dcm"))
    rng = np.random.default_rng(0)
    for k in range(275):
        ds = pydicom.dcmread(slices[k % len(slices)])
        pixels = np.roll(ds.pixel_array, k, axis=1) + rng.integers(0, 8, (ds.Rows, ds.Columns), dtype=ds.pixel_array.dtype)
        ds.PixelData = pixels.tobytes()
        ds.InstanceNumber = k + 1
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.3680043.10.2.{k}"
        ds.ImagePositionPatient = [*ds.ImagePositionPatient[:2], 1.25 * k]
        # Names say nothing about the order.
        ds.save_as(folder / f"{(k * 101) % 275:04d}.dcm")


def read_pydicom(folder):
    import pydicom

    slices = [pydicom.dcmread(p) for p in folder.iterdir()]
    slices.sort(key=lambda ds: float(ds.ImagePositionPatient[2]))
    volume = np.empty((len(slices), slices[0].Rows, slices[0].Columns), np.float32)
    for out, ds in zip(volume, slices):
        np.multiply(ds.pixel_array, np.float32(ds.RescaleSlope), out=out)
        out += np.float32(ds.RescaleIntercept)
    return volume


def read_sitk(folder):
    import SimpleITK as sitk

    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    reader.SetOutputPixelType(sitk.sitkFloat32)
    image = reader.Execute()
    view = sitk.GetArrayViewFromImage(image)
    # The view does not keep the image alive.
    read_sitk.image = image
    return view


def main():
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
        return
    folder, reader = pathlib.Path(sys.argv[2]), {"pydicom": read_pydicom, "sitk": read_sitk}[sys.argv[3]]
    __import__({"pydicom": "pydicom", "sitk": "SimpleITK"}[sys.argv[3]])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(int(sys.argv[4])):
        start = time.perf_counter()
        volume = reader(folder)
        times.append(time.perf_counter() - start)
        total = float(np.asarray(volume[::25, ::64, ::64], dtype=np.float64).sum())
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print({"times": times, "checksum": total, "peak": float(peak / (np.prod(volume.shape) * 4))})


main()
