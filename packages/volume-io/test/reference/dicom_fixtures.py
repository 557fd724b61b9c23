"""Writes the DICOM fixtures of @genesis/volume-io, with the values that pydicom reads from them.

    python packages/volume-io/test/reference/dicom_fixtures.py packages/volume-io/test/fixtures/dicom

Needs numpy, pydicom, python-gdcm (which encodes JPEG, JPEG-LS and JPEG 2000) and Pillow. Seeded: every run writes the same
bytes. expected.json holds, for each fixture: path, shape [nx, ny, nz], affine (voxel → RAS mm, row by row) and the
values of each volume and component as little-endian float64, i fastest, deflated and in base64.
"""

import base64
import io
import json
import pathlib
import shutil
import struct
import sys
import tempfile
import zipfile
import zlib

import gdcm
import numpy as np
import PIL.Image
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

# Given as text where pydicom must not compress by itself.
RLE_UID = "1.2.840.10008.1.2.5"
NX, NY, NZ = 12, 10, 5
ROOT = "1.2.826.0.1.3680043.10.1."
CT, ENHANCED_CT, SC, RTDOSE, SEG = (
    "1.2.840.10008.5.1.4.1.1." + s for s in ("2", "2.1", "7", "481.2", "66.4")
)
OBLIQUE = [0.96, 0.28, 0.0, -0.28 * 0.8, 0.96 * 0.8, 0.6]
SPACING = [0.75, 1.25]  # between rows, between columns

rng = np.random.default_rng(0)
expected = {}


def smooth(shape, low, high):
    """Values that compress, with noise."""
    grid = np.indices(shape).sum(0) / sum(shape)
    return np.round(low + (high - low) * (0.9 * grid + 0.1 * rng.random(shape))).astype(np.int64)


def normal(axes):
    return np.cross(axes[:3], axes[3:])


def dataset(series, number, frame, *, bits=16, stored=None, signed=True, sop=CT, **more):
    """One single-frame image. `frame`: rows × columns (× 3)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop
    meta.MediaStorageSOPInstanceUID = f"{ROOT}{series}.{number}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = ROOT + "0"
    ds = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
    ds.SOPClassUID = sop
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID = ROOT + "9"
    ds.SeriesInstanceUID = f"{ROOT}{series}"
    ds.SeriesNumber = series
    ds.SeriesDescription = f"Fixture {series}"
    ds.Modality = "CT"
    ds.PatientID = "FIXTURE"
    ds.InstanceNumber = number
    ds.Rows, ds.Columns = frame.shape[:2]
    ds.SamplesPerPixel = 3 if frame.ndim == 3 else 1
    ds.PhotometricInterpretation = "RGB" if frame.ndim == 3 else "MONOCHROME2"
    if frame.ndim == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = bits
    ds.BitsStored = stored or bits
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(signed)
    ds.PixelSpacing = SPACING
    for key, value in more.items():
        setattr(ds, key, value)
    dtype = {8: "u1", 16: "<u2", 32: "<u4"}[bits]
    data = (frame & ((1 << bits) - 1)).astype(dtype).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    return ds


def positions(axes, n=NZ, step=2.5, origin=(-20.0, 11.5, 30.25)):
    direction = normal(np.array(axes))
    return [list(np.round(np.array(origin) + direction * step * k, 6)) for k in range(n)]


def series(number, frames, axes=OBLIQUE, places=None, **more):
    """One dataset a slice, in the order of their positions."""
    places = places or positions(axes, len(frames))
    return [
        dataset(
            number,
            k + 1,
            frame,
            ImageOrientationPatient=axes,
            ImagePositionPatient=places[k],
            SliceThickness=2.5,
            **more,
        )
        for k, frame in enumerate(frames)
    ]


def affine_of(axes, first, last, n, spacing=SPACING):
    affine = np.eye(4)
    affine[:3, 0] = np.array(axes[:3]) * spacing[1]
    affine[:3, 1] = np.array(axes[3:]) * spacing[0]
    affine[:3, 2] = (np.array(last) - np.array(first)) / (n - 1) if n > 1 else normal(np.array(axes)) * 2.5
    affine[:3, 3] = first
    return np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine


def note(name, values, affine, **more):
    """`values`: z, y, x or volumes × z, y, x, or with colours last."""
    values = np.asarray(values, dtype=np.float64)
    expected[name] = {
        "shape": list(values.shape[-3:][::-1]),
        "affine": None if affine is None else [float(v) for v in np.asarray(affine).ravel()],
        "values": base64.b64encode(zlib.compress(values.astype("<f8").tobytes(), 9)).decode(),
        **more,
    }


def save(ds, path, syntax=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    if syntax is RLELossless:
        ds.compress(syntax, encoding_plugin="pydicom", generate_instance_uid=False)
    elif syntax == ExplicitVRBigEndian:
        ds.file_meta.TransferSyntaxUID = syntax
        if ds.BitsAllocated > 8:
            ds.PixelData = np.frombuffer(ds.PixelData, f"<u{ds.BitsAllocated // 8}").astype(f">u{ds.BitsAllocated // 8}").tobytes()
        elif ds["PixelData"].VR == "OW":
            ds.PixelData = np.frombuffer(ds.PixelData, "<u2").byteswap().tobytes()
    elif syntax:
        ds.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        # pydicom refuses to change the byte order of a data set that says how it was read.
        ds._read_implicit, ds._read_little = None, None
    pydicom.dcmwrite(path, ds, enforce_file_format=True)


def transcode(source, target, syntax):
    """Encodes with GDCM."""
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change(), syntax
    writer = gdcm.ImageWriter()
    with tempfile.NamedTemporaryFile(suffix=".dcm") as file:
        writer.SetFileName(file.name)
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write(), syntax
        encoded = pydicom.dcmread(file.name)
    # GDCM notes the time in the header, so that only its pixel data is the same in every run.
    ds = pydicom.dcmread(source)
    ds.PixelData, ds.PhotometricInterpretation = encoded.PixelData, encoded.PhotometricInterpretation
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    save(ds, target, encoded.file_meta.TransferSyntaxUID)


def encode_lossless(image, predictor, precision, restart=0):
    """Lossless JPEG (process 14) of one component, with a Huffman table of equal lengths; `restart` in lines."""
    rows, columns = image.shape
    bits, stream = [], bytearray()

    def flush():
        text = "".join(bits)
        text += "1" * (-len(text) % 8)
        for n in range(0, len(text), 8):
            byte = int(text[n : n + 8], 2)
            stream.append(byte)
            if byte == 255:
                stream.append(0)
        bits.clear()

    for y in range(rows):
        if restart and y and y % restart == 0:
            flush()
            stream += bytes([0xFF, 0xD0 + (y // restart - 1) % 8])
        first = y == 0 or (restart and y % restart == 0)
        for x in range(columns):
            left = int(image[y, x - 1]) if x else 0
            up = int(image[y - 1, x]) if y else 0
            corner = int(image[y - 1, x - 1]) if x and y else 0
            if first:
                guess = left if x else 1 << (precision - 1)
            elif x == 0:
                guess = up
            else:
                guess = [0, left, up, corner, left + up - corner, left + ((up - corner) >> 1), up + ((left - corner) >> 1), (left + up) >> 1][predictor]
            diff = (int(image[y, x]) - guess) & 0xFFFF
            if diff > 32768:
                diff -= 65536
            size = abs(diff).bit_length()
            bits.append(f"{size:05b}")
            if 0 < size < 16:
                bits.append(f"{diff if diff > 0 else diff + (1 << size) - 1:0{size}b}")
    flush()

    def segment(marker, body):
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    return (
        b"\xff\xd8"
        + segment(0xC3, struct.pack(">BHHBBBB", precision, rows, columns, 1, 1, 0x11, 0))
        + segment(0xC4, bytes([0, 0, 0, 0, 0, 17] + [0] * 11) + bytes(range(17)))
        + (segment(0xDD, struct.pack(">H", restart * columns)) if restart else b"")
        + segment(0xDA, bytes([1, 1, 0, predictor, 0, 0]))
        + bytes(stream)
        + b"\xff\xd9"
    )


def encapsulated(ds, frames, path, syntax):
    ds.PixelData = pydicom.encaps.encapsulate(frames)
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    save(ds, path, syntax)


def lossless_jpegs(out, affine):
    """All predictors, over the full range of 16 bits."""
    wide = rng.integers(0, 65536, (NY, NX)) // 3 + smooth((NY, NX), 0, 40000)
    wide[3, 4], wide[3, 5] = 0, 65535
    for predictor in range(1, 8):
        ds = series(9, [wide], signed=False)[0]
        name = f"jpeg-lossless-{predictor}.dcm"
        frame = encode_lossless(wide, predictor, 16, restart=4 * (predictor % 2))
        encapsulated(ds, [frame], out / name, "1.2.840.10008.1.2.4.57")
        assert np.array_equal(pydicom.dcmread(out / name).pixel_array, wide), predictor
        note(name, [wide], affine)


def encodings(out):
    """One slice in every encoding."""
    frame = smooth((NY, NX), -1000, 1500)
    place = positions(OBLIQUE, 1)
    affine = affine_of(OBLIQUE, place[0], place[0], 1)

    def one(**more):
        return series(1, [frame], RescaleSlope=1, RescaleIntercept=-24, **more)[0]

    for name, syntax in {
        "explicit": ExplicitVRLittleEndian,
        "implicit": ImplicitVRLittleEndian,
        "big-endian": ExplicitVRBigEndian,
        "deflated": DeflatedExplicitVRLittleEndian,
        "rle": RLELossless,
    }.items():
        save(one(), out / f"{name}.dcm", syntax)
        note(f"{name}.dcm", [frame - 24], affine)
    for name, syntax in {
        "jpeg-lossless-sv1": "JPEGLosslessProcess14_1",
        "jpeg-ls": "JPEGLSLossless",
        "jpeg-2000": "JPEG2000Lossless",
    }.items():
        transcode(out / "explicit.dcm", out / f"{name}.dcm", syntax)
        note(f"{name}.dcm", [frame - 24], affine)
    lossless_jpegs(out, affine)
    lossy = smooth((24, 20), 0, 255)
    ds = series(2, [lossy], bits=8, signed=False)[0]
    save(ds, out / "gray8.dcm")
    note("gray8.dcm", [lossy], affine)
    file = io.BytesIO()
    PIL.Image.fromarray(lossy.astype("u1")).save(file, "jpeg", progressive=True, quality=80)
    encapsulated(series(2, [lossy], bits=8, signed=False)[0], [file.getvalue()], out / "jpeg-progressive.dcm", "1.2.840.10008.1.2.4.55")
    note("jpeg-progressive.dcm", [np.asarray(PIL.Image.open(file))], affine)
    for name, syntax in {"jpeg-baseline": "JPEGBaselineProcess1", "jpeg-ls-near": "JPEGLSNearLossless"}.items():
        transcode(out / "gray8.dcm", out / f"{name}.dcm", syntax)
        note(f"{name}.dcm", [pydicom.dcmread(out / f"{name}.dcm").pixel_array], affine)

    # Without preamble and file meta information, implicit and explicit.
    for name, syntax in {"bare-implicit": ImplicitVRLittleEndian, "bare-explicit": ExplicitVRLittleEndian}.items():
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, Dataset(one()), implicit_vr=syntax.is_implicit_VR, little_endian=True)
        (out / f"{name}.dcm").write_bytes(buffer.getvalue())
        note(f"{name}.dcm", [frame - 24], affine)

    # Twelve bits stored, with overlay bits above them that are no part of the values.
    low = smooth((NY, NX), 0, 4095)
    dirty = low | (rng.integers(0, 16, low.shape) << 12)
    save(series(3, [dirty], stored=12, signed=False, RescaleSlope=1, RescaleIntercept=-1024)[0], out / "dirty-bits.dcm")
    note("dirty-bits.dcm", [low - 1024], affine, dtype="int16")
    negative = smooth((NY, NX), -2048, 2047)
    save(series(3, [negative & 0xFFF], stored=12)[0], out / "signed-12.dcm")
    note("signed-12.dcm", [negative], affine, dtype="int16")

    save(series(4, [low], stored=12, signed=False, PhotometricInterpretation="MONOCHROME1")[0], out / "monochrome1.dcm")
    note("monochrome1.dcm", [4095 - low], affine)

    # A modality table instead of slope and intercept.
    table = np.round(np.sqrt(np.arange(4096)) * 100).astype("<u2")
    ds = series(5, [low], stored=12, signed=False)[0]
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 16])
    item.add_new("LUTData", "OW", table.tobytes())
    ds.ModalityLUTSequence = Sequence([item])
    save(ds, out / "modality-lut.dcm")
    note("modality-lut.dcm", [table[low]], affine)

    # Floating-point pixels.
    values = rng.normal(size=(NY, NX)).astype("<f4")
    ds = series(6, [low], bits=32)[0]
    del ds.PixelData, ds.BitsStored, ds.HighBit, ds.PixelRepresentation
    ds.add_new(0x7FE00008, "OF", values.tobytes())
    save(ds, out / "float.dcm")
    note("float.dcm", [values], affine, dtype="float32")

    # Sequences of undefined length, private ones of unknown VR among them, before the pixel data.
    ds = one()
    inner = Dataset()
    inner.ReferencedSOPInstanceUID = ROOT + "5"
    inner.is_undefined_length_sequence_item = True
    ds.ReferencedImageSequence = Sequence([inner, inner])
    ds["ReferencedImageSequence"].is_undefined_length = True
    ds.add_new(0x00091001, "UN", struct.pack("<HHIHHI4s", 0xFFFE, 0xE000, 12, 0x9, 0x1002, 4, b"abcd"))
    save(ds, out / "sequences.dcm")
    note("sequences.dcm", [frame - 24], affine)


def colours(out):
    frame = smooth((NY, NX, 3), 0, 255)
    place = positions(OBLIQUE, 1)
    affine = affine_of(OBLIQUE, place[0], place[0], 1)
    values = frame.transpose(2, 0, 1)[:, None]

    def one(pixels=frame, **more):
        return series(7, [pixels], bits=8, signed=False, **more)[0]

    save(one(), out / "rgb.dcm")
    note("rgb.dcm", values, affine, components=3)
    ds = one()
    ds.PlanarConfiguration = 1
    ds.PixelData = frame.transpose(2, 0, 1).astype("u1").tobytes()
    save(ds, out / "rgb-planar.dcm")
    note("rgb-planar.dcm", values, affine, components=3)
    save(one(), out / "rgb-rle.dcm", RLELossless)
    note("rgb-rle.dcm", values, affine, components=3)
    large = smooth((36, 40, 3), 0, 255)
    ds = one(large)
    ds.compress(JPEG2000Lossless, encoding_plugin="pylibjpeg", generate_instance_uid=False)
    save(ds, out / "rgb-jpeg-2000.dcm")
    note("rgb-jpeg-2000.dcm", large.transpose(2, 0, 1)[:, None], affine, components=3)
    transcode(out / "rgb.dcm", out / "rgb-jpeg-ls.dcm", "JPEGLSLossless")
    note("rgb-jpeg-ls.dcm", values, affine, components=3)
    save(one(PhotometricInterpretation="YBR_FULL"), out / "ybr.dcm")
    rgb = pydicom.pixels.convert_color_space(frame.astype("u1"), "YBR_FULL", "RGB")
    note("ybr.dcm", rgb.transpose(2, 0, 1)[:, None], affine, components=3)
    # Colours at half resolution in both directions, as cameras and ultrasound write them.
    large = smooth((21, 27, 3), 0, 255)
    file = io.BytesIO()
    PIL.Image.fromarray(large.astype("u1")).save(file, "jpeg", subsampling="4:2:0", quality=85)
    encapsulated(one(large, PhotometricInterpretation="YBR_FULL_422"), [file.getvalue()], out / "rgb-jpeg-420.dcm", "1.2.840.10008.1.2.4.50")
    decoded = pydicom.pixels.pixel_array(out / "rgb-jpeg-420.dcm", decoding_plugin="gdcm")
    note("rgb-jpeg-420.dcm", decoded.transpose(2, 0, 1)[:, None], affine, components=3)
    odd = one(frame[:9, :11])
    odd["PixelData"].VR = "OW"
    save(odd, out / "rgb-big-endian.dcm", ExplicitVRBigEndian)
    note("rgb-big-endian.dcm", values[..., :9, :11], affine, components=3)

    index = smooth((NY, NX), 0, 15)
    ds = series(8, [index], bits=8, signed=False, PhotometricInterpretation="PALETTE COLOR")[0]
    tables = rng.integers(0, 65536, (3, 16)).astype("<u2")
    for name, table in zip(("Red", "Green", "Blue"), tables):
        ds.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [16, 0, 16])
        ds.add_new(f"{name}PaletteColorLookupTableData", "OW", table.tobytes())
    save(ds, out / "palette.dcm")
    note("palette.dcm", tables[:, index][:, None], affine, components=3)

    # The same colours in segments: values, a line, and a repeat of the first segment.
    ds = series(8, [index], bits=8, signed=False, PhotometricInterpretation="PALETTE COLOR")[0]
    words = [0, 2, 10, 20, 1, 10, 1020, 0, 2, 7, 9, 2, 1, 0, 0]
    entries = [10, 20, *(20 + 100 * k for k in range(1, 11)), 7, 9, 10, 20]
    for name in ("Red", "Green", "Blue"):
        ds.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [16, 0, 16])
        ds.add_new(f"Segmented{name}PaletteColorLookupTableData", "OW", np.array(words, "<u2").tobytes())
    save(ds, out / "palette-segmented.dcm")
    values = np.array(entries)[index]
    note("palette-segmented.dcm", np.stack([values] * 3)[:, None], affine, components=3)


def write_series(out, name, slices, syntax=None):
    """Files are named so that sorting by name is wrong."""
    for k, ds in enumerate(slices):
        save(ds, out / name / f"{(k * 7) % 11:02d}.dcm", syntax)


def stacks(out):
    frames = smooth((NZ, NY, NX), -1000, 1500)
    places = positions(OBLIQUE)
    whole = affine_of(OBLIQUE, places[0], places[-1], NZ)

    write_series(out, "even", series(11, frames, RescaleSlope=1, RescaleIntercept=-24))
    note("even", frames - 24, whole, notes=[])

    # Positron emission tomography scales each slice by its own slope.
    slices = series(12, np.abs(frames), signed=False)
    slopes = [0.5, 0.25, 1.125, 2.0625, 0.3]
    for ds, slope in zip(slices, slopes):
        ds.RescaleSlope, ds.RescaleIntercept = slope, 0
    write_series(out, "slopes", slices)
    note("slopes", np.abs(frames) * np.array(slopes)[:, None, None], whole, notes=["differ from slice to slice"])

    axial = [1, 0, 0, 0, 1, 0]
    tilt = [1, 0, 0, 0, 0.970295726276, -0.2419218955997]
    table = [[-20.0, 11.5, 30.25 + 3 * k] for k in range(NZ)]
    write_series(out, "tilt", series(13, frames, tilt, table))
    note("tilt", frames, affine_of(tilt, table[0], table[-1], NZ), notes=["gantry tilt"])

    keep = [0, 1, 3, 4]
    write_series(out, "missing", series(14, frames[keep], axial, [table[k] for k in keep]))
    note("missing", frames[keep], affine_of(axial, table[0], table[-1], 4), notes=["1 slice is missing"])

    uneven = [[-20.0, 11.5, z] for z in (0, 3, 6.4, 9, 12)]
    write_series(out, "uneven", series(15, frames, axial, uneven))
    note("uneven", frames, affine_of(axial, uneven[0], uneven[-1], NZ), notes=["varies from 2.6 to 3.4 mm"])

    doubled = series(16, frames, axial, table)
    again = series(16, frames[1:2] + 5, axial, table[1:2])[0]
    again.InstanceNumber = 9
    again.SOPInstanceUID = again.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}16.9"
    copy = series(16, frames[2:3] + 7, axial, table[2:3])[0]
    copy.SOPInstanceUID = copy.file_meta.MediaStorageSOPInstanceUID = doubled[2].SOPInstanceUID
    write_series(out, "duplicates", [*doubled, again, copy])
    note("duplicates", frames, affine_of(axial, table[0], table[-1], NZ), notes=["where another one lies", "same SOP instance UID"])

    # Two time points at the same places.
    times = np.stack([frames, frames + 100])
    slices = []
    for t in (0, 1):
        part = series(17, times[t], axial, table, TemporalPositionIdentifier=t + 1)
        for k, ds in enumerate(part):
            ds.InstanceNumber = 2 * k + t + 1
            ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}17.{ds.InstanceNumber}"
        slices += part
    write_series(out, "times", slices)
    note("times", times, affine_of(axial, table[0], table[-1], NZ), volumes=2, notes=["2 volumes"])

    # A localizer and two orientations under one series, another series beside them.
    scout = series(18, smooth((1, 8, 8), 0, 100), [0, 1, 0, 0, 0, -1], [[0, 0, 0]], ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])[0]
    scout.InstanceNumber = 50
    scout.SOPInstanceUID = scout.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}18.50"
    write_series(out, "localizer", [*series(18, frames, axial, table), scout])
    note("localizer", frames, affine_of(axial, table[0], table[-1], NZ), notes=["localizer"])
    sagittal = series(19, frames[:3] + 1, [0, 1, 0, 0, 0, -1], [[x, 0, 0] for x in (4, 2, 0)])
    for ds in sagittal:
        ds.InstanceNumber += 20
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}19.{ds.InstanceNumber}"
    write_series(out, "mixed", [*series(19, frames, axial, table), *sagittal, *series(20, frames[:2] + 2, axial, table[:2])])
    note("mixed", frames, affine_of(axial, table[0], table[-1], NZ), series=f"{ROOT}19#1")
    note("mixed:sagittal", frames[:3] + 1, affine_of([0, 1, 0, 0, 0, -1], [4, 0, 0], [0, 0, 0], 3), path="mixed", series=f"{ROOT}19#2")
    note("mixed:other", frames[:2] + 2, affine_of(axial, table[0], table[1], 2), path="mixed", series=20)

    with zipfile.ZipFile(out / "even.zip", "w") as archive:
        for n, path in enumerate(sorted((out / "even").iterdir())):
            info = zipfile.ZipInfo(f"study/{path.name}", (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if n % 2 else zipfile.ZIP_STORED
            archive.writestr(info, path.read_bytes())
        archive.writestr(zipfile.ZipInfo("study/readme.txt", (2020, 1, 1, 0, 0, 0)), "not an image")
    note("even.zip", frames - 24, whole, notes=[])


def multi_frame(out):
    frames = smooth((NZ, NY, NX), -1000, 1500)
    places = positions(OBLIQUE)
    whole = affine_of(OBLIQUE, places[0], places[-1], NZ)

    def enhanced(order):
        ds = dataset(31, 1, frames[0], sop=ENHANCED_CT)
        del ds.PixelSpacing
        ds.NumberOfFrames = NZ
        ds.PixelData = b"".join((frames[k] & 0xFFFF).astype("<u2").tobytes() for k in order)
        shared, measures, axes = Dataset(), Dataset(), Dataset()
        measures.PixelSpacing, measures.SliceThickness = SPACING, 2.5
        axes.ImageOrientationPatient = OBLIQUE
        shared.PixelMeasuresSequence = Sequence([measures])
        shared.PlaneOrientationSequence = Sequence([axes])
        ds.SharedFunctionalGroupsSequence = Sequence([shared])
        groups = []
        for k in order:
            group, place, scale = Dataset(), Dataset(), Dataset()
            place.ImagePositionPatient = places[k]
            scale.RescaleSlope, scale.RescaleIntercept, scale.RescaleType = k + 1, -10 * k, "HU"
            group.PlanePositionSequence = Sequence([place])
            group.PixelValueTransformationSequence = Sequence([scale])
            groups.append(group)
        ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
        return ds

    values = frames * np.arange(1, NZ + 1)[:, None, None] - 10 * np.arange(NZ)[:, None, None]
    save(enhanced([3, 0, 4, 1, 2]), out / "enhanced.dcm")
    note("enhanced.dcm", values, whole)
    save(enhanced([3, 0, 4, 1, 2]), out / "enhanced-rle.dcm", RLELossless)
    note("enhanced-rle.dcm", values, whole)
    save(enhanced([3, 0, 4, 1, 2]), out / "enhanced-big-endian.dcm", ExplicitVRBigEndian)
    note("enhanced-big-endian.dcm", values, whole)

    # Frames against their normal stay in the order of the file.
    against = list(range(NZ))[::-1]
    save(enhanced(against), out / "enhanced-against.dcm")
    note("enhanced-against.dcm", values[::-1], affine_of(OBLIQUE, places[-1], places[0], NZ))

    # Whole values beyond 32 bits.
    ds = dataset(36, 1, frames[0])
    ds.RescaleSlope, ds.RescaleIntercept = "16777217", "1"
    save(ds, out / "wide-scale.dcm")
    note("wide-scale.dcm", frames[:1] * 16777217 + 1, None, dtype="float64")

    # Radiotherapy dose: frames at stated offsets, 32 bits, one scale.
    dose = smooth((NZ, NY, NX), 0, 10**6)
    ds = dataset(32, 1, dose[0], bits=32, signed=False, sop=RTDOSE)
    ds.Modality, ds.NumberOfFrames, ds.DoseGridScaling = "RTDOSE", NZ, "1e-5"
    ds.FrameIncrementPointer = 0x3004000C
    ds.ImageOrientationPatient, ds.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-20, 11.5, 30.25]
    ds.GridFrameOffsetVector = [0, 3, 6, 9, 12]
    ds.PixelData = dose.astype("<u4").tobytes()
    save(ds, out / "dose.dcm")
    note("dose.dcm", dose * 1e-5, affine_of([1, 0, 0, 0, 1, 0], [-20, 11.5, 30.25], [-20, 11.5, 42.25], NZ), dtype="float64")

    # A cine loop: frames without any place.
    cine = smooth((3, NY, NX), 0, 255)
    ds = dataset(33, 1, cine[0], bits=8, signed=False, sop=SC)
    ds.NumberOfFrames = 3
    ds.PixelData = cine.astype("u1").tobytes()
    save(ds, out / "cine.dcm")
    note("cine.dcm", cine, None)

    # A segmentation: one bit a pixel, frames that do not end at a byte.
    mask = (rng.random((3, 9, 11)) < 0.4).astype(np.int64)
    ds = dataset(34, 1, mask[0], bits=8, signed=False, sop=SEG)
    ds.NumberOfFrames, ds.BitsAllocated, ds.BitsStored, ds.HighBit = 3, 1, 1, 0
    bits = np.packbits(mask.ravel().astype("u1"), bitorder="little").tobytes()
    ds.PixelData = bits + b"\0" * (len(bits) % 2)
    save(ds, out / "bits.dcm")
    note("bits.dcm", mask, None)
    packed = [np.packbits(m.ravel().astype("u1"), bitorder="little").tobytes() for m in mask]
    deflate = [zlib.compress(p, 9, wbits=-15) for p in packed]
    path = out / "bits-deflated.dcm"
    encapsulated(ds, [d + b"\0" * (len(d) % 2) for d in deflate], path, "1.2.840.10008.1.2.4.50")
    # pydicom does not know this transfer syntax.
    path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.8.1\0"))
    note("bits-deflated.dcm", mask, None)
    head = struct.pack("<16L", 1, 64, *[0] * 14)
    runs = [head + bytes([len(p) - 1]) + p for p in packed]
    encapsulated(ds, [r + b"\x80" * (len(r) % 2) for r in runs], out / "bits-rle.dcm", RLE_UID)
    note("bits-rle.dcm", mask, None)

    # Two samples of twelve bits in three bytes.
    twelve = smooth((1, NY, NX), 0, 4095)
    low, high = twelve.ravel()[::2], twelve.ravel()[1::2]
    packed = np.stack([low & 255, (low >> 8) | ((high & 15) << 4), high >> 4], -1).astype("u1")
    ds = dataset(35, 1, twelve[0], stored=12, signed=False, sop=SC)
    ds.BitsAllocated, ds.PixelData = 12, packed.tobytes()
    save(ds, out / "packed-12.dcm")
    note("packed-12.dcm", twelve, None)


def main(out):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    encodings(out)
    colours(out)
    stacks(out)
    multi_frame(out)
    (out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    total = sum(p.stat().st_size for p in out.rglob("*") if p.is_file())
    print(f"{len(expected)} fixtures, {total} bytes")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
