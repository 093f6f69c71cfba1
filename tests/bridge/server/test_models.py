"""/v1/models: getting, importing and removing models over the bridge."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.importing import import_files
from tests.bridge.server.conftest import Bridge, read_to_end, wait_until
from tests.core.weights.file_server import Fault, FileServer
from tests.core.weights.small_models import write_checkpoints

Cards = dict[str, ModelCard]


@pytest.fixture
def models(bridge: Bridge, cards: Cards) -> Bridge:
    """A core that knows the small published models."""
    del cards
    return bridge


def download(bridge: Bridge, server: FileServer, name: str, query: str = "&accept_licence=1") -> list[Any]:
    status, lines = bridge.call("POST", f"/v1/models/{name}/download?mirror={server.url}{query}")
    assert status == 200
    return [json.loads(line) for line in lines.splitlines()]


def names(bridge: Bridge) -> tuple[list[str], list[str]]:
    """Of the models that are here, and of those that can be downloaded."""
    models = bridge.call("GET", "/v1/models")[1]["models"]
    here, missing = ([m["name"] for m in models if m["installed"] is state] for state in (True, False))
    return here, missing


def test_a_model_is_downloaded_and_removed(models: Bridge, server: FileServer, cards: Cards) -> None:
    assert names(models) == (["builtin"], list(cards))
    lines = download(models, server, "faceir")
    assert {line["event"] for line in lines[:-1]} <= {"progress", "heartbeat"}
    assert any(line.get("stage") == "convert" for line in lines)
    last = lines[-1]
    assert (last["event"], last["model"]["name"], last["model"]["scale"]) == ("done", "faceir", 1)
    assert names(models) == (["builtin", "faceir"], [name for name in cards if name != "faceir"])
    assert models.call("POST", "/v1/models/faceir/download")[0] == 409
    assert models.call("DELETE", "/v1/models/faceir") == (204, b"")
    assert models.call("DELETE", "/v1/models/faceir")[0] == 404
    assert names(models)[0] == ["builtin"]


def test_the_licence_comes_first(models: Bridge, server: FileServer) -> None:
    status, answer = models.call("POST", f"/v1/models/faceir/download?mirror={server.url}")
    assert (status, answer["error"]["kind"]) == (409, "LicenceError")
    assert server.requests == []
    builtin, *others = models.call("GET", "/v1/models")[1]["models"]
    assert (builtin["licence_summary"], builtin["licence_accepted"]) == ("", True)
    (model,) = [m for m in others if m["name"] == "faceir"]
    assert "non-commercial" in model["licence"]
    assert model["licence_summary"]
    assert model["licence_urls"][0].startswith("https://")
    assert model["licence_accepted"] is False
    download(models, server, "faceir")
    accepted = {m["name"] for m in models.call("GET", "/v1/models")[1]["models"] if m["licence_accepted"]}
    assert {"faceir", "realsr-v3"} < accepted
    assert "sinsr-v1" not in accepted


@pytest.mark.parametrize(
    ("fault", "kind"), [(Fault(status=404), "DownloadError"), (Fault(body=b"x" * 9000), "WeightsError")]
)
def test_a_failure_is_the_last_line(models: Bridge, server: FileServer, fault: Fault, kind: str) -> None:
    server.faults = [fault]
    last = download(models, server, "faceir")[-1]
    assert (last["event"], last["kind"]) == ("failed", kind)
    assert last["title"]
    assert last["hint"]
    assert names(models)[0] == ["builtin"]


def test_closing_the_connection_stops_the_download(models: Bridge, server: FileServer, data: Path) -> None:
    server.faults = [Fault(send=5000, stall=True)]
    target = f"/v1/models/faceir/download?accept_licence=1&mirror={server.url}"
    with models.connect() as sock:
        sock.sendall(models.head("POST", target))
        assert sock.recv(1000).startswith(b"HTTP/1.1 200")
        server.stalled.wait(20)
        wait_until(lambda: models.call("GET", "/v1/health")[0] == 200)
    wait_until(lambda: models.server.active == 0)
    part = data / "downloads" / "resshift_faceir_s4.pth.part"
    wait_until(part.exists)
    assert download(models, server, "faceir")[-1]["event"] == "done"


def test_a_download_ends_when_the_core_leaves(models: Bridge, server: FileServer) -> None:
    server.faults = [Fault(send=5000, stall=True)]
    target = f"/v1/models/faceir/download?accept_licence=1&mirror={server.url}"
    with models.connect() as sock:
        sock.sendall(models.head("POST", target))
        server.stalled.wait(20)
        models.server.stop()
        assert b'"event":"failed","kind":"Cancelled"' in read_to_end(sock)


def test_import(models: Bridge, cards: Cards, tmp_path: Path) -> None:
    files = [str(path) for path in write_checkpoints(cards["realsr-v1"], tmp_path)]
    status, answer = models.call("POST", "/v1/models/import", {"paths": files})
    assert (status, answer["error"]["kind"]) == (400, "UsageError")
    status, model = models.call("POST", "/v1/models/import", {"paths": files, "like": "realsr-v1"})
    assert (status, model["name"], model["built_in"]) == (201, "realsr-v1", False)
    assert "realsr-v1" in names(models)[0]


@pytest.mark.parametrize(("width", "height"), [(7, 5), (1100, 1000)])
def test_a_mask_comes_after_the_pixels(
    models: Bridge, cards: Cards, tmp_path: Path, width: int, height: int
) -> None:
    import_files(write_checkpoints(cards["inpaint-face"], tmp_path), like="inpaint-face")
    mask = np.random.default_rng(0).integers(0, 2, (height, width, 1), np.uint8) * 255
    pixels = bytes(3 * width * height)
    target = f"/v1/upscale?width={width}&height={height}&channels=3&sample=u8&model=inpaint-face&scale=1"
    status, _ = models.call("POST", f"{target}&mask=1", pixels + mask.tobytes())
    assert status == 200
    np.testing.assert_array_equal(models.engine.masks[0], mask)
    for query, body in (("", pixels), ("&mask=1", pixels), ("&mask=1", pixels + bytes(2 * width * height))):
        assert models.call("POST", f"{target}{query}", body)[0] == 400
    assert len(models.engine.masks) == 1


@pytest.mark.parametrize("content", [b"", b"garbage", None])
def test_import_of_what_is_no_model(models: Bridge, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.pth"
    if content is not None:
        path.write_bytes(content)
    status, answer = models.call("POST", "/v1/models/import", {"paths": [str(path)]})
    assert (status, answer["error"]["kind"]) == (400, "WeightsError")


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("POST", "/v1/models/builtin/download", 409),
        ("POST", "/v1/models/unknown/download", 404),
        ("POST", "/v1/models/faceir/download?mirror=ftp://x", 400),
        ("POST", "/v1/models/faceir/download?more=1", 400),
        ("DELETE", "/v1/models/builtin", 409),
        ("DELETE", "/v1/models/unknown", 404),
        ("DELETE", "/v1/models/faceir", 404),
    ],
)
def test_what_cannot_be(models: Bridge, method: str, target: str, status: int) -> None:
    code, answer = models.call(method, target)
    assert code == status
    assert answer["error"]["title"]
