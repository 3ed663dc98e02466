"""Several questions about one key: what follows what, what is asked again, what must not count."""

from __future__ import annotations

from typing import Any

import pytest

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.errors import CallError
from latchlight.core.facts import Environment, KeyFacts
from latchlight.core.progress import CancelToken
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe, ResetHeader, ResetUnit
from latchlight.net.translate import timeout
from latchlight.probing import KeyAnswers, ask_exchange, find_host
from scripted_exchange import (
    BINANCE,
    HOST,
    KEY_PATH,
    NOW,
    SAFE,
    TIME_PATH,
    Heard,
    credentials,
    heard,
    services,
    time_answer,
)

MORE = Probe("more", "/more", signed=True, optional=True)
FORBIDDEN = heard({"code": -1002, "msg": "no"}, 401)


def follow(answers: tuple[Answer, ...]) -> Probe | None:
    return MORE if len(answers) == 1 and answers[0].status == 200 else None


def read_both(answers: tuple[Answer, ...], who: Credentials, host: Host) -> KeyFacts:
    facts = BINANCE.read_facts(answers[:1], who, host)
    assert isinstance(facts, KeyFacts)
    return replace(facts, said={"questions": str(len(answers))})


TWO = replace(BINANCE, follow=follow, later_probes=(MORE,), read_facts=read_both, narrow_probe=None)


def asked(spec: ExchangeSpec, **script: Any) -> tuple[KeyAnswers, list[str]]:
    around = services({TIME_PATH: time_answer(), KEY_PATH: heard(SAFE)} | script)
    answers = ask_exchange(spec, HOST, credentials(), around, CancelToken())
    return answers, around.client().paths()


def code_of(answers: KeyAnswers) -> DiagnosisCode | None:
    return None if answers.diagnosis is None else answers.diagnosis.code


def test_all_answers_are_read_together() -> None:
    answers, paths = asked(TWO, **{"/more": heard({"x": 1})})
    assert answers.facts.said == {"questions": "2"}
    assert paths == [TIME_PATH, KEY_PATH, "/more"]
    assert answers.evidence["key"].said == "accepted, 2 questions"


def test_nothing_follows_a_refusal() -> None:
    answers, paths = asked(TWO, **{KEY_PATH: FORBIDDEN})
    assert code_of(answers) is DiagnosisCode.PERMISSION_MISSING
    assert "/more" not in paths


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (heard({"code": -1022, "msg": "x"}, 400), DiagnosisCode.SIGNATURE_WRONG),
        (heard({}, 500), DiagnosisCode.EXCHANGE_FAULT),
        (Heard(b"<html>", 403, "text/html"), DiagnosisCode.FIREWALL_BLOCKED),
        (timeout(), DiagnosisCode.TIMEOUT),
    ],
)
def test_b22_one_question_that_failed_spoils_the_rest(second: object, code: DiagnosisCode) -> None:
    answers, _ = asked(TWO, **{"/more": second})
    assert code_of(answers) is code
    assert not answers.facts.accepted


def test_an_optional_question_refused_for_lack_of_a_right_is_read_as_it_is() -> None:
    answers, _ = asked(TWO, **{"/more": FORBIDDEN})
    assert code_of(answers) is None
    assert answers.facts.said == {"questions": "2"}


def test_a_required_question_refused_for_lack_of_a_right_is_a_refusal() -> None:
    required = replace(MORE, optional=False)
    spec = replace(TWO, follow=lambda a: required if len(a) == 1 else None)
    answers, _ = asked(spec, **{"/more": FORBIDDEN})
    assert code_of(answers) is DiagnosisCode.PERMISSION_MISSING


def test_a_refusal_may_send_the_question_elsewhere() -> None:
    elsewhere = Probe("key", "/other-world", signed=True)

    def other_world(answers: tuple[Answer, ...]) -> Probe | None:
        return elsewhere if len(answers) == 1 and answers[0].status == 400 else None

    def read_last(answers: tuple[Answer, ...], who: Credentials, host: Host) -> KeyFacts:
        facts = BINANCE.read_facts(answers[-1:], who, host)
        assert isinstance(facts, KeyFacts)
        return facts

    spec = replace(TWO, follow=other_world, later_probes=(elsewhere,), read_facts=read_last)
    wrong_world = heard({"code": -9999, "msg": "other world"}, 400)
    answers, _ = asked(spec, **{KEY_PATH: wrong_world, "/other-world": heard(SAFE)})
    assert code_of(answers) is None
    assert answers.facts.accepted


@pytest.mark.parametrize(
    ("wrong", "code", "word"),
    [
        (KeyFacts(other_key=True), DiagnosisCode.UNREADABLE_ANSWER, "another key"),
        (KeyFacts(locked=True), DiagnosisCode.KEY_FROZEN, "locked"),
        (KeyFacts(), DiagnosisCode.UNREADABLE_ANSWER, "documented form"),
    ],
)
def test_d01_b26_facts_that_must_not_count_are_none(
    wrong: KeyFacts, code: DiagnosisCode, word: str
) -> None:
    answers, _ = asked(replace(TWO, follow=lambda _: None, read_facts=lambda *_: wrong))
    assert code_of(answers) is code
    assert answers.diagnosis is not None
    assert word in answers.diagnosis.title
    assert not answers.facts.accepted


# refusals that an exchange gives by mistake

UNAUTHORIZED = Heard(b"Unauthorized", 401, "text/plain")


def doubt(diagnosis: Diagnosis, times: int) -> Diagnosis:
    return replace(diagnosis, title=say("{n} of {n} refused.", n=times))


PATIENT = replace(BINANCE, repeated={DiagnosisCode.UNAUTHORIZED: 2}, doubt=doubt, narrow_probe=None)


def test_a_lone_refusal_of_that_kind_is_no_verdict() -> None:
    answers, paths = asked(PATIENT, **{KEY_PATH: [UNAUTHORIZED, heard(SAFE)]})
    assert code_of(answers) is None
    assert paths.count(KEY_PATH) == 2
    assert answers.evidence["key"].said == "accepted at try 2"


def test_three_in_a_row_are_believed_and_counted() -> None:
    answers, paths = asked(PATIENT, **{KEY_PATH: [UNAUTHORIZED] * 9})
    assert paths.count(KEY_PATH) == 3
    assert answers.diagnosis is not None
    assert answers.diagnosis.title == "3 of 3 refused."


def test_another_refusal_is_not_asked_again() -> None:
    refused = heard({"code": -1022, "msg": "x"}, 400)
    answers, paths = asked(PATIENT, **{KEY_PATH: [refused] * 9})
    assert code_of(answers) is DiagnosisCode.SIGNATURE_WRONG
    assert paths.count(KEY_PATH) == 1


def test_each_try_is_signed_anew() -> None:
    moments = iter(range(100))
    around = services(
        {TIME_PATH: time_answer(), KEY_PATH: [UNAUTHORIZED, UNAUTHORIZED, heard(SAFE)]},
    )
    signed: list[int] = []

    def sign(who: Credentials, probe: Probe, host: Host, now_ms: int) -> Any:
        signed.append(next(moments))
        return BINANCE.sign(who, probe, host, now_ms)

    ask_exchange(replace(PATIENT, sign=sign), HOST, credentials(), around, CancelToken())
    assert signed == [0, 1, 2]


# hosts

DEMO = Host(f"{HOST} (demo)", Environment.DEMO, "Demo", address=HOST)


def test_a_demo_behind_the_same_server_is_a_host_of_its_own() -> None:
    spec = replace(BINANCE, hosts=(*BINANCE.hosts, DEMO))
    around = services({TIME_PATH: time_answer(), KEY_PATH: heard(SAFE)})
    answers = ask_exchange(spec, DEMO.name, credentials(), around, CancelToken())
    assert answers.facts.environment is Environment.DEMO
    assert {host for host, _ in around.client().asked} == {HOST}
    assert answers.evidence["key"].host == DEMO.name


def test_ht06_a_pause_counts_for_the_server_whatever_the_host_is_called() -> None:
    spec = replace(BINANCE, hosts=(*BINANCE.hosts, DEMO))
    around = services({TIME_PATH: heard({}, 429, retry_after=300.0)})
    ask_exchange(spec, DEMO.name, credentials(), around, CancelToken())
    before = len(around.client().asked)
    second = ask_exchange(spec, HOST, credentials(), around, CancelToken())
    assert code_of(second) is DiagnosisCode.RATE_LIMITED
    assert len(around.client().asked) == before


def test_a_host_that_refuses_for_its_whitelist_knows_the_key() -> None:
    refusal = Diagnosis(DiagnosisCode.IP_NOT_WHITELISTED, say("No."), say("Add it."))
    europe = Host("eu.example", Environment.PRODUCTION, "Europe")

    def diagnose(answer: Answer) -> Diagnosis | None:
        return refusal if answer.status == 403 else BINANCE.diagnose(answer)

    spec = replace(BINANCE, hosts=(BINANCE.hosts[0], europe), diagnose=diagnose, narrow_probe=None)
    around = services({TIME_PATH: time_answer(), KEY_PATH: heard({}, 403)})
    found = find_host(spec, HOST, credentials(), around, CancelToken())
    assert found is not None
    assert found.host is europe
    assert found.diagnosis.title == "This key belongs to Europe. No new key is needed."
    assert {host for host, _ in around.client().asked} == {"eu.example"}


def test_hosts_that_are_not_searched_are_not_asked() -> None:
    quiet = Host("quiet.example", Environment.PRODUCTION, "Quiet", searched=False)
    spec = replace(BINANCE, hosts=(BINANCE.hosts[0], quiet))
    around = services({TIME_PATH: time_answer(), KEY_PATH: heard(SAFE)})
    assert find_host(spec, HOST, credentials(), around, CancelToken()) is None
    assert around.client().asked == []


def test_no_host_outside_the_list_is_ever_asked() -> None:
    with pytest.raises(CallError):
        ask_exchange(BINANCE, "evil.example", credentials(), services({}), CancelToken())


# pauses in an exchange's own header


@pytest.mark.parametrize(
    ("unit", "text", "seconds"),
    [
        (ResetUnit.MS_LEFT, "30000", 30.0),
        (ResetUnit.S_TIME, str(int(NOW.timestamp()) + 45), 45.0),
        (ResetUnit.MS_TIME, str((int(NOW.timestamp()) + 45) * 1000), 45.0),
        (ResetUnit.S_TIME, "1", 0.0),
        (ResetUnit.MS_LEFT, "soon", None),
        (ResetUnit.MS_LEFT, "-5", None),
        (ResetUnit.MS_LEFT, "9" * 15, 3 * 86400.0),
    ],
)
def test_the_end_of_a_pause_is_read_from_the_exchange_s_own_header(
    unit: ResetUnit, text: str, seconds: float | None
) -> None:
    spec = replace(BINANCE, reset_header=ResetHeader("X-Reset", unit))
    limited = heard({}, 429, headers={"x-reset": text})
    answers, _ = asked(spec, **{TIME_PATH: limited})
    assert answers.diagnosis is not None
    assert answers.diagnosis.retry_after == seconds
