"""Models over the real bridge: fetched from a server on this machine, imported, removed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.gui.core_link import CoreLink
from resshift_desktop.gui.model_item import ModelItem
from tests.core.weights.file_server import Fault, FileServer
from tests.core.weights.small_models import write_checkpoints
from tests.gui.window.core import PATIENCE, Core

Cards = dict[str, ModelCard]


class Heard:
    """A link, and what it has told."""

    def __init__(self, link: CoreLink, qtbot: QtBot) -> None:
        self.link, self._qtbot = link, qtbot
        self.models: dict[str, ModelItem] = {}
        self.fractions: list[tuple[str, float]] = []
        self.failures: list[tuple[str, str, str]] = []
        link.models.models_changed.connect(self._take_models)
        link.models.model_progress.connect(lambda *progress: self.fractions.append(progress))
        link.models.model_failed.connect(lambda *failure: self.failures.append(failure))

    def _take_models(self, models: tuple[ModelItem, ...]) -> None:
        self.models = {model.name: model for model in models}

    def wait_until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=int(1000 * PATIENCE))

    def wait_installed(self, name: str, installed: bool = True) -> None:
        self.wait_until(lambda: name in self.models and self.models[name].installed is installed)


@pytest.fixture
def heard(
    cards: Cards, core: Core, server: FileServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Heard]:
    del cards
    monkeypatch.setenv("RESSHIFT_MIRROR", server.url)
    link = CoreLink()
    heard = Heard(link, qtbot)
    link.start()
    heard.wait_until(lambda: heard.models)
    yield heard
    link.close()
    core.stop()
    link.wait_closed()


def test_a_model_is_downloaded_and_removed(heard: Heard) -> None:
    model = heard.models["faceir"]
    assert not model.installed
    assert not model.licence_accepted
    assert "non-commercial" in model.licence_summary
    assert model.licence_urls[0].startswith("https://")
    heard.link.models.download_model("faceir", accept_licence=True)
    heard.wait_installed("faceir")
    assert heard.fractions[-1] == ("faceir", 1.0)
    assert [fraction for _, fraction in heard.fractions] == sorted(f for _, f in heard.fractions)
    assert heard.models["realsr-v3"].licence_accepted  # the same licence
    heard.link.models.remove_model("faceir")
    heard.wait_installed("faceir", False)
    assert heard.failures == []


def test_two_downloads_are_made_one_after_the_other(heard: Heard) -> None:
    for name in ("faceir", "realsr-v1"):
        heard.link.models.download_model(name, accept_licence=True)
    for name in ("faceir", "realsr-v1"):
        heard.wait_installed(name)
    assert heard.failures == []


def test_what_was_cancelled_is_gone_on_with(heard: Heard, core: Core, server: FileServer) -> None:
    server.faults = [Fault(send=5000, stall=True)]
    heard.link.models.download_model("faceir", accept_licence=True)
    heard.wait_until(lambda: any(0 < fraction < 1 for _, fraction in heard.fractions))
    heard.link.models.refresh_models()  # as a dialog does that is opened meanwhile
    told = len(heard.fractions)
    heard.wait_until(lambda: len(heard.fractions) > told)
    heard.link.models.cancel_download("faceir")
    heard.wait_until(lambda: core.server.active <= 1)  # the events; the download has been let go of
    heard.wait_until(lambda: heard.models["faceir"].licence_accepted)
    assert heard.failures == []
    asked = len(server.requests)
    heard.link.models.download_model("faceir", accept_licence=False)
    heard.wait_installed("faceir")
    assert server.requests[asked][1] == "bytes=5000-"
    assert heard.failures == []


def test_a_download_ends_with_the_app(heard: Heard, core: Core, server: FileServer) -> None:
    server.faults = [Fault(send=5000, stall=True)]
    heard.link.models.download_model("faceir", accept_licence=True)
    heard.wait_until(lambda: any(0 < fraction < 1 for _, fraction in heard.fractions))
    heard.link.close()
    heard.wait_until(lambda: core.server.active == 0)
    assert heard.failures == []


@pytest.mark.parametrize(
    ("fault", "title"), [(Fault(status=404), "has no file"), (Fault(body=b"x" * 9000), "is no checkpoint")]
)
def test_a_failed_download_is_told_of(heard: Heard, server: FileServer, fault: Fault, title: str) -> None:
    server.faults = [fault]
    heard.link.models.download_model("faceir", accept_licence=True)
    heard.wait_until(lambda: heard.failures)
    (failure,) = heard.failures
    assert failure[0] == "faceir"
    assert title in failure[1]
    assert failure[2]
    heard.link.models.download_model("faceir", accept_licence=False)
    heard.wait_installed("faceir")


def test_the_licence_comes_first(heard: Heard, server: FileServer) -> None:
    heard.link.models.download_model("faceir", accept_licence=False)
    heard.wait_until(lambda: heard.failures)
    assert heard.failures[0][0] == "faceir"
    assert "licence" in heard.failures[0][1]
    assert server.requests == []


def test_a_network_and_its_autoencoder_are_imported(heard: Heard, cards: Cards, tmp_path: Path) -> None:
    files = write_checkpoints(cards["realsr-v1"], tmp_path)
    heard.link.models.import_model(files)
    heard.wait_until(lambda: heard.failures)
    assert "has the shape of several models" in heard.failures[0][1]
    heard.link.models.import_model(files, like="realsr-v1")
    heard.wait_installed("realsr-v1")
    heard.link.models.import_model(files, like="realsr-v1", name="my-own")
    heard.wait_installed("my-own")
    assert len(heard.failures) == 1


@pytest.mark.parametrize("content", [b"garbage", None])
def test_a_file_that_is_no_model(heard: Heard, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "holiday.pth"
    if content is not None:
        path.write_bytes(content)
    heard.link.models.import_model([path])
    heard.wait_until(lambda: heard.failures)
    name, title, hint = heard.failures[0]
    assert name == ""
    assert "holiday.pth" in title
    assert hint


def test_the_built_in_model_stays(heard: Heard) -> None:
    heard.link.models.remove_model("builtin")
    heard.wait_until(lambda: heard.failures)
    assert heard.failures[0][:2] == ("builtin", "The model “builtin” is part of the program.")
