"""Text for log files and reports, without what tells of the person: names, paths, pictures."""

import getpass
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from resshift_desktop import paths

LEFT_OUT = "(a line that names a file is left out)"

_PICTURE = re.compile(
    r"\.(a?png|avif|bmp|dng|exr|gif|hdr|hei[cf]|ico|jfif|jp[2eg]|jpeg|jxl|kra|ora|pdf|p[gnp]m|png|ps[bd]|svg|tga|tiff?"
    r"|webp|xcf|arw|cr[23]|nef|orf|raf|rw2)\b",
    re.IGNORECASE,
)


def scrub(text: str) -> str:
    """`text` with this program's folders by their purpose, and this user and computer unnamed.

    Lines that name any other path, or a picture's file, are left out: names hold blanks, so nobody can
    know where one begins.
    """
    for pattern, name in (*_folders(), *_names()):
        text = pattern.sub(name, text)
    return "\n".join(LEFT_OUT if _names_a_file(line) else line for line in text.split("\n"))


def _names_a_file(line: str) -> bool:
    return "/" in line or "\\" in line or _PICTURE.search(line) is not None


def _folders() -> Iterator[tuple[re.Pattern[str], str]]:
    """What to look for and what to put there, inner folders before outer ones."""
    home = Path.home()
    known = {
        Path(sys.executable): "<python>",
        Path(__file__).parents[1]: "<program>",
        paths.resources_folder(): "<resources>",
        paths.data_folder(): "<data>",
        paths.cache_folder(): "<cache>",
        paths.logs_folder(): "<logs>",
    }
    for path in sorted(known, key=lambda path: -len(path.parts)):
        spellings = [str(path)]
        if path.is_relative_to(home):
            spellings.append(str(Path("~") / path.relative_to(home)))
        words = "|".join(map(re.escape, spellings))
        yield re.compile(rf"(?:{words})(?![\w\\/.-])"), known[path]


def _names() -> Iterator[tuple[re.Pattern[str], str]]:
    host = socket.gethostname()
    known = {
        host: "<computer>",
        host.partition(".")[0]: "<computer>",
        Path.home().name: "<user>",
        _user(): "<user>",
    }
    for name in sorted(filter(None, known), key=len, reverse=True):  # a computer may be called after its user
        # Not \b: an underscore ends a name, too.
        yield re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE), known[name]


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return ""
