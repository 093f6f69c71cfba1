import json
import logging
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.settings import Settings, load_settings, save_settings


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def put(data: Path, text: str) -> None:
    data.mkdir(exist_ok=True)
    (data / "settings.json").write_text(text, "utf-8")


def test_nothing_set_yet(caplog: pytest.LogCaptureFixture) -> None:
    assert load_settings() == Settings(idle_minutes=10, keep_awake=True, low_priority=True)
    assert caplog.text == ""


def test_what_is_saved_is_loaded(data: Path) -> None:
    wanted = Settings(idle_minutes=2.5, keep_awake=False, low_priority=False)
    save_settings(wanted)
    assert load_settings() == wanted
    assert [path.name for path in data.iterdir()] == ["settings.json"]
    assert stat.S_IMODE((data / "settings.json").stat().st_mode) == 0o600


def test_unknown_keys_are_kept_out(data: Path) -> None:
    put(data, '{"idle_minutes": 3, "colour": "red"}')
    assert load_settings() == Settings(idle_minutes=3)
    save_settings(load_settings())
    assert "colour" not in json.loads((data / "settings.json").read_text("utf-8"))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"idle_minutes"', "3", "\x00", "[" * 100_000])
def test_a_broken_file(data: Path, caplog: pytest.LogCaptureFixture, text: str) -> None:
    put(data, text)
    with caplog.at_level(logging.WARNING):
        assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"idle_minutes": 0, "keep_awake": false}', "idle_minutes"),
        ('{"idle_minutes": -1, "keep_awake": false}', "idle_minutes"),
        ('{"idle_minutes": NaN, "keep_awake": false}', "idle_minutes"),
        ('{"idle_minutes": Infinity, "keep_awake": false}', "idle_minutes"),
        ('{"idle_minutes": "10", "keep_awake": false}', "idle_minutes"),
        ('{"idle_minutes": true, "keep_awake": false}', "idle_minutes"),
        ('{"low_priority": 1, "keep_awake": false}', "low_priority"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_and_the_others_count(
    data: Path, caplog: pytest.LogCaptureFixture, text: str, named: str
) -> None:
    put(data, text)
    assert load_settings() == Settings(keep_awake=False)
    assert named in caplog.text


def test_a_failed_save_keeps_what_was_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(Settings(idle_minutes=7))

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_settings(Settings(idle_minutes=8))
    assert load_settings() == Settings(idle_minutes=7)
    assert [path.name for path in data.iterdir()] == ["settings.json"]


VALUES = st.none() | st.booleans() | st.floats() | st.integers() | st.text()
NAMES = st.sampled_from(["idle_minutes", "keep_awake", "low_priority"]) | st.text()


@given(VALUES | st.lists(VALUES) | st.dictionaries(NAMES, VALUES))
def test_whatever_is_in_the_file_the_settings_make_sense(values: object) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESSHIFT_DATA", folder)
        put(Path(folder), json.dumps(values))
        loaded = load_settings()
    assert 0 < loaded.idle_minutes < float("inf")
    assert {type(loaded.keep_awake), type(loaded.low_priority)} == {bool}
