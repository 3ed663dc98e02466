"""Tables of refusals: the exchange's own code first, the status only without one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from latchlight.core.answer import Answer, JsonValue
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.exchanges.okx import WORDS
from latchlight.exchanges.refusals import Meaning, Refusals, Said, code_and_text
from latchlight.exchanges.words import cause, fixes

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TWO = (
    (DiagnosisCode.WRONG_HOST, Likelihood.LIKELY),
    (DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
)
TABLE = Refusals(
    WORDS,
    {
        "1": DiagnosisCode.SIGNATURE_WRONG,
        "2": Meaning(DiagnosisCode.KEY_UNKNOWN, say("Who?"), TWO),
        "3": DiagnosisCode.RATE_LIMITED,
        "-2015": DiagnosisCode.KEY_EXPIRED,
    },
    lambda answer: code_and_text(answer, "code", "msg", "0"),
    by_text=(("not in whitelist", DiagnosisCode.IP_NOT_WHITELISTED),),
    address_after="address is",
    unlisted={401: DiagnosisCode.UNAUTHORIZED},
)


def answer(body: JsonValue, status: int = 200, retry_after: float | None = None) -> Answer:
    return Answer("GET /x", "host", status, True, body, NOW, NOW, 1.0, retry_after)


def diagnosis(body: JsonValue, status: int = 200) -> Diagnosis:
    found = TABLE.diagnose(answer(body, status))
    assert found is not None
    return found


def test_only_the_documented_code_with_status_200_is_accepted() -> None:
    assert TABLE.diagnose(answer({"code": "0"})) is None
    assert diagnosis({"code": "0"}, 500).code is DiagnosisCode.EXCHANGE_FAULT
    assert diagnosis({"code": 0}).code is DiagnosisCode.UNREADABLE_ANSWER
    assert diagnosis({}).code is DiagnosisCode.UNREADABLE_ANSWER
    assert diagnosis(None).code is DiagnosisCode.UNREADABLE_ANSWER


def test_a10_a_code_inside_http_200_is_a_refusal() -> None:
    found = diagnosis({"code": "1", "msg": "no", "data": [{"perm": "read_only"}]})
    assert found.code is DiagnosisCode.SIGNATURE_WRONG
    assert (found.exchange_code, found.http_status) == ("1", 200)


def test_a_code_means_what_this_exchange_means_by_it() -> None:
    assert diagnosis({"code": -2015}).code is DiagnosisCode.KEY_EXPIRED


def test_an_unknown_code_falls_back_to_the_status_and_is_still_named() -> None:
    found = diagnosis({"code": "999", "msg": "what"}, 503)
    assert found.code is DiagnosisCode.MAINTENANCE
    assert found.exchange_code == "999"
    assert diagnosis({"code": "999"}, 401).code is DiagnosisCode.UNAUTHORIZED


def test_a_specific_code_has_one_certain_cause_and_an_ambiguous_one_its_ranked_list() -> None:
    (only,) = diagnosis({"code": "1"}).causes
    assert (only.code, only.likelihood) == (DiagnosisCode.SIGNATURE_WRONG, Likelihood.CERTAIN)
    found = diagnosis({"code": "2"})
    assert [(c.code, c.likelihood) for c in found.causes] == list(TWO)
    assert found.title == "Who?"


def test_a_text_may_say_more_than_its_code() -> None:
    body: JsonValue = {"code": "999", "msg": "Request IP NOT in whitelist"}
    assert diagnosis(body, 403).code is DiagnosisCode.IP_NOT_WHITELISTED


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Your address is 203.0.113.7", "203.0.113.7"),
        ("Your address is: 203.0.113.7.", "203.0.113.7"),
        ("Your address is 2001:DB8::7 today", "2001:db8::7"),
        ("Your address is ::ffff:203.0.113.7", "203.0.113.7"),
        ("address is 1.1.1.1, the address is 203.0.113.7)", "203.0.113.7"),
        ("Your address is 999.1.1.1", None),
        ("Your address is hidden", None),
        ("Your address is", None),
        ("203.0.113.7", None),
        ("Your address is 203.0.113", None),
    ],
)
def test_the_seen_address_is_read_by_an_address_parser(text: str, address: str | None) -> None:
    assert diagnosis({"code": "1", "msg": text}).seen_address == address


def test_words_of_the_server_are_cut_and_made_harmless() -> None:
    found = diagnosis({"code": "1", "msg": "a\x00b\u200b" + "c" * 900})
    assert found.server_text is not None
    assert len(found.server_text) <= 200
    assert "\x00" not in found.server_text


def test_a_pause_names_its_length_and_no_cause() -> None:
    found = TABLE.diagnose(answer({"code": "3"}, 429, 30.0))
    assert found is not None
    assert (found.code, found.causes) == (DiagnosisCode.RATE_LIMITED, ())
    assert "30 seconds" in found.next_step


@pytest.mark.parametrize("code", list(DiagnosisCode), ids=lambda code: code.value)
def test_every_code_has_words_for_its_cause(code: DiagnosisCode) -> None:
    made = cause(WORDS, code, Likelihood.POSSIBLE)
    assert made.title.endswith(".")
    assert made.next_step.endswith((".", ")"))


def test_every_fix_has_steps_of_this_exchange_and_ends_with_checking_again() -> None:
    made = fixes(replace(WORDS, again=say("Check again.")))
    for rule, fix in made.items():
        assert len(fix.steps) >= 3, rule
        assert fix.page in (None, WORDS.page)
    assert made["withdraw-on"].steps[-1] == "Check again."
    assert made["withdraw-on"].steps[0] == WORDS.open_page


def test_a_refusal_without_anything_is_read_by_its_status() -> None:
    silent = replace(TABLE, read=lambda _: Said(""))
    found = silent.diagnose(answer(None, 451))
    assert found is not None
    assert found.code is DiagnosisCode.REGION_BLOCKED
    assert found.exchange_code is None


@pytest.mark.parametrize("code", ["1\u202e9", "9" * 41, "<b>1</b>", "a b", ""])
def test_only_what_has_the_form_of_a_code_is_shown_as_one(code: str) -> None:
    assert diagnosis({"code": code, "msg": "no"}).exchange_code is None


SENT = ("CFEJUGQEQPPHGOHGHM", "my-Passphrase_1", "aGVsbG8gd29ybGQgdGhpcyBpcyBhIHNpZ25hdHVyZQ==")


@pytest.mark.parametrize("value", SENT)
@pytest.mark.parametrize(
    "words",
    ["bad key {}", "{} is unknown", "sign={},x", "key\u200b{}", "{} and {}", "x" * 900 + "{}"],
)
def test_p10_what_was_sent_is_never_shown_back(value: str, words: str) -> None:
    message = words.replace("{}", value)
    found = TABLE.diagnose(replace(answer({"code": "1", "msg": message}), sent=SENT))
    assert found is not None
    shown = found.server_text or ""
    assert not any(value[at : at + 8] in shown for at in range(len(value) - 7))


def test_p10_a_part_of_what_was_sent_is_not_shown_either() -> None:
    key = SENT[0]
    said: JsonValue = {"code": key[:12], "msg": f"{key[:9]} {key[9:]}, ask support"}
    found = TABLE.diagnose(replace(answer(said), sent=SENT))
    assert found is not None
    assert found.exchange_code is None
    assert found.server_text is not None
    assert key[:8] not in found.server_text
    assert found.server_text.endswith("ask support")
