"""Safety rows A for every exchange: the answer is not what it seems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from answer_mutations import (
    ENCODINGS,
    RAW,
    Path,
    at,
    other_types,
    packed,
    parts,
    put,
    raw_at,
    twice,
)
from exchange_samples import Accepted, Refusal
from faulty_server import FaultyServer, Say, authority
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.findings import KeyReport, Light
from latchlight.net import translate
from latchlight.net.client import Client
from latchlight.net.connection import Trust
from latchlight.services import utc_now
from scripted_exchange import (
    NOW,
    Heard,
    NoMemory,
    ScriptedServices,
    heard,
    judged,
    rules,
    services,
)

from .contract import BAD, EGRESS, Exchange, each, each_exchange, none_of, where


def signed_replies(exchange: Exchange) -> range:
    return range(len(exchange.well_kept.answers))


def each_answer(exchange: Exchange, said: Any) -> Iterator[str]:
    """The same instead of each answer about the key in turn."""
    for number in signed_replies(exchange):
        complaint = exchange.unproved(exchange.heard(number, said))
        yield f"answer {number}: {complaint}" if complaint else ""


# A10: an error beside fields that look fine


def beside(refusal: Mapping[str, Any], tidy: Any) -> Iterator[tuple[str, Any]]:
    """A refusal and the well-kept answer in one object; what the refusal leaves empty is filled."""
    if isinstance(tidy, dict):
        filled = {k: tidy.get(k, v) if v in ([], {}, None, "") else v for k, v in refusal.items()}
        yield "error first", {**filled, **{k: v for k, v in tidy.items() if k not in filled}}
        yield "error last", {**{k: v for k, v in tidy.items() if k not in filled}, **filled}
        yield "error over all", {**tidy, **refusal}
    yield "answer below the error", {**refusal, "data": tidy, "result": tidy}


def with_fields(exchange: Exchange, refusal: Refusal, body: Any, status: int) -> KeyReport:
    """The well-kept key, but for the answer that this refusal replaces."""
    script = exchange.script()
    return exchange.report({**script, exchange.path_of(refusal): heard(body, status)})


def key_refusals(exchange: Exchange) -> list[Refusal]:
    """Refusals with an object as body, of questions about the key."""
    asked = {reply.path for reply in exchange.well_kept.answers}
    told = exchange.samples.refusals
    objects = [r for r in told if isinstance(r.body, dict) and "$text" not in r.body]
    return [r for r in objects if exchange.path_of(r) in asked]


def tidy(exchange: Exchange, refusal: Refusal) -> Any:
    paths = [reply.path for reply in exchange.well_kept.answers]
    return exchange.bodies[paths.index(exchange.path_of(refusal))]


def is_one_by_its_body(refusal: Refusal, well_kept: Any) -> bool:
    """Whether its code, or whatever else both answers have, is another one than the accepted."""
    kept = well_kept if isinstance(well_kept, dict) else {}
    both = [n for n, v in refusal.body.items() if n in kept and isinstance(v, str | int)]
    return not both or any(refusal.body[name] != kept[name] for name in both)


@each(key_refusals, "refusal")
def test_a10_an_error_beside_tidy_fields_stays_an_error(
    exchange: Exchange, refusal: Refusal
) -> None:
    well_kept = tidy(exchange, refusal)
    for how, body in beside(refusal.body, well_kept):
        for status in {200, refusal.status} if is_one_by_its_body(refusal, well_kept) else ():
            report = with_fields(exchange, refusal, body, status)
            assert exchange.unproved(report) == "", (how, status)


@each_exchange
def test_a10_error_inside_http_200(exchange: Exchange) -> None:
    """What refuses with an error status refuses with 200 as well."""
    for refusal in key_refusals(exchange):
        report = with_fields(exchange, refusal, refusal.body, 200)
        assert exchange.unproved(report) == "", refusal.name


def code_places(exchange: Exchange, refusal: Refusal) -> list[Path]:
    """Where the refusal's code stands in its body."""
    diagnosis = exchange.with_refusal(refusal).diagnosis
    code = diagnosis.exchange_code if diagnosis is not None else None
    body = refusal.body
    every = [p for p in parts(body) if isinstance(at(body, p), str | int)]
    return [p for p in every if code is not None and str(at(body, p)) == code]


@each_exchange
def test_a10_an_unknown_code_is_grey(exchange: Exchange) -> None:
    for refusal in key_refusals(exchange):
        body: Any = refusal.body
        for path in parts(body):
            if isinstance(at(body, path), str):
                body = put(body, path, "something new")
        for path in code_places(exchange, refusal):
            old = at(refusal.body, path)
            for new in ("98765", "SOMETHING_NEW") if isinstance(old, str) else (98765, -98765):
                said = put(body, path, new)
                for status in {200, refusal.status}:
                    report = with_fields(exchange, refusal, said, status)
                    assert report.light is Light.GREY, (refusal.name, new, status)
                    for how, fuller in beside(said, tidy(exchange, refusal)):
                        report = with_fields(exchange, refusal, fuller, status)
                        assert exchange.unproved(report) == "", (refusal.name, new, how)


@each_exchange
def test_a10_a_code_in_another_form_is_no_success(exchange: Exchange) -> None:
    for refusal in key_refusals(exchange):
        for path in code_places(exchange, refusal):
            for how, other in other_types(at(refusal.body, path)):
                body = put(refusal.body, path, other)
                report = with_fields(exchange, refusal, body, refusal.status)
                assert exchange.unproved(report) == "", (refusal.name, how)


# A11, A12, A23: status and body contradict each other, or there is no body

ERROR_STATUS = (400, 401, 403, 404, 418, 429, 451, 500, 502, 503, 504)
SMALL_BODIES: tuple[Any, ...] = ({}, {"x": 1}, [], None, "ok", 0, True, [{}], {"data": {}})


@pytest.mark.parametrize("status", ERROR_STATUS)
@each_exchange
def test_a11_an_error_status_without_fields_is_grey(exchange: Exchange, status: int) -> None:
    for body in SMALL_BODIES:
        none_of(each_answer(exchange, heard(body, status)))


@each_exchange
def test_a12_an_empty_or_odd_body_is_grey(exchange: Exchange) -> None:
    for body in SMALL_BODIES:
        none_of(each_answer(exchange, heard(body)))
    for raw in (b"", b" ", b"{", b"}", b"OK", b"\x00", b"true false", b'{"a":1}{"a":1}'):
        none_of(each_answer(exchange, Heard(raw, 200)))


@pytest.mark.parametrize("status", [204, 205, 206, 304])
@each_exchange
def test_a12_a_status_without_a_body_is_grey(exchange: Exchange, status: int) -> None:
    none_of(each_answer(exchange, translate.unreadable(status)))
    for number, body in enumerate(exchange.bodies):
        assert exchange.unproved(exchange.heard(number, heard(body, status))) == ""


@each_exchange
def test_a12_the_answer_inside_another_one_is_grey(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        for how, other in (
            ("data", {"data": body}),
            ("result", {"result": body}),
            ("list", [body]),
        ):
            if not exchange.may_take(number, (), how):
                report = exchange.changed(number, other)
                assert exchange.complaint(report) == "", (number, how)


@each(lambda exchange: exchange.samples.accepted, "sample")
def test_a23_an_error_status_with_a_perfect_body_is_not_believed(
    exchange: Exchange, sample: Accepted
) -> None:
    for status in (400, 401, 403, 429, 500, 503):
        for number, reply in enumerate(sample.answers):
            if reply.status != 200:
                continue
            script = exchange.script(sample)
            script[reply.path] = heard(exchange.body(reply), status)
            report = exchange.report(script, sample)
            assert report.light in BAD, (status, number)


@each_exchange
def test_a23_no_status_but_200_is_an_accepted_answer(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        for status in (201, 202, 203, 207, 226, 402, 405, 409, 410, 422, 501, 520, 599):
            report = exchange.heard(number, heard(body, status))
            assert exchange.unproved(report) == "", status


# A01, A09, A19: somebody else's page, or another kind of content

PAGE = b"<html><head><title>Log in</title></head><body>Please wait...</body></html>"


@pytest.mark.parametrize("status", [200, 403, 503])
@each_exchange
def test_a01_a09_a_web_page_is_grey(exchange: Exchange, status: int) -> None:
    for kind in ("text/html", "application/xhtml+xml", "", "application/json"):
        none_of(each_answer(exchange, Heard(PAGE, status, kind)))
        script = {**exchange.script(), exchange.spec.time_probe.path: Heard(PAGE, status, kind)}
        assert exchange.unproved(exchange.report(script)) == ""


@each_exchange
def test_a19_another_content_type_is_not_read(exchange: Exchange) -> None:
    kinds = {"text/html", "text/plain", "application/octet-stream", "", "text/json"}
    kinds |= {"application/javascript", "application/problem+json", "image/png"}
    for kind in kinds - set(exchange.spec.content_types):
        for number, body in enumerate(exchange.bodies):
            report = exchange.heard(number, heard(body, content_type=kind))
            assert exchange.unproved(report) == "", kind


# A06, A07: redirects

REDIRECTS = (301, 302, 303, 307, 308)


@pytest.mark.parametrize("status", REDIRECTS)
@each_exchange
def test_a06_a07_a_redirect_is_grey(exchange: Exchange, status: int) -> None:
    said = translate.redirected(status)
    none_of(each_answer(exchange, said))
    report = exchange.heard(0, said)
    assert report.diagnosis is not None
    assert report.diagnosis.code is DiagnosisCode.REDIRECTED
    at_the_time = exchange.report({**exchange.script(), exchange.spec.time_probe.path: said})
    assert exchange.unproved(at_the_time) == ""


@each_exchange
def test_a06_a_real_redirect_with_a_tidy_body_is_not_followed(exchange: Exchange) -> None:
    with FaultyServer("ok ok ok ok") as other:
        for status in REDIRECTS:
            for target in (f"https://{other.address}/", "/login", "?"):
                report = over_https(exchange, f"ok redirect:{status}:{target}")
                assert exchange.unproved(report) == ""
                assert report.diagnosis is not None
                assert report.diagnosis.code is DiagnosisCode.REDIRECTED
        assert other.connections == 0


@each_exchange
def test_the_well_kept_key_is_read_over_https_as_well(exchange: Exchange) -> None:
    """Otherwise the test before this one would prove nothing."""
    words = " ".join(["ok"] * (1 + len(exchange.well_kept.answers)))
    assert over_https(exchange, words).facts.accepted


def over_https(exchange: Exchange, words: str) -> KeyReport:
    """The well-kept key, asked over real TLS on loopback; each word spoils one answer."""
    json_type = (("Content-Type", "application/json"),)
    now_ms = round(utc_now().timestamp() * 1000)
    said = {exchange.spec.time_probe.path: exchange.time(now_ms).body}
    for reply, body in zip(exchange.well_kept.answers, exchange.bodies, strict=True):
        said[reply.path] = packed(body)
    with FaultyServer(words, say={p: Say(b, 200, json_type) for p, b in said.items()}) as server:
        client = Client(Trust(authority().file), utc_now)
        around = ScriptedServices(given_client=client, given_store=NoMemory())
        spec = exchange.spec.on_practice_hosts((server.address,))
        asked = replace(exchange.request(), exchange=spec, host=server.address)
        return judged(asked, around, EGRESS)


# A15 to A18, A24: recordings, twins, numbers that are none, other alphabets


@each_exchange
def test_a15_an_answer_out_of_a_cache_is_grey(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        assert exchange.unproved(exchange.heard(number, heard(body, age=True))) == ""


@each_exchange
def test_a16_a_name_that_stands_twice_is_grey(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        for path in parts(body):
            if isinstance(path[-1], str):
                value = at(body, path)
                for harmless in (value, False, None, "", []):
                    for order, raw in twice(body, path, harmless):
                        report = exchange.heard(number, Heard(raw, 200))
                        assert exchange.unproved(report) == "", where(number, path, order)


@each_exchange
def test_a17_what_is_no_json_value_is_grey(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        for path in parts(body):
            for how, raw in RAW.items():
                report = exchange.heard(number, Heard(raw_at(body, path, raw), 200))
                assert exchange.unproved(report) == "", where(number, path, how)


@each_exchange
def test_a18_another_encoding_is_grey(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        for encoding in ENCODINGS:
            raw = packed(body).decode().encode(encoding)
            assert exchange.unproved(exchange.heard(number, Heard(raw, 200))) == "", encoding
        in_latin_1 = packed({"note": "(x)", "data": body}).replace(b"(x)", b"\xe9")
        assert exchange.unproved(exchange.heard(number, Heard(in_latin_1, 200))) == ""


@pytest.mark.parametrize("hours", [-48, -2, 2, 48])
@each_exchange
def test_a24_an_answer_of_another_hour_is_grey(exchange: Exchange, hours: int) -> None:
    for number, body in enumerate(exchange.bodies):
        old = heard(body, date=NOW + timedelta(hours=hours))
        assert exchange.unproved(exchange.heard(number, old)) == ""
    fresh = heard(exchange.bodies[0], date=NOW)
    assert exchange.heard(0, fresh).light is exchange.best.light


# A25, B19, B22: one question is not answered

SILENCE: dict[str, Any] = {
    "500": Heard(),
    "503": Heard(b"", 503, "text/html"),
    "404": heard({}, 404),
    "offline": translate.offline(),
    "timeout": translate.timeout(),
    "other certificate": translate.tls_untrusted(),
    "cut short": translate.cut_short(),
}


@each_exchange
def test_a25_the_time_alone_proves_nothing_about_the_key(exchange: Exchange) -> None:
    for how, said in SILENCE.items():
        asked = {reply.path for reply in exchange.well_kept.answers}
        report = exchange.report({**exchange.script(), **dict.fromkeys(asked, said)})
        assert exchange.unproved(report) == "", how
        assert rules(report)["clock-off"] == "green"


@each_exchange
def test_b22_each_question_that_fails_is_grey(exchange: Exchange) -> None:
    around = services(exchange.script(), given_store=NoMemory())
    judged(exchange.request(), around, EGRESS)
    for path in dict.fromkeys(around.client().paths()):
        for how, said in SILENCE.items():
            report = exchange.report({**exchange.script(), path: said})
            assert exchange.unproved(report) == "", (path, how)


@each_exchange
def test_h02_a_script_without_answers_is_grey(exchange: Exchange) -> None:
    assert exchange.unproved(exchange.report({})) == ""
