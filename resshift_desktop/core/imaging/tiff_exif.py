"""EXIF in TIFF files, which libvips neither reads nor writes.

A TIFF's first directory tells both how the pixels lie and how the photograph was taken, and points
to the EXIF and GPS directories (TIFF 6.0; CIPA DC-008, 4.6). Pillow reads and writes directories.
"""

import struct
from pathlib import Path
from typing import IO

from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from resshift_desktop.core.imaging import exif

_ABOUT_THE_PHOTOGRAPH = (
    *(Base.ImageDescription, Base.Make, Base.Model, Base.Software, Base.DateTime),
    *(Base.Artist, Base.HostComputer, Base.Copyright, Base.Rating),
)
_POINTERS = (IFD.Exif, IFD.GPSInfo)
_LONG8 = 16


def extract(path: Path) -> bytes | None:
    """The EXIF block (without prefix) of a TIFF file; None where it has none, or a damaged one."""
    block = Image.Exif()
    with exif.damage_passed_over(OSError), path.open("rb") as file:
        header = _header(file)
        first = ImageFileDirectory_v2(header)
        _load(first, file, first.next)
        for tag in _ABOUT_THE_PHOTOGRAPH:
            if tag in first:
                block[tag] = first[tag]
        for pointer in _POINTERS:
            if pointer in first:
                directory = ImageFileDirectory_v2(header, group=pointer)
                _load(directory, file, first[pointer])
                entries = dict(directory)
                entries.pop(IFD.Interop, None)  # points into the file
                block.get_ifd(pointer).update(entries)
        if any(pointer in first for pointer in _POINTERS) or len(block):
            return block.tobytes().removeprefix(exif.PREFIX)
    return None


def attach(path: Path, block: bytes, size: tuple[int, int]) -> None:
    """Add an EXIF block to a finished TIFF or BigTIFF file, for a picture of `size` (w, h).

    What the block holds and a new first directory are added at the end; then the header is pointed
    there. A damaged block is left out.
    """
    with exif.damage_passed_over(), path.open("r+b") as file:
        header = _header(file)
        layout = _Layout(header)
        pixels = layout.entries(file, ImageFileDirectory_v2(header).next)
        photograph = _directory(header, block, size)

        start = _seek_even_end(file)
        file.write(photograph.tobytes(start))
        added = layout.entries(file, start)

        start = _seek_even_end(file)
        file.write(layout.directory({**added, **pixels}))
        file.seek(layout.pointer_at)
        file.write(struct.pack(layout.pointer, start))


class _Layout:
    """Sizes of the fields of a directory, in the file's byte order, classic TIFF or BigTIFF."""

    def __init__(self, header: bytes) -> None:
        order = "<" if header[:2] == b"II" else ">"
        big = struct.unpack_from(f"{order}H", header, 2)[0] == 43
        self.count, self.pointer = (f"{order}Q", f"{order}Q") if big else (f"{order}H", f"{order}I")
        self.tag_and_type = f"{order}HH"
        self.entry_size, self.pointer_at, self.big = (20, 8, True) if big else (12, 4, False)

    def entries(self, file: IO[bytes], start: int) -> dict[int, bytes]:
        """Raw entries of the directory at `start`, by tag."""
        file.seek(start)
        (count,) = struct.unpack(self.count, file.read(struct.calcsize(self.count)))
        found = {}
        for _ in range(count):
            entry = file.read(self.entry_size)
            tag, _ = struct.unpack_from(self.tag_and_type, entry)
            if self.big and tag in _POINTERS:  # Pillow calls them LONG, which ends at 4 GB
                entry = struct.pack(self.tag_and_type, tag, _LONG8) + entry[4:]
            found[tag] = entry
        return found

    def directory(self, entries: dict[int, bytes]) -> bytes:
        """A directory of raw entries, in ascending order, with none after it."""
        body = b"".join(entries[tag] for tag in sorted(entries))
        return struct.pack(self.count, len(entries)) + body + struct.pack(self.pointer, 0)


def _directory(header: bytes, block: bytes, size: tuple[int, int]) -> ImageFileDirectory_v2:
    """What a block says about the photograph, ready to be written into a file with this header."""
    source = Image.Exif()
    source.load(exif.PREFIX + block)
    directory = ImageFileDirectory_v2(header)
    for tag in _ABOUT_THE_PHOTOGRAPH:
        if tag in source:
            directory[tag] = source[tag]
    for pointer in _POINTERS:
        if entries := dict(source.get_ifd(pointer)):
            entries.pop(IFD.Interop, None)  # points into the block
            if pointer == IFD.Exif:
                entries |= {Base.ExifImageWidth: size[0], Base.ExifImageHeight: size[1]}
            directory[pointer] = entries
    return directory


def _header(file: IO[bytes]) -> bytes:
    header = file.read(8)
    return header + file.read(8) if header[2:4] in (b"+\0", b"\0+") else header  # BigTIFF


def _load(directory: ImageFileDirectory_v2, file: IO[bytes], start: int) -> None:
    file.seek(start)
    directory.load(file)


def _seek_even_end(file: IO[bytes]) -> int:
    """Go to the end, made even as TIFF asks of directories."""
    end = file.seek(0, 2)
    return end + file.write(b"\0" * (end % 2))
