"""Writes the archives that the tests of @genesis/zoo read.

    python packages/zoo/test/reference/tar_fixtures.py packages/zoo/test/fixtures/tar

Archives of Python's tarfile in each of its formats, with a name of 140 letters, which ustar splits, pax and GNU write beside the header; a file of
several blocks, an empty one, a folder.
"""

import gzip
import io
import sys
import tarfile
from pathlib import Path

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT}


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in FORMATS.items():
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w", format=kind) as archive:
            directory = tarfile.TarInfo("package/a")
            directory.type = tarfile.DIRTYPE
            archive.addfile(directory)
            files = {
                "package/a/" + "b" * 60 + "/" + "c" * 66 + ".json": b"long",
                "package/empty.md": b"",
                "package/blocks.png": bytes(range(256)) * 5,
                "package/ü.svg": "ü".encode(),
            }
            for path, content in files.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        (folder / f"{name}.tar.gz").write_bytes(gzip.compress(data.getvalue(), mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])
