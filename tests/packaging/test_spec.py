"""build_app.spec on each system: read by a stand-in for PyInstaller, as only one of them is at hand."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import linux_menu
import pytest
import strip_libraries
import torch

from resshift_desktop import __version__

ROOT = Path(__file__).parents[2]


class Builder:
    """Notes what the spec asks for, under PyInstaller's names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.analyses: list[dict[str, Any]] = []
        self.programs: list[dict[str, Any]] = []
        self.bundles: list[dict[str, Any]] = []
        self.collected: list[Any] = []
        self.system_libraries: list[list[str]] = []

    def analysis(self, scripts: list[str], **options: Any) -> SimpleNamespace:
        self.analyses.append({"scripts": scripts, **options})
        return SimpleNamespace(
            scripts=scripts,
            pure=[],
            binaries=[("torch/lib/libtorch_cpu.so", "", "BINARY"), ("Qt6Qml.dll", "", "BINARY")],
            datas=[("a.txt", "", "DATA")],
            exclude_system_libraries=lambda list_of_exceptions: self.system_libraries.append(
                list_of_exceptions
            ),
        )

    def read(self) -> None:
        names = {
            "SPECPATH": str(ROOT),
            "workpath": str(self.folder / "build"),
            "Analysis": self.analysis,
            "PYZ": lambda pure: pure,
            "EXE": lambda *_, **options: self.programs.append(options),
            "COLLECT": self.collect,
            "BUNDLE": lambda *_, **options: self.bundles.append(options),
        }
        exec(compile((ROOT / "build_app.spec").read_text("utf-8"), "build_app.spec", "exec"), names)

    def collect(self, *parts: Any, name: str) -> SimpleNamespace:
        self.collected = [entry[0] for part in parts if part for entry in part]
        return SimpleNamespace(name=str(self.folder / name))


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    monkeypatch.setattr(sys, "argv", ["build_app.spec"])
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(strip_libraries, "strip_libraries", lambda _app: None)
    monkeypatch.setattr(linux_menu, "add_menu_entries", lambda _root, _app: None)
    monkeypatch.delenv("RESSHIFT_RELEASES", raising=False)
    return Builder(tmp_path)


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_two_programs_in_one_folder(builder: Builder, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    builder.read()
    consoles = {program["name"]: program["console"] for program in builder.programs}
    assert consoles == {"resshift-desktop": False, "resshift": True}
    for analysis in builder.analyses:
        assert all(Path(script).is_file() for script in analysis["scripts"])
        assert all(Path(source).is_file() for source, _ in analysis["datas"])
        assert "sympy" in analysis["excludes"]
    assert set(builder.collected) == {"torch/lib/libtorch_cpu.so", "a.txt"}
    assert len(builder.bundles) == (system == "darwin")
    assert len(builder.system_libraries) == (2 if system == "linux" else 0)
    for program in builder.programs:
        assert (program["icon"] is None) == (system == "linux")
        assert program["icon"] is None or Path(program["icon"]).stat().st_size > 10_000
        assert Path(program["entitlements_file"]).is_file()


def test_windows_shows_the_version(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    builder.read()
    for program in builder.programs:
        text = Path(program["version"]).read_text("utf-8")
        compile(text, program["version"], "eval")
        assert f"StringStruct('ProductVersion', '{__version__}')" in text
        assert "longPathAware" in Path(program["manifest"]).read_text("utf-8")


def test_macos_knows_pictures_and_links(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    builder.read()
    (bundle,) = builder.bundles
    assert bundle["version"] == __version__
    assert bundle["bundle_identifier"] == "io.github.resshift_desktop.resshift"
    info = bundle["info_plist"]
    assert "public.jpeg" in info["CFBundleDocumentTypes"][0]["LSItemContentTypes"]
    assert info["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["resshift"]


@pytest.mark.parametrize(("asked", "is_there"), [(True, False), (False, True)])
def test_another_torch_than_was_asked_for_is_refused(
    builder: Builder, monkeypatch: pytest.MonkeyPatch, asked: bool, is_there: bool
) -> None:
    monkeypatch.setattr(sys, "argv", ["build_app.spec", *(["--cuda"] if asked else [])])
    monkeypatch.setattr(torch.version, "cuda", "13.0" if is_there else None)
    with pytest.raises(SystemExit, match="is not made for"):
        builder.read()
    assert builder.analyses == []


def test_the_feed_of_releases_goes_along(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSHIFT_RELEASES", "https://example.org/latest")
    builder.read()
    notes = [source for source, _ in builder.analyses[0]["datas"] if source.endswith("releases.json")]
    assert [Path(note).read_text("utf-8") for note in notes] == ['{"feed": "https://example.org/latest"}']
