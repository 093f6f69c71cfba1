from pathlib import Path

import pytest

from resshift_desktop import paths
from tests.cli.conftest import Resshift, one_line


def test_list_names_what_is_here(resshift: Resshift) -> None:
    result = resshift("models", "list")
    assert (result.code, result.err) == (0, "")
    first = result.out.splitlines()[0]
    assert first.startswith("builtin  x4  ")
    assert "MB" in first


def test_list_tells_of_missing_weights(
    resshift: Resshift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = paths.resources_folder() / "models" / "builtin.json"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "builtin.json").write_bytes(card.read_bytes())
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    result = resshift("models", "list")
    assert result.code == 0
    assert "weights missing" in result.out


def test_list_tells_of_a_damaged_card(
    resshift: Resshift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "builtin.json").write_text("{")
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    result = resshift("models", "list")
    assert (result.code, result.out) == (1, "")
    assert "builtin.json" in one_line(result.err)
    assert "Reinstall" in result.err
