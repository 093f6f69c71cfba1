"""The measurement starts the real app, here with little to do."""

from pathlib import Path

import pytest

from resshift_desktop.lab.bench_app import measure_app, to_text


def test_every_figure_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path / "of-the-person"))
    figures = measure_app(times=1, files=5, megapixels=1, idle_seconds=0.5)
    assert min(figures.first_paint, figures.bare_first_paint, figures.list_shown) > 0
    assert min(figures.worst_block, figures.idle_block) > 0
    assert figures.idle_cpu >= 0
    assert "5 files dropped" in to_text(figures)
    assert not (tmp_path / "of-the-person").exists()
