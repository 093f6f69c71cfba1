import io
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.cli.conftest import Resshift, Start, listing, noise_picture, one_line, outcome

# A signal that the tests' own starter ignores (a shell that runs them behind does) would stay ignored.
_HEAR_SIGNALS = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_file_becomes_the_named_file(resshift: Resshift, tmp_path: Path) -> None:
    picture = noise_picture(tmp_path / "in.png", 24, 16)
    before = picture.read_bytes()
    result = resshift("upscale", picture, "-o", tmp_path / "out.webp", "--scale", 2.5)
    assert (result.code, result.err) == (0, "")
    assert "in.png -> " in one_line(result.out)
    assert "\x1b" not in result.out  # no colours where there is no terminal
    with Image.open(tmp_path / "out.webp") as written:
        assert (written.format, written.size) == ("WEBP", (60, 40))
    assert picture.read_bytes() == before
    assert listing(tmp_path) == ["in.png", "out.webp"]


def test_folders_keep_their_structure(resshift: Resshift, tmp_path: Path) -> None:
    noise_picture(tmp_path / "in/a.png")
    noise_picture(tmp_path / "in/sub/b.jpg")
    (tmp_path / "in/notes.txt").write_text("no picture")
    out = tmp_path / "new" / "out"
    result = resshift("upscale", tmp_path / "in", "-o", out, "--recursive", "--format", "PNG", "--width", 64)
    assert result.code == 0
    assert listing(out) == ["a.png", "sub", "sub/b.png"]


def test_json_lines(resshift: Resshift, tmp_path: Path) -> None:
    good, missing = noise_picture(tmp_path / "é.png"), tmp_path / "missing.png"
    out = tmp_path / "out"
    result = resshift("upscale", missing, good, "-o", out, "--seed", 7, "--device", "cpu", "--json")
    assert (result.code, result.err) == (1, "")
    told = events(result.out)
    assert [event["event"] for event in told if event["event"] != "progress"] == [
        "started", "failed", "started", "done",
    ]  # fmt: skip
    failed = next(event for event in told if event["event"] == "failed")
    assert failed.keys() == {"event", "input", "title", "hint"}
    fractions = [event["fraction"] for event in told if event["event"] == "progress"]
    assert fractions == sorted(set(fractions))
    assert fractions[-1] == 1
    done = told[-1]
    assert isinstance(done.pop("seconds"), float)
    assert isinstance(done.pop("device"), str)
    assert done == {
        "event": "done",
        "input": str(good),
        "path": str(out / "é.png"),
        "size": [128, 128],
        "model": "builtin",
        "seed": 7,
    }


def test_the_same_seed_gives_the_same_file(resshift: Resshift, tmp_path: Path) -> None:
    picture = noise_picture(tmp_path / "in.png")
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert resshift("upscale", picture, "-o", tmp_path / f"{name}.png", "--seed", seed).code == 0
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b
    assert a != c


def test_overwrite_replaces_a_result(resshift: Resshift, tmp_path: Path) -> None:
    picture, result = noise_picture(tmp_path / "in.png"), noise_picture(tmp_path / "out.png", 3, 3)
    assert resshift("upscale", picture, "-o", result, "--overwrite").code == 0
    with Image.open(result) as written:
        assert written.size == (128, 128)


@pytest.mark.parametrize("out", [".", "other.png", "linked"])
def test_no_input_is_ever_the_output(resshift: Resshift, tmp_path: Path, out: str) -> None:
    """Its own, another's of the same call, or one by another name; not even with --overwrite."""
    pictures = [noise_picture(tmp_path / "in.png"), noise_picture(tmp_path / "other.png", 8, 8)]
    (tmp_path / "linked").symlink_to(tmp_path)
    before = [picture.read_bytes() for picture in pictures]
    files = listing(tmp_path)
    if out == "other.png":  # in.png would replace other.png, whose own result goes elsewhere
        pictures[0].rename(tmp_path / "other.jpg")
        pictures[0] = tmp_path / "other.jpg"
        files = listing(tmp_path)
        result = resshift("upscale", *pictures, "-o", tmp_path, "--format", "png", "--overwrite")
        assert "other.jpg" in result.err
        assert listing(tmp_path) == sorted([*files, "other (2).png"])
    else:
        result = resshift("upscale", *pictures, "-o", tmp_path / out, "--overwrite")
        assert len(result.err.splitlines()) == 2
        assert listing(tmp_path) == files
    assert "is one of the inputs" in result.err
    assert result.code == 1
    assert [picture.read_bytes() for picture in pictures] == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_work(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    picture = noise_picture(tmp_path / "in.png", 640, 640)
    process = start(
        "upscale", picture, "-o", tmp_path / "new/out.png", "--tile", 64, "--json", **_HEAR_SIGNALS
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "progress":
            break
    process.send_signal(number)
    result = outcome(process)
    assert (result.code, result.err) == (130, "Cancelled.\n")
    assert all(event["event"] == "progress" for event in events(result.out))
    assert listing(tmp_path) == ["in.png"]


_STOPPED_IN_IMPORT = """
import os, signal, sys, threading, time

def interrupt():
    while "torch" not in sys.modules:
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
from resshift_desktop.cli.app import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_signal_while_torch_is_imported(start: Start, tmp_path: Path) -> None:
    picture = noise_picture(tmp_path / "in.png")
    result = outcome(
        start("upscale", picture, "-o", tmp_path / "out.png", code=_STOPPED_IN_IMPORT, **_HEAR_SIGNALS)
    )
    assert (result.code, result.out, result.err) == (130, "", "Cancelled.\n")
    assert listing(tmp_path) == ["in.png"]


def test_a_reader_that_leaves_ends_the_work_quietly(start: Start, tmp_path: Path) -> None:
    picture = noise_picture(tmp_path / "in.png", 128, 128)
    process = start("upscale", picture, "-o", tmp_path / "out.png", "--tile", 64, "--json")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "started"
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(120) == 1
    assert listing(tmp_path) == ["in.png"]


def test_names_that_the_terminal_cannot_show(
    resshift: Resshift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = noise_picture(tmp_path / "照片 ü 🦊.png")
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="ascii") for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    assert resshift("upscale", picture, tmp_path / "缺.png", "-o", tmp_path / "out").code == 1
    out, err = (stream.buffer.getvalue().decode("ascii") for stream in streams.values())
    assert "\\u7167\\u7247" in one_line(out)
    assert "\\u7f3a.png does not exist" in one_line(err)
    assert listing(tmp_path / "out") == [picture.name]
