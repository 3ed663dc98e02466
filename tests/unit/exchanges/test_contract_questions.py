"""Every exchange: which questions are asked, and how the answer about the time is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from answer_mutations import at, other_types, parts, put, text_of
from exchange_samples import (
    Accepted,
    TimeSample,
)
from latchlight.core.findings import Light
from scripted_exchange import NOW_MS, NoMemory, heard, judged, rules, services

from .contract import BAD, EGRESS, Exchange, answer, each_exchange

# time

MOMENTS = (NOW_MS, NOW_MS + 1000, 1_499_827_319_000, 2_000_000_000_000)


@each_exchange
def test_the_time_is_read_as_documented(exchange: Exchange) -> None:
    told = exchange.samples.time
    assert read_time(exchange, told.answer) == told.ms
    assert [read_time(exchange, told.filled(ms)) for ms in MOMENTS] == list(MOMENTS)


def read_time(exchange: Exchange, body: Any, status: int = 200) -> int | None:
    said = answer(body, exchange.spec.time_probe, status)
    return None if exchange.spec.diagnose(said) is not None else exchange.spec.read_time(said)


def marks(told: TimeSample) -> list[tuple[str | int, ...]]:
    places = parts(told.template)
    return [p for p in places if str(at(told.template, p)).startswith("$")]


@each_exchange
def test_bo09_a_time_in_another_form_is_none(exchange: Exchange) -> None:
    """Where a second field also tells it, the true time may come from there, never another one."""
    told = exchange.samples.time
    body = told.filled(NOW_MS)
    read_from = [p for p in marks(told) if read_time(exchange, put(body, p, None)) is None]
    assert read_from
    for path in marks(told):
        allowed = {None} if path in read_from else {None, NOW_MS}
        for how, value in (*other_types(at(body, path)), *_odd_times()):
            if how != "huge":  # of the documented form: see the next test
                told_ms = read_time(exchange, put(body, path, value))
                assert told_ms in allowed, (text_of(path), how)
                if told_ms is None:
                    said = {exchange.spec.time_probe.path: heard(put(body, path, value))}
                    report = exchange.report(exchange.script() | said)
                    assert report.light is Light.GREY, (text_of(path), how)
                    assert exchange.green_about_the_key(report) == []


def _odd_times() -> Iterator[tuple[str, Any]]:
    for text in ("-1", "0", "1e12", " 1", "soon", "\uff11" * 13, "1" * 400, "0x1", "2026-11-20"):
        yield text[:20], text
    for number in (-1, 0, 0.5, float(10**12), -(2**63)):
        yield str(number)[:20], number


ABSURD_MS = (0, 1, 10**9, 10**13, 253_402_300_800_000, 10**15 - 1, 10**15, 10**18, 10**30, 10**60)


@each_exchange
def test_bo09_an_absurd_time_is_grey_and_no_crash(exchange: Exchange) -> None:
    told = exchange.samples.time
    for ms in ABSURD_MS:
        body = told.filled(NOW_MS)
        for path in marks(told):
            body = put(body, path, _absurd(at(told.template, path), ms, at(body, path)))
        script = exchange.script() | {exchange.spec.time_probe.path: heard(body)}
        report = exchange.report(script)
        assert report.light in BAD, ms
        assert rules(report)["clock-off"] == "grey", ms


def _absurd(mark: str, ms: int, now: Any) -> Any:
    """What no date can hold is told in the fields that are numbers."""
    if mark == "$ISO":
        return now
    per = {"$S": 1 / 1000, "$MS": 1, "$US": 1000, "$NS": 1_000_000}[mark.removesuffix("_TEXT")]
    value = ms // 1000 if per < 1 else ms * int(per)
    return str(value) if mark.endswith("_TEXT") else value


@pytest.mark.parametrize("body", [None, [], {}, "ok", 0, True, "", [[]], {"data": []}, [{}]])
@each_exchange
def test_bo09_no_time_is_read_from_another_answer(exchange: Exchange, body: Any) -> None:
    said = answer(body, exchange.spec.time_probe)
    assert exchange.spec.read_time(said) is None


@each_exchange
def test_p4_exactly_the_listed_questions_are_asked(exchange: Exchange) -> None:
    allowed = {probe.path for probe in exchange.spec.probes()}
    assert all(str(probe) == f"GET {probe.path}" for probe in exchange.spec.probes())
    assert set(asked_everywhere(exchange)) == allowed


def asked_everywhere(exchange: Exchange) -> Iterator[str]:
    """The paths of all questions over all samples, at all hosts."""
    for sample in exchange.samples.accepted:
        for host in {sample.host, *(h.name for h in exchange.spec.hosts)}:
            yield from asked(exchange, exchange.script(sample), sample, host)
    for refusal in exchange.samples.refusals:
        said = {**exchange.script(), exchange.path_of(refusal): exchange.refused(refusal)}
        yield from asked(exchange, said, exchange.well_kept, "")


def asked(exchange: Exchange, script: dict[str, Any], sample: Accepted, host: str) -> list[str]:
    around = services(script, given_store=NoMemory())
    judged(exchange.request(sample, host), around, EGRESS)
    paths: list[str] = around.client().paths()
    return paths


@each_exchange
def test_p4_nothing_but_the_listed_questions_is_allowed(exchange: Exchange) -> None:
    spec = exchange.spec
    for probe in spec.probes():
        for host in spec.hosts:
            assert spec.allows(host.server, probe.path)
            for other in (f"{host.server}.evil.example", host.server.upper(), f"{host.server}:443"):
                assert not spec.allows(other, probe.path)
            for path in (probe.path + "/", probe.path.upper(), probe.path + "/..", "/", ""):
                assert not spec.allows(host.server, path)


@each_exchange
def test_the_time_is_asked_without_key_and_first(exchange: Exchange) -> None:
    around = services(exchange.script(), given_store=NoMemory())
    judged(exchange.request(), around, EGRESS)
    client = around.client()
    assert client.paths()[0] == exchange.spec.time_probe.path
    assert client.queries[0][1] == {}
    assert exchange.well_kept.key.api_key not in client.queries[0][0]
    assert not exchange.spec.time_probe.signed
