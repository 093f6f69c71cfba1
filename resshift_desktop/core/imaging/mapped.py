"""Pictures that are files mapped into memory."""

import mmap

import numpy as np


def give_back_pages(array: np.ndarray) -> None:
    """Let the system take back the memory through which `array`, if it is a mapped file, has been read.

    Such pages count as this process's memory although the file can give them again at any time. Nothing
    happens for other arrays, for a private mapping (its changes would be lost), and on Windows, which
    trims what is mapped by itself.
    """
    owner: object = array
    while isinstance(owner, np.ndarray):
        if isinstance(owner, np.memmap) and owner.mode == "c":
            return
        owner = owner.base
    if isinstance(owner, mmap.mmap) and hasattr(owner, "madvise"):
        owner.madvise(mmap.MADV_DONTNEED)
