"""The JSON contract of the command line, as a strict check: exactly these names, these types.

`latchlight.report/1`: nothing may be missing, nothing may be added, `null` only where it means
"not told". A test calls `check_report` on whatever `check --json` printed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

LIGHTS = ("green", "amber", "red", "grey")
CERTAINTIES = ("agreed", "single", "conflict", "none")
PURPOSES = ("watch", "spot", "margin", "futures")
SETUPS = (
    "this-computer",
    "one-server",
    "failover",
    "staging-and-production",
    "serverless",
    "home-and-server",
)
SURENESS = ("reported", "measured", "told", "concluded")
READABLE = ("full", "masked", "flag", "none")
KEY_TYPES = ("hmac", "rsa", "ed25519", "ecdsa")
LIKELIHOODS = ("certain", "likely", "possible")
PERMISSIONS = (
    "read",
    "spot_trade",
    "margin_trade",
    "futures_trade",
    "options_trade",
    "internal_transfer",
    "withdraw",
    "key_management",
)
DIAGNOSES = (
    "ip-not-whitelisted",
    "key-ip-or-permission",
    "key-unknown",
    "key-malformed",
    "signature-wrong",
    "passphrase-wrong",
    "permission-missing",
    "clock-off",
    "key-expired",
    "key-frozen",
    "account-restricted",
    "wrong-environment",
    "wrong-host",
    "unauthorized",
    "rate-limited",
    "address-banned",
    "region-blocked",
    "firewall-blocked",
    "maintenance",
    "exchange-fault",
    "offline",
    "name-not-found",
    "timeout",
    "tls-untrusted",
    "redirected",
    "unreadable-answer",
    "keyring-missing",
    "keyring-locked",
    "keyring-denied",
    "keyring-mismatch",
)

Check = Callable[[Any, str], None]


class ContractError(AssertionError):
    """Where in the object, and what is wrong there."""


def _demand(fine: bool, path: str, problem: str) -> None:
    if not fine:
        raise ContractError(f"{path}: {problem}")


def of_type(kind: type) -> Check:
    """Exactly this type: a boolean is no number."""

    def check(value: Any, path: str) -> None:
        _demand(type(value) is kind, path, f"{type(value).__name__} instead of {kind.__name__}")

    return check


def maybe(inner: Check) -> Check:
    """That, or null."""

    def check(value: Any, path: str) -> None:
        if value is not None:
            inner(value, path)

    return check


def one_of(*words: str) -> Check:
    """One word of a closed list."""

    def check(value: Any, path: str) -> None:
        _demand(type(value) is str and value in words, path, f"{value!r} is not in the contract")

    return check


def matching(pattern: str) -> Check:
    """Text of this form, from end to end."""

    def check(value: Any, path: str) -> None:
        fits = type(value) is str and re.fullmatch(pattern, value) is not None
        _demand(fits, path, f"{value!r} does not look like {pattern}")

    return check


def moment(value: Any, path: str) -> None:
    """A UTC time ending in Z."""
    matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")(value, path)
    datetime.fromisoformat(value)


def sentence(value: Any, path: str) -> None:
    """Text for people: not empty, no control characters but line breaks, no template left open."""
    of_type(str)(value, path)
    _demand(value.strip() == value != "", path, "empty or with space around it")
    clean = all(letter.isprintable() or letter == "\n" for letter in value)
    _demand(clean, path, "control characters")
    _demand(re.search(r"[{}]|\bNone\b", value) is None, path, "a hole in the sentence")


def address_of(version: int) -> Check:
    """A canonical address of this family."""

    def check(value: Any, path: str) -> None:
        of_type(str)(value, path)
        parsed = ipaddress.ip_address(value)
        _demand(parsed.version == version and str(parsed) == value, path, "not canonical")

    return check


def network(value: Any, path: str) -> None:
    """A canonical network with its prefix."""
    of_type(str)(value, path)
    _demand("/" in value and str(ipaddress.ip_network(value)) == value, path, "not canonical")


def list_of(inner: Check) -> Check:
    """A list in which every item passes."""

    def check(value: Any, path: str) -> None:
        of_type(list)(value, path)
        for index, item in enumerate(value):
            inner(item, f"{path}[{index}]")

    return check


def exactly(fields: Mapping[str, Check]) -> Check:
    """An object with these names in this order, and no others."""

    def check(value: Any, path: str) -> None:
        of_type(dict)(value, path)
        _demand(list(value) == list(fields), path, f"names {list(value)} not {list(fields)}")
        for name, inner in fields.items():
            inner(value[name], f"{path}.{name}")

    return check


_EVIDENCE = exactly(
    {
        "probe": matching(r"GET /[\w/.-]*"),
        "host": matching(r"[\w.:-]+"),
        "at": moment,
        "said": sentence,
    }
)
_FINDING = exactly(
    {
        "rule": matching(r"[a-z]+(-[a-z]+)+"),
        "light": one_of(*LIGHTS),
        "sureness": one_of(*SURENESS),
        "reason": maybe(matching(r"[a-z]+(-[a-z]+)*")),
        "title": sentence,
        "detail": sentence,
        "evidence": list_of(_EVIDENCE),
        "fix": maybe(sentence),
    }
)
_FACTS = exactly(
    {
        "permissions": exactly({name: maybe(of_type(bool)) for name in PERMISSIONS}),
        "unknown_permissions": maybe(list_of(of_type(str))),
        "whitelist_on": maybe(of_type(bool)),
        "whitelist": maybe(list_of(network)),
        "whitelist_readable": one_of(*READABLE),
        "created_at": maybe(moment),
        "expires_at": maybe(moment),
        "key_type": maybe(one_of(*KEY_TYPES)),
        "is_sub_account": maybe(of_type(bool)),
    }
)
_CAUSE = exactly(
    {"code": one_of(*DIAGNOSES), "likelihood": one_of(*LIKELIHOODS), "next_step": sentence}
)
_DIAGNOSIS = exactly(
    {
        "code": one_of(*DIAGNOSES),
        "http_status": maybe(of_type(int)),
        "exchange_code": maybe(of_type(str)),
        "seen_address": maybe(of_type(str)),
        "causes": list_of(_CAUSE),
    }
)
_KEY = exactly(
    {
        "label": of_type(str),
        "exchange": matching(r"[a-z]+"),
        "host": matching(r"[\w.:-]+"),
        "key_hint": matching(r"…[A-Za-z0-9*]{0,4}"),
        "purpose": one_of(*PURPOSES),
        "setup": one_of(*SETUPS),
        "light": one_of(*LIGHTS),
        "diagnosis": maybe(_DIAGNOSIS),
        "facts": _FACTS,
        "findings": list_of(_FINDING),
    }
)
_SOURCE_FIELDS: dict[str, Check] = {
    "name": sentence,
    "family": of_type(int),
    "address": maybe(of_type(str)),
    "error": maybe(matching(r"[a-z]+(-[a-z]+)*")),
}


def _source(value: Any, path: str) -> None:
    exactly(_SOURCE_FIELDS)(value, path)
    _demand(value["family"] in (4, 6), path, "no such address family")
    _demand((value["address"] is None) != (value["error"] is None), path, "address and error")
    maybe(address_of(value["family"]))(value["address"], f"{path}.address")


check_egress = exactly(
    {
        "ipv4": maybe(address_of(4)),
        "ipv6": maybe(address_of(6)),
        "certainty": one_of(*CERTAINTIES),
        "sources": list_of(_source),
    }
)
_REPORT = exactly(
    {
        "schema": one_of("latchlight.report/1"),
        "app_version": matching(r"\d+\.\d+\.\d+\S*"),
        "facts_date": matching(r"\d{4}-\d\d-\d\d"),
        "started_at": moment,
        "finished_at": moment,
        "light": one_of(*LIGHTS),
        "egress": check_egress,
        "keys": list_of(_KEY),
    }
)
_BADNESS = {"red": 3, "grey": 2, "amber": 1, "green": 0}


def check_report(value: Any) -> dict[str, Any]:
    """The report, if it is one. Raises ContractError with the place and the problem."""
    _REPORT(value, "report")
    _demand(value["started_at"] <= value["finished_at"], "report", "ends before it starts")
    for index, key in enumerate(value["keys"]):
        _check_sense(key, f"report.keys[{index}]")
    lights = [key["light"] for key in value["keys"]]
    _demand(value["light"] == _worst(lights), "report.light", f"not the worst of {lights}")
    report: dict[str, Any] = value
    return report


def _check_sense(key: dict[str, Any], path: str) -> None:
    """What the types cannot say: no key is greener than what is known about it."""
    findings = key["findings"]
    _demand(bool(findings), path, "no findings at all")
    rules = [finding["rule"] for finding in findings]
    _demand(len(set(rules)) == len(rules), path, "a rule occurs twice")
    if key["diagnosis"] is not None:
        _demand(key["light"] in ("red", "grey"), path, "refused, and yet a friendly light")
        told = [name for name, value in key["facts"]["permissions"].items() if value is not None]
        _demand(not told, path, f"refused, and yet {told} are told")
    if key["light"] == "green":
        greens = [f for f in findings if f["light"] == "green"]
        _demand(len(greens) >= 5, path, "green on too little")
        _demand(key["facts"]["whitelist_on"] is True, path, "green without a whitelist")
        _demand(key["facts"]["permissions"]["withdraw"] is False, path, "green, can withdraw")
    for finding in findings:
        if finding["light"] == "green":
            _demand(finding["reason"] is None, f"{path}.{finding['rule']}", "green with a reason")


def _worst(lights: list[str]) -> str:
    return max(lights, key=lambda light: _BADNESS[light], default="grey")
