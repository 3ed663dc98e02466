"""The add-key dialog with a keyring in memory and a checkup that answers what the test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ed25519
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from keyring_double import MemoryKeyring
from latchlight.core.credentials import Credentials
from latchlight.core.diagnosis import Diagnosis
from latchlight.core.egress import EgressReport
from latchlight.core.facts import KeyFacts
from latchlight.core.findings import Finding, KeyReport, Light, Report, Sureness
from latchlight.core.progress import CancelToken, Progress
from latchlight.core.sentences import say
from latchlight.gui.jobs import JobRunner
from latchlight.gui.pages.add_key_dialog import AddKeyDialog, Step
from latchlight.services import Services
from latchlight.vault.vault import Vault

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
PEM = (
    ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    .private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    .decode()
)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class FakeCheck:
    """Stands in for the checkup: remembers what it was asked, answers with one light."""

    def __init__(self) -> None:
        self.light = Light.GREEN
        self.diagnosis: Diagnosis | None = None
        self.problem: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[Credentials, str, Any]] = []
        self.tokens: list[CancelToken] = []

    def __call__(
        self,
        spec: Any,
        host: str,
        credentials: Credentials,
        intent: Any,
        services: Services,
        *,
        label: str = "",
        token: CancelToken,
        progress: Callable[[Progress], None],
    ) -> Report:
        self.asked.append((credentials, label, intent))
        self.tokens.append(token)
        progress(Progress(0, 1, say("Asking Binance about {label}", label=label)))
        token.on_cancel(self.gate.set)
        assert self.gate.wait(20)
        token.check()
        if self.problem is not None:
            raise self.problem
        finding = Finding(
            "withdraw-on",
            self.light,
            Sureness.REPORTED,
            say("This key can withdraw your money."),
            say("It is switched on."),
            say("Because."),
            reason="withdraw-on",
        )
        key = KeyReport(
            label=label,
            exchange=spec.id,
            exchange_name=spec.name,
            host=host,
            hint=credentials.hint,
            intent=intent,
            facts=KeyFacts(),
            diagnosis=self.diagnosis,
            findings=(finding,),
            started_at=NOW,
            finished_at=NOW,
        )
        return Report("1", "2026-11-20", NOW, NOW, (key,), EgressReport())


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCheck]:
    fake = FakeCheck()
    monkeypatch.setattr("latchlight.checkup.check_once", fake)
    yield fake
    fake.gate.set()


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def services(tmp_path: Path, keyring: MemoryKeyring) -> Iterator[Services]:
    made = Services(folder=tmp_path, open_vault=lambda: Vault(keyring, timeout=10))
    yield made
    made.close()


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


def opened(qtbot: QtBot, services: Services, runner: JobRunner, **more: Any) -> AddKeyDialog:
    dialog = AddKeyDialog(services, runner, **more)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.test_button.isEnabled)
    return dialog


@pytest.fixture
def dialog(
    qtbot: QtBot, services: Services, runner: JobRunner, check: FakeCheck
) -> Iterator[AddKeyDialog]:
    yield opened(qtbot, services, runner)
    QGuiApplication.clipboard().clear()


def paste(dialog: AddKeyDialog, name: str, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    dialog.form.secret(name).edit.paste()


def fill(dialog: AddKeyDialog, label: str = "Grid bot") -> None:
    dialog.form.label.setText(label)
    paste(dialog, "api_key", KEY)
    paste(dialog, "secret", SECRET)


def reach(qtbot: QtBot, dialog: AddKeyDialog, step: Step) -> None:
    qtbot.waitUntil(lambda: dialog.step is step)


def press(qtbot: QtBot, button: QPushButton) -> None:
    """Click once it works: for the first second after a result appeared it does not."""
    qtbot.waitUntil(button.isEnabled)
    button.click()


def words(dialog: AddKeyDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
