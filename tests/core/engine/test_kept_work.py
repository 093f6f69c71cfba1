"""Work that is broken off, at any moment and in any way, goes on and ends with the identical file."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resshift_desktop.core.engine import kept_work
from resshift_desktop.core.engine.kept_work import (
    TileStore,
    file_facts,
    note_written,
    take_up,
    written_before,
)
from resshift_desktop.core.engine.request import TargetSize, TilePreview, UpscaleProgress, UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.errors import Cancelled, ImageWriteError
from tests.core.engine.conftest import Ask, picture_like


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program handles it (the real one: tests/bridge)."""


def silent(_: object) -> None:
    pass


def undisturbed(engine: Engine, request: UpscaleRequest) -> bytes:
    """The file, which is removed again."""
    engine.upscale(request, silent, lambda: False)
    content = request.output.read_bytes()
    request.output.unlink()
    return content


def finish(engine: Engine, request: UpscaleRequest, folder: Path) -> bytes:
    result = engine.upscale(request, silent, lambda: False, folder)
    assert result.output == request.output
    assert [path.name for path in request.output.parent.glob(".resshift-*")] == []
    return request.output.read_bytes()


CASES = [
    ({}, 3),
    ({}, 4),  # with alpha
    ({"size": TargetSize(scale=6)}, 3),  # two passes
]


@pytest.mark.parametrize(("fields", "bands"), CASES)
def test_cancelled_again_and_again(
    engine: Engine, ask: Ask, tmp_path: Path, fields: dict[str, object], bands: int
) -> None:
    request = ask(picture_like(40, 72, bands), **fields)
    expected = undisturbed(engine, request)
    folder = tmp_path / "kept"
    sittings = 0
    while not request.output.exists():
        sittings += 1
        asked = itertools.count()

        def cancel(asked: Iterator[int] = asked, limit: int = 150 + 20 * sittings) -> bool:
            return next(asked) > limit  # a tile or two; at last all that cannot be broken off must fit in

        try:
            engine.upscale(request, silent, cancel, folder)
        except Cancelled:
            assert sittings < 60
    assert sittings > 2
    assert request.output.read_bytes() == expected


@contextmanager
def killed_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Die just before, or just after, one of the writes that keep work."""
    done = 0
    write_whole = kept_work._write_whole

    def dying(path: Path, content: bytes) -> None:
        nonlocal done
        if done == writes:
            path.with_name(path.name + ".part").write_bytes(content[: len(content) // 2])
            raise Killed
        write_whole(path, content)
        done += 1

    with monkeypatch.context() as patch:
        patch.setattr(kept_work, "_write_whole", dying)
        yield


@pytest.mark.parametrize(("fields", "bands"), CASES)
def test_killed_at_every_write(
    engine: Engine, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, object], bands: int,
) -> None:  # fmt: skip
    request = ask(picture_like(40, 24, bands), **fields)
    expected = undisturbed(engine, request)
    writes = 0
    while not request.output.exists():
        folder = tmp_path / f"kept-{writes}"
        try:
            with killed_after(writes, monkeypatch):
                engine.upscale(request, silent, lambda: False, folder)
        except Killed:
            assert finish(engine, request, folder) == expected
            request.output.unlink()
            writes += 1
    assert writes > 4
    assert request.output.read_bytes() == expected


@pytest.mark.parametrize("moment", ["before it has its name", "after it has its name"])
def test_killed_while_the_result_gets_its_name(
    engine: Engine, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    request = ask(picture_like(20, 20))
    expected = undisturbed(engine, request)
    hardlink_to = Path.hardlink_to

    def dying(self: Path, target: Path) -> None:
        if moment.startswith("after"):
            hardlink_to(self, target)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "hardlink_to", dying)
        patch.setattr(Path, "unlink", lambda self, missing_ok=False: None)  # noqa: ARG005
        with pytest.raises(Killed):
            engine.upscale(request, silent, lambda: False, tmp_path / "kept")
    before = file_facts(request.output) if moment.startswith("after") else None
    assert finish(engine, request, tmp_path / "kept") == expected
    if before is not None:
        assert file_facts(request.output) == before  # it was not made again


def cancelled_after(engine: Engine, request: UpscaleRequest, folder: Path, fraction: float) -> None:
    last = 0.0

    def on_progress(progress: UpscaleProgress) -> None:
        nonlocal last
        last = progress.fraction

    with pytest.raises(Cancelled):
        engine.upscale(request, on_progress, lambda: last > fraction, folder)


def damage_a_tile(folder: Path) -> None:
    tile = next(folder.rglob("*.tile"))
    content = bytearray(tile.read_bytes())
    content[len(content) // 2] ^= 1
    tile.write_bytes(content)


def shorten_a_tile(folder: Path) -> None:
    tile = next(folder.rglob("*.tile"))
    tile.write_bytes(tile.read_bytes()[:100])


def shorten_the_canvas(folder: Path) -> None:
    canvas = folder / "0" / "colour.raw"
    canvas.write_bytes(canvas.read_bytes()[:-1])


def lose_the_canvas(folder: Path) -> None:
    (folder / "0" / "colour.raw").unlink()


def empty_the_note(folder: Path) -> None:
    (folder / "begun.json").write_bytes(b"")


def empty_the_mark(folder: Path) -> None:
    (folder / "0" / "colour-tiles" / "rows_on_canvas").write_bytes(b"")


@pytest.mark.parametrize(
    "damage",
    [damage_a_tile, shorten_a_tile, shorten_the_canvas, lose_the_canvas, empty_the_note, empty_the_mark],
)
def test_what_a_power_cut_may_leave(
    engine: Engine, ask: Ask, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    request = ask(picture_like(72, 40))
    expected = undisturbed(engine, request)
    folder = tmp_path / "kept"
    cancelled_after(engine, request, folder, 0.6)
    damage(folder)
    assert finish(engine, request, folder) == expected


def test_another_seed_begins_anew(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    request = ask(picture_like(40, 72))
    other = replace(request, seed=1)
    expected = undisturbed(engine, other)
    cancelled_after(engine, request, tmp_path / "kept", 0.6)
    assert finish(engine, other, tmp_path / "kept") == expected


def test_a_changed_input_begins_anew(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    cancelled_after(engine, ask(picture_like(40, 72)), tmp_path / "kept", 0.6)
    request = ask(picture_like(40, 72, seed=1))
    expected = undisturbed(engine, request)
    assert finish(engine, request, tmp_path / "kept") == expected


def test_finished_tiles_are_not_computed_again(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    request = ask(picture_like(40, 72))
    whole: list[UpscaleProgress] = []
    engine.upscale(request, whole.append, lambda: False)
    request.output.unlink()
    seen: list[UpscaleProgress] = []
    cancelled_after(engine, request, tmp_path / "kept", 0.6)
    engine.upscale(request, seen.append, lambda: False, tmp_path / "kept")
    assert len(seen) < 0.6 * len(whole)
    assert seen[0].seconds_left is None  # nothing has been computed yet in this sitting
    assert [step.fraction for step in seen] == sorted(step.fraction for step in seen)
    assert seen[-1].fraction == 1


def test_no_more_is_kept_than_needed(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    """Tiles of the row in work, and of the one above."""
    request = ask(picture_like(120, 40))
    most = 0

    def count(_progress: UpscaleProgress) -> None:
        nonlocal most
        most = max(most, len({path.name for path in (tmp_path / "kept").rglob("*.tile")}))

    engine.upscale(request, count, lambda: False, tmp_path / "kept")
    columns = 2
    assert most <= 3 * columns  # for a moment, with the row just finished
    assert not list((tmp_path / "kept").rglob("*.tile"))


def test_previews_cover_the_picture(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    lq = picture_like(40, 72)
    tiles: list[TilePreview] = []
    request = ask(lq)
    engine.upscale(request, silent, lambda: False, tmp_path / "kept", tiles.append)
    covered = np.zeros((40, 72), bool)
    for tile in tiles:
        x, y, w, h = (
            round(tile.left * 72), round(tile.top * 40), round(tile.width * 72), round(tile.height * 40)
        )  # fmt: skip
        assert tile.pixels.shape == (4 * h, 4 * w, 3)
        means = tile.pixels.reshape(h, 4, w, 4, 3).mean(axis=(1, 3))
        assert np.abs(means - lq[y : y + h, x : x + w]).mean() < 16
        covered[y : y + h, x : x + w] = True
    assert covered.all()
    assert sorted(tile.number for tile in tiles) == list(range(len(tiles)))


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ImageWriteError, match="No space left"):
        TileStore(tmp_path).save(0, 0, np.zeros((4, 4, 3), np.float32))
    assert list(tmp_path.iterdir()) == []


def test_a_tile_of_another_shape_is_not_taken(tmp_path: Path) -> None:
    store = TileStore(tmp_path)
    tile = np.random.default_rng(0).random((4, 8, 3), np.float32)
    store.save(2, 5, tile)
    np.testing.assert_array_equal(store.load(2, 5, (4, 8, 3)), tile)
    assert store.load(2, 5, (4, 4, 3)) is None
    assert store.load(2, 4, (4, 8, 3)) is None


def test_choices_are_those_of_the_beginning(tmp_path: Path) -> None:
    first = take_up(tmp_path / "kept", {"seed": 1}, {"tile_size": 64})
    (tmp_path / "kept" / "tile").touch()
    assert first == take_up(tmp_path / "kept", {"seed": 1}, {"tile_size": 32}) == {"tile_size": 64}
    assert (tmp_path / "kept" / "tile").exists()
    assert take_up(tmp_path / "kept", {"seed": 2}, {"tile_size": 32}) == {"tile_size": 32}
    assert not (tmp_path / "kept" / "tile").exists()


def test_a_result_is_known_again_under_its_name(tmp_path: Path) -> None:
    part, output = tmp_path / "part", tmp_path / "out.png"
    part.write_bytes(b"picture")
    note_written(tmp_path, part, {"width": 8})
    assert written_before(tmp_path, output) is None
    output.hardlink_to(part)
    part.unlink()
    assert written_before(tmp_path, output) == {"width": 8}
    output.write_bytes(b"another")
    assert written_before(tmp_path, output) is None
