"""Reads a .seg.nrrd of `genesis predict` with the peers that know the format, for label-outputs.test.ts.

    pip install slicerio pynrrd SimpleITK
    python packages/trainer/test/reference/read_segments.py packages/trainer/test/tasks/fixtures/organs.seg.nrrd

Says "ok" when slicerio (by the authors of 3D Slicer), pynrrd and SimpleITK read names, colours, labels, voxels and geometry as they were.
"""

import sys

import nrrd
import numpy as np
import SimpleITK as sitk
import slicerio

path = sys.argv[1]
expected = {2: ("left lung, upper", (255, 92, 72)), 5: ("größe\\heart", (64, 176, 255))}
found = slicerio.read_segmentation(path)
segments = {one["labelValue"]: one for one in found["segments"]}
assert set(segments) == set(expected), segments
for value, (name, color) in expected.items():
    # pynrrd, which slicerio reads with, drops letters that are not ASCII and keeps escapes; ITK, which Slicer reads with, does not.
    assert segments[value]["name"] == name or not name.isascii(), segments[value]["name"]
    assert np.allclose(np.array(segments[value]["color"]) * 255, color, atol=0.5)
voxels = np.resize([0, 2, 5], 24).reshape(4, 3, 2)
assert np.array_equal(found["voxels"], voxels)
data, header = nrrd.read(path)
assert np.array_equal(data, voxels) and header["space"] == "left-posterior-superior"
assert header["Segment0_Name"] == "left lung, upper"
image = sitk.ReadImage(path)
assert [image.GetMetaData(f"Segment{n}_Name") for n in (0, 1)] == [name for name, _ in expected.values()]
assert np.array_equal(sitk.GetArrayFromImage(image).transpose(2, 1, 0), voxels)
assert np.allclose(image.GetOrigin(), (-10, 20, 30)) and np.allclose(image.GetSpacing(), (2, 1.5, 3))
print("ok")
