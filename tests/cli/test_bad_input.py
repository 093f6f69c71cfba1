"""Bad input: told in one line with a hint, nothing half-written, and the other inputs still done."""

import ctypes
import json
import os
import resource
import signal
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Resshift, Start, listing, noise_picture, one_line, outcome


def _cut(path: Path) -> Path:
    noise_picture(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def _holding(content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


def _bomb(path: Path) -> Path:
    """A PNG that claims 20000 x 20000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 60001)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )
    return path


def _as_it_is(path: Path) -> Path:
    return path


def _animation(path: Path) -> Path:
    frames = [Image.new("L", (8, 8), value) for value in (0, 255)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return path


BAD = {
    "missing": ("gone.png", _as_it_is, "does not exist"),
    "missing folder": ("gone/in.png", _as_it_is, "does not exist"),
    "empty": ("empty.png", _holding(b""), "is empty"),
    "truncated PNG": ("cut.png", _cut, "damaged"),
    "truncated JPEG": ("cut.jpg", _cut, "damaged"),
    "truncated WebP": ("cut.webp", _cut, "damaged"),
    "truncated BMP": ("cut.bmp", _cut, "damaged"),
    "text named as a picture": ("words.png", _holding(b"these are words, not pixels" * 9), "not a picture"),
    "another kind of file": ("letter.pdf", _holding(b"%PDF-1.4\n" * 9), "not a "),
    "header bomb": ("bomb.png", _bomb, "damaged"),
    "animation": ("two.gif", _animation, "several pictures"),
    "name too long": ("n" * 300 + ".png", _as_it_is, "n" * 40),
    "name too long for its result": ("n" * 251 + ".bmp", noise_picture, "n" * 40),
}


@pytest.mark.parametrize(("name", "make", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_input_among_good_ones(
    resshift: Resshift, tmp_path: Path, name: str, make: Callable[[Path], Path], words: str
) -> None:
    (tmp_path / "in").mkdir()
    bad, good = make(tmp_path / "in" / name), noise_picture(tmp_path / "in" / "good.png", 8, 8)
    out = tmp_path / "out"
    result = resshift("upscale", bad, good, "-o", out, "--format", "webp", "--json")
    assert (result.code, result.err) == (1, "")
    (failed,) = [event for event in map(json.loads, result.out.splitlines()) if event["event"] == "failed"]
    assert failed["input"] == str(bad)
    assert words in failed["title"]
    assert failed["hint"]
    assert "\n" not in failed["title"] + failed["hint"]
    assert "unforeseen" not in failed["title"]
    assert listing(out) == ["good.webp"]


def test_people_are_told_in_one_line(resshift: Resshift, tmp_path: Path) -> None:
    bad = _holding(b"words")(tmp_path / "bad.png")
    result = resshift("upscale", bad, "-o", tmp_path / "new" / "out.png")
    assert (result.code, result.out) == (1, "")
    assert one_line(result.err).startswith(f"{bad}: bad.png is damaged, or not a picture. Pictures may be")
    assert listing(tmp_path) == ["bad.png"]


# A process counts as its own peak what it was split off from, here this test's process: so a small one asks.
_PEAK = """
import resource, subprocess, sys
code = subprocess.call([sys.executable, "-m", "resshift_desktop.cli.app", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
sys.exit(code)
"""


def test_a_header_bomb_takes_little_memory(start: Start, tmp_path: Path) -> None:
    """Its pixels would take 1200 MB."""
    result = outcome(start("upscale", _bomb(tmp_path / "bomb.png"), "-o", tmp_path / "out.png", code=_PEAK))
    assert result.code == 1
    assert int(result.out) < 900e6
    assert listing(tmp_path) == ["bomb.png"]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5000), (5000, 3), (2, 1)])
def test_odd_sizes(resshift: Resshift, tmp_path: Path, width: int, height: int) -> None:
    picture = Image.new("RGB", (width, height), (200, 30, 60))  # one colour, but for a corner: that is fast
    picture.paste((0, 90, 0), (0, 0, 2, 2))
    picture.save(tmp_path / "in.png")
    assert resshift("upscale", tmp_path / "in.png", "-o", tmp_path / "out.png").code == 0
    with Image.open(tmp_path / "out.png") as written:
        assert written.size == (4 * width, 4 * height)


@pytest.mark.parametrize("name", ["größe 照片 🦊.png", "a'b\"c$d;e.png", "[50]%s.png", "n" * 251 + ".png"])
def test_odd_names(resshift: Resshift, tmp_path: Path, name: str) -> None:
    picture = noise_picture(tmp_path / name, 8, 8)
    result = resshift("upscale", picture, "-o", tmp_path / "out")
    assert (result.code, result.err) == (0, "")
    assert listing(tmp_path / "out") == [name]


def test_a_name_too_long_for_the_input(resshift: Resshift, tmp_path: Path) -> None:
    result = resshift("upscale", tmp_path / ("n" * 300 + ".png"), "-o", tmp_path / "out.png")
    assert (result.code, result.out) == (1, "")
    assert "too long" in one_line(result.err)
    assert listing(tmp_path) == []


def test_a_name_too_long_for_the_output(resshift: Resshift, tmp_path: Path) -> None:
    result = resshift("upscale", noise_picture(tmp_path / "in.png"), "-o", tmp_path / ("n" * 300 + ".png"))
    assert result.code == 1
    assert "too long" in one_line(result.err)
    assert listing(tmp_path) == ["in.png"]


def test_an_existing_output_stays(resshift: Resshift, tmp_path: Path) -> None:
    pictures = [noise_picture(tmp_path / "a.png"), noise_picture(tmp_path / "b.png")]
    existing = _holding(b"precious")(tmp_path / "a.webp")
    result = resshift("upscale", *pictures, "-o", tmp_path, "--format", "webp")
    assert result.code == 1
    assert "a.webp exists already." in one_line(result.err)
    assert "--overwrite" in result.err
    assert existing.read_bytes() == b"precious"
    assert listing(tmp_path) == ["a.png", "a.webp", "b.png", "b.webp"]


def test_a_file_where_the_output_folder_should_be(resshift: Resshift, tmp_path: Path) -> None:
    pictures = [noise_picture(tmp_path / "a.png"), noise_picture(tmp_path / "b.png")]
    (tmp_path / "file").touch()
    result = resshift("upscale", *pictures, "-o", tmp_path / "file" / "sub")
    assert result.code == 1
    assert [line.split(": ")[0] for line in result.err.splitlines()] == [str(picture) for picture in pictures]
    assert listing(tmp_path) == ["a.png", "b.png", "file"]


def _obey_permissions() -> None:
    """In a new process: even root is bound by them (prctl PR_CAPBSET_DROP of CAP_DAC_OVERRIDE)."""
    if os.geteuid() == 0 and os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def test_a_read_only_folder(start: Start, tmp_path: Path) -> None:
    pictures = [noise_picture(tmp_path / "in" / "a.png"), noise_picture(tmp_path / "in" / "b" / "b.png")]
    (tmp_path / "out" / "b").mkdir(parents=True)
    (tmp_path / "out").chmod(0o555)
    try:
        result = outcome(
            start(
                "upscale", tmp_path / "in", "-o", tmp_path / "out", "--recursive",
                preexec_fn=_obey_permissions,
            )
        )  # fmt: skip
    finally:
        (tmp_path / "out").chmod(0o755)
    assert result.code == 1
    assert one_line(result.err).startswith(f"{pictures[0]}: The folder {tmp_path / 'out'} may not be written")
    assert listing(tmp_path / "out") == ["b", "b/b.png"]


def _at_most_400_kb_a_file() -> None:
    """In a new process: writing on beyond that fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))


@pytest.mark.parametrize(
    ("size", "xmp", "words"),
    [(96, 0, "in progress cannot be written"), (32, 250_000, "larger than this disk allows")],
    ids=["for work in progress", "for the result"],
)
def test_a_disk_without_room(start: Start, tmp_path: Path, size: int, xmp: int, words: str) -> None:
    """The smaller picture's work is at most 197 kB a file and fits; its result's metadata do not."""
    bad = noise_picture(tmp_path / "bad.webp", size, size, xmp=os.urandom(xmp).hex().encode())
    good = noise_picture(tmp_path / "good.webp", 8, 8)
    process = start("upscale", bad, good, "-o", tmp_path / "out", preexec_fn=_at_most_400_kb_a_file)
    result = outcome(process)
    assert result.code == 1
    assert one_line(result.err).startswith(f"{bad}: ")
    assert words in result.err
    assert listing(tmp_path / "out") == ["good.webp"]
