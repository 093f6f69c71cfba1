"""A data folder of one's own, small published models, and a server that has their files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resshift_desktop.core.weights import published
from resshift_desktop.core.weights.cards import ModelCard
from tests.core.weights.file_server import FileServer, running_server
from tests.core.weights.small_models import file_contents, small_cards

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever network this machine is in, the tests' server is reached directly."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("RESSHIFT_MIRROR", raising=False)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("RESSHIFT_DATA", str(folder))
    return folder


@pytest.fixture
def cards(data: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, ModelCard]:
    """The published models by name, small."""
    del data
    small = small_cards()
    monkeypatch.setattr(published, "_CARDS", tuple(small.values()))
    return small


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running_server() as server:
        server.files |= file_contents()
        yield server
