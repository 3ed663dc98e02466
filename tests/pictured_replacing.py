"""The page of a change to a new key in its important states, for pictures and for other languages."""

from __future__ import annotations

from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.replace_page import ReplacePage
from latchlight.gui.workspace import Workspace
from latchlight.practice.world import PracticeWorld
from photographer import Photographer


def replaced(
    photos: Photographer, workspace: Workspace, world: PracticeWorld, old: KeyRow, new: KeyRow
) -> None:
    """Opened, chosen, still alive, asked after the old key was deleted, and about to be removed here."""
    exchange = old.request.exchange.id
    workspace.select(old.id)
    workspace.open_task(KeyTask.REPLACE)
    page = workspace.side_page.page
    if not isinstance(page, ReplacePage):
        raise LookupError(old.request.label)
    photos.wait(lambda: page.complete)
    photos.take(workspace, f"replace-{exchange}-1-opened")
    bar = page.verticalScrollBar()
    bar.setValue(bar.maximum())
    photos.take(workspace, f"replace-{exchange}-2-add-it")
    page.chooser.choice.choose(new.id)
    page.chooser.use.click()
    wait(photos, workspace)
    if page.check.isVisible():
        page.check.click()
        wait(photos, workspace)
    photos.take(workspace, f"replace-{exchange}-3-chosen")
    for tick in (page.switched, page.deleted):
        photos.settle()
        tick.click()
    ask(photos, workspace, page, f"replace-{exchange}-4-alive")
    registry = world.registry(exchange)
    record = registry.named(old.request.label)
    registry.remove(old.request.label)
    ask(photos, workspace, page, f"replace-{exchange}-5-asked")
    if record is not None:
        registry.add(record)  # whoever comes next finds it again
    if page.proof.seen.isVisible():
        page.proof.seen.click()
    photos.settle()
    page.remove.click()
    photos.take(workspace, f"replace-{exchange}-6-remove")
    workspace.side_page.close_page()


def ask(photos: Photographer, workspace: Workspace, page: ReplacePage, name: str) -> None:
    """Ask with both keys, and take a picture of what came out."""
    photos.settle()
    page.proof.ask.click()
    wait(photos, workspace)
    photos.take(workspace, name)


def wait(photos: Photographer, workspace: Workspace) -> None:
    """Until nothing runs."""
    session = workspace.session
    photos.wait(lambda: not session.running and not session.runner.busy)
    photos.settle()
