"""The program on one side, the second opinion on the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import second_opinion
from latchlight.core.addresses import parse_address
from latchlight.core.credentials import Credentials
from latchlight.core.egress import AddressAnswer, agree
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe, SignedRequest
from latchlight.judge import Background, judge
from latchlight.keys import CheckRequest
from latchlight.net.client import RawAnswer
from latchlight.probing import ask_exchange
from scripted_exchange import NOW, NOW_MS, Heard, NoMemory, ScriptedServices, request

from .drawn import spoilt
from .locks import FINGERPRINT, lock_test, with_lock
from .seeds import OWN, Case, Seed

EGRESS = agree(AddressAnswer(name, name, 4, parse_address(OWN), None) for name in ("one", "two"))
SILENCE = Heard()


class Line:
    """Client and connection in one: says what the case has for a path."""

    said: Mapping[str, Heard]

    def chain(self, allowed: Callable[[str, str], bool], **_: Any) -> Line:
        self._allowed = allowed
        return self

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def get(self, host: str, path: str, *_: object, **__: object) -> RawAnswer:
        assert self._allowed(host, path)
        return self.said.get(path, SILENCE).raw(NOW)


def _unsigned(_: Credentials, __: Probe, ___: Host, ____: int) -> SignedRequest:
    """What the line says does not depend on what it was asked; signing is not on trial."""
    return SignedRequest("")


class Judge:
    """The program, from the bytes of all answers to the light."""

    def __init__(self) -> None:
        self._line = Line()
        self._services = ScriptedServices(
            given_client=self._line, given_store=NoMemory(), now=lambda: NOW
        )
        self.specs: dict[str, ExchangeSpec] = {
            name: replace(spec, sign=_unsigned) for name, spec in EXCHANGES.items()
        }
        self._requests: dict[tuple[str, int, Purpose, str], CheckRequest] = {}
        self._token = CancelToken()

    def report(self, case: Case) -> KeyReport:
        """Everything that the program says about this case."""
        spec, around = self.specs[case.seed.exchange], self._services
        asked, key = self._request(case), self._credentials(case.seed)
        self._line.said = case.said
        answers = ask_exchange(spec, case.host, key, around, self._token)
        around_it = Background(lock=None if case.lock is None else lock_test(case.lock))
        return judge(spec, asked, answers, EGRESS, around_it, NOW, around)

    def light(self, case: Case) -> Light:
        """The light of this case."""
        return self.report(case).light

    def is_green(self, case: Case) -> bool:
        """Whether the program says that this key is safe."""
        return self.light(case) is Light.GREEN

    def _request(self, case: Case) -> CheckRequest:
        seed = case.seed
        name = (seed.exchange, seed.number, case.purpose, case.host)
        if name not in self._requests:
            key = seed.sample.key.credentials()
            self._requests[name] = request(
                exchange=self.specs[seed.exchange],
                host=case.host,
                intent=Intent(case.purpose, addresses=(parse_address(OWN),)),
                hint=key.hint,
                fingerprint=FINGERPRINT,
                credentials=lambda: key,
            )
        return self._requests[name]

    def _credentials(self, seed: Seed) -> Credentials:
        return seed.sample.key.credentials()


def opinion(case: Case) -> bool:
    """Whether the second opinion would say green."""
    asked = second_opinion.Asked(
        exchange=case.seed.exchange,
        purpose=case.purpose.value,
        api_key=case.seed.sample.key.api_key,
        host=case.host,
        own=OWN,
        now_ms=NOW_MS,
        fingerprint=FINGERPRINT,
        lock=case.lock,
    )
    return second_opinion.may_be_green(asked, {path: _plain(h) for path, h in case.said.items()})


def _plain(said: Heard) -> second_opinion.Heard:
    date = None if said.date is None else round(said.date.astimezone(UTC).timestamp() * 1000)
    return second_opinion.Heard(said.body, said.status, said.content_type, said.age, date)


def smallest(case: Case, judged: Judge) -> Case:
    """The same disagreement with as few of its steps as will do."""
    verdicts = judged.is_green(case), opinion(case)
    for many in range(len(case.steps)):
        for steps in itertools.combinations(case.steps, many):
            fewer = with_lock(spoilt(case.seed, case.purpose, case.host, steps), case.lock)
            if (judged.is_green(fewer), opinion(fewer)) == verdicts:
                return fewer
    return case


def shown(case: Case) -> str:
    """One disagreement, to look at; the key itself is left out."""
    key = case.seed.sample.key.api_key
    lines = [] if case.lock is None else [f"with {case.lock}"]
    lines += [f"{case.seed.exchange} for {case.purpose.value} at {case.host}: {case.what}"]
    for path, heard in case.said.items():
        text = repr(heard.body).replace(key, "(key)")
        lines.append(f"    {path} HTTP {heard.status} {heard.content_type} {text}")
    return "\n".join(lines)
