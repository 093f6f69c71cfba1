"""Calls about picture files, models and what happens, for the app; plugins need only client.py.

Standard library only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from .client import Client, bridge_errors, open_exchange
from .protocol import BridgeError, Connection

_PAUSE_SECONDS = 0.2
_TO_TRY_AGAIN = ("NoCore", "CoreDied", "WrongToken", "BadAnswer")


@dataclass(frozen=True)
class Event:
    """What happened to the queue. The kind "reset" says that events were missed: list the jobs anew."""

    seq: int
    kind: str
    data: dict[str, Any]


class JobsClient(Client):
    """The whole of what a core can be asked for. Jobs are as docs/bridge.md describes them."""

    def add_jobs(self, jobs: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
        """Queue picture files, each {"input": absolute path, "output": absolute path, "format", ...}."""
        return self.call("POST", "/v1/jobs", {"jobs": list(jobs)})["jobs"]

    def list_jobs(self, after: int = 0, limit: int = 200, state: str | None = None) -> dict[str, Any]:
        """A page of jobs: {"jobs", "next": id to go on after, or None, "seq", "held", "counts", ...}."""
        query = {"after": after, "limit": limit, **({"state": state} if state else {})}
        return self.call("GET", f"/v1/jobs?{urlencode(query)}")

    def get_job(self, job: int) -> dict[str, Any]:
        """One job."""
        return self.call("GET", f"/v1/jobs/{job}")

    def pause_job(self, job: int) -> dict[str, Any]:
        """Stop at the next step; finished tiles are kept."""
        return self.call("POST", f"/v1/jobs/{job}/pause")

    def resume_job(self, job: int) -> dict[str, Any]:
        """Queue a paused job again."""
        return self.call("POST", f"/v1/jobs/{job}/resume")

    def cancel_job(self, job: int) -> dict[str, Any]:
        """Stop for good."""
        return self.call("POST", f"/v1/jobs/{job}/cancel")

    def retry_job(self, job: int) -> dict[str, Any]:
        """Queue a failed or cancelled job again."""
        return self.call("POST", f"/v1/jobs/{job}/retry")

    def move_job(self, job: int, before: int | None) -> dict[str, Any]:
        """Put a job before another in the queue; None: last."""
        return self.call("POST", f"/v1/jobs/{job}/move", {"before": before})

    def remove_job(self, job: int) -> None:
        """Forget a job. Its result stays."""
        self.call("DELETE", f"/v1/jobs/{job}")

    def remove_jobs(self, jobs: Sequence[int]) -> None:
        """Forget jobs, at most 10 000 at once; those gone already are passed over. Their results stay."""
        self.call("POST", "/v1/jobs/remove", {"ids": list(jobs)})

    def list_tiles(self, job: int) -> list[dict[str, Any]]:
        """The finished tiles that there are previews of; places in [0, 1] of the picture."""
        return self.call("GET", f"/v1/jobs/{job}/tiles")["tiles"]

    def get_tile(self, job: int, number: int) -> bytes:
        """The preview of a finished tile, a JPEG file."""
        return self.fetch("GET", f"/v1/jobs/{job}/tiles/{number}")

    def pause_queue(self) -> None:
        """Start no further job, and stop the running one at its next step."""
        self.call("POST", "/v1/queue/pause")

    def resume_queue(self) -> None:
        """Go on after `pause_queue`."""
        self.call("POST", "/v1/queue/resume")

    def clear_queue(self) -> None:
        """Forget the jobs that are done, failed or cancelled."""
        self.call("POST", "/v1/queue/clear")

    def list_models(self) -> list[dict[str, Any]]:
        """The models that are here ("installed"), and the published ones that can be downloaded."""
        return self.call("GET", "/v1/models")["models"]

    def download_model(
        self,
        name: str,
        *,
        accept_licence: bool = False,
        mirror: str | None = None,
        on_progress: Callable[[str, int, int], object] | None = None,
        cancel: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Fetch a published model; returns it when it can be used. What was begun before is gone on with.

        Args:
            accept_licence: the person has seen the model's licence and accepts it; once is enough.
            mirror: the address of a folder with the same files.
            on_progress: hears the stage ("download" or "convert"), the bytes that are here, and all bytes.
            cancel: asked at least every 0.5 s; True ends it (kind Cancelled), and what has come is kept.
        """
        query = {"accept_licence": int(accept_licence), **({"mirror": mirror} if mirror else {})}
        target = f"/v1/models/{quote(name, safe='')}/download?{urlencode(query)}"
        with open_exchange(self, "POST", target) as exchange:
            exchange.receive_head("application/x-ndjson")
            while True:
                event = exchange.read_event()
                if cancel():
                    raise BridgeError("Cancelled.", "", "Cancelled")
                if event["event"] == "done":
                    return event["model"]
                if event["event"] == "progress" and on_progress is not None:
                    on_progress(event["stage"], event["bytes_done"], event["bytes_total"])

    def import_model(
        self, paths: Sequence[str], like: str | None = None, name: str | None = None
    ) -> dict[str, Any]:
        """Make a model of checkpoint files (absolute paths); see docs/bridge.md."""
        return self.call("POST", "/v1/models/import", {"paths": list(paths), "like": like, "name": name})

    def remove_model(self, name: str) -> None:
        """Delete a model that is not part of the program."""
        self.call("DELETE", f"/v1/models/{quote(name, safe='')}")

    def events(self, after: int, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """What happens to the queue after event number `after`, without end; `stop` is asked every 5 s.

        Connects anew when the connection is lost, also to a core that has been restarted.

        Raises:
            BridgeError: no core was to be reached for `silence` seconds, or it refuses.
        """
        heard = time.monotonic()
        while not stop():
            try:
                for event in self._event_stream(after):
                    heard = time.monotonic()
                    if event is not None:
                        after = event.seq
                        yield event
                    if stop():
                        return
            except BridgeError as error:
                if error.kind not in _TO_TRY_AGAIN or time.monotonic() - heard > self.silence:
                    raise
            time.sleep(_PAUSE_SECONDS)
            with suppress(BridgeError):
                self.connection = Connection.read()

    def _event_stream(self, after: int) -> Iterator[Event | None]:
        """The events of one connection; None for each heartbeat. Ends when the core closes it."""
        with open_exchange(self, "GET", f"/v1/events?after={after}") as exchange:
            exchange.receive_head("text/event-stream")
            fields: dict[str, str] = {}
            while line := exchange.read_line():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                name, _, value = text.partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
                elif text or "event" not in fields:  # a comment, which keeps the connection alive
                    yield None
                else:
                    yield _parse_event(fields, after)
                    fields = {}


def _parse_event(fields: Mapping[str, str], last: int) -> Event:
    with bridge_errors():
        return Event(int(fields.get("id", last)), fields["event"], json.loads(fields.get("data") or "{}"))
