"""Reports as the program makes them: real rules and real texts, only the exchange's answer is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from latchlight.core.addresses import parse_address
from latchlight.core.answer import Answer, JsonValue
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.diagnosis import Diagnosis
from latchlight.core.egress import AddressAnswer, EgressReport, agree
from latchlight.core.evaluate import evaluate
from latchlight.core.facts import KeyFacts
from latchlight.core.findings import Evidence, KeyReport, Light
from latchlight.core.profile import Acceptance
from latchlight.core.purpose import Intent
from latchlight.core.situation import ClockReading, Situation, Storage
from latchlight.exchanges.binance import SPEC
from latchlight.exchanges.binance_refusals import narrow
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.keys import CheckRequest

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ADDRESS = "203.0.113.7"
CREDENTIALS = Credentials(Secret("k" * 60 + "DhA8"), Secret("s" * 64), KeyKind.HMAC, hint="…DhA8")
_OFF = (
    "enableReading",
    "enableSpotAndMarginTrading",
    "enableMargin",
    "enableFutures",
    "enableVanillaOptions",
    "permitsUniversalTransfer",
    "enableInternalTransfer",
    "enableWithdrawals",
    "enablePortfolioMarginTrading",
    "enableFixApiTrade",
    "enableFixReadOnly",
)


def make_answer(body: JsonValue, status: int = 200, at: datetime = NOW) -> Answer:
    """One answer of the exchange to the question for the key's rights."""
    return Answer(
        probe=str(SPEC.key_probe),
        host="api.binance.com",
        status=status,
        is_json=True,
        body=body,
        sent_at=at - timedelta(milliseconds=80),
        received_at=at,
        round_trip_ms=80.0,
    )


def make_body(**changed: JsonValue) -> dict[str, JsonValue]:
    """What Binance says about a well-kept spot key, but for `changed`."""
    body: dict[str, JsonValue] = dict.fromkeys(_OFF, False)
    created = int((NOW - timedelta(days=40)).timestamp() * 1000)
    body |= {
        "ipRestrict": True,
        "createTime": created,
        "enableReading": True,
        "enableSpotAndMarginTrading": True,
    }
    return body | changed


def make_facts(at: datetime = NOW, **changed: JsonValue) -> KeyFacts:
    """The facts read from such an answer."""
    return SPEC.read_facts((make_answer(make_body(**changed), at=at),), CREDENTIALS, SPEC.hosts[0])


def make_refusal(message: str = "Invalid API-key, IP, or permissions for action.") -> Diagnosis:
    """Binance's ambiguous -2015, narrowed by a second one, as far as it can be."""
    answer = make_answer({"code": -2015, "msg": message}, 400)
    first = SPEC.diagnose(answer)
    if first is None:
        raise ValueError("a refusal must be diagnosed")
    others = tuple(host.name for host in SPEC.others(answer.host))
    return replace(narrow(first, replace(answer, status=401)), ask_other_hosts=others)


def make_egress() -> EgressReport:
    """Three unrelated services agree."""
    address = parse_address(ADDRESS)
    names = ("one", "two", "three")
    return agree(AddressAnswer(name, name, 4, address, None) for name in names)


_CHANGES: dict[Light, dict[str, JsonValue]] = {
    Light.GREEN: {},
    Light.AMBER: {"enableFutures": True},
    Light.RED: {"enableWithdrawals": True},
}


def make_key_report(
    light: Light = Light.GREEN,
    *,
    label: str = "main-bot",
    at: datetime = NOW,
    practice: bool = False,
    acceptances: tuple[Acceptance, ...] = (),
    diagnosis: Diagnosis | None = None,
    stored: bool = True,
    changed: dict[str, JsonValue] | None = None,
) -> KeyReport:
    """A report of this light: fine, futures on, withdrawals on, or refused with -2015.

    `changed`: what Binance says instead, for a light that is not grey.
    """
    refused = light is Light.GREY
    diagnosis = (diagnosis or make_refusal()) if refused else None
    facts = (
        KeyFacts()
        if refused
        else make_facts(at, **(_CHANGES[light] if changed is None else changed))
    )
    egress = make_egress()
    answers = {
        name: Evidence(
            f"GET {path}",
            "api.binance.com",
            at,
            said,
            fingerprint="…DhA8" if name == "key" else "",
            facts_date="2026-11-20",
        )
        for name, path, said in (
            ("time", SPEC.time_probe.path, "offset 12 ms"),
            ("key", SPEC.key_probe.path, "HTTP 400, code -2015" if refused else "accepted"),
        )
    }
    situation = Situation(
        exchange=SPEC.traits,
        facts=facts,
        diagnosis=diagnosis,
        clock=ClockReading(12.0, 40.0),
        egress=egress,
        intent=Intent(),
        now=at,
        evidence=answers,
        storage=Storage("the test keyring") if stored else None,
    )
    findings, notes = evaluate(situation, acceptances)
    report = KeyReport(
        label=label,
        exchange=SPEC.id,
        exchange_name=SPEC.name,
        host="api.binance.com",
        hint="…DhA8",
        intent=Intent(),
        facts=facts,
        diagnosis=diagnosis,
        findings=findings,
        started_at=at,
        finished_at=at,
        practice=practice,
        notes=notes,
    )
    if report.light is not light:
        raise ValueError(f"this made {report.light}, not {light}")
    return report


def make_request(
    label: str = "main-bot",
    *,
    id: str = "",
    stored: bool = True,
    story: str = "",
    spec: ExchangeSpec = SPEC,
) -> CheckRequest:
    """How a key of that name would be checked."""
    return CheckRequest(
        id=id or f"id-{label}",
        label=label,
        exchange=spec,
        host="api.binance.com",
        hint="…DhA8",
        intent=Intent(),
        credentials=lambda: CREDENTIALS,
        fingerprint="f" * 32,
        stored=stored,
        story=story,
    )
