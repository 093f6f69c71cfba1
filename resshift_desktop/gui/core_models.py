"""The models of the core: fetched, removed, and made of files."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from resshift_desktop.gui.core_caller import CoreCaller
from resshift_desktop.gui.core_messages import Message, ModelFailed, ModelProgress, Models
from resshift_desktop.gui.job_item import Problem
from resshift_desktop.gui.model_item import ModelItem

if TYPE_CHECKING:  # http.client takes as long to import as a window to open
    from resshift_desktop.bridge.jobs_client import JobsClient

_IMPORT_SECONDS = 600.0  # the core says nothing while it reads and converts the files


class CoreModels(QObject):
    """Asks with `caller`: short questions in the thread of `asking`, long ones in threads of its own."""

    models_changed = Signal(tuple)
    """ModelItem, all of them."""
    model_progress = Signal(str, float)
    """A model's name, and how much of it is here, in [0, 1]."""
    model_failed = Signal(str, str, str)
    """A model's name ("" for a file that is not one yet), title and hint."""

    def __init__(self, caller: CoreCaller, asking: ThreadPoolExecutor, parent: QObject) -> None:
        super().__init__(parent)
        self._caller, self._asking = caller, asking
        self._downloading = ThreadPoolExecutor(1, "core-downloads")
        self._importing = ThreadPoolExecutor(1, "core-imports")
        self._downloads: dict[str, _Download] = {}

    def refresh_models(self) -> None:
        if not self._caller.closed:
            self._asking.submit(self._caller.tell, _list_models)

    def download_model(self, name: str, accept_licence: bool) -> None:
        """Have the core fetch a model, after those asked for before; what was begun once is gone on with.

        It goes on until it is cancelled, or this is closed. accept_licence: the person has just done so.
        """
        if name in self._downloads or self._caller.closed:
            return
        download = self._downloads[name] = _Download()
        self._downloading.submit(self._download, name, accept_licence, download.cancelled)

    def cancel_download(self, name: str) -> None:
        """Stop fetching a model; what has come is kept."""
        if download := self._downloads.pop(name, None):
            download.cancelled.set()

    def remove_model(self, name: str) -> None:
        def ask(client: "JobsClient") -> Models:
            client.remove_model(name)
            return _list_models(client)

        if not self._caller.closed:
            self._asking.submit(self._caller.tell, ask, lambda problem: ModelFailed(name, problem))

    def import_model(self, paths: Sequence[Path], like: str | None = None, name: str | None = None) -> None:
        """Have the core make a model of files: a network, and its autoencoder unless that is here.

        like: the model that the network is one of; None: its content says which. name: what it is called;
            None: as the one that it is like.
        """

        def ask(client: "JobsClient") -> Models:
            patient = type(client)(client.connection, silence=_IMPORT_SECONDS)
            patient.import_model([str(path) for path in paths], like, name)
            return _list_models(client)

        if not self._caller.closed:
            self._importing.submit(
                self._caller.tell, ask, lambda problem: ModelFailed("", problem), twice=False
            )

    def take(self, message: Models | ModelProgress | ModelFailed) -> None:
        """Tell what a thread has heard."""
        match message:
            case Models(models):
                self._tell_models(models)
            case ModelProgress(name, fraction) if name in self._downloads:
                self._downloads[name].fraction = fraction
                self.model_progress.emit(name, fraction)
            case ModelFailed(name, problem):
                self._downloads.pop(name, None)
                self.model_failed.emit(name, problem.title, problem.hint)

    def close(self) -> None:
        """Begin nothing more, and cancel what is under way."""
        for download in self._downloads.values():
            download.cancelled.set()
        for threads in (self._downloading, self._importing):
            threads.shutdown(wait=False, cancel_futures=True)

    def _tell_models(self, models: tuple[ModelItem, ...]) -> None:
        for model in models:
            if model.installed:
                self._downloads.pop(model.name, None)
        self.models_changed.emit(models)
        for name, download in self._downloads.items():  # for a list of models that has just been opened
            self.model_progress.emit(name, download.fraction)

    def _download(self, name: str, accept_licence: bool, cancelled: threading.Event) -> None:
        def tell(stage: str, bytes_done: int, bytes_total: int) -> None:  # noqa: ARG001 - it is told these
            if not cancelled.is_set():
                self._caller.post(ModelProgress(name, bytes_done / max(bytes_total, 1)))

        def ask(client: "JobsClient") -> None:
            client.download_model(
                name, accept_licence=accept_licence, on_progress=tell, cancel=cancelled.is_set
            )

        def failed(problem: Problem) -> Message | None:
            return None if cancelled.is_set() else ModelFailed(name, problem)

        if cancelled.is_set():
            return
        self._caller.tell(ask, failed)
        # Also after a failure: the licence may have been accepted, or the model be here already.
        self._caller.tell(_list_models, lambda _: None, revive=not self._caller.closed)


@dataclass(eq=False)
class _Download:
    """One that has been asked for; `fraction` in [0, 1] of it is here."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    fraction: float = 0.0


def _list_models(client: "JobsClient") -> Models:
    return Models(tuple(ModelItem.from_wire(model) for model in client.list_models()))
