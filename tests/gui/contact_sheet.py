"""Pictures of the window in its important states, to be looked at: python tests/gui/contact_sheet.py FOLDER

Runs the real practice exchange on this computer; no network, no keyring, no screen is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from factories import make_egress, make_key_report, make_request
from latchlight.core.findings import Finding, Light
from latchlight.core.profile import Acceptance
from latchlight.gui import theme, work
from latchlight.gui.ageing import Doubt, utc_now
from latchlight.gui.key_row import KeyRow, PastCheck
from latchlight.gui.network_watch import NetworkWatch
from latchlight.gui.pages.welcome_page import WelcomePage
from latchlight.gui.session import Session
from latchlight.gui.theme import Scheme
from latchlight.gui.workspace import Workspace
from latchlight.practice.world import PracticeWorld
from latchlight.services import Services, practice

SIZE = (1200, 800)


class Photographer:
    """Opens workspaces, brings them into a state, and takes the picture."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._look = ""

    def dress(self, scheme: Scheme, percent: int = 100) -> None:
        """Colours and size of text for the pictures that follow."""
        theme.apply(self._app, scheme, percent)
        self._look = scheme.value + (f"-{percent}" if percent != 100 else "")

    def wait(self, until: Callable[[], bool], seconds: float = 20) -> None:
        """Let the window live until something is so. Raises TimeoutError."""
        loop, timer, end = QEventLoop(), QTimer(interval=20), QTimer(singleShot=True)
        timer.timeout.connect(lambda: until() and loop.quit())
        end.timeout.connect(loop.quit)
        timer.start()
        end.start(int(seconds * 1000))
        loop.exec()
        if not until():
            raise TimeoutError("the window did not come into the wanted state")

    def settle(self) -> None:
        """A few turns for layouts and late widgets."""
        turns = iter(range(6))
        self.wait(lambda: next(turns, None) is None)

    def take(self, widget: QWidget, name: str) -> None:
        """One picture, named after its state and look."""
        self.settle()
        file = self._folder / f"{name}-{self._look}.png"
        if not widget.grab().save(str(file)):
            raise OSError(f"cannot write {file}")

    def open(self, session: Session, size: tuple[int, int] = SIZE) -> Workspace:
        """A workspace with everything loaded."""
        workspace = Workspace(session)
        workspace.resize(*size)
        workspace.show()
        self.wait(lambda: session.has_loaded and not session.looking_up)
        return workspace


def press(parent: QWidget, caption: str) -> None:
    """Press the first visible button with this caption."""
    for each in parent.findChildren(QPushButton):
        if each.isVisible() and each.text() == caption:
            each.click()
            return
    raise LookupError(caption)


def stored_rows(session: Session) -> tuple[KeyRow, ...]:
    """One stored key of each light, one accepted, one old, one of yesterday."""
    now = utc_now()
    stamp = session.stamp()
    rows = [
        KeyRow(make_request(label)).landed(make_key_report(light, label=label, at=now), stamp)
        for light, label in (
            (Light.GREEN, "grid-bot-btc"),
            (Light.AMBER, "dca-bot"),
            (Light.RED, "old laptop key"),
            (Light.GREY, "arbitrage-vps"),
        )
    ]
    tax_tool = make_key_report(Light.AMBER, label="tax-tool", at=now)
    (finding,) = tax_tool.open_ambers()
    accepted = (
        KeyRow(make_request("tax-tool"))
        .landed(tax_tool, stamp)
        .with_acceptance(finding.rule, _acceptance(finding))
    )
    stale = replace(rows[0], request=make_request("checked an hour ago"), doubt=Doubt.AGED)
    past = KeyRow(
        make_request("portfolio-tracker"), past=PastCheck(Light.GREEN, now - timedelta(1))
    )
    return (*rows, accepted, stale, past)


def _acceptance(finding: Finding) -> Acceptance:
    until = utc_now() + timedelta(days=14)
    reason = "Futures bot moves next week"
    return Acceptance("tax-tool", finding.rule, "", reason, until, finding.basis)


def first_start(photos: Photographer) -> None:
    work.load_keys = lambda *_: work.Loaded(())
    session = Session(Services(), network=NetworkWatch(lambda: ("", "")))
    workspace = photos.open(session)
    photos.wait(lambda: isinstance(workspace.pages.currentWidget(), WelcomePage))
    photos.take(workspace, "first-start")
    workspace.close()
    session.close()


def stored_keys(photos: Photographer, size: tuple[int, int] = SIZE) -> None:
    session = Session(Services(), network=NetworkWatch(lambda: ("", "")))
    rows = stored_rows(session)
    work.load_keys = lambda *_: work.Loaded(rows)
    workspace = photos.open(session, size)
    for number, row in enumerate(rows, 1):
        workspace.select(row.id)
        photos.take(workspace, f"stored-{number}-{row.request.label.replace(' ', '-')}")
    workspace.select(rows[0].id)
    for caption, name in (("Edit", "edit"), ("Remove", "remove")):
        press(workspace.checklist.header, caption)
        photos.take(workspace, f"stored-{name}")
    workspace.on_crash()
    photos.take(workspace, "stored-after-a-crash")
    workspace.open_settings()
    photos.take(workspace, "settings")
    workspace.open_trust()
    photos.take(workspace, "trust")
    workspace.close()
    session.close()


def amber_finding(row: KeyRow) -> Finding:
    if row.report is None:
        raise LookupError(row.request.label)
    return row.report.open_ambers()[0]


def practice_keys(photos: Photographer, world: PracticeWorld) -> None:
    services = practice(world)
    session = Session(services, world, network=NetworkWatch(lambda: ("", "")))
    workspace = photos.open(session)
    session.check_all()
    photos.wait(lambda: not session.running)
    for label, caption in (
        ("safe-spot", ""),
        ("withdraw-on", "Fix this"),
        ("watch-no-whitelist", "Accept for a while"),
        ("wrong-address", ""),
        ("no-wallet-permission", "Fix this"),
        ("unknown-permission", "What Binance said and when"),
        ("deleted-key", ""),
    ):
        row = session.row_labelled(label)
        if row is None:
            raise LookupError(label)
        workspace.select(row.id)
        photos.settle()
        if caption:
            press(workspace.checklist, caption)
        photos.take(workspace, f"practice-{label}")
    workspace.close()
    session.close()
    services.close()


def main(folder: Path) -> None:
    """All pictures, light and dark, 100 % and 200 %."""
    folder.mkdir(parents=True, exist_ok=True)
    photos = Photographer(QApplication(["latchlight"]), folder)
    load, look_up = work.load_keys, work.look_up
    with PracticeWorld.start(faults=False) as world:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            photos.dress(scheme)
            work.load_keys, work.look_up = load, look_up
            practice_keys(photos, world)
            work.look_up = lambda *_: work.Egress(make_egress(), utc_now() - timedelta(days=12))
            first_start(photos)
            stored_keys(photos)
            photos.dress(scheme, 200)
            first_start(photos)
            stored_keys(photos, (1024, 640))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "contact-sheet"))
