"""What is heard from the core in an unlucky order."""

from collections.abc import Callable
from pathlib import Path

from resshift_desktop.gui.core_messages import Listed
from resshift_desktop.gui.job_item import State
from tests.gui.window.conftest import App


def test_a_list_made_before_the_start_does_not_take_the_new_jobs_away(
    app: App, pictures: Callable[..., list[Path]]
) -> None:
    app.list_pictures(*pictures("a.png", "b.png"))
    lengths: list[int] = []
    app.window.model.modelReset.connect(lambda: lengths.append(app.window.model.rowCount()))
    app.window.primary.click()
    app.link._mailbox.post(Listed(()))
    app.wait_until(lambda: len(lengths) >= 2 and not app.items(State.NEW))
    assert set(lengths) == {2}
    assert [item.input.name for item in app.window.strip.selected_items()] == ["a.png"]
