"""Everything that is said over the bridge as JSON or in a query, checked as it comes in.

docs/openapi.json is made from these types.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from resshift_desktop.core.engine.request import MAX_SCALE
from resshift_desktop.core.imaging.reading import MAX_PIXELS
from resshift_desktop.core.imaging.samples import SampleType, Transfer

ModelName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Device = Annotated[str, Meta(pattern=r"^(auto|cpu|mps|cuda|cuda:[0-9]{1,2})$")]
Seed = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Pixels = Annotated[int, Meta(ge=1, le=MAX_PIXELS)]
Scale = Annotated[float, Meta(ge=1, le=MAX_SCALE)]
TileSize = Annotated[int, Meta(ge=1, le=65536)]
Quality = Annotated[int, Meta(ge=1, le=100)]
AbsolutePath = Annotated[str, Meta(min_length=1, max_length=4096, description="An absolute path.")]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Format = Literal["png", "jpeg", "webp", "tiff"]
State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]

MAX_JOBS_AT_ONCE = 10_000


class Query(Struct, frozen=True, forbid_unknown_fields=True):
    """What follows the question mark of an address."""


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends as JSON."""


class UpscaleQuery(Query, frozen=True, kw_only=True):
    """The pixels that follow, and what to make of them. At most one of scale, target_width, target_height."""

    width: Pixels
    height: Pixels
    channels: Annotated[int, Meta(ge=1, le=4)]
    sample: SampleType
    transfer: Transfer = "srgb"
    model: ModelName = "builtin"
    scale: Scale | None = None
    target_width: Pixels | None = None
    target_height: Pixels | None = None
    seed: Seed = 0
    device: Device = "auto"
    tile_size: TileSize | None = None
    mask: Annotated[int, Meta(ge=0, le=1)] = 0


class JobsQuery(Query, frozen=True, kw_only=True):
    """Which jobs: at most `limit` of those with an id above `after`, and in `state` where one is given."""

    after: Number = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200
    state: State | None = None


class EventsQuery(Query, frozen=True, kw_only=True):
    """The events after this number; without it those from now on."""

    after: Number | None = None


class NoQuery(Query, frozen=True):
    """Nothing."""


class DownloadQuery(Query, frozen=True, kw_only=True):
    """`accept_licence`: the person has seen the model's licence and accepts it. `mirror`: the address of a
    folder with the same files."""

    accept_licence: Annotated[int, Meta(ge=0, le=1)] = 0
    mirror: Annotated[str, Meta(pattern=r"^https?://", max_length=2048)] | None = None


class ImportModel(Body, frozen=True, kw_only=True):
    """Checkpoints that are here: a network's and, unless an installed model has it, its autoencoder's. `like`
    is the published model that it is, or is used like; `name` is for a model of the person's own."""

    paths: Annotated[list[AbsolutePath], Meta(min_length=1, max_length=4)]
    like: ModelName | None = None
    name: ModelName | None = None


class NewJob(Body, frozen=True, kw_only=True):
    """A picture file to upscale. At most one of scale, width and height; the format is that of the output's
    name where none is given."""

    input: AbsolutePath
    output: AbsolutePath
    format: Format | None = None
    model: ModelName = "builtin"
    scale: Scale | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    seed: Seed = 0
    device: Device = "auto"
    tile_size: TileSize | None = None
    mask: AbsolutePath | None = None
    quality: Quality = 90
    overwrite: bool = False


class NewJobs(Body, frozen=True):
    """Jobs to add at the end of the queue: all of them or, where one is wrong, none."""

    jobs: Annotated[list[NewJob], Meta(min_length=1, max_length=MAX_JOBS_AT_ONCE)]


class JobIds(Body, frozen=True):
    """Which jobs. Those that are gone already are passed over."""

    ids: Annotated[list[Number], Meta(min_length=1, max_length=MAX_JOBS_AT_ONCE)]


class Move(Body, frozen=True):
    """Where to put a queued job: before that other one, or at the end (null)."""

    before: Number | None


class Problem(Struct, frozen=True):
    """`title` says what happened, `hint` what to do about it, both for people; `kind` is for programs."""

    kind: str
    title: str
    hint: str


class ErrorAnswer(Struct, frozen=True):
    error: Problem


class JobResult(Struct, frozen=True):
    """The written file; sizes in pixels; `device` by its name for people."""

    output: str
    width: int
    height: int
    seconds: float
    device: str


class WireJob(Struct, frozen=True, kw_only=True):
    """`position` orders the queue; `seconds` were spent so far; times are unix times, for display."""

    id: int
    input: str
    output: str
    format: Format
    model: str
    scale: float | None
    width: int | None
    height: int | None
    seed: int
    device: str
    tile_size: int | None
    mask: str | None
    quality: int
    overwrite: bool
    state: State
    position: float
    fraction: float
    seconds: float
    seconds_left: float | None
    problem: Problem | None
    result: JobResult | None
    added_at: float
    finished_at: float | None


class Jobs(Struct, frozen=True):
    jobs: list[WireJob]


class JobPage(Struct, frozen=True):
    """Jobs by id. `next` is the next page's `after`; events after `seq` are news to this page."""

    jobs: list[WireJob]
    next: int | None
    seq: int
    held: bool
    counts: dict[str, int]
    seconds_left: float | None


class QueueState(Struct, frozen=True):
    """`held`: the whole queue is paused."""

    held: bool
    counts: dict[str, int]
    seconds_left: float | None


class Tile(Struct, frozen=True):
    """Where a finished tile lies, in [0, 1] of the picture; later numbers lie above earlier ones."""

    number: int
    left: float
    top: float
    width: float
    height: float


class Tiles(Struct, frozen=True):
    tiles: list[Tile]


class Model(Struct, frozen=True, kw_only=True):
    """A model that is here (`installed`), or that can be downloaded.

    `size_bytes`: what it takes on the disk, or what there is to fetch. Before it is fetched, its licence is
    to be shown and accepted; the summary is empty for models that need neither.
    """

    name: str
    title: str
    description: str
    scale: int
    licence: str
    licence_summary: str
    licence_urls: list[str]
    licence_accepted: bool
    size_bytes: int
    installed: bool
    built_in: bool
    takes_mask: bool


class Models(Struct, frozen=True):
    """Those that are here first."""

    models: list[Model]


class Health(Struct, frozen=True, kw_only=True):
    """`ready` once the engine has loaded; `problem` where it could not."""

    protocol: int
    version: str
    pid: int
    ready: bool
    problem: Problem | None
    device: str | None
    models: list[str]
    busy: bool


class Waiting(Struct, frozen=True, tag_field="event", tag="waiting"):
    """The picture waits for another one."""


class Progress(Struct, frozen=True, tag_field="event", tag="progress"):
    fraction: float
    seconds_left: float | None


class Heartbeat(Struct, frozen=True, tag_field="event", tag="heartbeat"):
    """Nothing new."""


class Result(Struct, frozen=True, kw_only=True, tag_field="event", tag="result"):
    """The last line: exactly `bytes` bytes of pixels follow, in the sample type and transfer of the input."""

    width: int
    height: int
    channels: int
    sample: SampleType
    bytes: int
    seconds: float
    device: str
    model: str
    seed: int


class Failed(Struct, frozen=True, tag_field="event", tag="failed"):
    """The last line: there is no result."""

    kind: str
    title: str
    hint: str


class Downloading(Struct, frozen=True, tag_field="event", tag="progress"):
    """The bytes are those of all the model's files together."""

    stage: Literal["download", "convert"]
    file: str
    bytes_done: int
    bytes_total: int


class Downloaded(Struct, frozen=True, tag_field="event", tag="done"):
    """The last line: the model can be used."""

    model: Model


StreamLine = Waiting | Progress | Heartbeat | Result | Failed
DownloadLine = Downloading | Heartbeat | Downloaded | Failed


def encode_line(line: StreamLine) -> bytes:
    return msgspec.json.encode(line) + b"\n"
