"""The measurement runs real cores, here with little to do."""

from pathlib import Path

import pytest

from resshift_desktop.lab.bench_bridge import measure_bridge


def test_every_figure_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path / "of-the-person"))
    figures = measure_bridge(megapixels=1, jobs=20, times=1)
    assert figures.picture_bytes == 3_000_000
    assert min(figures.start_ratio, figures.up_bytes_per_second, figures.down_bytes_per_second) > 0
    assert figures.jobs_per_second > 0
    assert not (tmp_path / "of-the-person").exists()
