"""EXIF in TIFF files: libvips neither reads nor writes it there, so Pillow does.

A TIFF file is itself an EXIF-like block: its first directory holds both what describes the layout
of the pixels and what describes the photograph, and points to the EXIF and GPS directories.
"""

from pathlib import Path

from PIL import Image
from PIL.ExifTags import IFD, Base


def extract(path):
    return None


def attach(path, block, size):
    return None
