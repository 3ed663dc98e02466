"""One checkup: probes, facts, rules, report. The same for the command line and the window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from latchlight import __version__
from latchlight.core.addresses import Address
from latchlight.core.changes import Snapshot, last_found
from latchlight.core.credentials import Credentials
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.errors import Cancelled, LatchlightError, StoreError, VaultError
from latchlight.core.facts import Unknown, WhyUnknown
from latchlight.core.findings import KeyReport, Report
from latchlight.core.lock_test import LockTest, certain_addresses, is_usable
from latchlight.core.profile import Acceptance, AddressSighting
from latchlight.core.progress import CancelToken, Progress
from latchlight.core.purpose import Intent
from latchlight.core.rotation import Overlap
from latchlight.core.sentences import Sentence, say
from latchlight.core.situation import Storage
from latchlight.exchanges import FACTS_DATE
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.judge import Background, judge
from latchlight.keys import (
    CheckRequest,
    edit_key,
    practice_requests,
    remove_key,
    request_of,
    save_key,
    saved_requests,
)
from latchlight.services import Services, contact_recorder

if TYPE_CHECKING:
    from latchlight.probing import FoundHost
    from latchlight.store import Store

__all__ = [
    "CheckRequest",
    "ask_other_hosts",
    "check_key",
    "check_once",
    "edit_key",
    "last_checks",
    "look_up_address",
    "past_checks",
    "practice_requests",
    "remove_key",
    "request_of",
    "run_checkup",
    "save_key",
    "save_reports",
    "saved_requests",
]

_LOOKED_BACK = 20
"""So many past checks are looked at for one that found something out."""

_CLOSES_THE_HOST = (
    DiagnosisCode.TIMEOUT,
    DiagnosisCode.RATE_LIMITED,
    DiagnosisCode.ADDRESS_BANNED,
    DiagnosisCode.FIREWALL_BLOCKED,
)
"""After these the other keys of the host are spared: it would wait as long again, or ask for more pause."""

OnKey = Callable[[str, KeyReport], None]
OnProgress = Callable[[Progress], None]


def run_checkup(
    requests: Sequence[CheckRequest],
    services: Services,
    *,
    token: CancelToken,
    progress: OnProgress = lambda _: None,
    on_key: OnKey | None = None,
) -> Report:
    """Check all keys; those of one exchange one after another, the exchanges side by side.

    Raises Cancelled when the user stopped it. Whatever else goes wrong is in the report.
    """
    started = services.now()
    lookup = _Lookup(services, token)
    run = _Run(services, token, progress, on_key, lookup, len(requests))
    by_exchange: dict[str, list[tuple[int, CheckRequest]]] = {}
    for index, request in enumerate(requests):
        by_exchange.setdefault(request.exchange.id, []).append((index, request))
    run.check_exchanges(list(by_exchange.values()))
    return Report(
        app_version=__version__,
        facts_date=FACTS_DATE,
        started_at=started,
        finished_at=services.now(),
        keys=tuple(run.reports[index] for index in range(len(requests))),
        egress=lookup.result(),
    )


class _Lookup:
    """The address lookup, running beside the first key."""

    def __init__(self, services: Services, token: CancelToken) -> None:
        self._done = threading.Event()
        self._report = EgressReport()
        self._fault: BaseException | None = None
        self._services = services
        self._token = token
        threading.Thread(target=self._work, name="address-lookup", daemon=True).start()

    def _work(self) -> None:
        try:
            self._report = look_up_address(self._services, token=self._token)
        except (Cancelled, LatchlightError):
            return
        except BaseException as problem:  # noqa: BLE001 - carried to the thread that asks for the result
            self._fault = problem
        finally:
            self._done.set()

    def result(self) -> EgressReport:
        """What the services said; empty if they said nothing in time. Raises a fault of our own."""
        self._done.wait()
        if self._fault is not None:
            raise self._fault
        return self._report


class _Run:
    """The moving parts of one run: which keys are done, and who is told."""

    def __init__(
        self,
        services: Services,
        token: CancelToken,
        progress: OnProgress,
        on_key: OnKey | None,
        lookup: _Lookup,
        total: int,
    ) -> None:
        self.reports: dict[int, KeyReport] = {}
        self._services = services
        self._token = token
        self._progress = progress
        self._on_key = on_key
        self._lookup = lookup
        self._total = total
        self._lock = threading.Lock()
        self._problem: BaseException | None = None

    def check_exchanges(self, groups: list[list[tuple[int, CheckRequest]]]) -> None:
        """One thread per exchange, the first one here. Raises what a worker could not handle."""
        threads = [
            threading.Thread(target=self._check_group, args=(group,), name="checkup", daemon=True)
            for group in groups[1:]
        ]
        for thread in threads:
            thread.start()
        if groups:
            self._check_group(groups[0])
        for thread in threads:
            thread.join()
        if self._problem is not None:
            raise self._problem
        self._token.check()

    def _check_group(self, group: list[tuple[int, CheckRequest]]) -> None:
        closed: dict[str, Diagnosis] = {}
        try:
            for index, request in group:
                self._token.check()
                self._tell(
                    say(
                        "Asking {exchange} about {label}",
                        exchange=request.exchange.name,
                        label=request.label,
                    )
                )
                report = check_key(
                    request,
                    self._services,
                    self._lookup.result,
                    self._token,
                    closed.get(_server(request)),
                )
                if report.diagnosis is not None and report.diagnosis.code in _CLOSES_THE_HOST:
                    closed[_server(request)] = report.diagnosis
                with self._lock:
                    self.reports[index] = report
                if self._on_key is not None:
                    self._on_key(request.id, report)
            self._tell(say("Done"))
        except BaseException as problem:  # noqa: BLE001 - carried to the thread that waits, and raised there
            with self._lock:
                # A fault stops the others; that they were stopped must not hide it.
                if self._problem is None or isinstance(self._problem, Cancelled):
                    self._problem = problem
            if not isinstance(problem, Cancelled):
                self._token.cancel()

    def _tell(self, text: str) -> None:
        with self._lock:
            done = len(self.reports)
        self._progress(Progress(done, self._total, say("{text}", text=text)))


def _server(request: CheckRequest) -> str:
    """What is spared after a pause or a time-out: a demo shares its server with the real thing."""
    host = request.exchange.host(request.host)
    return request.host if host is None else host.server


def check_key(
    request: CheckRequest,
    services: Services,
    egress: Callable[[], EgressReport],
    token: CancelToken,
    closed: Diagnosis | None = None,
) -> KeyReport:
    """One key, from its credentials to its findings. Raises Cancelled only.

    `closed` is why the host cannot be asked in this run: nothing is sent then.
    """
    from latchlight.probing import KeyAnswers, ask_exchange

    started = services.now()
    try:
        if closed is not None:
            answers = KeyAnswers.spared(request.exchange, request.host, closed)
        else:
            credentials = request.credentials()
            answers = ask_exchange(request.exchange, request.host, credentials, services, token)
    except LatchlightError as problem:
        answers = KeyAnswers.failed(request.exchange, request.host, problem)
    background = _background(request, services, _storage(request, services))
    return judge(request.exchange, request, answers, egress(), background, started, services)


def _storage(request: CheckRequest, services: Services) -> Storage | None:
    if not request.stored:
        return None
    try:
        vault = services.vault()
        labels = services.store().labels_with_fingerprint(request.fingerprint)
        twins = tuple(label for label in labels if label != request.label)
        return Storage(vault.name, vault.weakness(), twins)
    except (StoreError, VaultError) as problem:
        return Storage("", problem=problem.message)


def _background(request: CheckRequest, services: Services, storage: Storage | None) -> Background:
    """What the store remembers. Without a readable store there is simply no history."""
    acceptances: tuple[Acceptance, ...] = ()
    history: tuple[AddressSighting, ...] = ()
    key_age_days = None
    try:
        store = services.store()
        now = services.now()
        history = tuple(store.address_history(4, now - timedelta(days=60)))
        key_age_days = store.key_age_days
        if request.stored:
            acceptances = tuple(
                a
                for a in store.acceptances(request.label, now)
                if a.fingerprint == request.fingerprint
            )
    except StoreError:
        return Background(storage=storage, overlap=_overlap(request, services))
    tested = request.stored or services.practice
    lock, since = _lock_test(request, store) if tested else (None, ())
    overlap = _overlap(request, services)
    return Background(storage, acceptances, history, key_age_days, lock, overlap, since)


def _overlap(request: CheckRequest, services: Services) -> Overlap | Sentence | None:
    """The key that is to replace this one and works already."""
    if request.overlap is not None or not request.stored:
        return request.overlap
    try:
        return services.store().overlap(request.id)
    except StoreError as problem:
        return problem.message


def _lock_test(
    request: CheckRequest, store: Store
) -> tuple[LockTest | Unknown | None, tuple[Address, ...]]:
    """The last lock test, and from where the key was accepted after it."""
    try:
        lock = store.lock_test(request.id)
        return lock, () if lock is None else store.accepted_from(request.id, lock.tried_at)
    except StoreError:
        return Unknown(WhyUnknown.WRONG_FORM), ()


def look_up_address(
    services: Services, *, token: CancelToken, asked_for: bool = False, remember: bool = True
) -> EgressReport:
    """This computer's public addresses by the address services, remembered where they agree.

    Nothing is asked where the user switched it off, unless they ask for it right now.
    """
    from latchlight.net.egress import look_up

    if not (asked_for or _lookups_allowed(services)):
        return EgressReport()
    report = look_up(
        services.address_services(),
        services.client(),
        token,
        allow_documentation=services.practice,
        families=(4,) if services.practice else (4, 6),
        contact=contact_recorder(services),
    )
    if remember:
        _remember_addresses(report, services)
    return report


def _lookups_allowed(services: Services) -> bool:
    """The user's own choice; one that cannot be read is taken as no."""
    try:
        return services.store().address_lookups
    except StoreError:
        return False


def _remember_addresses(report: EgressReport, services: Services) -> None:
    try:
        store = services.store()
        for address, certainty in (
            (report.ipv4, report.certainty),
            (report.ipv6, report.ipv6_certainty),
        ):
            if address is not None and certainty is Certainty.AGREED:
                store.note_address(address, services.now())
    except StoreError:
        return


def check_once(
    spec: ExchangeSpec,
    host: str,
    credentials: Credentials,
    intent: Intent,
    services: Services,
    *,
    label: str = "",
    token: CancelToken,
    progress: OnProgress = lambda _: None,
) -> Report:
    """Check one key that is not stored."""
    request = CheckRequest(
        id="once",
        label=label or spec.name,
        exchange=spec,
        host=host,
        hint=credentials.hint,
        intent=intent,
        credentials=lambda: credentials,
    )
    return run_checkup([request], services, token=token, progress=progress)


def ask_other_hosts(
    request: CheckRequest, services: Services, *, token: CancelToken
) -> FoundHost | None:
    """Where else this key is known; only ever called after the user agreed. None: nowhere."""
    from latchlight.probing import find_host

    return find_host(request.exchange, request.host, request.credentials(), services, token)


def save_reports(report: Report, requests: Sequence[CheckRequest], services: Services) -> None:
    """Keep the reports of stored keys as dated history. Never read for a light."""
    from latchlight.report.as_json import key_for_history

    try:
        store = services.store()
        for key, request in zip(report.keys, requests, strict=True):
            if request.stored:
                text = key_for_history(key)
                store.save_report(request.label, key.light.value, key.finished_at, text)
            if request.stored or services.practice:
                _note_accepted(key, request, report.egress, store)
    except StoreError:
        return


def _note_accepted(
    key: KeyReport, request: CheckRequest, egress: EgressReport, store: Store
) -> None:
    """From where this key is used: an address where it was accepted is no foreign one to it."""
    if key.diagnosis is None and is_usable(key.facts):
        addresses = certain_addresses(egress, ipv6=True) or certain_addresses(egress, ipv6=False)
        if addresses:
            store.note_accepted(request.id, addresses, key.finished_at)


def past_checks(services: Services, label: str, most: int = 200) -> list[Snapshot]:
    """The stored key's past checks, newest first; what cannot be read is left out. StoreError."""
    from latchlight.core.past_reports import snapshot_from_json

    stored = services.store().reports(label, most)
    read = (snapshot_from_json(past.text, past.finished_at) for past in stored)
    return [snapshot for snapshot in read if snapshot is not None]


def last_checks(requests: Sequence[CheckRequest], services: Services) -> list[Snapshot | None]:
    """Of each key, the last check of its host that found something out. Call it before `save_reports`."""
    found: list[Snapshot | None] = []
    for request in requests:
        try:
            past = past_checks(services, request.label, _LOOKED_BACK) if request.stored else []
        except StoreError:
            past = []
        found.append(last_found(past, request.host))
    return found
