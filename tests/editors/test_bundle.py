"""What the plugins consist of, and that they need nothing but their host and the standard library."""

import ast
import io
import json
import stat
import sys
import tokenize
import zipfile
from pathlib import Path

import pytest

from resshift_desktop import __version__
from resshift_desktop.editors.bundle import (
    CARRIED,
    STAMP,
    Editor,
    inside,
    main,
    plugin_files,
    write_zip,
    zip_name,
)

ROOT = Path(__file__).parents[2]
BRIDGE = ROOT / "resshift_desktop" / "bridge"
HOST_API = {Editor.GIMP: {"gi"}, Editor.KRITA: {"krita", "PyQt5", "PyQt6"}}
MOST_LINES = 250

editors = pytest.mark.parametrize("editor", Editor)


def sources(editor: Editor) -> dict[str, str]:
    """The Python files of a plugin, by their path below its own folder."""
    return {n: d.decode() for n, d in inside(editor, plugin_files(editor)).items() if n.endswith(".py")}


def imports(source: str) -> set[str]:
    """The first names of all that a module imports; those of its own package begin with a point."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or "").split(".")[0])
    return found


@editors
def test_a_plugin_imports_nothing_but_its_host_and_the_standard_library(editor: Editor) -> None:
    own = {name.split("/")[0].removesuffix(".py") for name in sources(editor)}
    allowed = sys.stdlib_module_names | HOST_API[editor] | own
    for name, source in sources(editor).items():
        absolute = {module for module in imports(source) if not module.startswith(".")}
        assert absolute <= (allowed if not name.startswith("bridge/") else sys.stdlib_module_names), name


@editors
def test_the_bridge_is_carried_whole(editor: Editor) -> None:
    """What the carried files import of their package is carried too, as it is."""
    carried = {name.removeprefix("bridge/"): s for name, s in sources(editor).items() if "/" in name}
    assert carried == {name: (BRIDGE / name).read_text("utf-8") for name in CARRIED}
    for source in carried.values():
        relative = {module[1:] for module in imports(source) if module.startswith(".")}
        assert {f"{module}.py" for module in relative} <= carried.keys()


@editors
def test_a_plugin_is_python_3_9(editor: Editor) -> None:
    for name, source in sources(editor).items():
        ast.parse(source, name, feature_version=(3, 9))
    assert {"client.py", "launcher.py"} <= {Path(name).name for name in sources(editor)}


def code_lines(source: str) -> int:
    """How many lines hold code: more than blanks, comments and docstrings."""
    blank = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in {*blank, tokenize.ENDMARKER}:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def test_lines_of_code() -> None:
    assert code_lines('"""What\n\nfor."""\n\n# Why.\na = [\n    1,\n]  # so\n') == 3


@editors
def test_a_plugin_is_thin(editor: Editor) -> None:
    """What is the host's own is under 250 lines of code; blank lines, comments and docstrings are free."""
    own = {name: source for name, source in sources(editor).items() if not name.startswith("bridge/")}
    assert 0 < sum(code_lines(source) for source in own.values()) < MOST_LINES


@editors
def test_it_says_what_belongs_to_it(editor: Editor) -> None:
    files = inside(editor, plugin_files(editor))
    stamp = json.loads(files[STAMP])
    assert stamp == {"version": __version__, "files": sorted(files.keys() - {STAMP})}
    assert not any("__pycache__" in name or "\\" in name for name in files)


def test_gimps_program_has_its_folders_name() -> None:
    assert "resshift/resshift.py" in plugin_files(Editor.GIMP)
    assert plugin_files(Editor.GIMP)["resshift/resshift.py"].startswith(b"#!")


def test_kritas_plugin_can_be_found() -> None:
    files = plugin_files(Editor.KRITA)
    assert {
        "pykrita/resshift.desktop",
        "pykrita/resshift/__init__.py",
        "actions/resshift.action",
    } <= files.keys()
    assert b"X-KDE-Library=resshift\n" in files["pykrita/resshift.desktop"]


@editors
def test_a_zip_has_every_file_and_folder(editor: Editor, tmp_path: Path) -> None:
    write_zip(editor, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert {n: archive.read(n) for n in names if not n.endswith("/")} == plugin_files(editor)
        assert f"{editor.module}/" in names
        assert len(names) == len(set(names))
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    programs = [name for name, mode in modes.items() if stat.S_ISREG(mode) and mode & 0o111]
    assert programs == (["resshift/resshift.py"] if editor is Editor.GIMP else [])


@editors
def test_a_zip_is_the_same_each_time(editor: Editor, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_zip(editor, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_both_zips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(tmp_path / "new" / "dist")
    expected = [tmp_path / "new" / "dist" / zip_name(editor) for editor in Editor]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in expected]
    assert all(path.is_file() for path in expected)
