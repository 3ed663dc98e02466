"""What Gate does in its own way: two questions, one entry among many, no word for withdrawals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from exchange_samples import samples
from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.facts import (
    NOT_TOLD,
    ON_PAGE,
    KeyFacts,
    Known,
    Permission,
    Unknown,
    WhyUnknown,
)
from latchlight.core.findings import KeyReport, Light
from latchlight.exchanges.gate import (
    DETAIL,
    HOSTS,
    MAIN_KEYS,
    RIGHTS,
    SPEC,
    UNEXPLAINED,
    follow,
    read_facts,
    sign,
)
from latchlight.exchanges.intake import read_credentials
from latchlight.exchanges.spec import Probe, ResetHeader, ResetUnit
from scripted_exchange import NOW, heard

from .contract import Exchange

SAMPLES = samples("gate")
GATE = Exchange(SPEC, SAMPLES)
CREDENTIALS = SAMPLES.accepted[0].key.credentials()
DETAIL_BODY: dict[str, Any] = SAMPLES.accepted[0].answers[0].body
ENTRY: dict[str, Any] = SAMPLES.accepted[0].answers[1].body[0]
FORBIDDEN = {"label": "FORBIDDEN", "message": "Request API key does not have account permission"}
HOST = HOSTS[0]


def answer(body: Any, status: int = 200, probe: Probe = DETAIL) -> Answer:
    return Answer(str(probe), HOST.name, status, True, body, NOW, NOW, 0.0)


def entry(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (ENTRY | changed).items() if value is not ...}


def told(keys: Any, status: int = 200, **detail: Any) -> KeyFacts:
    first = {name: value for name, value in (DETAIL_BODY | detail).items() if value is not ...}
    answers = (answer(first), answer(keys, status, MAIN_KEYS))
    return read_facts(answers, CREDENTIALS, HOST)


def facts(**changed: Any) -> KeyFacts:
    return told([entry(**changed)])


def perm(name: Any, read_only: Any = False) -> dict[str, Any]:
    return {"name": name, "read_only": read_only}


def granted(read: KeyFacts) -> set[Permission]:
    return {p for p in Permission if read.permission(p) == Known(True)}


def refusal(label: str, message: str, status: int = 401) -> Diagnosis:
    found = SPEC.diagnose(answer({"label": label, "message": message}, status))
    assert found is not None
    return found


def report(keys: Any, status: int = 200) -> KeyReport:
    """The whole way of the product, with another answer of main_keys."""
    return GATE.heard(1, heard(keys, status))


# what the words allow

SPOT, MARGIN = Permission.SPOT_TRADE, Permission.MARGIN_TRADE
FUTURES, OPTIONS = Permission.FUTURES_TRADE, Permission.OPTIONS_TRADE
MOVES, MAKES_KEYS = Permission.INTERNAL_TRANSFER, Permission.KEY_MANAGEMENT
MEANINGS = {
    "spot": {SPOT, MARGIN},
    "margin": {MARGIN},
    "unified": {MARGIN},
    "futures": {FUTURES},
    "delivery": {FUTURES},
    "options": {OPTIONS},
    "wallet": {MOVES},
    "earn": {MOVES},
    "loan": {MOVES},
    "otc": {MOVES},
    "alpha": {MOVES, SPOT},
    "tradfi_spot": {MOVES, SPOT},
    "cfd": {MOVES, FUTURES},
    "crossx": {MOVES, SPOT, MARGIN, FUTURES},
    "copy": {MOVES, SPOT, FUTURES},
    "cfd_copy": {MOVES, FUTURES},
    "stock_copy": {MOVES, SPOT},
    "sub_accounts": {MAKES_KEYS},
    "account": {MAKES_KEYS},
}
DOCUMENTED = (
    *("wallet", "spot", "futures", "delivery", "earn", "custody", "options", "account", "loan"),
    *("margin", "unified", "copy", "pilot", "otc", "alpha", "crossx", "tradfi_spot", "cfd"),
    *("cfd_copy", "stock_copy", "sub_accounts"),
)
"""The union of what the documents and the kit list."""


def test_b13_every_documented_word_is_classified() -> None:
    assert set(MEANINGS) | UNEXPLAINED == set(DOCUMENTED)
    assert {row.name for row in RIGHTS} == set(MEANINGS)
    assert facts(perms=[perm(word, True) for word in DOCUMENTED]).unknown_rights == Known(())


@pytest.mark.parametrize("word", MEANINGS)
def test_b12_b13_each_word_gives_its_permissions_and_reading(word: str) -> None:
    read = facts(perms=[perm(word)])
    assert granted(read) == MEANINGS[word] | {Permission.READ}
    assert read.permission(Permission.WITHDRAW) == ON_PAGE
    assert read.unknown_rights == Known(())


@pytest.mark.parametrize("word", DOCUMENTED)
def test_read_only_every_word_gives_nothing_but_reading(word: str) -> None:
    read = facts(perms=[perm(word, True)])
    assert granted(read) == {Permission.READ}
    assert read.unknown_rights == Known(())


@pytest.mark.parametrize("word", sorted(UNEXPLAINED))
def test_b13_a_word_documented_by_name_alone_is_an_unknown_right(word: str) -> None:
    assert facts(perms=[perm("spot"), perm(word)]).unknown_rights == Known((word,))


@pytest.mark.parametrize("read_only", [True, False])
def test_b08_a_word_of_no_document_is_an_unknown_right_in_either_mode(read_only: bool) -> None:
    read = facts(perms=[perm("spot"), perm("launchpad", read_only)])
    assert read.unknown_rights == Known(("launchpad",))


@pytest.mark.parametrize("word", list(MEANINGS))
def test_b11_a_word_that_only_holds_a_known_one_is_unknown(word: str) -> None:
    for strange in (f"{word}_history", f"x{word}", f"{word}2"):
        read = facts(perms=[perm(strange)])
        assert read.unknown_rights == Known((strange,))
        assert granted(read) == {Permission.READ}


def test_b10_only_ascii_case_and_spaces_around_are_forgiven() -> None:
    assert granted(facts(perms=[perm(" FUTURES\t")])) == {FUTURES, Permission.READ}
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "futures")
    assert facts(perms=[perm(wide)]).unknown_rights == Known((wide,))


@pytest.mark.parametrize("word", ["alpha", "tradfi_spot", "copy", "stock_copy", "crossx", "wallet"])
def test_no_spot_bot_lives_on_a_word_for_something_else(word: str) -> None:
    assert facts(perms=[perm(word)]).serves(SPOT) == Known(False)
    assert facts(perms=[perm("spot")]).serves(SPOT) == Known(True)


@pytest.mark.parametrize("word", ["delivery", "cfd", "copy", "cfd_copy", "crossx", "options"])
def test_no_futures_bot_lives_on_a_word_for_something_else(word: str) -> None:
    assert facts(perms=[perm(word)]).serves(FUTURES) == Known(False)
    assert facts(perms=[perm("futures")]).serves(FUTURES) == Known(True)


# withdrawals


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "word", ["withdraw", "withdrawal", "WITHDRAWALS", "spot_withdraw", " withdraw2"]
)
def test_b12_any_word_about_withdrawals_is_the_right_itself(word: str, read_only: bool) -> None:
    read = facts(perms=[perm("spot"), perm(word, read_only)])
    assert read.permission(Permission.WITHDRAW) == Known(True)
    assert read.unknown_rights == Known(())
    made = report([entry(perms=[perm("spot"), perm(word, read_only)])])
    assert [f.rule for f in made.findings if f.light is Light.RED] == ["withdraw-on"]


def test_without_a_word_about_withdrawals_the_user_looks_at_the_page() -> None:
    finding = next(f for f in GATE.best.findings if f.rule == "withdraw-on")
    assert finding.light is Light.AMBER
    assert "does not tell" in finding.detail
    assert "perms=spot" in finding.evidence[0].said
    assert finding.fix is not None


# which entry is the key's own


def other(**changed: Any) -> dict[str, Any]:
    perms = [perm("wallet"), perm("withdrawal"), perm("canary_word")]
    dangerous = {"key": "0a1b2c3d4e5f*****", "perms": perms}
    return entry(
        **{**dangerous, "name": "canary-name", "ip_whitelist": ["198.51.100.99"], **changed}
    )


@pytest.mark.parametrize("place", [0, 1, 2])
def test_b15_the_own_entry_is_found_wherever_it_stands(place: int) -> None:
    keys = [other(), other(key="f5e4d3c2b1a0*****")]
    keys.insert(place, entry())
    read = told(keys)
    assert granted(read) == {Permission.READ, SPOT, MARGIN}
    assert read.whitelist_on == Known(True)


def test_nothing_of_other_keys_stays_in_facts_or_report() -> None:
    read = told([other(), entry()])
    seen = repr(read) + repr(report([other(), entry()]))
    for canary in ("canary-name", "canary_word", "0a1b2c3d4e5f", "198.51.100.99"):
        assert canary not in seen


SHOWN = ENTRY["key"].rstrip("*")


@pytest.mark.parametrize(
    "shown",
    [
        *("0a1b2c3d4e5f*****", f"{SHOWN[:11]}*****", f"{SHOWN[:11]}0*****", f"{SHOWN}****"),
        *(f"{SHOWN}******", f"{SHOWN}x*****", f"{SHOWN.upper()}*****", SHOWN, "*****", "", " "),
        *(f" {SHOWN}*****", f"{SHOWN}*****\n", "************", SAMPLES.accepted[0].key.api_key),
        *(None, 7, {"mode": 1}, [f"{SHOWN}*****"], ...),
    ],
    ids=repr,
)
def test_an_entry_that_does_not_show_our_twelve_characters_is_not_ours(shown: Any) -> None:
    read = facts(key=shown)
    why = WhyUnknown.MISSING if isinstance(shown, str) else WhyUnknown.WRONG_FORM
    assert read.permission(SPOT) == Unknown(why, "key")
    assert read.whitelist_on == Known(True)
    assert read.accepted


def test_two_entries_that_begin_alike_cannot_be_told_apart() -> None:
    read = told([entry(), entry(perms=[perm("spot", True)])])
    assert read.permission(SPOT) == Unknown(WhyUnknown.CONTRADICTORY, "key")
    assert read.unknown_rights == Unknown(WhyUnknown.CONTRADICTORY, "key")


def test_the_documented_list_and_the_kit_s_single_object_are_both_read() -> None:
    assert granted(told(entry())) == granted(told([entry()])) == {Permission.READ, SPOT, MARGIN}
    nameless = told(entry(key={"mode": 1}))
    assert granted(nameless) == set()
    assert nameless.whitelist_on == Known(True)


@pytest.mark.parametrize(
    "keys",
    [
        *([], {}, None, "x", 7, [[]], [None], {"data": [ENTRY]}, [[ENTRY]]),
        *([ENTRY, None], [{}, ENTRY], [ENTRY, "x"], [ENTRY, {**ENTRY, "key": {"mode": 1}}]),
    ],
    ids=repr,
)
def test_a09_an_answer_in_another_form_tells_no_rights(keys: Any) -> None:
    read = told(keys)
    assert all(isinstance(right.granted, Unknown) for right in read.rights)
    assert isinstance(read.unknown_rights, Unknown)


# both answers together


@pytest.mark.parametrize("lost", ["user_id", "ip_whitelist"])
def test_a_first_answer_in_another_form_is_not_an_accepted_one(lost: str) -> None:
    changed: dict[str, Any] = {lost: ...}
    assert not told([entry()], **changed).accepted
    assert told([entry()]).accepted


@pytest.mark.parametrize("user", [1, 0, -1667201533, "1667201533", 1667201533.0, True, None, ...])
def test_b25_an_entry_of_another_account_tells_no_rights(user: Any) -> None:
    read = facts(user_id=user)
    assert granted(read) == set()
    assert isinstance(read.unknown_rights, Unknown)


@pytest.mark.parametrize("again", [[], ["203.0.113.7", "203.0.113.8"], ["203.0.113.8"]], ids=repr)
def test_b25_lists_that_disagree_contradict_each_other(again: list[str]) -> None:
    read = facts(ip_whitelist=again)
    assert read.whitelist_on == Unknown(WhyUnknown.CONTRADICTORY, "ip_whitelist")
    assert read.whitelist == Unknown(WhyUnknown.CONTRADICTORY, "ip_whitelist")


def test_b25_an_empty_list_beside_a_full_one_contradicts_it_too() -> None:
    read = told([entry()], ip_whitelist=[])
    assert read.whitelist_on == Unknown(WhyUnknown.CONTRADICTORY, "ip_whitelist")


@pytest.mark.parametrize("listed", [None, "", "203.0.113.7", [""], [None], ["x"], ["0.0.0.0"], {}])
def test_a_list_in_another_form_in_either_answer_is_unknown(listed: Any) -> None:
    for read in (facts(ip_whitelist=listed), told([entry()], ip_whitelist=listed)):
        assert isinstance(read.whitelist_on, Unknown)
        assert isinstance(read.whitelist, Unknown)


def test_b26_a_locked_or_frozen_key_counts_for_nothing_however_tidy() -> None:
    for state in (2, 3):
        read = facts(state=state)
        assert read.locked
        assert not read.accepted
        assert read.rights == ()
        assert report([entry(state=state)]).light is Light.GREY


@pytest.mark.parametrize("state", [0, 4, -1, "1", 1.0, True, None, [1], ...], ids=repr)
def test_b26_a_state_of_no_document_tells_no_rights(state: Any) -> None:
    read = facts(state=state)
    assert not read.locked
    assert isinstance(read.permission(SPOT), Unknown)
    assert isinstance(read.permission(Permission.WITHDRAW), Unknown)


# the permission list


@pytest.mark.parametrize(
    "value", ["true", "false", 0, 1, 0.0, None, "", [], {}, [False], ...], ids=repr
)
def test_b01_b02_read_only_is_exactly_true_or_false(value: Any) -> None:
    item = {"name": "spot"} if value is ... else perm("spot", value)
    read = facts(perms=[perm("account", True), item])
    assert all(r.granted == Unknown(WhyUnknown.WRONG_FORM, "perms") for r in read.rights)


@pytest.mark.parametrize(
    "item", [None, "spot", [], {}, perm(None), perm(""), perm(" "), perm(["spot"])]
)
def test_one_odd_entry_of_the_list_makes_all_of_it_unreadable(item: Any) -> None:
    read = facts(perms=[perm("spot", True), item])
    assert all(isinstance(right.granted, Unknown) for right in read.rights)
    assert isinstance(read.unknown_rights, Unknown)


def test_b16_a_key_without_a_word_contradicts_that_it_answered() -> None:
    assert facts(perms=[]).permission(Permission.READ) == Unknown(WhyUnknown.CONTRADICTORY, "perms")


def test_b17_one_word_in_both_modes_contradicts_itself_and_hides_nothing_else() -> None:
    read = facts(perms=[perm("spot"), perm("spot", True), perm("wallet")])
    assert read.permission(SPOT) == Unknown(WhyUnknown.CONTRADICTORY, "perms")
    assert read.permission(MOVES) == Known(True)


@pytest.mark.parametrize("place", ["detail", "entry", "perm"])
def test_b06_a_new_flag_like_a_right_is_an_unknown_right_wherever_it_stands(place: str) -> None:
    strange: dict[str, Any] = {"enableWithdrawal": True}
    read = {
        "detail": lambda: told([entry()], **strange),
        "entry": lambda: facts(**strange),
        "perm": lambda: facts(perms=[perm("spot") | strange]),
    }[place]()
    assert read.unknown_rights == Known(("enableWithdrawal",))


# times


@pytest.mark.parametrize("value", [1791590400, "1791590400"])
def test_both_documented_forms_of_the_creation_time_are_read(value: Any) -> None:
    assert facts(created_at=value).created_at == Known(datetime(2026, 10, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "value",
    [
        *("", "0", "01791590400", "1791590400.0", " 1791590400", "1791590400000", "-1791590400"),
        *(
            "\uff11791590400",
            "2026-10-10",
            0,
            1,
            -1,
            1791590400.0,
            1791590400000,
            True,
            None,
            [],
            ...,
        ),
    ],
    ids=repr,
)
def test_b24_a_creation_time_in_another_form_is_not_known(value: Any) -> None:
    assert isinstance(facts(created_at=value).created_at, Unknown)


def test_no_end_is_ever_told() -> None:
    assert facts().expires_at == NOT_TOLD


# the questions


def test_the_rights_are_asked_only_after_an_accepted_first_answer() -> None:
    assert follow((answer(DETAIL_BODY),)) == MAIN_KEYS
    assert follow((answer(FORBIDDEN, 403),)) is None
    assert follow((answer(DETAIL_BODY), answer([ENTRY], 200, MAIN_KEYS))) is None
    assert MAIN_KEYS.optional
    assert not DETAIL.optional


def test_refused_for_lack_of_a_right_the_whitelist_still_counts_and_no_right_is_known() -> None:
    read = told(FORBIDDEN, 403)
    assert read.accepted
    assert read.whitelist_on == Known(True)
    assert all(r.granted == Unknown(WhyUnknown.MISSING, "main_keys") for r in read.rights)
    assert isinstance(read.created_at, Unknown)
    found = {f.rule: f for f in report(FORBIDDEN, 403).findings}
    assert found["whitelist-off"].light is Light.GREEN
    assert found["withdraw-on"].light is Light.GREY
    assert "main_keys: FORBIDDEN" in found["withdraw-on"].evidence[0].said


def test_b22_refused_for_any_other_reason_nothing_counts() -> None:
    for status, label in ((500, "INTERNAL"), (401, "INVALID_KEY"), (404, "NOT_FOUND")):
        made = report({"label": label, "message": "x"}, status)
        assert not made.facts.accepted
        assert GATE.green_about_the_key(made) == []


def test_only_the_three_documented_paths_are_asked_at_hosts_that_have_them() -> None:
    assert [p.path for p in SPEC.probes()] == [
        "/api/v4/spot/time",
        "/api/v4/account/detail",
        "/api/v4/account/main_keys",
    ]
    assert [h.name for h in SPEC.hosts] == [
        "api.gateio.ws",
        "api.gateeu.com",
        "api-testnet.gateapi.io",
    ]
    assert all(h.limits for h in SPEC.hosts[1:])


def test_the_signed_time_is_in_whole_seconds_and_the_query_is_signed_as_sent() -> None:
    late = dict(sign(CREDENTIALS, DETAIL, HOST, 1_700_000_000_999).headers)
    assert late == dict(sign(CREDENTIALS, DETAIL, HOST, 1_700_000_000_000).headers)
    assert late["Timestamp"] == "1700000000"
    asked = sign(CREDENTIALS, Probe("x", DETAIL.path, True, (("a", "1,2"), ("b", "3"))), HOST, 1)
    assert asked.query == "a=1,2&b=3"
    assert dict(asked.headers)["SIGN"] != dict(sign(CREDENTIALS, DETAIL, HOST, 1).headers)["SIGN"]


# refusals


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Request IP not in whitelist: 198.51.100.23", "198.51.100.23"),
        ("request ip NOT IN WHITELIST:198.51.100.23.", "198.51.100.23"),
        ("Request IP not in whitelist: 2001:db8::1", "2001:db8::1"),
        ("Request IP not in whitelist: 999.1.1.1", None),
        ("Request IP not in whitelist", None),
    ],
)
@pytest.mark.parametrize("label", ["IP_FORBIDDEN", "FORBIDDEN", "SOMETHING_NEW"])
def test_the_words_about_the_address_count_under_any_label(
    label: str, text: str, address: str | None
) -> None:
    found = refusal(label, text, 403)
    assert found.code is DiagnosisCode.IP_NOT_WHITELISTED
    assert found.seen_address == address


def test_an_unknown_key_may_belong_to_another_site_or_to_the_old_api() -> None:
    found = refusal("INVALID_KEY", "Invalid key provided")
    assert [(c.code, c.likelihood) for c in found.causes] == [
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
        (DiagnosisCode.WRONG_HOST, Likelihood.POSSIBLE),
    ]
    assert "API v2" in found.title
    assert [h.title for h in SPEC.others("api.gateio.ws")] == ["Gate EU", "Gate testnet"]


@pytest.mark.parametrize("label", ["INVALID_CREDENTIALS", "AUTHENTICATION_FAILED"])
def test_wrong_credentials_do_not_say_which_of_the_two_is_wrong(label: str) -> None:
    found = refusal(label, "x")
    assert {c.code for c in found.causes} == {
        DiagnosisCode.KEY_UNKNOWN,
        DiagnosisCode.SIGNATURE_WRONG,
    }


@pytest.mark.parametrize("label", ["", None, 7, True, [], {}])
def test_an_object_with_a_label_is_never_an_accepted_answer(label: Any) -> None:
    assert SPEC.diagnose(answer({"label": label, **DETAIL_BODY})) is not None
    assert SPEC.diagnose(answer(DETAIL_BODY, 201)) is not None
    assert SPEC.diagnose(answer(DETAIL_BODY)) is None


def test_the_pause_is_read_from_gate_s_own_header() -> None:
    assert SPEC.reset_header == ResetHeader("X-Gate-RateLimit-Reset-Timestamp", ResetUnit.S_TIME)


def test_every_way_out_on_the_page_names_the_five_minutes_that_a_change_takes() -> None:
    changing = ("whitelist-off", "address-not-whitelisted", "withdraw-on", "transfer-on")
    for rule in changing:
        assert any("5 minutes" in step for step in SPEC.traits.fixes[rule].steps)


def test_a_key_and_a_secret_in_each_other_s_field_are_exchanged() -> None:
    key = SAMPLES.accepted[0].key
    swapped = {**key.fields(), "api_key": key.secret, "secret": key.api_key}
    taken = read_credentials(SPEC, swapped)
    assert taken.exchanged
    assert taken.credentials.api_key == CREDENTIALS.api_key
    assert taken.credentials.secret == CREDENTIALS.secret
