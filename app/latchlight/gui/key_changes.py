"""What a user can change about a key: accept a finding, edit, remove, or ask about it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from latchlight.core.findings import Finding, Light
from latchlight.core.limits import LIMITS
from latchlight.core.profile import Acceptance
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.core.sentences import say
from latchlight.exchanges.spec import Host
from latchlight.gui import work
from latchlight.gui.jobs import alive
from latchlight.gui.key_row import KeyRow

if TYPE_CHECKING:
    from latchlight.gui.session import Session
    from latchlight.keys import CheckRequest
    from latchlight.probing import FoundHost


class KeyChanges(QObject):
    """Does its work through the session's workers; every result comes back through the session."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def _row(self, row_id: str) -> KeyRow:
        row = self._session.row(row_id)
        if row is None:
            raise KeyError(row_id)
        return row

    def ask_other_hosts(self, row_id: str, on_answer: Callable[[FoundHost | None], None]) -> None:
        """Ask the exchange's other sites about a refused key. Only ever after the user's yes."""
        request = self._row(row_id).request

        def ask(token: CancelToken, post: object) -> FoundHost | None:
            from latchlight.checkup import ask_other_hosts

            return ask_other_hosts(request, self._session.services, token=token)

        def failed(problem: BaseException) -> None:
            self._session.failed(problem)
            if alive(on_answer):
                on_answer(None)

        self._session.runner.run(ask, on_success=on_answer, on_failure=failed)

    def use_host(self, row_id: str, host: Host) -> None:
        """Ask this host about the key from now on, and check it there at once."""
        request = self._row(row_id).request
        self._session.runner.run(
            lambda token, post: work.use_host(self._session.services, request, host.name),
            on_success=partial(self._host_changed, row_id),
            on_failure=self._session.failed,
        )

    def _host_changed(self, row_id: str, request: CheckRequest) -> None:
        row = self._session.row(row_id)
        if row is not None:
            # What the old host says from now on is not about this key any more.
            self._session.put(row.asked_elsewhere(request))
            self._session.check([row_id])

    def accept(self, row_id: str, finding: Finding, reason: str, days: int) -> None:
        """Accept an amber finding until a date; it stays amber and stays on the list."""
        row = self._row(row_id)
        if finding.light is not Light.AMBER:
            return
        stored = row.request.stored
        until = self._session.now() + timedelta(days=min(days, LIMITS.acceptance_days))
        wanted = Acceptance(
            row.request.label,
            finding.rule,
            row.request.fingerprint,
            reason.strip(),
            until,
            finding.basis,
        )
        self._session.runner.run(
            lambda token, post: work.accept(self._session.services, wanted, stored),
            on_success=partial(self._accepted, row_id, finding.rule),
            on_failure=self._session.failed,
        )

    def take_back(self, row_id: str, finding: Finding) -> None:
        """End an acceptance."""
        request = self._row(row_id).request
        self._session.runner.run(
            lambda token, post: work.take_back(
                self._session.services, request.label, finding.rule, request.stored
            ),
            on_success=lambda _: self._accepted(row_id, finding.rule, None),
            on_failure=self._session.failed,
        )

    def _accepted(self, row_id: str, rule: str, acceptance: Acceptance | None) -> None:
        row = self._session.row(row_id)
        if row is not None:
            self._session.put(row.with_acceptance(rule, acceptance))

    def remove(self, row_id: str) -> None:
        """Delete a key: secrets first, looked for and gone, then what is remembered about it."""
        row = self._row(row_id)
        if not row.request.stored:
            self._session.forget(row_id)
            return
        self._session.runner.run(
            lambda token, post: work.remove_key(self._session.services, row.request.label),
            on_success=lambda label: self._removed(row_id, label),
            on_failure=self._session.failed,
        )

    def _removed(self, row_id: str, label: str) -> None:
        self._session.forget(row_id)
        self._session.notice.emit(
            say(
                "“{label}” is removed. Its secret was looked for in the system keyring and is gone. "
                "The key itself still exists at the exchange until you delete it there.",
                label=label,
            )
        )

    def edit(
        self,
        row_id: str,
        label: str,
        intent: Intent,
        on_done: Callable[[], None],
        on_failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Change name and purpose of a stored key, then read the list again.

        Whoever asked is told only while it is still there: its page may have been left meanwhile.
        """
        old = self._row(row_id).request.label

        def done(_: str) -> None:
            if alive(on_done):
                on_done()
            self._session.load()

        def failed(problem: BaseException) -> None:
            self._session.failed(problem)
            if alive(on_failed):
                on_failed()

        self._session.runner.run(
            lambda token, post: work.edit_key(self._session.services, old, label, intent),
            on_success=done,
            on_failure=failed,
        )
