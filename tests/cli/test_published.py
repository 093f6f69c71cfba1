"""Published models on the command line, with small networks: got, checked, used, removed."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resshift_desktop.core.weights.cards import ModelCard
from tests.bridge.server.conftest import wait_until
from tests.cli.conftest import Resshift, Start, noise_picture, outcome
from tests.core.weights.file_server import Fault, FileServer
from tests.core.weights.small_models import pack, weights_of, write_checkpoints

Cards = dict[str, ModelCard]
Download = Callable[[str], None]


@pytest.fixture
def download(resshift: Resshift, server: FileServer, cards: Cards) -> Download:
    del cards

    def run(name: str) -> None:
        result = resshift("models", "download", name, "--accept-licence", "--mirror", server.url)
        assert (result.code, result.err) == (0, "")

    return run


def picture(path: Path, width: int, height: int) -> Path:
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def test_list_tells_what_is_here_and_what_could_be(resshift: Resshift, download: Download) -> None:
    before = resshift("models", "list").out
    assert "To be had with: resshift models download NAME" in before
    assert all(name in before for name in ("realsr-v1", "realsr-v2", "realsr-v3", "bicsr-x4", "sinsr-v1"))
    download("realsr-v3")
    lines = resshift("models", "list").out.splitlines()
    assert lines[2].startswith("realsr-v3  x4  ")
    assert "non-commercial" in lines[2]
    assert any(line.startswith("On the disk: ") for line in lines)
    assert sum(line.startswith("realsr-v3") for line in lines) == 1


def test_download_tells_the_licence_and_the_hashes(
    resshift: Resshift, server: FileServer, cards: Cards
) -> None:
    result = resshift("models", "download", "faceir", "--accept-licence", "--mirror", server.url)
    assert result.code == 0
    assert "S-Lab License 1.0 (non-commercial)" in result.out
    assert "https://github.com/zsyOAOA/ResShift/blob/master/LICENSE" in result.out
    assert result.out.count("none is published") == 2
    result = resshift("models", "download", "realsr-v3", "--mirror", server.url)  # asked once
    assert "S-Lab" not in result.out
    assert result.out.count("(as published)") == 2
    assert f"SHA-256 {cards['realsr-v3'].checkpoints[0].sha256} " in result.out


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("YES", 0), ("", 1), ("n", 1)])
@pytest.mark.usefixtures("cards")
def test_on_a_terminal_it_is_asked(
    resshift: Resshift, server: FileServer, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _prompt: answer)
    assert resshift("models", "download", "faceir", "--mirror", server.url).code == code
    assert bool(server.requests) == (code == 0)


def test_without_a_terminal_the_licence_has_to_be_accepted(
    resshift: Resshift, server: FileServer, cards: Cards
) -> None:
    del cards
    result = resshift("models", "download", "faceir", "--mirror", server.url)
    assert result.code == 1
    assert "--accept-licence" in result.err
    assert server.requests == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Fault(status=404), "has no file"), (Fault(status=403), "refuses"), (Fault(body=b"x"), "another file")],
)
def test_a_failed_download_says_why(
    resshift: Resshift, server: FileServer, cards: Cards, fault: Fault, words: str
) -> None:
    del cards
    server.faults = [fault]
    result = resshift("models", "download", "realsr-v3", "--accept-licence", "--mirror", server.url)
    assert result.code == 1
    assert words in result.err
    assert "resshift models import" in result.err


def test_a_download_goes_on_after_a_break(
    resshift: Resshift, server: FileServer, cards: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cards
    monkeypatch.setenv("RESSHIFT_MIRROR", f"{server.url}/mirror")
    server.faults = [Fault(send=5000)]
    assert resshift("models", "download", "faceir", "--accept-licence").code == 0
    network = "/mirror/resshift_faceir_s4.pth"
    assert server.requests[:2] == [(network, None), (network, "bytes=5000-")]


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Also where the tests themselves run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_a_download_goes_on_after_ctrl_c(
    resshift: Resshift, server: FileServer, cards: Cards, data: Path
) -> None:
    del cards
    server.faults = [Fault(send=1_000_000, stall=True)]
    part = data / "downloads" / "resshift_faceir_s4.pth.part"

    def interrupt() -> None:
        wait_until(lambda: part.exists() and part.stat().st_size)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    words = ("models", "download", "faceir", "--accept-licence", "--mirror", server.url)
    result = resshift(*words)
    thread.join()
    assert (result.code, result.err) == (130, "Cancelled.\n")
    come = part.stat().st_size
    assert resshift(*words).code == 0
    assert server.requests[1][1] == f"bytes={come}-"
    assert list(part.parent.glob("*.pt*")) == []


def test_what_a_hostile_checkpoint_asks_for_is_not_done(
    resshift: Resshift, cards: Cards, data: Path, tmp_path: Path
) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "trap"),)

    path = tmp_path / "hostile.pth"
    path.write_bytes(pack({**weights_of(cards["faceir"], cards["faceir"].checkpoints[0]), "x": Hostile()}))
    result = resshift("models", "import", path)
    assert result.code == 1
    assert "hostile.pth is no checkpoint, is damaged, or holds more than weights" in result.err
    assert [(tmp_path / "trap").exists(), data.exists()] == [False, False]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 130), (200, 9)])
def test_sides_smaller_than_the_pad(
    resshift: Resshift, download: Download, tmp_path: Path, width: int, height: int
) -> None:
    download("realsr-v3")
    out, source = tmp_path / "out.png", noise_picture(tmp_path / "in.png", width, height)
    result = resshift("upscale", source, "-o", out, "--model", "realsr-v3", "--tile", "100")
    assert (result.code, result.err) == (0, "")
    with Image.open(out) as image:
        assert image.size == (4 * width, 4 * height)


@pytest.mark.parametrize("name", ["realsr-v1", "realsr-v2", "realsr-v3", "bicsr-x4", "sinsr-v1", "sinsr-v2"])
def test_upscale(resshift: Resshift, download: Download, tmp_path: Path, name: str) -> None:
    download(name)
    out = tmp_path / "out.png"
    result = resshift("upscale", noise_picture(tmp_path / "in.png", 20, 13), "-o", out, "--model", name)
    assert (result.code, result.err) == (0, "")
    with Image.open(out) as image:
        assert image.size == (80, 52)


@pytest.mark.parametrize(("scale", "size"), [(1, (9, 5)), (2.5, (22, 12)), (8, (72, 40))])
def test_other_factors(
    resshift: Resshift, download: Download, tmp_path: Path, scale: float, size: tuple[int, int]
) -> None:
    download("realsr-v3")
    out, source = tmp_path / "out.png", noise_picture(tmp_path / "in.png", 9, 5)
    assert resshift("upscale", source, "-o", out, "--model", "realsr-v3", "--scale", scale).code == 0
    with Image.open(out) as image:
        assert image.size == size


@pytest.mark.parametrize("name", ["inpaint-imagenet", "inpaint-face"])
def test_inpaint(resshift: Resshift, download: Download, tmp_path: Path, name: str) -> None:
    download(name)
    source, out, mask = picture(tmp_path / "in.png", 90, 60), tmp_path / "out.png", tmp_path / "mask.png"
    hole = np.zeros((60, 90), bool)
    hole[20:40, 30:70] = True
    Image.fromarray(np.where(hole, 255, 0).astype(np.uint8)).save(mask)
    result = resshift("upscale", source, "-o", out, "--model", name, "--mask", mask)
    assert (result.code, result.err) == (0, "")
    before, after = (np.asarray(Image.open(path)) for path in (source, out))
    np.testing.assert_array_equal(after[~hole], before[~hole])
    assert (after[hole] != before[hole]).mean() > 0.9
    result = resshift("upscale", source, "-o", out, "--model", name, "--overwrite")
    assert result.code == 2
    assert "--mask" in result.err


def test_face_restoration(resshift: Resshift, download: Download, tmp_path: Path) -> None:
    download("faceir")
    out = tmp_path / "out.png"
    source = picture(tmp_path / "face.png", 512, 512)
    assert resshift("upscale", source, "-o", out, "--model", "faceir").code == 0
    with Image.open(out) as image:
        assert image.size == (512, 512)
    source = picture(tmp_path / "photo.png", 300, 200)
    result = resshift("upscale", source, "-o", tmp_path / "b.png", "--model", "faceir")
    assert result.code == 1
    assert "takes a face of 512 x 512 pixels; this is 300 x 200. Cut out the face" in result.err


def test_a_model_that_is_not_here_names_the_command(resshift: Resshift, cards: Cards, tmp_path: Path) -> None:
    del cards
    source = noise_picture(tmp_path / "in.png")
    result = resshift("upscale", source, "-o", tmp_path / "out.png", "--model", "realsr-v3")
    assert result.code == 2
    assert (
        "“realsr-v3” is not on this machine yet. Download it first. (resshift models download NAME)"
        in result.err
    )


def test_import_verify_remove(resshift: Resshift, cards: Cards, data: Path, tmp_path: Path) -> None:
    files = write_checkpoints(cards["realsr-v2"], tmp_path)
    result = resshift("models", "import", *files)
    assert result.code == 2
    assert "Say which it is: realsr-v3, realsr-v2, " in result.err
    assert "(--like MODEL)" in result.err
    result = resshift("models", "import", *files, "--like", "realsr-v2")
    assert (result.code, result.err) == (0, "")
    assert "S-Lab License" in result.out
    assert resshift("models", "import", *files, "--like", "realsr-v2", "--name", "mine").code == 0
    result = resshift("models", "verify")
    assert result.code == 0
    assert "realsr-v2: complete and unchanged." in result.out.splitlines()
    (data / "models" / "mine.safetensors").write_bytes(b"x")
    result = resshift("models", "verify", "mine", "builtin")
    assert result.code == 1
    assert "not those that were installed" in result.err
    assert result.out.splitlines() == ["builtin: complete and unchanged."]
    assert resshift("models", "remove", "mine").code == 0
    assert "are free again" in resshift("models", "remove", "realsr-v2").out
    assert list((data / "models").iterdir()) == []
    assert resshift("models", "remove", "builtin").code == 2


@pytest.mark.parametrize("kind", ["--float32", ""])
def test_an_export_is_imported_and_used(
    resshift: Resshift, cards: Cards, data: Path, tmp_path: Path, kind: str
) -> None:
    """The safetensors file that one machine made of checkpoints, carried to another."""
    files = write_checkpoints(cards["realsr-v3"], tmp_path)
    assert resshift("models", "import", *files, *filter(None, [kind])).code == 0
    export = (data / "models" / "realsr-v3.safetensors").rename(tmp_path / "export")
    assert resshift("models", "remove", "realsr-v3").code == 0
    result = resshift("models", "import", export, "--like", "realsr-v3")
    assert result.code == 2
    assert "(--name NAME)" in result.err
    words = ("models", "import", export, "--like", "realsr-v3", "--name", "mine", *filter(None, [kind]))
    assert resshift(*words).code == 0
    assert (data / "models" / "mine.safetensors").read_bytes() == export.read_bytes()
    out = tmp_path / "out.png"
    assert (
        resshift("upscale", noise_picture(tmp_path / "in.png", 9, 5), "-o", out, "--model", "mine").code == 0
    )
    with Image.open(out) as image:
        assert image.size == (36, 20)


def test_bench_of_a_model_that_is_not_here(resshift: Resshift, cards: Cards, data: Path) -> None:
    del cards
    result = resshift("bench", "--model", "inpaint-face", "--device", "cpu", "--json")
    assert result.code == 0
    report = json.loads(result.out)
    assert report["model"] == "inpaint-face, weights by rule"
    assert [tile["size"] for tile in report["tiles"]] == [64]
    assert report["tiles"][0]["stages"][1]["times"] == 4
    assert not data.exists()


def test_listing_needs_no_torch(start: Start) -> None:
    code = (
        "import sys; from resshift_desktop.cli.app import main; code = main(['models', 'list']);"
        "sys.exit(code or 'torch' in sys.modules)"
    )
    assert outcome(start(code=code)).code == 0
