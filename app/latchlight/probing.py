"""The order of questions to one exchange: time first, then the key, then what narrows a refusal."""

from __future__ import annotations

import socket
import time
from datetime import timedelta

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.errors import CallError, InputError, LatchlightError, StoreError, VaultError
from latchlight.core.facts import Environment, KeyFacts
from latchlight.core.findings import Evidence
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken
from latchlight.core.records import dataclass, field, replace
from latchlight.core.sentences import say
from latchlight.core.situation import ClockReading
from latchlight.exchanges.http_status import wait_words
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe
from latchlight.net.ask import ask
from latchlight.net.client import Chain
from latchlight.net.clock import read_clock
from latchlight.services import Services, contact_recorder

_BANS = (DiagnosisCode.RATE_LIMITED, DiagnosisCode.ADDRESS_BANNED)
_SHORTEST_BAN_SECONDS = 120.0
_ELSEWHERE = (DiagnosisCode.WRONG_HOST, DiagnosisCode.WRONG_ENVIRONMENT)
_WORTH_A_SECOND_TRY = (
    DiagnosisCode.CLOCK_OFF,
    DiagnosisCode.EXCHANGE_FAULT,
    DiagnosisCode.MAINTENANCE,
)


@dataclass(frozen=True)
class KeyAnswers:
    """What the exchange said about one key: facts or a diagnosis, and the evidence for either."""

    host: Host
    facts: KeyFacts
    diagnosis: Diagnosis | None
    clock: ClockReading | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)

    @classmethod
    def spared(cls, spec: ExchangeSpec, host: str, diagnosis: Diagnosis) -> KeyAnswers:
        """Nothing was asked, because the host answered another key of this run in this way."""
        place = spec.host(host) or Host(host, Environment.PRODUCTION, spec.name)
        facts = KeyFacts(environment=place.environment, whitelist_readable=spec.readable)
        return cls(place, facts, diagnosis)

    @classmethod
    def failed(cls, spec: ExchangeSpec, host: str, problem: LatchlightError) -> KeyAnswers:
        """Nothing was asked, or nothing readable came."""
        return cls.spared(spec, host, diagnosis_of(problem))


def diagnosis_of(problem: LatchlightError) -> Diagnosis:
    """Our own errors in the words of a diagnosis."""
    code, status, retry = DiagnosisCode.UNREADABLE_ANSWER, None, None
    if isinstance(problem, CallError):
        code, status, retry = problem.code, problem.http_status, problem.retry_after
    elif isinstance(problem, VaultError):
        code = problem.code
    elif isinstance(problem, InputError):
        code = DiagnosisCode.KEY_MALFORMED
    return Diagnosis(
        code, problem.message, problem.next_step, http_status=status, retry_after=retry
    )


def ask_exchange(
    spec: ExchangeSpec, host: str, credentials: Credentials, services: Services, token: CancelToken
) -> KeyAnswers:
    """All questions about one key. Raises Cancelled; everything else is in the answers."""
    place = spec.host(host)
    if place is None:
        raise CallError(
            DiagnosisCode.WRONG_HOST,
            say("This host is not one of {exchange}'s. Nothing was sent.", exchange=spec.name),
            say("Add the key again and choose the host from the list."),
        )
    conversation = _Conversation(spec, place, credentials, services, token)
    banned = conversation.standing_ban()
    if banned is not None:
        return conversation.answers(banned)
    with conversation:
        diagnosis = conversation.run()
    conversation.remember_ban(diagnosis)
    if diagnosis is not None:
        diagnosis = _with_other_hosts(diagnosis, spec.others(place.name))
    return conversation.answers(diagnosis)


def _with_other_hosts(diagnosis: Diagnosis, others: tuple[Host, ...]) -> Diagnosis:
    """Where the key may belong to another host, which ones; without any, it cannot belong to one."""
    if not others:
        causes = tuple(c for c in diagnosis.causes if c.code not in _ELSEWHERE)
        return replace(diagnosis, causes=causes or diagnosis.causes, ask_other_hosts=())
    possible = any(cause.code in _ELSEWHERE for cause in diagnosis.causes)
    return replace(diagnosis, ask_other_hosts=tuple(h.name for h in others) if possible else ())


class _Conversation:
    """One call chain to one host about one key."""

    def __init__(
        self,
        spec: ExchangeSpec,
        place: Host,
        credentials: Credentials,
        services: Services,
        token: CancelToken,
    ) -> None:
        self._spec = spec
        self._place = place
        self._credentials = credentials
        self._services = services
        self._token = token
        self._clock: ClockReading | None = None
        self._evidence: dict[str, Evidence] = {}
        self._facts = KeyFacts(
            environment=place.environment, kind=credentials.kind, whitelist_readable=spec.readable
        )
        self._deadline = time.monotonic() + LIMITS.call_seconds
        self._repeats = 0
        self._doubted = 0

    def __enter__(self) -> _Conversation:
        self._chain: Chain = self._services.client().chain(
            lambda host, path: host == self._place.server and self._spec.allows(host, path),
            family=_family(self._services),
            token=self._token,
            contact=contact_recorder(self._services),
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._chain.__exit__()

    def answers(self, diagnosis: Diagnosis | None) -> KeyAnswers:
        """The result so far."""
        return KeyAnswers(self._place, self._facts, diagnosis, self._clock, self._evidence)

    def run(self) -> Diagnosis | None:
        """Time, key, and the narrowing question. None: the key was accepted and read."""
        try:
            diagnosis = self._ask_time()
            if diagnosis is not None:
                return diagnosis
            return self._ask_key()
        except (CallError, InputError) as problem:
            return diagnosis_of(problem)

    def _ask_time(self) -> Diagnosis | None:
        answer = self._ask(self._spec.time_probe, retry=True)
        diagnosis = self._spec.diagnose(answer)
        if diagnosis is not None:
            return diagnosis
        server_ms = self._spec.read_time(answer)
        if server_ms is None:
            return _unreadable(answer, self._spec)
        self._clock = read_clock(answer, server_ms)
        tolerance = self._spec.traits.clock
        if self._clock.uncertainty_ms > min(tolerance.ahead_ms, tolerance.behind_ms) / 2:
            self._measure_again()
        said = f"offset {self._clock.offset_ms:.0f} ms, give or take {self._clock.uncertainty_ms:.0f} ms"
        self._note("time", answer, said)
        return None

    def _measure_again(self) -> None:
        """The first call opened the connection; the second one is the line alone."""
        answer = self._ask(self._spec.time_probe)
        self.remember_ban(self._spec.diagnose(answer))
        server_ms = self._spec.read_time(answer)
        if server_ms is None or self._clock is None:
            return
        again = read_clock(answer, server_ms)
        if again.uncertainty_ms < self._clock.uncertainty_ms:
            self._clock = again

    def _ask_key(self) -> Diagnosis | None:
        """The questions about the key, until the exchange's file says that they tell all."""
        probe: Probe | None = self._place.probe or self._spec.key_probe
        answers: tuple[Answer, ...] = ()
        while probe is not None:
            asked = probe
            answer, diagnosis = self._ask_patiently(asked)
            answers = (*answers, answer)
            probe = self._spec.follow(answers) if self._place.probe is None else None
            may_lack = asked.optional and _lacks_a_right(diagnosis)
            if probe is None and diagnosis is not None and not may_lack:
                return self._refused(answer, diagnosis)
        facts = self._spec.read_facts(answers, self._credentials, self._place)
        if facts.other_key:
            return _about_another_key(answers[-1], self._spec)
        if facts.locked:
            return _locked(answers[-1], self._spec)
        if not facts.accepted:
            return _unreadable(answers[-1], self._spec)
        self._facts = facts
        self._note("key", answers[-1], self._accepted_words(len(answers)))
        return None

    def _ask_patiently(self, probe: Probe) -> tuple[Answer, Diagnosis | None]:
        """One answer. A refusal that the exchange is known to give by mistake is asked again."""
        answer = self._ask(probe, retry=True)
        diagnosis = self._spec.diagnose(answer)
        worth = diagnosis is not None and diagnosis.code in _WORTH_A_SECOND_TRY
        if diagnosis is not None and worth and self._may_repeat(probe):
            if diagnosis.code is DiagnosisCode.CLOCK_OFF:
                self._measure_again()
            answer = self._ask(probe)
            diagnosis = self._spec.diagnose(answer)
        times = 1
        while diagnosis is not None and times <= self._spec.repeated.get(diagnosis.code, 0):
            answer = self._ask(probe)
            diagnosis = self._spec.diagnose(answer)
            times += 1
        self._doubted += times - 1
        doubt = self._spec.doubt
        if doubt is not None and diagnosis is not None and diagnosis.code in self._spec.repeated:
            diagnosis = doubt(diagnosis, times)
        return answer, diagnosis

    def _accepted_words(self, questions: int) -> str:
        if self._doubted:
            return f"accepted at try {self._doubted + 1}"
        return "accepted" if questions == 1 else f"accepted, {questions} questions"

    def _refused(self, answer: Answer, diagnosis: Diagnosis) -> Diagnosis:
        code = diagnosis.exchange_code or "none"
        self._note("key", answer, f"HTTP {diagnosis.http_status}, code {code}")
        return self._narrowed(diagnosis)

    def _narrowed(self, diagnosis: Diagnosis) -> Diagnosis:
        probe, narrow = self._spec.narrow_probe, self._spec.narrow
        if (
            diagnosis.code is not DiagnosisCode.KEY_IP_OR_PERMISSION
            or probe is None
            or narrow is None
        ):
            return diagnosis
        try:
            second = self._ask(probe)
        except CallError:
            return narrow(diagnosis, None)
        verdict = self._spec.diagnose(second)
        self.remember_ban(verdict)  # what is reported stays the first answer
        said = (
            "accepted"
            if verdict is None
            else f"HTTP {second.status}, code {verdict.exchange_code or 'none'}"
        )
        self._note("second", second, said)
        return narrow(diagnosis, second)

    def _ask(self, probe: Probe, *, retry: bool = False) -> Answer:
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            from latchlight.net.translate import timeout

            raise timeout()
        now_ms = round(self._services.now().timestamp() * 1000)
        try:
            return ask(
                self._spec,
                self._chain,
                self._place,
                probe,
                self._credentials,
                self._clock,
                now_ms,
                seconds=seconds,
            )
        except CallError as problem:
            if not (retry and problem.repeatable and self._may_repeat(probe)):
                raise
        return self._ask(probe)

    def _may_repeat(self, probe: Probe) -> bool:
        """A signed read is repeated once at most, whatever the reasons are."""
        if probe.signed:
            self._repeats += 1
        return self._repeats <= LIMITS.signed_retries

    def _note(self, name: str, answer: Answer, said: str) -> None:
        self._evidence[name] = Evidence(
            probe=answer.probe,
            host=answer.host,
            at=answer.received_at,
            said=said,
            request_id=answer.request_id,
            fingerprint=self._credentials.hint if name != "time" else "",
            facts_date=self._spec.facts_date,
        )

    def standing_ban(self) -> Diagnosis | None:
        """The exchange asked for a pause that is not over: nothing is sent."""
        try:
            until = self._services.store().ban_until(self._place.server, self._services.now())
        except StoreError:
            return None
        if until is None:
            return None
        left = (until - self._services.now()).total_seconds()
        return Diagnosis(
            DiagnosisCode.RATE_LIMITED,
            say(
                "{exchange} asked for a pause that is not over yet. Nothing was sent.",
                exchange=self._spec.name,
            ),
            wait_words(left),
            retry_after=left,
        )

    def remember_ban(self, diagnosis: Diagnosis | None) -> None:
        """Keep the end of a pause, also over a restart."""
        if diagnosis is None or not _asks_for_a_pause(diagnosis):
            return
        shortest = LIMITS.rate_pause_seconds
        if diagnosis.code is DiagnosisCode.ADDRESS_BANNED:
            shortest = _SHORTEST_BAN_SECONDS
        seconds = diagnosis.retry_after or shortest  # a pause of no time is none that was named
        until = self._services.now() + timedelta(seconds=min(seconds, LIMITS.ban_seconds))
        try:
            self._services.store().set_ban(self._place.server, until)
        except StoreError:
            return


@dataclass(frozen=True)
class FoundHost:
    """The host at which a key is known, and how to say it."""

    host: Host
    diagnosis: Diagnosis


def find_host(
    spec: ExchangeSpec,
    host: str,
    credentials: Credentials,
    services: Services,
    token: CancelToken,
) -> FoundHost | None:
    """Ask the exchange's other hosts whether they know this key; the user has agreed to that.

    A host that accepts the key knows it, and so does one that names its whitelist as the reason of
    its refusal. Other refusals may have other reasons.
    """
    for place in spec.others(host):
        conversation = _Conversation(spec, place, credentials, services, token)
        if conversation.standing_ban() is not None:
            continue
        with conversation:
            diagnosis = conversation.run()
        conversation.remember_ban(diagnosis)
        if diagnosis is None or diagnosis.code is DiagnosisCode.IP_NOT_WHITELISTED:
            return FoundHost(place, _belongs_to(place))
    return None


def _belongs_to(place: Host) -> Diagnosis:
    code = (
        DiagnosisCode.WRONG_HOST
        if place.environment in (Environment.PRODUCTION, Environment.PRACTICE)
        else DiagnosisCode.WRONG_ENVIRONMENT
    )
    title = say("This key belongs to {place}. No new key is needed.", place=place.title)
    step = say("Use it there, or make a key on the site that your bot trades on.")
    return Diagnosis(code, title, step, (Cause(code, Likelihood.CERTAIN, title, step),))


def _asks_for_a_pause(diagnosis: Diagnosis) -> bool:
    """A firewall's page only where a time was named, by it or by the exchange's documents."""
    named = diagnosis.code is DiagnosisCode.FIREWALL_BLOCKED and bool(diagnosis.retry_after)
    return named or diagnosis.code in _BANS


def _lacks_a_right(diagnosis: Diagnosis | None) -> bool:
    return diagnosis is not None and diagnosis.code is DiagnosisCode.PERMISSION_MISSING


def _about_another_key(answer: Answer, spec: ExchangeSpec) -> Diagnosis:
    return Diagnosis(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("{exchange} answered about another key than the one that asked.", exchange=spec.name),
        say("Check again. If it stays like this, something between here and there mixes answers."),
        http_status=answer.status,
    )


def _locked(answer: Answer, spec: ExchangeSpec) -> Diagnosis:
    return Diagnosis(
        DiagnosisCode.KEY_FROZEN,
        say("{exchange} reports this key as locked, frozen or ended.", exchange=spec.name),
        say("Look at the key's page for the reason, or make a new key."),
        http_status=answer.status,
    )


def _unreadable(answer: Answer, spec: ExchangeSpec) -> Diagnosis:
    return Diagnosis(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("{exchange} did not answer in the documented form.", exchange=spec.name),
        say("Check again. If it stays like this, look for a newer version of Latchlight."),
        http_status=answer.status,
    )


def leaves_over_ipv6(services: Services) -> bool:
    """Whether a signed call may leave over IPv6 as well."""
    return _family(services) == socket.AF_UNSPEC


def _family(services: Services) -> int:
    if services.allow_ipv6:
        return socket.AF_UNSPEC
    try:
        forced = services.store().force_ipv4
    except StoreError:
        forced = True
    return socket.AF_INET if forced else socket.AF_UNSPEC
