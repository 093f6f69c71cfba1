"""`resshift plugins` on the terminal."""

import json
import sys
from collections.abc import Callable, Sequence

from resshift_desktop import __version__
from resshift_desktop.editors import install as installing
from resshift_desktop.editors.bundle import Editor
from resshift_desktop.editors.folders import Place, find_places
from resshift_desktop.editors.install import State, Status, status
from resshift_desktop.errors import ResShiftError


def print_status(as_json: bool) -> None:
    """The plugin of every editor that is found, a line each.

    Raises:
        PluginError: a file cannot be read.
    """
    places = find_places()
    for place in places:
        found = status(place)
        if as_json:
            _print_json(found)
        else:
            print(f"{place.title}: {_words(found)}.  {place.folder}")
    for editor in Editor:
        if not as_json and all(place.editor is not editor for place in places):
            print(f"{editor.label}: not found. If it is on this computer, start it once.")


def install_plugins(editors: Sequence[Editor]) -> bool:
    """Install in every place of these editors, of all without; whether all went well."""

    def install(place: Place) -> None:
        installing.install(place)
        print(f"{place.title}: installed {__version__}. Restart {place.editor.label}.")

    return _each(_places(editors), install)


def remove_plugins(editors: Sequence[Editor]) -> bool:
    """Remove from every place of these editors, of all without; whether all went well."""

    def remove(place: Place) -> None:
        was_there = status(place).state not in (State.ABSENT, State.NOT_STARTED)
        kept = installing.remove(place)
        print(f"{place.title}: {'removed' if was_there else 'was not installed'}.")
        for path in kept:
            print(f"Not ResShift's, so it stays: {path}")

    return _each(_places(editors), remove)


def _places(editors: Sequence[Editor]) -> list[Place]:
    wanted = editors or list(Editor)
    places = [place for place in find_places() if place.editor in wanted]
    if not places:
        names = " or ".join(editor.label for editor in wanted)
        raise ResShiftError(f"No {names} was found.", "Start the editor once, then try again.")
    return places


def _each(places: Sequence[Place], work: Callable[[Place], None]) -> bool:
    """What cannot be done in one place is told, and the others are done."""
    sound = True
    for place in places:
        try:
            work(place)
        except ResShiftError as error:
            sound = False
            print(f"{place.title}: {error}", file=sys.stderr)
    return sound


def _words(found: Status) -> str:
    return {
        State.ABSENT: "not installed",
        State.CURRENT: f"installed {found.version} (this version)",
        State.OTHER_VERSION: f"installed {found.version} (not this version, {__version__}: install again)",
        State.DAMAGED: "not whole, or changed: install again",
        State.OFF: f"installed {found.version}, but turned off: install again",
        State.NOT_STARTED: "never started: start it once, then install",
    }[found.state]


def _print_json(found: Status) -> None:
    place = found.place
    values = {"editor": place.editor, "title": place.title, "folder": str(place.folder)}
    print(json.dumps({**values, "state": found.state, "version": found.version}))
