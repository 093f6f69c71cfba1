"""Which files count as pictures."""

from pathlib import Path

import pytest

from resshift_desktop.gui.importing import Importer, find_pictures


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.png", "A.TIFF", "notes.txt", ".hidden.jpg", "sub/c.webp", ".cache/d.png", "photo"):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "tree"


@pytest.mark.parametrize(
    ("given", "found", "left_out"),
    [
        (["."], ["A.TIFF", "b.png", "c.webp"], []),
        (["b.png", "."], ["b.png", "A.TIFF", "c.webp"], []),
        (["b.png", "b.png"], ["b.png"], []),
        (["notes.txt"], [], ["notes.txt"]),
        (["photo"], ["photo"], []),
        ([".hidden.jpg"], [".hidden.jpg"], []),
        (["missing.png"], ["missing.png"], []),
    ],
)
def test_find_pictures(tree: Path, given: list[str], found: list[str], left_out: list[str]) -> None:
    passed_over: list[Path] = []
    paths = find_pictures([tree / name for name in given], passed_over)
    assert [path.name for path in paths] == found
    assert [path.name for path in passed_over] == left_out


def test_a_folder_that_holds_itself_ends(tree: Path) -> None:
    (tree / "sub" / "loop").symlink_to(tree)
    assert len(list(find_pictures([tree], []))) == 3


@pytest.mark.parametrize(("count", "text"), [(1, "0.txt is not a kind"), (3, "3 files are not of a kind")])
def test_what_was_left_out_is_told(count: int, text: str) -> None:
    importer = Importer()
    assert importer.not_taken([Path(f"{number}.txt") for number in range(count)]).title.startswith(text)
    importer.close()
