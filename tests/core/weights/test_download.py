"""Whole models from a server on this machine."""

import shutil
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.download import DownloadProgress, download
from resshift_desktop.core.weights.licences import accept
from resshift_desktop.core.weights.store import InstalledModel, find_model, list_missing, remove, verify
from resshift_desktop.core.weights.transfer import Patience
from resshift_desktop.errors import Cancelled, DownloadError, LicenceError, UsageError, WeightsError
from tests.core.weights.file_server import Fault, FileServer
from tests.core.weights.small_models import file_contents, pack, weights_of

QUICK = Patience(stall_seconds=0.3, tries=2, first_wait=0.001)
Cards = dict[str, ModelCard]


@pytest.fixture(autouse=True)
def accepted(cards: Cards) -> None:
    for name in ("realsr-v3", "sinsr-v1"):
        accept(cards[name])


def get(server: FileServer, card: ModelCard, float32: bool = False) -> InstalledModel:
    return download(card, lambda _progress: None, lambda: False, server.url, float32, QUICK)


def asked_for(server: FileServer) -> list[str]:
    return [path.lstrip("/") for path, _ in server.requests]


def listing(folder: Path) -> list[str]:
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock" and path.name != "lock"
    )


@pytest.mark.parametrize("name", ["realsr-v3", "realsr-v1", "sinsr-v2", "inpaint-face", "faceir"])
def test_a_model_is_fetched_converted_and_loads(
    server: FileServer, cards: Cards, data: Path, name: str
) -> None:
    model = get(server, cards[name])
    assert model == find_model(name) == verify(name)
    assert [c.file for c in model.card.checkpoints] == [c.file for c in cards[name].checkpoints]
    assert all(len(c.sha256 or "") == 64 for c in model.card.checkpoints)
    loaded = load_model(model.card.config, model.weights_path, torch.device("cpu"), torch.float32)
    expected = weights_of(cards[name], cards[name].checkpoints[0])["out.2.bias"]
    assert torch.equal(loaded.unet.state_dict()["out.2.bias"], expected.half().float())
    assert listing(data) == sorted(
        [f"{name}.json", f"{name}.safetensors", "licences.json", "checkpoints.json"]
    )
    assert name not in [card.name for card in list_missing()]


def test_progress_counts_all_files(server: FileServer, cards: Cards) -> None:
    card, told = cards["realsr-v3"], list[DownloadProgress]()
    download(card, told.append, lambda: False, server.url, patience=QUICK)
    total = sum(c.num_bytes for c in card.checkpoints)
    assert told[0].bytes_done == 0
    assert [p.bytes_done for p in told] == sorted(p.bytes_done for p in told)
    assert {p.bytes_total for p in told} == {total}
    assert (told[-1].stage, told[-1].bytes_done) == ("convert", total)


def test_float32(server: FileServer, cards: Cards) -> None:
    small, large = (get(server, cards[name], float32) for name, float32 in
                    (("realsr-v3", False), ("realsr-v1", True)))  # fmt: skip
    assert large.num_bytes == pytest.approx(2 * small.num_bytes, rel=0.2)
    # The autoencoder of the first is there in 16 bits only.
    assert asked_for(server).count("autoencoder_vq_f4.pth") == 2


def test_an_autoencoder_that_is_here_is_not_fetched_again(server: FileServer, cards: Cards) -> None:
    get(server, cards["realsr-v3"])
    get(server, cards["bicsr-x4"])
    assert asked_for(server).count("autoencoder_vq_f4.pth") == 1
    assert find_model("bicsr-x4").card.checkpoints[1] == find_model("realsr-v3").card.checkpoints[1]
    get(server, cards["inpaint-face"])  # another autoencoder of the same shape
    assert asked_for(server)[-1] == "celeba256_vq_f4_dim3_face.pth"


def test_what_is_here_is_not_fetched_again(server: FileServer, cards: Cards) -> None:
    model = get(server, cards["faceir"])
    count = len(server.requests)
    assert get(server, cards["faceir"]) == model
    assert len(server.requests) == count


def test_the_mirror_may_come_from_the_environment(
    server: FileServer, cards: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESSHIFT_MIRROR", f"{server.url}/files/")
    download(cards["faceir"], lambda _progress: None, lambda: False, patience=QUICK)
    assert server.requests[0][0] == "/files/resshift_faceir_s4.pth"


def test_without_a_mirror_the_address_is_the_cards(server: FileServer, cards: Cards) -> None:
    card = cards["faceir"]
    here = tuple(replace(c, url=f"{server.url}/{c.file}") for c in card.checkpoints)
    download(replace(card, checkpoints=here), lambda _progress: None, lambda: False, patience=QUICK)
    assert verify("faceir").card.name == "faceir"


def test_a_mirror_that_is_none(cards: Cards) -> None:
    with pytest.raises(UsageError, match="no web address"):
        download(cards["faceir"], lambda _progress: None, lambda: False, "ftp://x", patience=QUICK)


def test_without_the_licence_nothing_is_asked_for(server: FileServer, cards: Cards, data: Path) -> None:
    (data / "licences.json").unlink()
    with pytest.raises(LicenceError):
        get(server, cards["faceir"])
    assert server.requests == []


def test_a_break_is_gone_on_with_and_the_good_file_kept(server: FileServer, cards: Cards, data: Path) -> None:
    server.faults = [Fault(), Fault(send=5000), Fault(status=503)]
    with pytest.raises(DownloadError):
        get(server, cards["realsr-v3"])
    assert listing(data / "downloads") == [
        "autoencoder_vq_f4.pth.part",
        "autoencoder_vq_f4.pth.part.json",
        "resshift_realsrx4_s4_v3.pth",
    ]
    server.requests.clear()
    get(server, cards["realsr-v3"])
    assert server.requests == [("/autoencoder_vq_f4.pth", "bytes=5000-")]
    assert listing(data / "downloads") == []


@pytest.mark.parametrize("name", ["realsr-v3", "realsr-v1", "faceir"])
@pytest.mark.parametrize("kind", ["garbage", "cut off", "other network", "flipped bit"])
def test_what_is_not_the_model_is_deleted(
    server: FileServer, cards: Cards, data: Path, name: str, kind: str
) -> None:
    card = cards[name]
    unet, codec = (file_contents()[c.file] for c in card.checkpoints)
    flipped = bytearray(unet)
    flipped[64] ^= 1  # in the pickle's directory entry
    bad = {
        "garbage": b"x" * len(unet),
        "cut off": unet[:-50],
        "other network": codec,
        "flipped bit": bytes(flipped),
    }[kind]
    server.files[card.checkpoints[0].file] = bad
    if kind == "flipped bit" and card.checkpoints[0].sha256 is None:
        return  # without a published hash there is nothing to tell it by
    with pytest.raises((DownloadError, WeightsError)):
        get(server, card)
    assert listing(data) == ["licences.json"]
    server.files |= file_contents()
    get(server, card)


def test_a_hash_that_was_not_published_is_kept_and_compared(
    server: FileServer, cards: Cards, data: Path
) -> None:
    card = cards["faceir"]
    file = card.checkpoints[0].file
    first = get(server, card)
    remove("faceir")
    changed = weights_of(card, card.checkpoints[0])
    changed["out.2.bias"] = changed["out.2.bias"] + 1
    server.files[file] = pack(changed)
    with pytest.raises(DownloadError, match="is not the one that came the first time") as caught:
        get(server, card)
    assert "checkpoints.json" in caught.value.hint
    assert listing(data) == ["checkpoints.json", "licences.json"]
    server.files |= file_contents()
    assert get(server, card).card == first.card


def test_too_small_a_disk(server: FileServer, cards: Cards, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12, 1000))
    with pytest.raises(DownloadError, match="GB of disk"):
        get(server, cards["faceir"])
    assert server.requests == []


def test_one_at_a_time(server: FileServer, cards: Cards, data: Path) -> None:
    """The other download is another program's: it holds the lock until its input ends."""
    code = (
        "import sys; from pathlib import Path; from resshift_desktop.core.weights import download\n"
        "with download._only_one(Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    )
    (data / "downloads").mkdir()
    command = [sys.executable, "-c", code, str(data / "downloads")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"\n"
        with pytest.raises(DownloadError, match="Another download is running"):
            get(server, cards["faceir"])
        other.stdin.close()
    assert other.returncode == 0
    get(server, cards["faceir"])


def test_cancelled_in_the_middle(server: FileServer, cards: Cards, data: Path) -> None:
    server.faults = [Fault(send=5000, stall=True)]
    told: list[DownloadProgress] = []
    with pytest.raises(Cancelled):
        download(
            cards["faceir"], told.append, lambda: bool(told) and told[-1].bytes_done == 5000, server.url,
            patience=Patience(stall_seconds=60),
        )  # fmt: skip
    assert listing(data / "models") == []
    get(server, cards["faceir"])
    assert [asked for _, asked in server.requests] == [None, "bytes=5000-", None]


def test_missing_numbers_are_found_before_anything_is_installed(
    server: FileServer, cards: Cards, data: Path
) -> None:
    card = cards["realsr-v1"]
    odd = weights_of(card, card.checkpoints[0])
    odd["out.2.bias"][0] = torch.nan
    server.files[card.checkpoints[0].file] = pack(odd)
    with pytest.raises(WeightsError, match="not finite"):
        get(server, card)
    assert listing(data) == ["licences.json"]
