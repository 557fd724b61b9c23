"""Compares @genesis/volume-io with pydicom and SimpleITK on DICOM files and series, voxel by voxel.

    python packages/volume-io/test/reference/dicom_compare.py [--table FILE] [--digests FILE] [DATA ...]

DATA: folders to look through, by default those with DICOM under $GENESIS_DATA or ../shared/data. --table writes the
result as Markdown; --digests the SHA-256 of what was equal, for the tests.

Build the package first. Needs numpy, pydicom (with pylibjpeg or gdcm), SimpleITK, nibabel. Each file that holds an
image is read alone; each folder that holds more than one is read as series too. Voxels must equal pydicom's (rescaled
slice by slice, MONOCHROME1 inverted, colours as RGB) exactly where both are integers, within 1e-6 otherwise; affines
must equal SimpleITK's within 1e-4 mm. A series with `<folder>_ground_truth.nii.gz` beside it must also show that
volume in space. Prints a table: tried, equal, differing with the reason.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import nibabel
import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.pixels import pixel_array

warnings.filterwarnings("ignore")
sitk.ProcessObject.SetGlobalWarningDisplay(False)
HERE = pathlib.Path(__file__).parent


class Reader:
    """The node process that reads with @genesis/volume-io."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", str(HERE / "dicom-read.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.out = tempfile.NamedTemporaryFile(delete=False).name

    def list(self, path):
        return self.ask({"list": str(path)})["entries"]

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def read(self, path, series=None):
        request = {"path": str(path), "out": self.out}
        if series is not None:
            request["series"] = series
        answer = self.ask(request)
        if "error" not in answer:
            nx, ny, nz = answer["shape"]
            raw = np.fromfile(self.out, dtype="<f8")
            # volume, component, z, y, x
            answer["voxels"] = raw.reshape(answer["volumes"], answer["components"], nz, ny, nx)
        return answer


def expected_frames(path):
    """frames × rows × columns × samples as float64, scaled; None when the file holds no image."""
    ds = pydicom.dcmread(path, force=True)
    if not any(k in ds for k in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")) or "Rows" not in ds:
        return None, ds
    if getattr(ds, "file_meta", None) is None or "TransferSyntaxUID" not in ds.file_meta:
        ds.file_meta.TransferSyntaxUID = (
            pydicom.uid.ImplicitVRLittleEndian if ds.original_encoding[0] else pydicom.uid.ExplicitVRLittleEndian
        )
        frames = ds.pixel_array
    elif ds.file_meta.TransferSyntaxUID in LOSSY_JPEG and ds.get("SamplesPerPixel", 1) == 1:
        frames = gdcm_stored_values(path, ds)
    else:
        frames = pixel_array(ds)
    samples = int(ds.get("SamplesPerPixel", 1))
    photometric = ds.get("PhotometricInterpretation", "")
    if photometric == "PALETTE COLOR":
        frames = pydicom.pixels.apply_color_lut(frames, ds)
        samples = 3
    frames = frames.reshape((-1, ds.Rows, ds.Columns, samples)).astype(np.float64)
    if ds.get("ModalityLUTSequence"):
        frames = pydicom.pixels.apply_modality_lut(frames.astype(np.int32), ds).astype(np.float64)
        return frames, ds
    if photometric == "MONOCHROME1":
        frames = (-1 if ds.PixelRepresentation else 2**ds.BitsStored - 1) - frames
    if samples == 1:
        slope, inter = (np.reshape(v, (-1, 1, 1, 1))[: len(frames)] for v in scaling(ds))
        frames = frames * slope + inter
    return frames, ds


# The standard leaves the last bit of lossy JPEG open. GDCM (in SimpleITK) decodes it with the IJG library, as most
# DICOM software does; pydicom's choice depends on what is installed.
LOSSY_JPEG = {"1.2.840.10008.1.2.4.%d" % n for n in (50, 51, 53, 55)}


def gdcm_stored_values(path, ds):
    slope, inter = (np.reshape(v, (-1, 1, 1)) for v in scaling(ds))
    values = sitk.GetArrayFromImage(sitk.ReadImage(str(path))).astype(np.float64).reshape(-1, ds.Rows, ds.Columns)
    # SimpleITK scales by the first frame's values, and inverts MONOCHROME1.
    stored = np.round((values - inter[0]) / slope[0])
    return 2**ds.BitsStored - 1 - stored if ds.PhotometricInterpretation == "MONOCHROME1" else stored


def scaling(ds):
    def of(item):
        return float(item.get("RescaleSlope", 1) or 1), float(item.get("RescaleIntercept", 0) or 0)

    if "DoseGridScaling" in ds:
        return float(ds.DoseGridScaling), 0.0
    groups = list(ds.get("PerFrameFunctionalGroupsSequence", []))
    shared = (list(ds.get("SharedFunctionalGroupsSequence", [])) or [pydicom.Dataset()])[0]
    if groups:
        pairs = []
        for group in groups:
            source = group if "PixelValueTransformationSequence" in group else shared
            pairs.append(of(source.PixelValueTransformationSequence[0]) if "PixelValueTransformationSequence" in source else of(ds))
        return [p[0] for p in pairs], [p[1] for p in pairs]
    return of(ds)


def itk_affine(image):
    direction = np.array(image.GetDirection()).reshape(3, 3)
    affine = np.eye(4)
    affine[:3, :3] = direction @ np.diag(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine


def voxel_difference(mine, theirs):
    """None when equal, else a sentence."""
    if mine.shape != theirs.shape:
        return f"shape {mine.shape} instead of {theirs.shape}"
    whole = np.array_equal(theirs, np.round(theirs))
    limit = 0 if whole else 1e-6 * np.maximum(np.abs(theirs), 1e-6)
    wrong = np.abs(mine - theirs) > limit
    if not wrong.any():
        return None
    return f"{wrong.sum()} of {wrong.size} voxels differ, by up to {np.abs(mine - theirs).max():g}"


def compare_file(reader, path):
    answer = reader.read(path)
    try:
        frames, ds = expected_frames(path)
    except Exception as error:  # whatever the reference throws is its verdict on the file
        frames, ds = error, None
    if frames is None:
        return ("both refuse: no image", answer["message"]) if "error" in answer else ("DIFFERS", "read a file without image")
    if isinstance(frames, Exception):
        if "error" in answer:
            return "both refuse", f"{answer['message']} | pydicom: {str(frames)[:80]}"
        return "only ours reads", f"pydicom: {type(frames).__name__} {str(frames)[:100]}"
    if "error" in answer:
        return "DIFFERS", f"{answer['error']}: {answer['message']}"
    mine = answer["voxels"]
    # volume, component, z, y, x → frame, y, x, component
    flat = mine.transpose(0, 2, 3, 4, 1).reshape(-1, *mine.shape[3:], mine.shape[1])
    if answer["volumes"] * answer["shape"][2] == frames.shape[0] and frames.shape[0] > 1:
        order = match_frames(flat, frames)
        if order is not None:
            frames = frames[order]
    reason = voxel_difference(flat, frames)
    if reason:
        return "DIFFERS", reason
    reason = geometry_difference(answer, path, ds)
    return ("DIFFERS", reason) if reason else ("equal", answer["dtype"])


def match_frames(mine, theirs):
    """Frames may be sorted by position; finds which one is which."""
    keys = collections.defaultdict(list)
    for n, frame in enumerate(theirs):
        keys[frame.tobytes()].append(n)
    order = []
    for frame in mine:
        found = keys.get(frame.tobytes())
        if not found:
            return None
        order.append(found.pop(0) if len(found) > 1 else found[0])
    return order


def geometry_difference(answer, path, ds):
    """Only for files that state a position; SimpleITK makes up the rest in its own way."""
    if "ImagePositionPatient" not in ds or answer["volumes"] > 1:
        return None
    try:
        reference = itk_affine(sitk.ReadImage(str(path)))
    except RuntimeError:
        return None
    mine = np.array(answer["affine"]).reshape(4, 4)
    columns = [0, 1, 3] if answer["shape"][2] == 1 else [0, 1, 2, 3]
    worst = np.abs(mine - reference)[:, columns].max()
    return None if worst < 1e-4 else f"affine differs by {worst:g}: {mine.round(4).tolist()} / {reference.round(4).tolist()}"


def compare_series(reader, folder):
    """Yields one row for each series of a folder."""
    entries = reader.list(folder)
    if len(entries) > 1 and "error" not in reader.read(folder):
        yield f"{folder.name}/", "DIFFERS", f"holds {len(entries)} series, yet one was read without a choice"
    images = [n for n in folder.iterdir() if is_dicom(n) and expected_frames(n)[0] is not None]
    for entry in entries:
        yield from compare_stack(reader, folder, entry["series"] if len(entries) > 1 else None, images)


def compare_stack(reader, folder, series, names):
    answer = reader.read(folder, series)
    if "error" in answer:
        yield f"{folder.name}/", "DIFFERS", f"{answer['error']}: {answer['message']}"
        return
    if series is not None:
        names = [n for n in names if belongs(pydicom.dcmread(n, stop_before_pixels=True), series, answer)]
    slices, dss = zip(*(expected_frames(name) for name in names))
    positions = [ds.get("ImagePositionPatient") for ds in dss]
    if all(p is not None for p in positions):
        axes = np.array(dss[0].ImageOrientationPatient, dtype=float)
        normal = np.cross(axes[:3], axes[3:])
        order = np.argsort([np.dot(normal, np.array(p, dtype=float)) for p in positions], kind="stable")
        slices = [slices[n] for n in order]
        names = [names[n] for n in order]
    theirs = np.concatenate(slices)
    mine = answer["voxels"][0].transpose(1, 2, 3, 0)
    reason = voxel_difference(mine, theirs)
    if reason:
        yield f"{folder.name}/", "DIFFERS", reason
        return
    image = sitk.ReadImage([str(n) for n in names])
    worst = np.abs(np.array(answer["affine"]).reshape(4, 4) - itk_affine(image)).max()
    notes = " ".join(answer["notes"])
    if worst >= 1e-4:
        yield f"{folder.name}/", "affine by design" if "tilt" in notes else "DIFFERS", f"affine differs by {worst:g}; {notes}"
    else:
        yield f"{folder.name}/", "equal", f"{answer['dtype']} {notes}"
    truth = folder.parent / f"{folder.name}_ground_truth.nii.gz"
    if truth.exists():
        yield f"{folder.name}_ground_truth", *compare_truth(answer, truth)


def belongs(ds, series, answer):
    """Same series, and the same direction where the series was split by it."""
    axes = np.array(ds.ImageOrientationPatient, dtype=float) * [-1, -1, 1, -1, -1, 1]
    affine = np.array(answer["affine"]).reshape(4, 4)
    mine = np.concatenate([affine[:3, n] / np.linalg.norm(affine[:3, n]) for n in (0, 1)])
    return ds.SeriesInstanceUID == series.split("#")[0] and np.abs(axes - mine).max() < 1e-2


def compare_truth(answer, truth):
    """Both volumes brought to the same axes without resampling must agree in voxels and affine."""
    image = nibabel.as_closest_canonical(nibabel.load(truth))
    theirs = np.asanyarray(image.dataobj)
    if theirs.ndim != 3 or theirs.dtype.names:
        return "not compared", f"colour volume of shape {theirs.shape}"
    theirs = image.get_fdata()[..., None]
    own = answer["voxels"][0].transpose(3, 2, 1, 0)
    mine = nibabel.as_closest_canonical(nibabel.Nifti1Image(own, np.array(answer["affine"]).reshape(4, 4)))
    reason = voxel_difference(mine.get_fdata(), theirs.reshape(mine.shape))
    worst = np.abs(mine.affine - image.affine).max()
    if reason:
        return "DIFFERS", reason
    # dicom2nifti writes float32 headers.
    return ("equal", "") if worst < 1e-3 else ("DIFFERS", f"affine differs by {worst:g}")


def is_dicom(path):
    if path.suffix in (".gz", ".nii", ".nrrd", ".txt", ".mha"):
        return False
    try:
        ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        return len(ds) > 0
    except Exception:
        return False


def digest(answer):
    """Of all values as little-endian float64: volume, component, then i fastest."""
    return hashlib.sha256(np.ascontiguousarray(answer["voxels"] + 0.0).astype("<f8").tobytes()).hexdigest()


def compare_root(reader, root):
    """Yields path, verdict, reason of each file and series below."""
    folders = collections.defaultdict(list)
    for path in sorted(p for p in root.rglob("*") if p.is_file() and is_dicom(p)):
        folders[path.parent].append(path)
    for folder, paths in sorted(folders.items()):
        for path in paths:
            yield path, *compare_file(reader, path)
        if "series" in str(folder).lower() or "ct-64" in folder.name:
            for name, verdict, reason in compare_series(reader, folder):
                yield folder.parent / name, verdict, reason


def write_table(file, rows, counts):
    lines = [
        "# DICOM files compared with pydicom and SimpleITK",
        "",
        "Made by `packages/volume-io/test/reference/dicom_compare.py`: voxels exactly equal where both are whole numbers, within 1e-6",
        "otherwise; affines within 1e-4 mm. Each file was read alone, each folder as series.",
        "",
        "| verdict | number |",
        "|---|---|",
        *(f"| {verdict} | {count} |" for verdict, count in counts.most_common()),
        "",
        "All that is not simply equal:",
        "",
        "| file or folder | verdict | reason |",
        "|---|---|---|",
    ]
    for name, verdict, reason in rows:
        if verdict != "equal":
            lines.append(f"| {name} | {verdict} | {reason} |")
    file.write_text("\n".join(lines) + "\n")


def main(arguments):
    reader = Reader()
    counts = collections.Counter()
    rows, digests = [], {}
    for root in arguments.data:
        for path, verdict, reason in compare_root(reader, root):
            name = str(path.relative_to(root.parent))
            # One line, without the folders of this machine.
            reason = " ".join(reason.replace(f"{path}: ", "").replace(f"{root}/", "").split())[:240].replace("|", "/")
            counts[verdict] += 1
            rows.append((name, verdict, reason))
            if verdict != "equal":
                print(f"{verdict:22} {name[-70:]:70} {reason}")
            elif path.exists() and arguments.digests and (path.is_dir() or "single" in name):
                answer = reader.read(path)
                if "error" not in answer:
                    digests[name] = digest(answer)
    print("\ntried", len(rows), dict(counts))
    if arguments.table:
        write_table(arguments.table, rows, counts)
    if arguments.digests:
        arguments.digests.write_text(json.dumps(digests, indent=1) + "\n")


def parse_arguments():
    data = pathlib.Path(os.environ.get("GENESIS_DATA", HERE.parents[4] / "shared" / "data"))
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--digests", type=pathlib.Path)
    defaults = [data / n for n in ("dicom_series", "dicom_single", "cip_chest64")]
    parser.add_argument("data", nargs="*", type=pathlib.Path, default=defaults)
    return parser.parse_args()


if __name__ == "__main__":
    main(parse_arguments())
