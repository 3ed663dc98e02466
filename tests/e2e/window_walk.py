"""The real window, driven by its own buttons, on a practice exchange and the system keyring.

`python window_walk.py PLAN.json add|restart|remove` prints one JSON line about what was on the screen.
The window takes the exchange for a real one, so that the real store and the real keyring are used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

import latchlight.gui.main
from latchlight import services
from latchlight.gui.pages.add_key_dialog import AddKeyDialog
from latchlight.gui.workspace import Workspace
from latchlight.net.egress import AddressService

_LONGEST_MS = 30_000


class AsIfReal(services.Services):
    """Practice hosts, but nothing is called practice."""

    def address_services(self) -> tuple[AddressService, ...]:
        """Those on this computer."""
        return self.practice_services


def wait_until(condition: Callable[[], bool]) -> None:
    """Run the window until something is so. Raises TimeoutError."""
    loop = QEventLoop()
    ticks = QTimer(interval=10)
    ticks.timeout.connect(lambda: loop.quit() if condition() else None)
    late = QTimer(interval=_LONGEST_MS, singleShot=True)
    late.timeout.connect(loop.quit)
    ticks.start()
    late.start()
    if not condition():
        loop.exec()
    if not condition():
        raise TimeoutError


def button(parent: QWidget, text: str) -> QAbstractButton:
    """The visible button with this text."""
    wait_until(lambda: any(b.text() == text for b in _buttons(parent)))
    return next(b for b in _buttons(parent) if b.text() == text)


def _buttons(parent: QWidget) -> list[QAbstractButton]:
    return [b for b in parent.findChildren(QAbstractButton) if b.isVisible()]


def words(parent: QWidget) -> str:
    """Everything readable."""
    return "\n".join(label.text() for label in parent.findChildren(QLabel) if label.isVisible())


def add(workspace: Workspace, plan: dict[str, Any]) -> None:
    """Paste label, key and secret, test, save, close."""
    workspace.open_add_key()
    wait_until(lambda: bool(workspace.findChildren(AddKeyDialog)))
    (dialog,) = workspace.findChildren(AddKeyDialog)
    dialog.form.label.setText(plan["label"])
    clipboard = QGuiApplication.clipboard()
    for name in ("api_key", "secret"):
        clipboard.setText(plan[name] + "\n")
        dialog.form.secret(name).edit.paste()
    clipboard.clear()
    wait_until(dialog.test_button.isEnabled)
    dialog.test_button.click()
    wait_until(lambda: "read back from there" in words(dialog))
    dialog.close()
    wait_until(lambda: bool(workspace.session.rows))


def check(workspace: Workspace) -> None:
    """Check the only key and wait for its light."""
    session = workspace.session
    wait_until(lambda: not session.running and bool(session.rows))
    workspace.select(session.rows[0].id)
    button(workspace, "Check this key").click()
    wait_until(lambda: not session.running and session.rows[0].report is not None)


def remove(workspace: Workspace) -> None:
    """Remove the only key, with the question in between."""
    session = workspace.session
    wait_until(lambda: not session.running and bool(session.rows))
    workspace.select(session.rows[0].id)
    button(workspace, "Remove").click()
    button(workspace, "Remove this key").click()
    wait_until(lambda: not session.rows)


def walk(action: str, plan: dict[str, Any], workspace: Workspace) -> dict[str, Any]:
    """Do it, and say what is there afterwards."""
    wait_until(lambda: workspace.session.has_loaded)
    before = [row.verdict.light.value for row in workspace.session.rows]
    if action == "add":
        add(workspace, plan)
    elif action == "restart":
        check(workspace)
    else:
        remove(workspace)
    rows = workspace.session.rows
    return {
        "before": before,
        "keys": [row.request.label for row in rows],
        "lights": [row.report.light.value for row in rows if row.report is not None],
    }


def main() -> int:
    """Open the window as the program does, walk, close it."""
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    world: Any = SimpleNamespace(
        keys=[SimpleNamespace(exchange="binance", base_url=plan["base_url"])],
        address_urls=plan["address_urls"],
        other_urls={},
        ca_file=plan["ca_file"],
    )
    practice = services.practice(world)
    opened = AsIfReal(
        exchanges=practice.exchanges,
        ca_file=practice.ca_file,
        practice_services=practice.practice_services,
    )

    def begin() -> None:
        workspace = next(w for w in QApplication.allWidgets() if isinstance(w, Workspace))
        code = 1
        try:
            print(json.dumps(walk(sys.argv[2], plan, workspace)), flush=True)
            code = 0
        finally:
            QApplication.exit(code)

    poll = QTimer(interval=20)

    def when_there() -> None:
        if any(isinstance(w, Workspace) for w in QApplication.allWidgets()):
            poll.stop()
            QTimer.singleShot(0, begin)

    poll.timeout.connect(when_there)
    started = QApplication.exec

    def execute() -> int:
        poll.start()
        return started()

    QApplication.exec = staticmethod(execute)  # type: ignore[assignment,method-assign]
    return latchlight.gui.main.run([], opened)


if __name__ == "__main__":
    sys.exit(main())
