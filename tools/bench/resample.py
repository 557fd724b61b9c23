"""SimpleITK's side of resample.mjs: reads a case and a number of threads a line, answers with milliseconds.

Started by resample.mjs. Needs numpy and SimpleITK.
"""
import json
import math
import sys
import time

import numpy as np
import SimpleITK as sitk

N = 256


def phantom(dtype):
    x, y, z = np.meshgrid(*[np.arange(N, dtype="f4")] * 3, indexing="ij")
    values = 500 * np.sin(x / 9) * np.cos(y / 7) + 300 * np.sin(z / 5)
    return sitk.GetImageFromArray(values.T.astype(dtype))


IMAGES = {"int16": phantom("i2"), "float32": phantom("f4"), "uint8": phantom("u1")}


def run(case):
    image = IMAGES[case["type"]]
    angle = math.radians(case["degrees"])
    c, s = math.cos(angle), math.sin(angle)
    tilt = math.radians(case["tilt"])
    ct, st = math.cos(tilt), math.sin(tilt)
    if case["sigma"] > 0:
        image = sitk.DiscreteGaussian(image, [case["sigma"] ** 2] * 3, 64, [1e-3] * 3, False)
    interpolator = sitk.sitkNearestNeighbor if case["nearest"] else sitk.sitkLinear
    return sitk.Resample(
        image,
        [case["size"]] * 3,
        sitk.Transform(),
        interpolator,
        [case["origin"]] * 3,
        [case["spacing"]] * 3,
        [c, -s * ct, s * st, s, c * ct, -c * st, 0, st, ct],
        0.0,
    )


for line in sys.stdin:
    case = json.loads(line)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(case["threads"])
    start, busy = time.perf_counter(), time.process_time()
    result = run(case)
    elapsed, busy = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - busy)
    middle = sitk.GetArrayViewFromImage(result)[case["size"] // 2, case["size"] // 2, ::16]
    print(json.dumps({"ms": elapsed, "busy": busy, "sample": middle.astype(float).tolist()}), flush=True)
