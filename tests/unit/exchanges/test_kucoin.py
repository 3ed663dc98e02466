"""What KuCoin does in its own way: masked lists, signed passphrases, words with two meanings."""

from __future__ import annotations

from typing import Any

import pytest

from exchange_samples import samples
from latchlight.core.addresses import parse_network
from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.facts import (
    NOT_TOLD,
    Environment,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Unknown,
    WhyUnknown,
)
from latchlight.core.lock_test import list_mark
from latchlight.exchanges.intake import read_credentials
from latchlight.exchanges.kucoin import HOSTS, KEY, RIGHTS, SPEC, TIME, read_facts, read_time, sign
from latchlight.exchanges.spec import Probe, ResetUnit
from scripted_exchange import NOW

SAMPLES = samples("kucoin")
CREDENTIALS = SAMPLES.accepted[0].key.credentials()
BODY: dict[str, Any] = SAMPLES.accepted[0].answers[0].body["data"]
HOST = HOSTS[0]


def answer(body: Any, status: int = 200) -> Answer:
    return Answer(str(KEY), HOST.name, status, True, body, NOW, NOW, 0.0)


def facts(**changed: Any) -> KeyFacts:
    body = {name: value for name, value in (BODY | changed).items() if value is not ...}
    return read_facts((answer({"code": "200000", "data": body}),), CREDENTIALS, HOST)


def refusal(code: str, message: str, status: int = 400) -> Diagnosis:
    found = SPEC.diagnose(answer({"code": code, "msg": message}, status))
    assert found is not None
    return found


# the list of addresses


@pytest.mark.parametrize("listed", ["203.**.154", "203.**.154,103.**.34", "10.**.1", "255.**.0"])
def test_c08_a_masked_list_is_a_whitelist_of_which_no_address_is_known(listed: str) -> None:
    read = facts(ipWhitelist=listed)
    assert read.whitelist_on == Known(True)
    assert read.whitelist == NOT_TOLD
    assert read.whitelist_readable is Readable.MASKED
    assert read.said["ipWhitelist"] == f"ipWhitelist={listed}"


def test_a_long_masked_list_is_another_one_wherever_it_changes() -> None:
    """The evidence is cut after 80 characters; a lock test must not outlive what changed behind that."""
    entries = [f"203.**.{number}" for number in range(20)]
    first = facts(ipWhitelist=",".join(entries))
    same = facts(ipWhitelist=",".join(reversed(entries)))
    other = facts(ipWhitelist=",".join([*entries[:-1], "8.**.4"]))
    assert first.said["ipWhitelist"] == other.said["ipWhitelist"]
    assert list_mark(first) != list_mark(other)
    assert first.whitelist_digest == same.whitelist_digest != ""
    assert facts(ipWhitelist="203.0.113.7").whitelist_digest == ""


def test_c07_a_list_in_clear_is_judged_like_every_other() -> None:
    read = facts(ipWhitelist="203.0.113.7, 203.0.113.8")
    assert read.whitelist_on == Known(True)
    assert read.whitelist == Known(tuple(map(parse_network, ("203.0.113.7", "203.0.113.8"))))
    assert read.whitelist_readable is Readable.FULL


def test_c08_a_list_that_is_masked_in_part_has_no_documented_form() -> None:
    for listed in ("203.**.7,203.0.113.8", "203.0.113.8,203.**.7"):
        assert isinstance(facts(ipWhitelist=listed).whitelist_on, Unknown)


@pytest.mark.parametrize("listed", [..., "", "  "])
def test_an_absent_or_empty_list_is_no_whitelist(listed: Any) -> None:
    assert facts(ipWhitelist=listed).whitelist_on == Known(False)


@pytest.mark.parametrize(
    "listed",
    [
        *("*", "**", "*.**.*", "0.**.0", "0.**.7", "256.**.7", "203.**.256", "203.**.07"),
        *("203.*.*.7", "203.***.***.7", "203.**", "203.**.7.8", "203.**.7/24", "2001:**:7"),
        *("0.0.0.0", "::", "0.0.0.0/0", "10.0.0.0/8", "203.0.113.7 203.0.113.8", "x", "203.**.7,"),
        *("203.**.7,x", "x,203.**.7", "\u0662\u0660\u0663.**.7"),
    ],
)
def test_c08_one_entry_that_is_no_address_makes_the_list_unreadable(listed: str) -> None:
    assert facts(ipWhitelist=listed).whitelist_on == Unknown(WhyUnknown.WRONG_FORM, "ipWhitelist")


# who may make keys


def test_general_on_the_main_account_may_make_keys_of_sub_accounts() -> None:
    read = facts(isMaster=True)
    assert read.permission(Permission.KEY_MANAGEMENT) == Known(True)
    assert [r.name for r in read.granted(Permission.KEY_MANAGEMENT)] == ["General"]
    assert read.is_sub_account == Known(False)


def test_a_sub_account_s_key_makes_no_keys() -> None:
    read = facts(isMaster=False)
    assert read.permission(Permission.KEY_MANAGEMENT) == Known(False)
    assert [r.name for r in read.rights if r.gives(Permission.KEY_MANAGEMENT)] == ["isMaster"]
    assert read.is_sub_account == Known(True)


@pytest.mark.parametrize("master", [..., None, 0, 1, "true", "false", [], {}])
def test_b04_without_a_plain_yes_or_no_it_is_not_known_who_may_make_keys(master: Any) -> None:
    read = facts(isMaster=master)
    assert isinstance(read.permission(Permission.KEY_MANAGEMENT), Unknown)
    assert isinstance(read.is_sub_account, Unknown)


# words


def test_b12_transfer_is_the_right_to_withdraw_and_inner_transfer_is_not() -> None:
    out = facts(permission="General,Transfer")
    assert out.permission(Permission.WITHDRAW) == Known(True)
    assert out.permission(Permission.INTERNAL_TRANSFER) == Known(False)
    inside = facts(permission="General,InnerTransfer")
    assert inside.permission(Permission.WITHDRAW) == Known(False)
    assert inside.permission(Permission.INTERNAL_TRANSFER) == Known(True)


DOCUMENTED = {
    "docs-new, Introduction": "General Spot Margin Futures Earn Withdrawal FlexTransfers "
    "LeadtradeFutures Unified",
    "docs-new, Get Apikey Info": "General Futures Spot Earn InnerTransfer Transfer Margin",
    "Kucoin/kucoin-api-docs": "General Trade Transfer",
}


@pytest.mark.parametrize("source", DOCUMENTED)
def test_b13_every_documented_word_is_classified(source: str) -> None:
    words = DOCUMENTED[source].split()
    read = facts(permission=",".join(words))
    assert read.unknown_rights == Known(())
    assert {r.name for r in read.rights if r.granted == Known(True)} == set(words)


@pytest.mark.parametrize("word", [row.name for row in RIGHTS])
def test_b11_a_word_that_only_holds_a_known_one_is_unknown(word: str) -> None:
    for strange in (f"{word}History", f"No{word}", f"{word} x"):
        read = facts(permission=f"General,{strange}")
        assert read.unknown_rights == Known((strange,))
        assert all(
            r.granted == Known(r.name == "General") for r in read.rights if r.name != "isMaster"
        )


# which key was asked about


def test_an_answer_about_another_key_counts_for_nothing() -> None:
    read = facts(apiKey="6705f5c311545b000157d3eb")
    assert read.other_key
    assert not read.accepted
    assert read.rights == ()


@pytest.mark.parametrize("changed", [{"apiKey": ...}, {"apiKey": None}, {"permission": ...}])
def test_an_answer_without_the_key_or_its_rights_is_not_an_accepted_one(
    changed: dict[str, Any],
) -> None:
    read = facts(**changed)
    assert not read.accepted
    assert not read.other_key


@pytest.mark.parametrize("data", [None, [], "", 7, [BODY]])
def test_a09_data_of_another_form_is_not_an_accepted_answer(data: Any) -> None:
    assert not read_facts((answer({"code": "200000", "data": data}),), CREDENTIALS, HOST).accepted


# refusals


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Invalid request IP, the current client IP is: 198.51.100.23", "198.51.100.23"),
        ("Invalid request ip, the current clientIp is:2001:db8::1", "2001:db8::1"),
        ("Invalid request ip, the current clientIp is:2001:DB8:0:0:0:0:0:1.", "2001:db8::1"),
        ("Invalid request ip, the current clientIp is:::1", "::1"),
        ("Invalid request ip, the current clientIp is:999.1.1.1", None),
        ("Invalid request ip, the current clientIp is:", None),
        ("Invalid request ip", None),
    ],
)
def test_the_refused_address_is_read_by_an_address_parser(text: str, address: str | None) -> None:
    found = refusal("400006", text, 403)
    assert found.code is DiagnosisCode.IP_NOT_WHITELISTED
    assert found.seen_address == address


def test_the_words_about_the_address_count_under_any_code() -> None:
    found = refusal("100999", "INVALID REQUEST IP, the current clientIp is:198.51.100.23")
    assert found.code is DiagnosisCode.IP_NOT_WHITELISTED
    assert found.seen_address == "198.51.100.23"


def test_a_wrong_secret_remains_possible_where_the_passphrase_is_refused() -> None:
    found = refusal("400004", "Invalid KC-API-PASSPHRASE", 401)
    assert [(c.code, c.likelihood) for c in found.causes] == [
        (DiagnosisCode.PASSPHRASE_WRONG, Likelihood.LIKELY),
        (DiagnosisCode.SIGNATURE_WRONG, Likelihood.POSSIBLE),
    ]


def test_an_unknown_key_may_belong_to_another_region() -> None:
    found = refusal("400003", "KC-API-KEY does not exist", 401)
    assert found.code is DiagnosisCode.KEY_UNKNOWN
    assert DiagnosisCode.WRONG_HOST in [c.code for c in found.causes]
    assert [h.title for h in SPEC.others("api.kucoin.com")] == ["KuCoin EU", "KuCoin TR"]


@pytest.mark.parametrize("code", ["400008", "400009"])
def test_a_key_of_an_old_generation_is_said_to_be_one(code: str) -> None:
    found = refusal(code, "Invalid KC-API-KEY-VERSION")
    assert found.code is DiagnosisCode.KEY_EXPIRED
    assert "old generation" in str(found.title)
    assert str(found.next_step).startswith("Make a new key")
    assert found.code.value in SPEC.traits.fixes


# requests


def test_the_passphrase_never_leaves_as_it_is() -> None:
    request = sign(CREDENTIALS, KEY, HOST, 1_700_000_000_000)
    passphrase = SAMPLES.accepted[0].key.passphrase
    assert passphrase is not None
    assert passphrase not in str(request.headers)
    assert dict(request.headers)["KC-API-KEY-VERSION"] == "3"


def test_a_query_is_part_of_what_is_signed() -> None:
    bare = dict(sign(CREDENTIALS, KEY, HOST, 1).headers)["KC-API-SIGN"]
    asked = sign(CREDENTIALS, Probe("x", KEY.path, True, (("a", "1"), ("b", "2"))), HOST, 1)
    assert asked.query == "a=1&b=2"
    assert dict(asked.headers)["KC-API-SIGN"] != bare


@pytest.mark.parametrize("data", [None, True, "1546837113087", 1546837113087.0, 0, -1, 10**15, {}])
def test_the_time_is_a_number_of_ms_or_not_known(data: Any) -> None:
    assert read_time(answer({"code": "200000", "data": data})) is None


def test_only_the_two_documented_paths_are_ever_asked_and_the_sandbox_is_gone() -> None:
    assert [p.path for p in SPEC.probes()] == [TIME.path, KEY.path]
    assert [h.name for h in SPEC.hosts] == ["api.kucoin.com", "api.kucoin.eu", "api.kucoin.tr"]
    assert {h.environment for h in SPEC.hosts} == {Environment.PRODUCTION}
    assert all(h.limits for h in SPEC.hosts[1:])


def test_the_pause_is_read_from_kucoin_s_own_header() -> None:
    reset = SPEC.reset_header
    assert reset is not None
    assert (reset.name, reset.unit) == ("gw-ratelimit-reset", ResetUnit.MS_LEFT)


def test_a_key_and_a_secret_in_each_other_s_field_are_exchanged() -> None:
    key = SAMPLES.accepted[0].key
    swapped = {**key.fields(), "api_key": key.secret, "secret": key.api_key}
    taken = read_credentials(SPEC, swapped)
    assert taken.exchanged
    assert taken.credentials.api_key == CREDENTIALS.api_key
    assert taken.credentials.secret == CREDENTIALS.secret
