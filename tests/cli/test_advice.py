"""The core advises in words that are true everywhere; the command says what to type."""

import re
from pathlib import Path
from typing import get_args

import pytest

import resshift_desktop
from resshift_desktop.cli.advice import REMEDIES, told
from resshift_desktop.errors import Remedy, ResShiftError
from tests.cli.conftest import Resshift

PACKAGE = Path(resshift_desktop.__file__).parent
SHARED = [PACKAGE / "core", PACKAGE / "bridge" / "server"]


def test_every_remedy_has_its_option_or_command() -> None:
    assert set(REMEDIES) == set(get_args(Remedy))


@pytest.mark.parametrize("typed", REMEDIES.values())
def test_what_is_to_be_typed_exists(resshift: Resshift, typed: str) -> None:
    pages = [("upscale",), ("models",), ("models", "download"), ("models", "import")]
    helps = " ".join(resshift(*page, "--help").out for page in pages)
    *_, name = (word for word in typed.split() if word.islower())
    assert name in helps.split()


def test_what_the_app_says_too_names_no_option_and_no_command() -> None:
    typed = re.compile(r"(?<![\w-])--[a-z]|resshift (models|upscale)")
    sources = [path for folder in SHARED for path in folder.rglob("*.py")]
    assert len(sources) > 50
    assert [path.name for path in sources if typed.search(path.read_text(encoding="utf-8"))] == []


def test_told() -> None:
    assert told(ResShiftError("No memory.", "Choose another device.", "another device")) == (
        "No memory. Choose another device. (--device)"
    )
    assert told(ResShiftError("No.", "Wait.")) == "No. Wait."
    assert told(ResShiftError("No.")) == "No."
