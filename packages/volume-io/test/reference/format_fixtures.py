"""Small files of every form that @genesis/volume-io reads, with what nibabel, SimpleITK, pynrrd and numpy make of them.

    python packages/volume-io/test/reference/format_fixtures.py packages/volume-io/test/fixtures/formats.json

Each case holds its files as base64, so that one fixture file serves tests of bytes and of paths alike.
Needs: numpy scipy nibabel SimpleITK pynrrd.
"""

import base64
import bz2
import gzip
import json
import os
import sys
import tempfile
import zlib

import nibabel as nib
import nrrd
import numpy as np
import scipy.io
import SimpleITK as sitk

SHAPE = (5, 4, 3)
TYPES = "int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64".split()
rng = np.random.default_rng(7)
cases = []
folder = tempfile.mkdtemp()


def values(dtype, shape=SHAPE):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.normal(0, 100, shape).astype(dtype)
    info = np.iinfo(dtype)
    # Whole range for narrow types; 64-bit ones stay where a float64 is exact.
    low, high = max(info.min, -(2**53)), min(info.max, 2**53)
    data = rng.integers(low, high, shape, dtype=np.int64 if dtype.kind == "i" else np.uint64)
    data = data.astype(dtype)
    data.flat[0], data.flat[1] = low, high
    return data


def pack_gzip(content):
    return gzip.compress(content, mtime=0)


def oblique():
    a, b, c = 0.3, -0.2, 0.5
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    out = np.eye(4)
    out[:3, :3] = rx @ ry @ rz @ np.diag([0.7, 0.8, 2.5])
    out[:3, 3] = [-12.5, 30.25, -7]
    return out


AFFINE = oblique()


def add(name, files, expect, opts=None):
    main = files[0][0]
    cases.append(
        {
            "name": name,
            "main": main,
            "files": {f: base64.b64encode(b).decode() for f, b in files},
            "opts": opts or {},
            "expect": expect,
        }
    )


def expectation(data, affine, dtype=None):
    data = np.asarray(data)
    while data.ndim < 3:
        data = data[..., None]
    numbers = data.astype(np.float64).ravel(order="F").tolist()
    return {
        "shape": list(data.shape),
        "dtype": dtype or str(data.dtype),
        "affine": np.asarray(affine, float).ravel().tolist(),
        "values": [v if np.isfinite(v) else str(v).replace("inf", "Infinity") for v in numbers],
    }


def path_of(name):
    return os.path.join(folder, name)


def read_bytes(name):
    with open(path_of(name), "rb") as handle:
        return handle.read()


def write_bytes(name, content):
    with open(path_of(name), "wb") as handle:
        handle.write(content)


# ---- NIfTI and Analyze: nibabel writes, or bytes are patched, and nibabel says what they mean.


def nifti(name, image, opts=None, pick=None, patch=None, files=None):
    """Writes the image, patches bytes {offset: bytes} of the header, reads it again with nibabel."""
    nib.save(image, path_of(name))
    names = files or [name]
    if patch:
        content = bytearray(read_bytes(name))
        for offset, piece in patch.items():
            content[offset : offset + len(piece)] = piece
        write_bytes(name, bytes(content))
    loaded = nib.load(path_of(name))
    data = np.asanyarray(loaded.dataobj)
    if pick is not None:
        data = pick(data)
    dtype = str(loaded.get_data_dtype().newbyteorder("="))
    add(name, [(n, read_bytes(n)) for n in names], expectation(data, loaded.affine, dtype), opts)


def image1(data, affine=AFFINE, big=False, klass=nib.Nifti1Image):
    header = klass.header_class(endianness=">" if big else "<")
    header.set_data_dtype(data.dtype)
    image = klass(data, affine, header)
    image.header.set_data_dtype(data.dtype)
    if klass is not nib.Spm2AnalyzeImage:
        image.header.set_slope_inter(1, 0)
    return image


for t in TYPES:
    nifti(f"n1-{t}-le.nii", image1(values(t)))
    nifti(f"n1-{t}-be.nii", image1(values(t), big=True))
for t in ("int16", "int64", "float64"):
    nifti(f"n2-{t}-le.nii", image1(values(t), klass=nib.Nifti2Image))
    nifti(f"n2-{t}-be.nii.gz", image1(values(t), big=True, klass=nib.Nifti2Image))
nifti("gz.nii.gz", image1(values("int16")))
nifti("pair.img", image1(values("int16"), klass=nib.Nifti1Pair), files=["pair.hdr", "pair.img"])
nifti("pair2.img", image1(values("float32"), klass=nib.Nifti2Pair), files=["pair2.img", "pair2.hdr"])
nifti("pairgz.img.gz", image1(values("uint8"), klass=nib.Nifti1Pair), files=["pairgz.hdr.gz", "pairgz.img.gz"])

f4 = lambda *v: np.array(v, "<f4").tobytes()
i2 = lambda *v: np.array(v, "<i2").tobytes()
nifti("scaled.nii", image1(values("int16")), patch={112: f4(0.25, -1024)})
nifti("scaled-int32.nii", image1(values("int32")), patch={112: f4(1.5, 10)})
nifti("scaled-float32.nii", image1(values("float32")), patch={112: f4(0.5, 7)})
nifti("slope-zero.nii", image1(values("int16")), patch={112: f4(0, 100)})
nifti("slope-nan.nii", image1(values("int16")), patch={112: f4(np.nan, 5)})
nifti("inter-only.nii", image1(values("uint8")), patch={112: f4(1, -3)})

both = image1(values("int16"))
both.set_qform(np.diag([2.0, 3, 4, 1]), 1)
both.set_sform(AFFINE, 1)
nifti("sform-before-qform.nii", both)
nifti("qform-higher-code.nii", both, patch={252: i2(4, 1)})
nifti("qform-only.nii", both, patch={252: i2(1, 0)})
left = image1(values("int16"))
left.set_qform(AFFINE @ np.diag([-1.0, 1, 1, 1]), 2)
nifti("qform-left-handed.nii", left, patch={254: i2(0)})
nifti("neither-form.nii", both, patch={252: i2(0, 0)})
nifti("unknown-codes.nii", both, patch={252: i2(9, 17)})
nifti("negative-pixdim.nii", both, patch={252: i2(1, 0), 80: f4(-2, 3, 4)})
nifti("zero-pixdim.nii", both, patch={252: i2(0, 0), 80: f4(0, 3, 4)})
nifti("qfac-zero.nii", both, patch={252: i2(1, 0), 76: f4(0)})
turned = image1(values("int16"))
turned.set_qform(np.diag([-1.0, -1, 1, 1]), 1)
nifti("half-turn.nii", turned, patch={254: i2(0)})

ext = image1(values("int16"))
ext.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"skip me, please" * 5))
nifti("extension.nii", ext)
nifti("extension.nii.gz", ext)
nifti("wrong-size.nii", image1(values("int16")), patch={0: np.array(340, "<i4").tobytes()})
nifti("two-d.nii", image1(values("int16", (6, 5))))
nifti("four-d.nii", image1(values("int16", (4, 3, 2, 5))), {"volumeIndex": 3}, lambda d: d[..., 3])
nifti("four-d.nii.gz", image1(values("float32", (4, 3, 2, 5))), {"volumeIndex": 4}, lambda d: d[..., 4])
nifti("five-d.nii", image1(values("uint8", (3, 2, 2, 2, 3))), {"volumeIndex": 3}, lambda d: d[..., 1, 1])
nifti("four-d-single.nii", image1(values("int16", (4, 3, 2, 1))), None, lambda d: d[..., 0])
nans = values("float32")
nans[1, 2, 1], nans[0, 0, 2], nans[3, 3, 2] = np.nan, np.inf, -np.inf
nifti("not-finite.nii", image1(nans))

rgb = np.zeros((4, 3, 2), [("R", "u1"), ("G", "u1"), ("B", "u1")])
rgba = np.zeros((4, 3, 2), [("R", "u1"), ("G", "u1"), ("B", "u1"), ("A", "u1")])
for picture in (rgb, rgba):
    for channel in picture.dtype.names:
        picture[channel] = rng.integers(0, 256, picture.shape)
plain = nib.Nifti1Image(rgb, AFFINE)
nifti("rgb.nii", plain, {"component": 1}, lambda d: d["G"])
cases[-1]["expect"]["dtype"] = "rgb24"
nifti("rgba.nii.gz", nib.Nifti1Image(rgba, AFFINE), {"component": 3}, lambda d: d["A"])
cases[-1]["expect"]["dtype"] = "rgba32"

spm = nib.Spm2AnalyzeImage(values("int16"), np.diag([-2.0, 3, 4, 1]))
spm.header.set_data_dtype("int16")
for name in ("spm", "spm-origin", "spm-range"):
    for extension in ("img", "hdr", "mat"):
        if os.path.exists(path_of(f"{name}.{extension}")):
            os.remove(path_of(f"{name}.{extension}"))
    nib.save(spm, path_of(f"{name}.img"))
    if os.path.exists(path_of(f"{name}.mat")):
        os.remove(path_of(f"{name}.mat"))
    header = bytearray(read_bytes(f"{name}.hdr"))
    header[112:120] = f4(0.5, 2)
    header[253:259] = i2(0, 0, 0)
    if name == "spm-origin":
        header[253:259] = i2(2, 3, 1)
    if name == "spm-range":
        header[112:120] = f4(0, 0)
        header[124:132] = f4(50, -50)  # cal_max, cal_min
        header[140:148] = np.array([1000, -1000], "<i4").tobytes()  # glmax, glmin
    write_bytes(f"{name}.hdr", bytes(header))
    loaded = nib.load(path_of(f"{name}.img"))
    add(
        f"analyze-{name}",
        [(f"{name}.hdr", bytes(header)), (f"{name}.img", read_bytes(f"{name}.img"))],
        expectation(np.asanyarray(loaded.dataobj), loaded.affine, "int16"),
    )
for name, keep in (("mat-file", "mat"), ("mat-without-flip", "M")):
    nib.save(nib.Spm2AnalyzeImage(values("int16"), AFFINE), path_of(f"{name}.img"))
    both_matrices = scipy.io.loadmat(path_of(f"{name}.mat"))
    scipy.io.savemat(path_of(f"{name}.mat"), {keep: both_matrices[keep]}, format="4")
    loaded = nib.load(path_of(f"{name}.img"))
    add(
        f"analyze-{name}",
        [(f"{name}.{extension}", read_bytes(f"{name}.{extension}")) for extension in ("hdr", "img", "mat")],
        expectation(np.asanyarray(loaded.dataobj), loaded.affine, "int16"),
    )
packed = bz2.compress(read_bytes("n1-int16-le.nii"))
again = nib.load(path_of("n1-int16-le.nii"))
add("bz2", [("volume.nii.bz2", packed)], expectation(np.asanyarray(again.dataobj), again.affine))
members = pack_gzip(read_bytes("n1-int16-le.nii")[:400]) + pack_gzip(read_bytes("n1-int16-le.nii")[400:])
add("gzip-members", [("members.nii.gz", members)], expectation(np.asanyarray(again.dataobj), again.affine))

# ---- MetaImage and NRRD: text headers are written here, SimpleITK says what they mean.


def itk_expect(name, pick=None):
    image = sitk.ReadImage(path_of(name))
    n = image.GetDimension()
    direction = np.array(image.GetDirection()).reshape(n, n)
    affine = np.eye(4)
    size = min(n, 3)
    affine[:size, :size] = (direction @ np.diag(image.GetSpacing()))[:size, :size]
    affine[:size, 3] = image.GetOrigin()[:size]
    affine[:2] *= -1
    data = sitk.GetArrayFromImage(image)
    if image.GetNumberOfComponentsPerPixel() > 1:
        data = np.moveaxis(data, -1, 0)
        data = np.stack([part.T for part in data], -1)
    else:
        data = data.T
    if pick is not None:
        data = pick(data)
    return expectation(data, affine)


def itk(name, files, opts=None, pick=None):
    for file, content in files:
        write_bytes(file, content)
    add(name, files, itk_expect(files[0][0], pick), opts)


MET = dict(zip(TYPES, "CHAR UCHAR SHORT USHORT INT UINT LONG_LONG ULONG_LONG FLOAT DOUBLE".split()))
LPS = AFFINE.copy()
LPS[:2] *= -1
STEP = np.linalg.norm(LPS[:3, :3], axis=0)
NUMBERS = lambda v: " ".join(repr(float(x)) for x in np.ravel(v))


def meta(data, element_file="LOCAL", msb=False, compressed=False, extra="", dims=None, geometry=True):
    dims = dims or data.shape
    lines = ["ObjectType = Image", f"NDims = {len(dims)}", "BinaryData = True"]
    lines.append(f"BinaryDataByteOrderMSB = {msb}")
    if compressed:
        lines.append("CompressedData = True")
        lines.append(f"CompressedDataSize = {len(zlib.compress(raw(data, msb)))}")
    if geometry:
        lines.append(f"TransformMatrix = {NUMBERS((LPS[:3, :3] / STEP).T)}")
        lines.append(f"Offset = {NUMBERS(LPS[:3, 3])}")
        lines.append(f"ElementSpacing = {NUMBERS(STEP)}")
    if extra:
        lines.append(extra)
    lines.append(f"DimSize = {' '.join(map(str, dims))}")
    lines.append(f"ElementType = MET_{MET[str(data.dtype)]}")
    lines.append(f"ElementDataFile = {element_file}\n")
    return "\n".join(lines).encode()


def raw(data, big=False):
    return data.astype(data.dtype.newbyteorder(">" if big else "<")).tobytes(order="F")


for t in TYPES:
    data = values(t)
    itk(f"mha-{t}-le", [(f"{t}.mha", meta(data) + raw(data))])
    if t in ("int16", "uint64", "float32"):
        itk(f"mha-{t}-be", [(f"{t}b.mha", meta(data, msb=True) + raw(data, True))])
data = values("int16")
itk("mha-compressed", [("z.mha", meta(data, compressed=True) + zlib.compress(raw(data)))])
itk("mhd-raw", [("a.mhd", meta(data, "a.raw")), ("a.raw", raw(data))])
itk("mhd-zraw", [("b.mhd", meta(data, "b.zraw", compressed=True)), ("b.zraw", zlib.compress(raw(data)))])
itk("mhd-header-size", [("c.mhd", meta(data, "c.raw", extra="HeaderSize = 7")), ("c.raw", b"1234567" + raw(data))])
itk("mhd-header-minus-one", [("d.mhd", meta(data, "d.raw", extra="HeaderSize = -1")), ("d.raw", b"123" + raw(data))])
slices = [(f"s{k + 1:02d}.raw", raw(np.ascontiguousarray(data[..., k]))) for k in range(3)]
itk("mhd-list", [("e.mhd", meta(data, "LIST") + "\n".join(n for n, _ in slices).encode() + b"\n")] + slices)
itk("mhd-pattern", [("f.mhd", meta(data, "s%02d.raw 1 3 1"))] + slices)
flat = values("uint8", (6, 5))
itk("mha-2d", [("g.mha", meta(flat, geometry=False, extra="ElementSpacing = 2 3") + raw(flat))])
series = values("int16", (4, 3, 2, 3))
itk("mha-4d", [("h.mha", meta(series, geometry=False) + raw(series))], {"volumeIndex": 2}, lambda d: d[..., 2])
vector = values("float32", (3, 4, 3, 2))
itk(
    "mha-channels",
    [("i.mha", meta(vector, dims=(4, 3, 2), extra="ElementNumberOfChannels = 3") + raw(vector))],
    {"component": 2},
    lambda d: d[..., 2],
)
itk("mha-element-size", [("j.mha", meta(data, geometry=False, extra="ElementSize = 2 3 4") + raw(data))])
ascii_meta = meta(data).replace(b"BinaryData = True", b"BinaryData = False")
itk("mha-ascii", [("k.mha", ascii_meta + (" ".join(map(str, data.ravel(order="F"))) + "\n").encode())])

NAMES = dict(zip(TYPES, ["signed char", "uchar", "short", "ushort", "int", "unsigned int", "int64", "uint64", "float", "double"]))


def nrrd_head(data, encoding="raw", endian="little", extra="", geometry=True, dims=None, space="left-posterior-superior"):
    dims = dims or data.shape
    lines = ["NRRD0005", "# a comment", f"type: {NAMES[str(data.dtype)]}", f"dimension: {len(dims)}"]
    if geometry:
        columns = " ".join("(" + ",".join(repr(float(v)) for v in LPS[:3, n]) + ")" for n in range(3))
        lines += [f"space: {space}", f"space directions: {columns}"]
        lines += ["space origin: (" + ",".join(repr(float(v)) for v in LPS[:3, 3]) + ")"]
    lines.append(f"sizes: {' '.join(map(str, dims))}")
    if endian:
        lines.append(f"endian: {endian}")
    lines.append(f"encoding: {encoding}")
    if extra:
        lines.append(extra)
    lines.append("key:=a value: with colon")
    return "\n".join(lines).encode() + b"\n"


for t in TYPES:
    data = values(t)
    itk(f"nrrd-{t}-le", [(f"{t}.nrrd", nrrd_head(data) + b"\n" + raw(data))])
    if t in ("int16", "int64", "float64"):
        itk(f"nrrd-{t}-be", [(f"{t}b.nrrd", nrrd_head(data, endian="big") + b"\n" + raw(data, True))])
data = values("int16")
text = " ".join(map(str, data.ravel(order="F"))).encode()
itk("nrrd-gzip", [("a.nrrd", nrrd_head(data, "gzip") + b"\n" + pack_gzip(raw(data)))])
itk("nrrd-ascii", [("c.nrrd", nrrd_head(data, "ascii") + b"\n" + text)])
itk("nrrd-hex", [("d.nrrd", nrrd_head(data, "hex") + b"\n" + raw(data).hex().encode())])
itk("nrrd-detached", [("e.nhdr", nrrd_head(data, extra="data file: e.raw")), ("e.raw", raw(data))])
itk("nrrd-detached-gzip", [("f.nhdr", nrrd_head(data, "gzip", extra="datafile: f.raw.gz")), ("f.raw.gz", pack_gzip(raw(data)))])
itk("nrrd-skips", [("g.nhdr", nrrd_head(data, extra="line skip: 2\nbyte skip: 3\ndata file: g.raw")), ("g.raw", b"one\ntwo\nabc" + raw(data))])
itk("nrrd-skip-minus-one", [("h.nhdr", nrrd_head(data, extra="byte skip: -1\ndata file: h.raw")), ("h.raw", b"some header" + raw(data))])
parts = [(f"p{k}.raw", raw(np.ascontiguousarray(data[..., k]))) for k in range(3)]
itk("nrrd-list", [("i.nhdr", nrrd_head(data, extra="data file: LIST\np0.raw\np1.raw\np2.raw").replace(b"key:=a value: with colon\n", b""))] + parts)
itk("nrrd-pattern", [("j.nhdr", nrrd_head(data, extra="data file: p%d.raw 0 2 1"))] + parts)
for space in ("right-anterior-superior", "left-anterior-superior", "RAS", "LPS", "scanner-xyz"):
    itk(f"nrrd-{space}", [(f"{space}.nrrd", nrrd_head(data, space=space) + b"\n" + raw(data))])
itk("nrrd-spacings", [("k.nrrd", nrrd_head(data, geometry=False, extra="spacings: 2 3 4") + b"\n" + raw(data))])
itk("nrrd-axis-mins", [("l.nrrd", nrrd_head(data, geometry=False, extra="spacings: 2 3 4\naxis mins: 10 20 30\ncenterings: cell node cell") + b"\n" + raw(data))])
vector = values("float32", (3, 4, 3, 2))
directions = "space: left-posterior-superior\nspace directions: none (2,0,0) (0,3,0) (0,0,4)\nspace origin: (1,2,3)"
itk("nrrd-vector", [("m.nrrd", nrrd_head(vector, geometry=False, extra=directions + "\nkinds: vector domain domain domain") + b"\n" + raw(vector))], {"component": 1}, lambda d: d[..., 1])
middle = values("int16", (4, 3, 3, 2))
directions = "space: left-posterior-superior\nspace directions: (2,0,0) (0,3,0) none (0,0,4)\nspace origin: (1,2,3)"
itk("nrrd-vector-middle", [("n.nrrd", nrrd_head(middle, geometry=False, extra=directions + "\nkinds: domain domain vector domain") + b"\n" + raw(middle))], {"component": 2}, lambda d: d[..., 2])
last = values("int16", (4, 3, 2, 3))
directions = "space: left-posterior-superior\nspace directions: (2,0,0) (0,3,0) (0,0,4) none\nspace origin: (1,2,3)"
itk("nrrd-list-last", [("o.nrrd", nrrd_head(last, geometry=False, extra=directions + "\nkinds: domain domain domain list") + b"\n" + raw(last))], {"volumeIndex": 1}, lambda d: d[..., 1])
data = np.repeat(values("uint8"), 12, axis=0)  # runs of equal bytes, for bzip2's run lengths
write_bytes("q.nrrd", nrrd_head(data, "bzip2") + b"\n" + bz2.compress(raw(data), 1))
read, header = nrrd.read(path_of("q.nrrd"))
affine = np.eye(4)
affine[:3, :3] = np.asarray(header["space directions"]).T
affine[:3, 3] = header["space origin"]
affine[:2] *= -1
add("nrrd-bzip2", [("q.nrrd", read_bytes("q.nrrd"))], expectation(read, affine))

# ---- NPY and NPZ.


def npy(name, data, opts=None, pick=None, fortran=False, version=None):
    array = np.asfortranarray(data) if fortran else np.ascontiguousarray(data)
    with open(path_of(name), "wb") as handle:
        np.lib.format.write_array(handle, array, version=version)
    loaded = np.load(path_of(name))
    picked = pick(loaded) if pick else loaded
    dtype = str(loaded.dtype.newbyteorder("="))
    add(name, [(name, read_bytes(name))], expectation(picked, np.eye(4), dtype), opts)


for t in TYPES + ["float16", "bool"]:
    data = values(t) if t not in ("bool",) else rng.integers(0, 2, SHAPE).astype(bool)
    npy(f"c-{t}.npy", data)
npy("fortran.npy", values("int16"), fortran=True)
npy("big-endian.npy", values(">f8"))
npy("big-endian-i4.npy", values("int32").astype(">i4"), fortran=True)
npy("version2.npy", values("float32"), version=(2, 0))
npy("version3.npy", values("float32"), version=(3, 0))
npy("two-d.npy", values("int16", (6, 5)))
cubes = rng.random((4, 6, 5, 3))
npy("bat_4_s_6x5x3_0.npy", cubes, {"volumeIndex": 2}, lambda d: d[2])
npy("cubes-fortran.npy", cubes, {"volumeIndex": 3}, lambda d: d[3], fortran=True)
npy("cubes-channel.npy", cubes[:, None], {"volumeIndex": 1}, lambda d: d[1, 0])
npy("trailing-one.npy", cubes[0][..., None], None, lambda d: d[..., 0])
for name, save in (("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)):
    data = values("int16")
    save(path_of(name), data)
    add(name, [(name, read_bytes(name))], expectation(data, np.eye(4)))
image, label = values("float32"), values("uint8")
np.savez_compressed(path_of("two.npz"), image=image, label=label)
add("two.npz", [("two.npz", read_bytes("two.npz"))], expectation(label, np.eye(4)), {"series": "label"})
add("two-by-number.npz", [("two.npz", read_bytes("two.npz"))], expectation(image, np.eye(4)), {"series": 0})

# ---- Added later, so that the seeded values above stay what they were.

flat = nib.Nifti1Image(values("int16", (6, 5)), None)
flat.header["pixdim"][:4] = [1, 2, 3, 4]
nifti("n1-2d-no-forms.nii", flat, patch={252: bytes(4)})
data = values("int16")
headed = [(f"t{k + 1}.raw", b"head" + raw(np.ascontiguousarray(data[..., k]))) for k in range(3)]
itk("mhd-pattern-header-size", [("l.mhd", meta(data, "t%d.raw 1 3 1", extra="HeaderSize = 4"))] + headed)
itk("mhd-list-header-minus-one", [("m.mhd", meta(data, "LIST", extra="HeaderSize = -1") + b"t1.raw\nt2.raw\nt3.raw\n")] + headed)
whole = [(f"u{k + 1}.raw", raw(np.ascontiguousarray(data[..., k]))) for k in range(3)]
itk("mhd-pattern-without-numbers", [("n.mhd", meta(data, "u%d.raw"))] + whole)
itk("nrrd-pattern-skip", [("r.nhdr", nrrd_head(data, extra="byte skip: 4\ndata file: t%d.raw 1 3 1"))] + headed)
packed = [(n + ".gz", pack_gzip(content)) for n, content in whole]
itk("nrrd-pattern-gzip", [("s.nhdr", nrrd_head(data, "gzip", extra="data file: u%d.raw.gz 1 3 1"))] + packed)
itk("nrrd-space-in-words", [("t.nrrd", nrrd_head(data, space="right anterior superior") + b"\n" + raw(data))])
itk("nrrd-axis-maxs", [("u.nrrd", nrrd_head(data, geometry=False, extra="axis mins: 10 20 30\naxis maxs: 20 28 36\ncenterings: cell cell cell") + b"\n" + raw(data))])
itk("nrrd-origin-only", [("v.nrrd", nrrd_head(data, geometry=False, extra="space: LPS\nspace origin: (1,2,3)") + b"\n" + raw(data))])

with open(sys.argv[1], "w") as handle:
    handle.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(len(cases), "cases,", os.path.getsize(sys.argv[1]), "bytes")
