"""Every rule as a table from facts to light, for every purpose and set-up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories import NOW, make_facts
from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.diagnosis import PROVES_CREDENTIALS_WRONG, Diagnosis, DiagnosisCode
from latchlight.core.egress import AddressAnswer, EgressReport, agree
from latchlight.core.facts import (
    NOT_READ,
    NOT_TOLD,
    Environment,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Right,
    Unknown,
    WhyUnknown,
)
from latchlight.core.findings import Light
from latchlight.core.limits import LIMITS
from latchlight.core.profile import AddressSighting
from latchlight.core.purpose import Intent, Purpose, Setup
from latchlight.core.records import replace
from latchlight.core.rules import RULES
from latchlight.core.rules.rule import NotApplicable
from latchlight.core.sentences import say
from latchlight.core.situation import ClockReading, Situation, Storage
from latchlight.exchanges.binance import SPEC

from .test_findings import situation

BY_ID = {rule.id: rule.evaluate for rule in RULES}
GREEN, AMBER, RED, GREY = Light.GREEN, Light.AMBER, Light.RED, Light.GREY
FORM = Unknown(WhyUnknown.WRONG_FORM, "x")


def judged(rule: str, made: Situation) -> Light | None:
    """The light of one rule, or None where it does not apply."""
    outcome = BY_ID[rule](made)
    return None if isinstance(outcome, NotApplicable) else outcome.light


def facts(**changes: Any) -> Situation:
    return situation(facts=replace(make_facts(), **changes))


def body(purpose: Purpose = Purpose.SPOT, **changes: Any) -> Situation:
    return situation(facts=make_facts(**changes), intent=Intent(purpose))


def refused(code: DiagnosisCode, **more: Any) -> Situation:
    diagnosis = Diagnosis(code, say("No."), say("Do this."), **more)
    return situation(facts=KeyFacts(), diagnosis=diagnosis)


# identity


@pytest.mark.parametrize("code", DiagnosisCode)
def test_credentials_rejected_is_red_only_where_the_answer_proves_it(code: DiagnosisCode) -> None:
    wanted = RED if code in PROVES_CREDENTIALS_WRONG else GREY
    assert judged("credentials-rejected", refused(code)) is wanted


def test_c21_the_ambiguous_refusal_is_no_proof_of_anything() -> None:
    made = refused(DiagnosisCode.KEY_IP_OR_PERMISSION)
    for rule in BY_ID:
        assert judged(rule, made) in (GREY, None) or rule in ("clock-off", "wrong-environment")


@pytest.mark.parametrize("code", DiagnosisCode)
def test_a_refusal_never_leaves_a_green_about_the_key(code: DiagnosisCode) -> None:
    about_the_place = {"clock-off", "wrong-environment", "address-uncertain"}
    for rule in set(BY_ID) - about_the_place:
        assert judged(rule, refused(code)) is not GREEN


def test_accepted_beside_a_diagnosis_is_not_green() -> None:
    made = replace(refused(DiagnosisCode.TIMEOUT), facts=make_facts())
    assert judged("credentials-rejected", made) is GREY


@pytest.mark.parametrize(
    ("offset", "unsure", "light"),
    [
        (0, 0, GREEN),
        (5000, 0, GREEN),
        (-1000, 0, GREEN),
        (5001, 0, AMBER),
        (-1001, 0, AMBER),
        (29_999, 0, AMBER),
        (-30_000, 0, AMBER),
        (30_001, 0, GREY),
        (-30_001, 0, GREY),
        (86_400_000, 0, GREY),
        (-86_400_000, 0, GREY),
        (0, 1001, GREY),
        (0, 999, GREEN),
        (0, 5000, GREY),
        (5200, 100, AMBER),
        (5050, 100, GREY),
        (-1050, 100, GREY),
        (-900, 100, GREEN),
        (-901, 100, GREY),
        (30_050, 100, AMBER),
        (30_200, 100, GREY),
        (0, 10**9, GREY),
    ],
)
def test_e05_clock_off_by_offset_and_uncertainty(
    offset: float, unsure: float, light: Light
) -> None:
    assert judged("clock-off", situation(clock=ClockReading(offset, unsure))) is light


def test_clock_not_measured_is_grey() -> None:
    assert judged("clock-off", situation(clock=None)) is GREY
    assert judged("clock-off", replace(refused(DiagnosisCode.CLOCK_OFF), clock=None)) is GREY


@pytest.mark.parametrize(
    ("environment", "light"),
    [
        (Environment.PRODUCTION, GREEN),
        (Environment.PRACTICE, GREEN),
        (Environment.TESTNET, GREY),
        (Environment.DEMO, GREY),
    ],
)
def test_a21_a_test_network_is_never_green(environment: Environment, light: Light) -> None:
    assert judged("wrong-environment", facts(environment=environment)) is light


# whitelist

SILENT = dict.fromkeys(("enableSpotAndMarginTrading", "enableFixApiTrade"), False)


@pytest.mark.parametrize(
    ("changes", "light"),
    [
        ({"ipRestrict": True}, GREEN),
        ({"ipRestrict": False}, RED),
        ({"ipRestrict": False, **SILENT}, AMBER),
        ({"ipRestrict": False, **SILENT, "enableFutures": True}, RED),
        ({"ipRestrict": False, **SILENT, "enableVanillaOptions": True}, RED),
        ({"ipRestrict": False, **SILENT, "enableMargin": True}, RED),
        ({"ipRestrict": False, **SILENT, "enablePortfolioMarginTrading": True}, RED),
        ({"ipRestrict": False, **SILENT, "enableFixApiTrade": True}, RED),
        ({"ipRestrict": False, **SILENT, "enableWithdrawals": True}, RED),
        ({"ipRestrict": False, **SILENT, "enableInternalTransfer": True}, RED),
        ({"ipRestrict": False, **SILENT, "permitsUniversalTransfer": True}, RED),
        ({"ipRestrict": False, **SILENT, "enableFutures": None}, GREY),
        ({"ipRestrict": False, **SILENT, "enableXyz": True}, GREY),
        ({"ipRestrict": "true"}, GREY),
        ({"ipRestrict": "false"}, GREY),
        ({"ipRestrict": 1}, GREY),
        ({"ipRestrict": 0}, GREY),
        ({"ipRestrict": None}, GREY),
        ({"ipRestrict": []}, GREY),
    ],
)
def test_c01_whitelist_off(changes: dict[str, Any], light: Light) -> None:
    assert judged("whitelist-off", body(**changes)) is light


def test_whitelist_of_an_unread_answer_is_grey() -> None:
    for unknown in (NOT_READ, NOT_TOLD, FORM):
        assert judged("whitelist-off", facts(whitelist_on=unknown)) is GREY


@pytest.mark.parametrize(
    ("on", "accepted", "light"),
    [
        (Known(True), True, GREEN),
        (Known(True), False, GREY),
        (Known(False), True, None),
        (Known(False), False, None),
        (FORM, True, GREY),
        (NOT_READ, False, GREY),
    ],
)
def test_c16_address_not_whitelisted(on: Any, accepted: bool, light: Light | None) -> None:
    assert judged("address-not-whitelisted", facts(whitelist_on=on, accepted=accepted)) is light


def test_the_exchanges_word_about_the_address_is_red_and_names_it() -> None:
    made = refused(DiagnosisCode.IP_NOT_WHITELISTED, seen_address="198.51.100.7")
    outcome = BY_ID["address-not-whitelisted"](made)
    assert not isinstance(outcome, NotApplicable)
    assert outcome.light is RED
    assert "198.51.100.7" in outcome.detail


def test_c10_c17_the_address_green_says_where_it_holds() -> None:
    outcome = BY_ID["address-not-whitelisted"](situation())
    assert not isinstance(outcome, NotApplicable)
    assert "this computer" in outcome.detail
    assert "not for the server" in outcome.detail


def listed(*texts: str, setup: Setup = Setup.THIS_COMPUTER, **changes: Any) -> Situation:
    networks = tuple(parse_network(text) for text in texts)
    made = facts(
        whitelist_on=Known(True), whitelist=Known(networks), whitelist_readable=Readable.FULL
    )
    return replace(made, intent=Intent(setup=setup), **changes)


@pytest.mark.parametrize(
    ("texts", "setup", "light"),
    [
        (["8.8.4.4"], Setup.THIS_COMPUTER, GREEN),
        (["8.8.4.4", "8.8.4.4"], Setup.THIS_COMPUTER, GREEN),
        (["8.8.4.4", "2a00::1"], Setup.ONE_SERVER, GREEN),
        (["8.8.4.4", "9.9.9.9"], Setup.ONE_SERVER, AMBER),
        (["8.8.4.4", "9.9.9.9"], Setup.FAILOVER, GREEN),
        (["8.8.4.4"], Setup.STAGING_AND_PRODUCTION, GREEN),
        (["8.8.4.4", "9.9.9.9"], Setup.STAGING_AND_PRODUCTION, AMBER),
        (["8.8.4.4", "9.9.9.9"], Setup.SERVERLESS, GREEN),
        (["8.8.4.4", "9.9.9.9"], Setup.HOME_AND_SERVER, GREEN),
        (["8.8.4.4", "9.9.9.9", "1.1.1.1"], Setup.FAILOVER, AMBER),
        (["2a00::1", "2a00::2"], Setup.ONE_SERVER, AMBER),
        (["8.8.4.0/31"], Setup.ONE_SERVER, AMBER),
        (["8.8.4.0/24"], Setup.ONE_SERVER, AMBER),
        (["8.8.4.0/23"], Setup.ONE_SERVER, AMBER),
        (["8.8.0.0/16"], Setup.ONE_SERVER, AMBER),
        (["8.8.0.0/15"], Setup.ONE_SERVER, RED),
        (["0.0.0.0/0"], Setup.ONE_SERVER, RED),
        (["0.0.0.0/1", "128.0.0.0/1"], Setup.ONE_SERVER, RED),
        (["::/0"], Setup.ONE_SERVER, RED),
        (["::ffff:0:0/96"], Setup.ONE_SERVER, RED),
        (["2a00::/32"], Setup.ONE_SERVER, AMBER),
        (["2a00::/31"], Setup.ONE_SERVER, RED),
        (["10.0.0.1"], Setup.ONE_SERVER, AMBER),
        (["192.168.1.1"], Setup.ONE_SERVER, AMBER),
        (["100.64.0.1"], Setup.ONE_SERVER, AMBER),
        (["0.0.0.0"], Setup.ONE_SERVER, AMBER),
        (["127.0.0.1"], Setup.ONE_SERVER, AMBER),
        (["203.0.113.7"], Setup.ONE_SERVER, AMBER),
        ([], Setup.ONE_SERVER, GREY),
    ],
)
def test_c02_to_c05_the_width_of_a_list(texts: list[str], setup: Setup, light: Light) -> None:
    assert judged("whitelist-too-wide", listed(*texts, setup=setup)) is light


def test_c05_thirty_single_addresses_are_too_many() -> None:
    assert judged("whitelist-too-wide", listed(*(f"8.8.{n}.4" for n in range(30)))) is AMBER


def test_a_list_that_is_not_shown_is_counted_as_not_possible() -> None:
    outcome = BY_ID["whitelist-too-wide"](situation())
    assert not isinstance(outcome, NotApplicable)
    assert (outcome.light, outcome.required) == (GREY, False)
    unread = BY_ID["whitelist-too-wide"](refused(DiagnosisCode.TIMEOUT))
    assert not isinstance(unread, NotApplicable)
    assert unread.required


def test_c08_a_masked_list_is_never_narrow() -> None:
    masked = facts(whitelist=FORM, whitelist_readable=Readable.MASKED)
    assert judged("whitelist-too-wide", masked) is GREY


def test_c07_addresses_that_nobody_named_are_amber() -> None:
    named = Intent(addresses=(parse_address("8.8.4.4"),))
    both = replace(listed("8.8.4.4", "9.9.9.9"), intent=named)
    assert judged("whitelist-stale-entries", both) is AMBER
    assert judged("whitelist-stale-entries", replace(listed("8.8.4.4"), intent=named)) is GREEN
    assert judged("whitelist-stale-entries", situation()) is None


# permissions

NEEDED = {
    Purpose.WATCH: {"enableSpotAndMarginTrading": False},
    Purpose.SPOT: {},
    Purpose.MARGIN: {"enableMargin": True},
    Purpose.FUTURES: {"enableSpotAndMarginTrading": False, "enableFutures": True},
}


@pytest.mark.parametrize("purpose", Purpose)
def test_a_fitting_key_is_green_in_all_permissions(purpose: Purpose) -> None:
    made = body(purpose, **NEEDED[purpose])
    for rule in ("withdraw-on", "more-than-purpose", "less-than-purpose"):
        assert judged(rule, made) is GREEN
    # Binance's right to trade on margin moves money there and back, and has no narrower form.
    assert judged("transfer-on", made) is (AMBER if purpose is Purpose.MARGIN else GREEN)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    ("value", "light"), [(True, RED), (False, GREEN), (None, GREY), ("false", GREY), (0, GREY)]
)
def test_withdraw_on(purpose: Purpose, value: Any, light: Light) -> None:
    assert judged("withdraw-on", body(purpose, enableWithdrawals=value)) is light


@pytest.mark.parametrize("field", ["enableInternalTransfer", "permitsUniversalTransfer"])
@pytest.mark.parametrize("purpose", Purpose)
def test_b13_transfer_on_by_purpose(field: str, purpose: Purpose) -> None:
    expected = RED if purpose in (Purpose.WATCH, Purpose.SPOT) else AMBER
    assert judged("transfer-on", body(purpose, **{field: True})) is expected
    assert judged("transfer-on", body(purpose, **{field: None})) is GREY


FIELDS = {
    "enableSpotAndMarginTrading": Purpose.SPOT,
    "enableFixApiTrade": Purpose.SPOT,
    "enableMargin": Purpose.MARGIN,
    "enablePortfolioMarginTrading": Purpose.MARGIN,
    "enableFutures": Purpose.FUTURES,
    "enableVanillaOptions": None,
}
FITS = {
    Purpose.WATCH: set(),
    Purpose.SPOT: {Purpose.SPOT},
    Purpose.MARGIN: {Purpose.SPOT, Purpose.MARGIN},
    Purpose.FUTURES: {Purpose.FUTURES},
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("purpose", Purpose)
def test_more_than_purpose_for_every_switch_and_purpose(field: str, purpose: Purpose) -> None:
    made = body(purpose, **{**NEEDED[purpose], field: True})
    expected = GREEN if FIELDS[field] in FITS[purpose] else AMBER
    assert judged("more-than-purpose", made) is expected


@pytest.mark.parametrize("field", [*FIELDS, "enableReading", "enableFixReadOnly"])
@pytest.mark.parametrize("purpose", Purpose)
def test_b04_a_switch_that_was_not_told_is_never_green(field: str, purpose: Purpose) -> None:
    made = body(purpose, **{**NEEDED[purpose], field: None})
    found = {judged(rule, made) for rule in ("more-than-purpose", "less-than-purpose")}
    assert found & {GREY, AMBER, RED}


@pytest.mark.parametrize(
    ("purpose", "field"),
    [
        (Purpose.WATCH, "enableReading"),
        (Purpose.SPOT, "enableReading"),
        (Purpose.SPOT, "enableSpotAndMarginTrading"),
        (Purpose.MARGIN, "enableMargin"),
        (Purpose.MARGIN, "enableSpotAndMarginTrading"),
        (Purpose.FUTURES, "enableFutures"),
    ],
)
def test_less_than_purpose(purpose: Purpose, field: str) -> None:
    changes = {
        **NEEDED[purpose],
        "enableFixApiTrade": False,
        "enableFixReadOnly": True,
        field: False,
    }
    assert judged("less-than-purpose", body(purpose, **changes)) is AMBER
    assert judged("less-than-purpose", body(purpose, **{**changes, field: None})) is GREY


def test_fix_rights_alone_serve_no_bot() -> None:
    made = body(enableSpotAndMarginTrading=False, enableFixApiTrade=True)
    assert judged("less-than-purpose", made) is AMBER


def test_b16_a_key_without_any_right_is_contradictory() -> None:
    nothing = {"enableReading": False, "enableSpotAndMarginTrading": False}
    assert judged("less-than-purpose", body(Purpose.WATCH, **nothing)) is GREY


@pytest.mark.parametrize(
    ("told", "light"),
    [(Known(()), GREEN), (Known(("enableXyz",)), GREY), (NOT_READ, GREY), (FORM, GREY)],
)
def test_b06_unknown_permission_on(told: Any, light: Light) -> None:
    assert judged("unknown-permission-on", facts(unknown_rights=told)) is light


def test_key_management() -> None:
    def made(granted: Any) -> Situation:
        right = Right("manage", "Manage keys", Permission.KEY_MANAGEMENT, granted)
        return facts(rights=(*make_facts().rights, right))

    assert judged("key-management-on", situation()) is None
    assert judged("key-management-on", made(Known(True))) is RED
    assert judged("key-management-on", made(Known(False))) is GREEN
    assert judged("key-management-on", made(FORM)) is GREY


def test_b13_what_the_exchange_does_not_report_is_named() -> None:
    outcome = BY_ID["withdraw-on"](situation())
    assert not isinstance(outcome, NotApplicable)
    assert "Not reported by Binance" in outcome.detail
    assert "Alpha withdrawals" in outcome.detail


# lifetime


@pytest.mark.parametrize(
    ("days", "light"),
    [(-1, AMBER), (0, AMBER), (1, AMBER), (14, AMBER), (14.1, GREEN), (15, GREEN), (900, GREEN)],
)
def test_e06_expires_soon(days: float, light: Light) -> None:
    made = facts(expires_at=Known(NOW + timedelta(days=days)))
    assert judged("expires-soon", made) is light


def test_no_end_is_green_and_an_unread_end_is_grey() -> None:
    assert judged("expires-soon", facts(expires_at=Known(None))) is GREEN
    assert judged("expires-soon", facts(expires_at=FORM)) is GREY


@pytest.mark.parametrize(
    ("days", "limit", "light"),
    [(0, 365, GREEN), (365, 365, GREEN), (366, 365, AMBER), (31, 30, AMBER), (-0.5, 365, GREEN)],
)
def test_key_old(days: float, limit: int, light: Light) -> None:
    made = facts(created_at=Known(NOW - timedelta(days=days)))
    assert judged("key-old", replace(made, key_age_days=limit)) is light


def test_an_unread_age_is_grey() -> None:
    assert judged("key-old", facts(created_at=FORM)) is GREY


@pytest.mark.parametrize(("days", "light"), [(0, None), (365, None), (366, AMBER), (4000, AMBER)])
def test_b27_old_tables_hold_the_light_at_amber(days: int, light: Light | None) -> None:
    old = (NOW - timedelta(days=days)).date().isoformat()
    made = situation(exchange=replace(SPEC.traits, facts_date=old))
    assert judged("tables-old", made) is light


# the line


def services(*addresses: str | None) -> EgressReport:
    answers = (
        AddressAnswer(str(n), str(n), 4, parse_address(a) if a else None, None if a else "timeout")
        for n, a in enumerate(addresses)
    )
    return agree(answers)


@pytest.mark.parametrize(
    ("addresses", "light"),
    [
        (["8.8.4.4", "8.8.4.4"], GREEN),
        (["8.8.4.4"], AMBER),
        (["8.8.4.4", None], AMBER),
        (["8.8.4.4", "9.9.9.9"], AMBER),
        ([None, None], GREY),
        ([], GREY),
    ],
)
def test_c10_address_uncertain_counts_only_without_the_exchanges_word(
    addresses: list[str | None], light: Light
) -> None:
    egress = services(*addresses)
    unsure = replace(facts(whitelist_on=FORM), egress=egress)
    assert judged("address-uncertain", unsure) is light
    assert judged("address-uncertain", situation(egress=egress)) is None
    assert judged("address-uncertain", facts(whitelist_on=Known(False))) is None


def sightings(count: int, days: float = 20) -> tuple[AddressSighting, ...]:
    step = timedelta(days=days / max(count, 1))
    start = NOW - timedelta(days=days)
    return tuple(
        AddressSighting(parse_address(f"8.8.4.{n}"), start + step * n, start + step * (n + 1))
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("count", "today", "light"),
    [
        (0, "8.8.4.0", None),
        (1, "8.8.4.0", GREEN),
        (2, "8.8.4.1", GREEN),
        (3, "8.8.4.2", AMBER),
        (10, "8.8.4.9", AMBER),
        (1, "9.9.9.9", GREEN),
        (2, "9.9.9.9", AMBER),
        (1, None, None),
        (2, None, None),
        (3, None, AMBER),
    ],
)
def test_c12_e01_address_unstable_rests_on_what_was_seen_today(
    count: int, today: str | None, light: Light | None
) -> None:
    made = situation(history=sightings(count), egress=services(today, today))
    assert judged("address-unstable", made) is light


def test_address_unstable_needs_time_and_a_bot_on_this_computer() -> None:
    assert judged("address-unstable", situation(history=sightings(3, 0.5))) is None
    server = situation(history=sightings(5), intent=Intent(setup=Setup.ONE_SERVER))
    assert judged("address-unstable", server) is None
    long_ago = tuple(
        replace(s, first=s.first - timedelta(days=90), last=s.last - timedelta(days=90))
        for s in sightings(5)
    )
    assert judged("address-unstable", situation(history=long_ago)) is None
    assert LIMITS.address_history_days == 30


# keeping


def test_hygiene() -> None:
    plain = Storage("the keyring")
    assert judged("key-shared", situation()) is judged("vault-weak", situation()) is None
    for rule in ("key-shared", "vault-weak"):
        assert judged(rule, situation(storage=plain)) is GREEN
        unasked = replace(plain, problem=say("It is locked."))
        assert judged(rule, situation(storage=unasked)) is GREY
    assert judged("key-shared", situation(storage=replace(plain, twins=("other",)))) is AMBER
    weak = replace(plain, weakness=say("Plain text."))
    assert judged("vault-weak", situation(storage=weak)) is AMBER
