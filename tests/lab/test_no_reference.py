"""The metrics of pyiqa are optional, and say so."""

import sys
from types import SimpleNamespace
from urllib.error import URLError

import pytest

from resshift_desktop.errors import UsageError, WeightsError
from resshift_desktop.lab.no_reference import NAMES, load_no_reference


def test_without_pyiqa_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyiqa", None)  # how Python marks a module that is not to be had
    with pytest.raises(UsageError, match=r"need the package pyiqa.*\[metrics\]"):
        load_no_reference()


def test_without_a_connection_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def create_metric(name: str, device: str) -> None:
        raise URLError(f"{name} on {device}: no route to host")

    monkeypatch.setitem(sys.modules, "pyiqa", SimpleNamespace(create_metric=create_metric))
    with pytest.raises(WeightsError, match=r"CLIPIQA cannot be fetched.*no route.*--no-reference"):
        load_no_reference()


def test_all_three_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        sys.modules, "pyiqa", SimpleNamespace(create_metric=lambda name, device: (name, device))
    )
    assert load_no_reference() == {name: (name, "cpu") for name in NAMES}
