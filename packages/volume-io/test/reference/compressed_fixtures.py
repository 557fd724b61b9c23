"""Writes test/fixtures/compressed.json: files compressed by Python's bz2 and gzip, some of which expand to far more than they hold.

    python packages/volume-io/test/reference/compressed_fixtures.py

Needs Python's standard library only. Every run writes the same bytes.
"""

import base64
import bz2
import gzip
import io
import json
import pathlib
import struct
import zipfile

SHAPE = (5, 4, 3)
VOXELS = struct.pack("<60h", *range(-30, 30))
ZEROS = bytes(256 << 20)
TAIL = b"text after the stream\n"


def nrrd(encoding, extra=""):
    sizes = " ".join(map(str, SHAPE))
    return (
        f"NRRD0004\ntype: short\ndimension: 3\nsizes: {sizes}\nendian: little\n"
        f"encoding: {encoding}\n{extra}\n"
    ).encode()


def extra_field(member):
    """The member with an extra field, as bgzip writes it."""
    field = struct.pack("<HBBHH", 6, 66, 67, 2, len(member) + 7)
    return member[:3] + bytes([member[3] | 4]) + member[4:10] + field + member[10:]


def npz(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main():
    npy = b"\x93NUMPY\x01\x00" + struct.pack("<H", 118)
    npy += b"{'descr': '<i2', 'fortran_order': True, 'shape': (5, 4, 3), }".ljust(117) + b"\n"
    halves = [VOXELS[:50], VOXELS[50:]]
    gz = [gzip.compress(h, mtime=0) for h in halves]
    files = {
        "bomb-bzip2.nrrd": nrrd("bzip2") + bz2.compress(VOXELS + ZEROS),
        "bomb-skipped.nrrd": nrrd("bzip2", f"byte skip: {64 << 20}\n") + bz2.compress(ZEROS[: 64 << 20] + VOXELS),
        "bomb.npy.bz2": bz2.compress(npy + VOXELS + ZEROS[: 16 << 20]),
        "bomb.npz": npz(("a.npy", npy + VOXELS + ZEROS[: 16 << 20])),
        "trailing.npz": npz(("a.npy", npy + VOXELS)) + TAIL,
        "streams.nrrd": nrrd("bzip2") + b"".join(map(bz2.compress, halves)),
        "trailing.nrrd": nrrd("bzip2") + b"".join(map(bz2.compress, halves)) + TAIL,
        "trailing-byte.nrrd": nrrd("bzip2") + bz2.compress(VOXELS) + b"\n",
        "trailing.npy.bz2": bz2.compress(npy + VOXELS) + TAIL,
        "levels.nrrd": nrrd("bzip2") + bz2.compress(halves[0], 1) + bz2.compress(halves[1], 9),
        "members.nrrd": nrrd("gzip") + b"".join(gz),
        "extra-fields.nrrd": nrrd("gzip") + b"".join(map(extra_field, gz)) + TAIL,
    }
    packed = {name: base64.b64encode(content).decode() for name, content in files.items()}
    target = pathlib.Path(__file__).parent.parent / "fixtures" / "compressed.json"
    target.write_text(json.dumps(packed, indent=1) + "\n")
    print(target.stat().st_size)


main()
