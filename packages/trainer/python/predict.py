"""Segments as `genesis predict` does: python predict.py IMAGE.nii.gz … LABELS.nii.gz, an image for each channel of the model."""
import itertools, json, pathlib, sys
import nibabel as nib, nibabel.orientations as turns, numpy as np, onnxruntime, scipy.ndimage, scipy.special
folder, (*images, out) = pathlib.Path(__file__).parent, sys.argv[1:]
model = json.loads((folder / "genesis.json").read_text())
before, inference, window, after = model["preprocessing"], model["inference"], model["inference"]["window"], model["postprocessing"]
session = onnxruntime.InferenceSession(str(folder / model["weights"]))
def resample(data, size, step):  # linear, outer corners stay; smoothed first by a discrete Gaussian where voxels get larger
    for axis, s in enumerate(step):
        bessel = scipy.special.ive(np.arange(500), max(0, s * s - 1) / (8 * np.log(2)))
        kernel = bessel[abs(np.arange(-(r := np.argmax(2 * np.cumsum(bessel) - bessel[0] >= 0.999)), r + 1))]
        data = scipy.ndimage.convolve1d(np.asarray(data, float), kernel / kernel.sum(), axis, mode="nearest")
    return scipy.ndimage.affine_transform(data, step, (step - 1) / 2, tuple(size), order=1, mode="nearest")
def prepare(path, scheme):
    data = np.nan_to_num(nib.load(path).as_reoriented(turn).dataobj, posinf=0, neginf=0)
    if scheme["kind"] == "auto": scheme = scheme["hounsfield" if data.min() <= -200 and data.max() < 1e5 else "other"]
    values = resample(data, size, step)
    if scheme["kind"] == "zscore": return (values - values.mean()) / (values.std() or np.inf)
    ends = [scheme["min"], scheme["max"]] if scheme["kind"] == "window" else np.percentile(values, [scheme["low"], scheme["high"]])
    return np.clip((values - ends[0]) / (np.ptp(ends) or np.inf), 0, 1)

own = turns.io_orientation(nib.load(images[0]).affine)
goal = own if before["orientation"] == "native" else turns.axcodes2ornt(before["orientation"])
turned = nib.load(images[0]).as_reoriented(turn := turns.ornt_transform(own, goal))
step = np.divide(before["spacing"], np.linalg.norm(turned.affine[:3, :3], axis=0)) if before["spacing"] else np.ones(3)
size = [max(1, int(n / s + 0.5)) for n, s in zip(turned.shape, step)]
inside = tuple(slice(max(0, w - n) // 2, max(0, w - n) // 2 + n) for n, w in zip(size, window))
data = np.zeros((len(images), *np.maximum(size, window)), "float32")
data[(slice(None), *inside)] = [prepare(*one) for one in zip(images, before["intensities"])]
bells = (np.exp(-0.5 * ((np.arange(w) - (w - 1) / 2) / s) ** 2) for w, s in zip(window, inference["sigma"]))
weights = np.maximum(inference["least"], np.einsum("i,j,k", *bells))
sums = np.zeros((1 + len(after["labels"]), *data.shape[1:]), "float32")  # of the weights, then of the probabilities
starts = (np.linspace(0, n - w, 1 - (w - n) // inference["stride"][i]) + 0.5 for i, (n, w) in enumerate(zip(data.shape[1:], window)))
for corner in itertools.product(*starts):
    box = (slice(None), *(slice(int(first), int(first) + w) for first, w in zip(corner, window)))
    sums[box] += weights * np.concatenate((np.ones((1, *window)), session.run(None, {"input": data[box][None]})[0][0]))
means = [resample(one[inside] / sums[0][inside], turned.shape, 1 / step) for one in sums[1:]]
labels = np.array([one["value"] for one in after["labels"]], after["dtype"])[np.argmax(means, 0)]
nib.save(nib.Nifti1Image(labels, turned.affine).as_reoriented(turns.ornt_transform(goal, own)), out)
