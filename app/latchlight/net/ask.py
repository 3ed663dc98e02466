"""Ask an exchange one probe and decode the answer strictly."""

from __future__ import annotations

from urllib.parse import unquote

from latchlight.core.answer import Answer, JsonValue
from latchlight.core.credentials import Credentials
from latchlight.core.limits import LIMITS
from latchlight.core.server_text import harmless
from latchlight.core.situation import ClockReading
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe, ResetUnit, SignedRequest
from latchlight.net.client import Chain, RawAnswer
from latchlight.net.decode import NotStrictJson, decode
from latchlight.net.translate import unreadable


def ask(
    spec: ExchangeSpec,
    chain: Chain,
    host: Host,
    probe: Probe,
    credentials: Credentials | None,
    clock: ClockReading | None,
    now_ms: int,
    *,
    seconds: float = LIMITS.call_seconds,
) -> Answer:
    """One answer. `now_ms` is our clock; the signed time is corrected by the measured offset.

    Raises CallError where no whole answer came, InputError where the credentials cannot sign.
    """
    signed = SignedRequest("&".join(f"{n}={v}" for n, v in probe.query))
    if probe.signed and credentials is not None:
        offset = clock.offset_ms if clock is not None else 0.0
        signed = spec.sign(credentials, probe, host, round(now_ms + offset))
    raw = chain.get(host.server, probe.path, signed.query, dict(signed.headers), seconds=seconds)
    return _decoded(spec, host.name, probe, raw, clock, _values(signed))


def _decoded(
    spec: ExchangeSpec,
    host: str,
    probe: Probe,
    raw: RawAnswer,
    clock: ClockReading | None,
    sent: tuple[str, ...],
) -> Answer:
    if probe.signed and raw.age:
        raise unreadable(raw.status)
    if _date_is_off(raw, clock):
        raise unreadable(raw.status)
    is_json, body = False, None
    if raw.content_type in spec.content_types:
        is_json, body = _strict(raw.body)
        if not is_json and raw.status == 200:
            raise unreadable(raw.status)
    elif raw.status == 200 and raw.content_type not in _PAGES:
        raise unreadable(raw.status)
    return Answer(
        probe=str(probe),
        host=host,
        status=raw.status,
        is_json=is_json,
        body=body,
        sent_at=raw.sent_at,
        received_at=raw.received_at,
        round_trip_ms=raw.round_trip_ms,
        retry_after=_pause(spec, raw),
        request_id=raw.request_id,
        is_page=raw.content_type in _PAGES,
        sent=sent,
        text=_plain_text(raw, sent),
    )


def _pause(spec: ExchangeSpec, raw: RawAnswer) -> float | None:
    """Seconds for which the exchange asks to be left alone, by its own header or the standard one."""
    reset = spec.reset_header
    if raw.retry_after is not None or reset is None:
        return raw.retry_after
    text = raw.headers.get(reset.name.lower(), "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return None
    now = raw.received_at.timestamp()
    match reset.unit:
        case ResetUnit.MS_LEFT:
            seconds = int(text) / 1000
        case ResetUnit.MS_TIME:
            seconds = int(text) / 1000 - now
        case ResetUnit.S_TIME:
            seconds = int(text) - now
    return min(max(seconds, 0.0), LIMITS.ban_seconds)


def _values(signed: SignedRequest) -> tuple[str, ...]:
    """Key, signature, passphrase, token: whatever headers and query carry."""
    query = [part.partition("=")[2] for part in signed.query.split("&")]
    values = (*(value for _, value in signed.headers), *query, *map(unquote, query))
    return tuple(dict.fromkeys(v for v in values if v not in _NO_SECRETS))


_PAGES = ("text/html", "application/xhtml+xml")
_NO_SECRETS = frozenset({"application/json"})


def _plain_text(raw: RawAnswer, sent: tuple[str, ...]) -> str:
    """Some refusals are one word without any form: `Unauthorized`, `403, access too frequent`."""
    if raw.content_type != "text/plain":
        return ""
    return harmless(raw.body[: LIMITS.server_text_characters * 4].decode("utf-8", "replace"), sent)


def _strict(body: bytes) -> tuple[bool, JsonValue]:
    try:
        return True, decode(body)
    except NotStrictJson:
        return False, None


def _date_is_off(raw: RawAnswer, clock: ClockReading | None) -> bool:
    """A recording played back carries an old date; our own clock error is taken out first."""
    if clock is None or raw.date is None:
        return False
    ours = raw.received_at.timestamp() + clock.offset_ms / 1000
    return abs(raw.date.timestamp() - ours) > LIMITS.answer_date_seconds
