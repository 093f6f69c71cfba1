"""What the app is asked to open, above all by links, which may come from anybody."""

from pathlib import Path

import pytest

from resshift_desktop.gui.open_requests import OpenRequest, open_request


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("resshift://models", "models"),
        ("resshift:models", "models"),
        ("RESSHIFT://MODELS", "models"),
        ("resshift://models/realsr-v3?download=1", "models"),
        ("resshift://", ""),
        ("resshift:", ""),
        ("resshift://open?file=/etc/passwd", ""),
        ("resshift:///etc/passwd", ""),
        ("resshift://upscale/home", ""),
        ("resshift://settings", ""),
        ("resshift://[", ""),
    ],
)
def test_a_link_shows_the_window_or_the_models_and_names_no_files(word: str, page: str) -> None:
    assert open_request([word]) == OpenRequest(page=page)


def test_all_else_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["a.png", "/b c.jpg", "resshift.png", "resshift://models"]
    files = (tmp_path / "a.png", Path("/b c.jpg").absolute(), tmp_path / "resshift.png")
    assert open_request(words) == OpenRequest(files, "models")
