"""What nibabel, SimpleITK, pynrrd and numpy make of every volume in a folder, for comparison with @genesis/volume-io.

    python packages/volume-io/test/reference/compare.py FOLDER OUT
    node packages/volume-io/test/reference/compare.mjs FOLDER OUT

Writes OUT/reference.json and, for scaled voxels, OUT/*.npy. DICOM has a comparison of its own.
Needs: numpy nibabel SimpleITK pynrrd.
"""

import hashlib
import json
import os
import sys
import warnings

import nibabel as nib
import nrrd
import numpy as np
import SimpleITK as sitk

warnings.simplefilter("ignore")
nib.imageglobals.logger.setLevel(100)
sitk.ProcessObject_SetGlobalWarningDisplay(False)

NIFTI = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz", ".nii.bz2")
ITK = (".mha", ".mhd", ".nrrd", ".nhdr")
NUMPY = (".npy", ".npz")
MOST_VOLUMES = 12


def main():
    folder, out = sys.argv[1], sys.argv[2]
    os.makedirs(out, exist_ok=True)
    files = []
    for root, _, names in os.walk(folder):
        for name in names:
            if name.lower().endswith(NIFTI + ITK + NUMPY):
                files.append(os.path.relpath(os.path.join(root, name), folder))
    results = []
    for path in sorted(files):
        try:
            results.append(read(os.path.join(folder, path), path, out))
        except Exception as error:  # the libraries raise anything at all for broken files
            results.append({"path": path, "error": f"{type(error).__name__}: {error}"[:300]})
    with open(os.path.join(out, "reference.json"), "w") as handle:
        json.dump(results, handle, indent=1)
    refused = sum("error" in result for result in results)
    print(f"{len(results)} files, {refused} refused")


def read(full, path, out):
    lower = path.lower()
    if lower.endswith(NIFTI):
        return read_nifti(full, path, out)
    if lower.endswith(NUMPY):
        return read_numpy(full, path, out)
    try:
        return read_itk(full, path, out)
    except Exception:
        if not lower.endswith(("nrrd", "nhdr")):
            raise
        return read_nrrd(full, path, out)


def read_nifti(full, path, out):
    image = nib.load(full)
    dtype = image.get_data_dtype()
    if dtype.kind == "c":
        return {"path": path, "library": "nibabel", "complex": True}
    if dtype.fields:
        data = np.asanyarray(image.dataobj)
        parts = [np.ascontiguousarray(data[name]) for name in dtype.names]
        return pack(path, out, "nibabel", parts, image.affine)
    data = np.asanyarray(image.dataobj)
    return pack(path, out, "nibabel", [data], image.affine)


def read_itk(full, path, out):
    image = sitk.ReadImage(full)
    if "complex" in image.GetPixelIDTypeAsString():
        return {"path": path, "library": "SimpleITK", "complex": True}
    n = image.GetDimension()
    direction = np.array(image.GetDirection()).reshape(n, n)
    affine = np.eye(4)
    size = min(n, 3)
    affine[:size, :size] = (direction @ np.diag(image.GetSpacing()))[:size, :size]
    affine[:size, 3] = image.GetOrigin()[:size]
    affine[:2] *= -1
    data = sitk.GetArrayFromImage(image)
    channels = image.GetNumberOfComponentsPerPixel()
    if channels > 1:
        parts = [data[..., c].T for c in range(channels)]
    else:
        parts = [data.T]
    return pack(path, out, "SimpleITK", parts, affine)


def read_nrrd(full, path, out):
    data, header = nrrd.read(full)
    affine = np.eye(4)
    directions = header.get("space directions")
    if directions is not None:
        rows = [d for d in np.asarray(directions, float) if not np.any(np.isnan(d))]
        for axis, row in enumerate(rows[:3]):
            affine[: len(row), axis] = row
        origin = header.get("space origin")
        if origin is not None and not np.any(np.isnan(origin)):
            affine[: len(origin), 3] = origin
    elif "spacings" in header:
        for axis, v in enumerate(header["spacings"][:3]):
            affine[axis, axis] = v
    space = header.get("space", "")
    if space.startswith("left-anterior"):
        affine[0] *= -1
    elif not space.startswith("right-anterior"):
        affine[:2] *= -1
    return pack(path, out, "pynrrd", [data], affine)


def read_numpy(full, path, out):
    data = np.load(full)
    if not isinstance(data, np.ndarray):
        data = data[data.files[0]]
    if data.ndim > 3:
        data = np.moveaxis(data.reshape((-1,) + data.shape[-3:]), 0, -1)
    return pack(path, out, "numpy", [data], np.eye(4))


def pack(path, out, library, components, affine):
    shape = list(components[0].shape)
    while len(shape) < 3:
        shape.append(1)
    count = int(np.prod(shape[3:], dtype=int))
    chosen = sorted(set(np.linspace(0, count - 1, min(count, MOST_VOLUMES)).astype(int).tolist()))
    volumes = []
    for index in chosen:
        for component, data in enumerate(components):
            stack = data.reshape(tuple(shape[:3]) + (count,), order="F")
            values = np.asfortranarray(stack[..., index], dtype="<f8")
            values[np.isnan(values)] = np.nan
            raw = values.tobytes(order="F")
            entry = {
                "index": index,
                "component": component,
                "sha256": hashlib.sha256(raw).hexdigest(),
            }
            if data.dtype.kind == "f":
                name = hashlib.sha256(f"{path} {index} {component}".encode()).hexdigest()[:24] + ".npy"
                np.save(os.path.join(out, name), values)
                entry["values"] = name
            volumes.append(entry)
    return {
        "path": path,
        "library": library,
        "shape": shape[:3],
        "volumes": count,
        "components": len(components),
        "dtype": str(components[0].dtype),
        "affine": np.asarray(affine, float).ravel().tolist(),
        "read": volumes,
    }


if __name__ == "__main__":
    main()
