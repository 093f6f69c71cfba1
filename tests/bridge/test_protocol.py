import ast
import json
import os
import stat
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.bridge import protocol
from resshift_desktop.bridge.protocol import BridgeError, Connection, connection_path, core_command_path
from resshift_desktop.json_file import write_json

FOLDER = Path(protocol.__file__).parent
COPIED = ["protocol", "client", "launcher"]
CONNECTION = Connection(protocol=1, port=50000, token="secret", pid=4711, version="1.2.3", started=1.5e9)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound connection file."""
    path = tmp_path / "data" / "connection.json"
    write_json(path, asdict(CONNECTION))
    return path


@pytest.mark.parametrize("name", COPIED)
def test_what_plugins_carry_needs_only_the_standard_library(name: str) -> None:
    tree = ast.parse((FOLDER / f"{name}.py").read_text("utf-8"), feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").partition(".")[0] in sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom) and node.level > 0:
            assert (node.level, node.module) in [(1, other) for other in COPIED]


@pytest.mark.parametrize("name", COPIED)
def test_annotations_newer_than_python_3_9_are_not_evaluated(name: str) -> None:
    tree = ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))
    assert any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    unions = [
        node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)
    ]
    annotated = {id(part) for note in _annotations(tree) for part in ast.walk(note)}
    assert [
        ast.unparse(node) for node in unions if "None" in ast.unparse(node) and id(node) not in annotated
    ] == []


def _annotations(tree: ast.AST) -> list[ast.expr]:
    notes = [getattr(node, "annotation", None) for node in ast.walk(tree)]
    notes += [getattr(node, "returns", None) for node in ast.walk(tree)]
    return [note for note in notes if note is not None]


def test_a_sound_file(path: Path) -> None:
    assert Connection.read(path) == CONNECTION
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_field_more_is_no_harm(path: Path) -> None:
    write_json(path, {**asdict(CONNECTION), "colour": "red"})
    assert Connection.read(path) == CONNECTION


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="not running") as raised:
        Connection.read(tmp_path / "none.json")
    assert raised.value.kind == "NoCore"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666, 0o777])
def test_a_file_that_others_may_use(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(BridgeError) as raised:
        Connection.read(path)
    assert raised.value.kind == "UnsafeFile"


def test_a_file_of_another_user(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(BridgeError) as raised:
        Connection.read(path)
    assert raised.value.kind == "UnsafeFile"


def test_a_link_to_a_file(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(BridgeError, match="cannot be read"):
        Connection.read(link)


def test_a_pipe_in_its_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(BridgeError, match="cannot be read"):
        Connection.read(tmp_path / "pipe")


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(BridgeError, match="cannot be read"):
        Connection.read(tmp_path / "folder")


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0}, {"port": 65536}, {"port": -1}, {"port": "80"}, {"port": 80.5}, {"port": True},
        {"port": None}, {"pid": 0}, {"pid": "1"}, {"protocol": 0}, {"protocol": "1"}, {"token": ""},
        {"token": 5}, {"token": "a\r\nHost: b"}, {"token": "\x00"}, {"token": "ä"}, {"version": 1},
        {"version": "1\n2"}, {"started": "now"}, {"started": None},
    ],
)  # fmt: skip
def test_values_that_make_no_sense(path: Path, wrong: dict[str, object]) -> None:
    write_json(path, {**asdict(CONNECTION), **wrong})
    with pytest.raises(BridgeError) as raised:
        Connection.read(path)
    assert raised.value.kind == "BadAnswer"


@pytest.mark.parametrize("missing", list(asdict(CONNECTION)))
def test_a_value_missing(path: Path, missing: str) -> None:
    write_json(path, {name: value for name, value in asdict(CONNECTION).items() if name != missing})
    with pytest.raises(BridgeError, match="cannot be read"):
        Connection.read(path)


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.just(b"[" * 60_000) | st.just(b" " * 70_000))
def test_garbage_in_the_file(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    path = tmp_path_factory.mktemp("data") / "connection.json"
    path.touch(mode=0o600)
    path.write_bytes(garbage)
    with pytest.raises(BridgeError) as raised:
        Connection.read(path)
    assert raised.value.kind == "BadAnswer"
    assert raised.value.hint


@pytest.mark.parametrize(
    ("system", "environment", "place"),
    [
        ("linux", {"HOME": "/h"}, "/h/.local/share/ResShift"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/h/.local/share/ResShift"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/ResShift"),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/local"}, "/local/ResShift"),
        ("win32", {"HOME": "/h"}, "/h/AppData/Local/ResShift"),
        ("linux", {"HOME": "/h", "RESSHIFT_DATA": "/data"}, "/data"),
    ],
)
def test_where_the_file_is(
    monkeypatch: pytest.MonkeyPatch, system: str, environment: dict[str, str], place: str
) -> None:
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(sys, "platform", system)
    assert connection_path() == Path(place) / "connection.json"
    assert core_command_path() == Path(place) / "core.json"


def test_where_the_file_is_told_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSHIFT_DATA", "/data")
    monkeypatch.setenv("RESSHIFT_CONNECTION", "/elsewhere/c.json")
    assert connection_path() == Path("/elsewhere/c.json")


def test_a_file_is_replaced_as_a_whole(path: Path) -> None:
    path.chmod(0o444)
    write_json(path, {"port": 1})
    assert json.loads(path.read_text("utf-8")) == {"port": 1}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
