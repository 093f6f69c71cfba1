from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.editors.krita_settings import disable, enable, is_enabled, resource_folder

WORDS = st.sampled_from(
    [
        b"[python]",
        b"[qt]",
        b"enable_other=true",
        b"theme=\xff\x00dark",
        b"",
        b" a = b ",
        b"enable_resshift_2=true",
    ]
)
ENDS = st.sampled_from([b"\n", b"\r\n"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    end = draw(ENDS)
    return b"".join(word + end for word in draw(st.lists(WORDS, max_size=8)))


@given(files())
def test_everything_else_stays(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    path = tmp_path_factory.mktemp("home") / "kritarc"
    path.write_bytes(text)
    assert not is_enabled(path)
    enable(path)
    assert is_enabled(path)
    lines = path.read_bytes().splitlines()
    assert lines.count(b"enable_resshift=true") == 1
    assert [line for line in lines if line != b"enable_resshift=true"][
        : len(text.splitlines())
    ] == text.splitlines()
    once = path.read_bytes()
    enable(path)
    assert path.read_bytes() == once
    disable(path)
    left = path.read_bytes() if path.exists() else b""
    # A group of that name at the end with nothing in it means nothing.
    assert left in (text, text.removesuffix(b"[python]\n").removesuffix(b"[python]\r\n"))


@pytest.mark.parametrize(
    ("text", "enabled"),
    [
        ("", False),
        ("enable_resshift=true\n", False),
        ("[qt]\nenable_resshift=true\n", False),
        ("[python]\nenable_resshift=true\n", True),
        ("[python]\nenable_resshift = true", True),
        ("[python]\nenable_resshift=false\n", False),
        ("[python]\nenable_resshift=false\nenable_resshift=true\n", True),
        ("[python]\nenable_resshift=true\n[qt]\n[python]\nenable_resshift=false\n", False),
        ("[python][sub]\nenable_resshift=true\n", False),
    ],
)
def test_whatever_it_was_it_can_be_turned_on_and_off(tmp_path: Path, text: str, enabled: bool) -> None:
    path = tmp_path / "kritarc"
    path.write_text(text, "utf-8")
    assert is_enabled(path) == enabled
    enable(path)
    assert is_enabled(path)
    disable(path)
    assert not is_enabled(path)


def test_without_a_file_one_is_made_and_goes_again(tmp_path: Path) -> None:
    path = tmp_path / "config" / "kritarc"
    enable(path)
    assert path.read_bytes() == b"[python]\nenable_resshift=true\n"
    disable(path)
    assert not path.exists()
    disable(path)


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles"
    real.write_text("a=b\n", "utf-8")
    real.chmod(0o640)
    path = tmp_path / "kritarc"
    path.symlink_to(real)
    enable(path)
    assert path.is_symlink()
    assert is_enabled(real)
    assert real.stat().st_mode & 0o777 == 0o640
    assert {one.name for one in tmp_path.iterdir()} == {"dotfiles", "kritarc"}


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("ResourceDirectory=/pictures/krita\n[python]\n", "/pictures/krita"),
        ("[General]\nResourceDirectory=/elsewhere\n", None),
        ("ResourceDirectory=\n", None),
        ("", None),
    ],
)
def test_the_folder_that_was_chosen_in_krita(tmp_path: Path, text: str, folder: str | None) -> None:
    path = tmp_path / "kritarc"
    path.write_text(text, "utf-8")
    assert resource_folder(path) == (Path(folder) if folder else None)
