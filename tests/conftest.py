"""For all tests: hypothesis without a time limit for an example, which a busy machine would exceed; small
published models, and a server on this machine that has their files."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:  # torch comes with them, which not all tests need
    from resshift_desktop.core.weights.cards import ModelCard
    from tests.core.weights.file_server import FileServer

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder, one of the test's own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("RESSHIFT_DATA", str(folder))
    return folder


@pytest.fixture
def cards(data: Path, monkeypatch: pytest.MonkeyPatch) -> "dict[str, ModelCard]":
    """The published models by name, with small networks."""
    from resshift_desktop.core.weights import published
    from tests.core.weights.small_models import small_cards

    del data
    monkeypatch.setattr(published, "_CARDS", tuple(small_cards().values()))
    return small_cards()


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever network this machine is in, its own servers are reached without a proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("RESSHIFT_MIRROR", raising=False)


@pytest.fixture
def server(direct: None) -> "Iterator[FileServer]":
    """It has the files of all small published models."""
    from tests.core.weights.file_server import running_server
    from tests.core.weights.small_models import file_contents

    del direct
    with running_server() as server:
        server.files |= file_contents()
        yield server
