"""The practice Coinbase checks tokens as strictly as it is silent about them."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import ccxt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from latchlight.checkup import check_once
from latchlight.core.credentials import KeyKind
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.exchanges.intake import read_credentials
from latchlight.practice.coinbase import cast
from latchlight.practice.keys import PracticeKey
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import practice

from .conftest import Client, Reply

PERMISSIONS = "/api/v3/brokerage/key_permissions"
ACCOUNTS = "/api/v3/brokerage/accounts"
NOW = 1_795_176_000
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}
Changes = dict[str, Any]


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("coinbase",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    clock = lambda: NOW + 0.25  # noqa: E731
    return Client(start_world(exchanges=("coinbase",), faults=False, clock=clock))


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signature(secret: str, text: bytes) -> bytes:
    """By the kind of secret that this is."""
    if not secret.startswith("-----BEGIN"):
        seed = base64.b64decode(secret)[:32]
        return Ed25519PrivateKey.from_private_bytes(seed).sign(text)
    private = load_pem_private_key(secret.encode(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    r, s = decode_dss_signature(private.sign(text, ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def token(
    key: PracticeKey,
    path: str = PERMISSIONS,
    now: int | None = None,
    header: Changes | None = None,
    claims: Changes | None = None,
    secret: str | None = None,
) -> str:
    """A token as the documents describe it; None among the changes leaves a part out."""
    begins = int(time.time()) if now is None else now
    host = key.base_url.removeprefix("https://")
    algorithm = "ES256" if key.kind is KeyKind.ECDSA else "EdDSA"
    whole = [
        {"alg": algorithm, "kid": key.api_key, "nonce": "ab" * 16, "typ": "JWT", **(header or {})},
        {
            "sub": key.api_key,
            "iss": "cdp",
            "nbf": begins,
            "exp": begins + 120,
            "uri": f"GET {host}{path}",
            **(claims or {}),
        },
    ]
    kept = [{name: value for name, value in one.items() if value is not None} for one in whole]
    text = ".".join(b64url(json.dumps(one).encode()) for one in kept)
    return f"{text}.{b64url(signature(secret or key.secret, text.encode()))}"


def asked(
    client: Client, key: PracticeKey | str, target: str = PERMISSIONS, **changes: Any
) -> Reply:
    known = client.key(key, "coinbase") if isinstance(key, str) else key
    bearer = f"Bearer {token(known, target.partition('?')[0], **changes)}"
    return client.ask(known.base_url, target, headers={"Authorization": bearer})


def is_unauthorized(reply: Reply) -> bool:
    """One word, and no JSON."""
    plain = reply.headers.get_content_type() == "text/plain"
    return plain and (reply.status, reply.body) == (401, b"Unauthorized")


# answers


def test_the_time_needs_no_key(own: Client) -> None:
    url = own.world.base_url("coinbase")
    told = own.ask(url, "/api/v3/brokerage/time").json
    assert told == {
        "iso": "2026-11-20T12:00:00Z",
        "epochSeconds": "1795176000",
        "epochMillis": "1795176000250",
    }
    assert own.ask(url, "/v2/time").json == {"data": {"iso": told["iso"], "epoch": NOW}}


@pytest.mark.parametrize("name", ["safe-spot", "safe-ecdsa"])
@pytest.mark.parametrize("path", [PERMISSIONS, ACCOUNTS, "/api/v3/brokerage/portfolios"])
def test_each_kind_of_key_is_accepted_with_its_own_token(
    here: Client, name: str, path: str
) -> None:
    assert asked(here, name, path).status == 200


def test_a_key_is_told_its_rights_and_nothing_about_its_allowlist(here: Client) -> None:
    listed = asked(here, "safe-spot").json
    uid = listed.pop("portfolio_uuid")
    assert re.fullmatch(UUID, str(uid))
    assert listed == {
        "can_view": True,
        "can_trade": True,
        "can_transfer": False,
        "can_receive": False,
        "portfolio_type": "DEFAULT",
    }
    unlisted = asked(here, "trading-no-whitelist").json
    assert {**unlisted, "portfolio_uuid": uid} == {**listed, "portfolio_uuid": uid}


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert asked(here, "unknown-permission").json["can_stake"] is True
    assert "can_transfer" not in asked(here, "missing-field").json
    assert asked(here, "text-booleans").json["can_transfer"] == "false"
    assert asked(here, "receive-on").json["can_receive"] is True


def test_a_moody_key_is_refused_every_other_time(own: Client) -> None:
    replies = [asked(own, "moody", now=NOW) for _ in range(4)]
    assert [is_unauthorized(reply) for reply in replies] == [True, False, True, False]
    assert replies[1].status == 200


def test_keys_and_secrets_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(f"organizations/{UUID}/apiKeys/{UUID}", key.api_key)
        assert key.passphrase is None
        if key.kind is KeyKind.ECDSA:
            assert key.secret.startswith("-----BEGIN EC PRIVATE KEY-----\n")
            continue
        raw = base64.b64decode(key.secret, validate=True)
        private = Ed25519PrivateKey.from_private_bytes(raw[:32])
        assert raw[32:] == private.public_key().public_bytes_raw()


# refusals


@pytest.mark.parametrize("name", ["deleted-key", "wrong-secret", "wrong-address"])
@pytest.mark.parametrize("path", [PERMISSIONS, ACCOUNTS])
def test_whatever_is_wrong_the_answer_is_one_word(here: Client, name: str, path: str) -> None:
    assert is_unauthorized(asked(here, name, path))


WRONG_CLAIMS: dict[str, Changes] = {
    "no uri": {"uri": None},
    "scheme in the uri": {"uri": f"GET https://127.0.0.1{PERMISSIONS}"},
    "path alone": {"uri": f"GET {PERMISSIONS}"},
    "another host": {"uri": f"GET api.coinbase.com{PERMISSIONS}"},
    "uri as a list": {"uri": []},
    "two uris": {"uri": None, "uris": ["GET a", "GET b"]},
    "another issuer": {"iss": "somebody"},
    "no issuer": {"iss": None},
    "another subject": {"sub": "organizations/x/apiKeys/y"},
    "no subject": {"sub": None},
    "no beginning": {"nbf": None},
    "no end": {"exp": None},
    "not begun": {"nbf": NOW + 1},
    "ended": {"nbf": NOW - 130, "exp": NOW - 10},
    "ends now": {"nbf": NOW - 120, "exp": NOW},
    "lives too long": {"nbf": NOW - 1, "exp": NOW + 120},
    "lives for ever": {"exp": 2**40},
    "time as text": {"nbf": str(NOW)},
    "time with a point": {"nbf": float(NOW)},
    "true for a time": {"nbf": True},
}


@pytest.mark.parametrize("case", WRONG_CLAIMS)
def test_a_token_that_claims_anything_else_is_refused(own: Client, case: str) -> None:
    assert is_unauthorized(asked(own, "safe-spot", now=NOW, claims=WRONG_CLAIMS[case]))


WRONG_HEADERS: dict[str, Changes] = {
    "no key": {"kid": None},
    "another key": {"kid": "organizations/x/apiKeys/y"},
    "a list of keys": {"kid": ["x"]},
    "no nonce": {"nonce": None},
    "empty nonce": {"nonce": ""},
    "number for a nonce": {"nonce": 7},
    "no algorithm": {"alg": None},
    "algorithm none": {"alg": "none"},
    "another algorithm": {"alg": "ES256"},
    "a shared secret": {"alg": "HS256"},
}


@pytest.mark.parametrize("case", WRONG_HEADERS)
def test_a_token_with_another_header_is_refused(own: Client, case: str) -> None:
    assert is_unauthorized(asked(own, "safe-spot", now=NOW, header=WRONG_HEADERS[case]))


@pytest.mark.parametrize("begins", [NOW, NOW - 2, NOW - 119])
def test_a_token_is_good_from_its_first_second_to_its_last(own: Client, begins: int) -> None:
    assert asked(own, "safe-spot", now=begins).status == 200


def test_both_ways_of_naming_the_request_and_the_issuer_are_known(own: Client) -> None:
    key = own.key("safe-spot", "coinbase")
    uri = f"GET {key.base_url.removeprefix('https://')}{PERMISSIONS}"
    listed = {"uri": None, "uris": [uri], "aud": ["cdp_service"]}
    assert asked(own, key, now=NOW, claims=listed).status == 200
    assert asked(own, key, now=NOW, claims={"iss": "coinbase-cloud"}).status == 200


def test_the_query_is_no_part_of_the_token(own: Client) -> None:
    assert asked(own, "safe-spot", f"{ACCOUNTS}?limit=250", now=NOW).status == 200


def test_a_token_for_one_path_opens_no_other(own: Client) -> None:
    key = own.key("safe-spot", "coinbase")
    bearer = {"Authorization": f"Bearer {token(key, PERMISSIONS, NOW)}"}
    assert own.ask(key.base_url, PERMISSIONS, headers=bearer).status == 200
    assert is_unauthorized(own.ask(key.base_url, ACCOUNTS, headers=bearer))


def test_another_key_s_signature_and_another_kind_are_refused(own: Client) -> None:
    spot, ecdsa = own.key("safe-spot", "coinbase"), own.key("safe-ecdsa", "coinbase")
    watch = own.key("safe-watch", "coinbase")
    assert is_unauthorized(asked(own, spot, now=NOW, secret=watch.secret))
    assert is_unauthorized(asked(own, spot, now=NOW, secret=ecdsa.secret))
    mixed = {"header": {"alg": "ES256"}, "secret": ecdsa.secret}
    assert is_unauthorized(asked(own, spot, now=NOW, **mixed))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": "Basic {}"},
        {"Authorization": "bearer {}"},
        {"Authorization": "Bearer {}."},
        {"Authorization": "Bearer {}="},
        {"CB-ACCESS-KEY": "g3BLnUYMOQsIo9V5", "CB-ACCESS-SIGN": "0" * 64},
    ],
)
def test_without_a_whole_token_nothing_is_told(own: Client, headers: dict[str, str]) -> None:
    key = own.key("safe-spot", "coinbase")
    filled = {name: text.format(token(key, now=NOW)) for name, text in headers.items()}
    assert is_unauthorized(own.ask(key.base_url, PERMISSIONS, headers=filled))


@pytest.mark.parametrize("path", [PERMISSIONS, ACCOUNTS])
def test_a_key_that_may_not_look_is_known_and_refused(here: Client, path: str) -> None:
    reply = asked(here, "no-view", path)
    assert reply.status == 403
    assert reply.json == {
        "error": "PERMISSION_DENIED",
        "error_details": "Missing required scopes",
        "message": "Missing required scopes",
    }


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(own: Client) -> None:
    own.world.egress = AWAY_ADDRESS
    assert asked(own, "wrong-address", now=NOW).status == 200
    assert is_unauthorized(asked(own, "safe-spot", now=NOW))
    assert asked(own, "trading-no-whitelist", now=NOW).status == 200


def test_other_paths_and_methods_are_refused(here: Client) -> None:
    url = here.world.base_url("coinbase")
    for path in ("/", "/api/v3/brokerage", "/api/v3/brokerage/orders", "/v2/user"):
        assert here.ask(url, path).status == 404
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert here.ask(url, PERMISSIONS, method, b"{}").status == 405


# through the program


def checked(client: Client, key: PracticeKey) -> KeyReport:
    around = practice(client.world)
    try:
        spec = around.exchanges["coinbase"]
        intake = read_credentials(spec, {"api_key": key.api_key, "secret": key.secret})
        assert (intake.repairs, intake.warnings) == ((), ())
        assert intake.credentials.kind is key.kind
        host = key.base_url.removeprefix("https://")
        intent = Intent(key.purpose)
        report = check_once(spec, host, intake.credentials, intent, around, token=CancelToken())
        return report.keys[0]
    finally:
        around.close()


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light_and_its_reason(here: Client, name: str) -> None:
    key = here.key(name, "coinbase")
    report = checked(here, key)
    assert report.light is key.expected_light
    reasons = {finding.rule for finding in report.findings if finding.light is report.light}
    reasons |= {report.diagnosis.code.value} if report.diagnosis is not None else set()
    assert key.expected_reason in reasons, report.diagnosis


def test_no_key_of_this_exchange_is_green_without_the_user_s_own_look() -> None:
    assert Light.GREEN not in {plan.light for plan in PLANS.values()}


def test_three_refusals_are_counted_in_the_report(here: Client) -> None:
    report = checked(here, here.key("wrong-address", "coinbase"))
    assert report.diagnosis is not None
    assert report.diagnosis.title.startswith("3 of 3 refused")
    asked_for = [entry.path for entry in here.world.log.entries("coinbase")]
    assert asked_for[-3:] == [PERMISSIONS] * 3


def test_the_pause_is_the_one_that_the_exchange_named(here: Client) -> None:
    report = checked(here, here.key("rate-limited", "coinbase"))
    assert report.diagnosis is not None
    assert report.diagnosis.retry_after == 30.0


# an independent client


def independent(client: Client, key: PracticeKey, **changed: str) -> Any:
    exchange = ccxt.coinbase({"apiKey": key.api_key, "secret": key.secret, **changed})
    exchange.urls["api"]["rest"] = key.base_url
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    # Markets are not imitated.
    exchange.markets, exchange.currencies = {}, {}
    return exchange


@pytest.mark.parametrize("name", ["safe-spot", "safe-ecdsa"])
def test_ccxt_is_accepted_with_the_right_secret(here: Client, name: str) -> None:
    exchange = independent(here, here.key(name, "coinbase"))
    try:
        assert exchange.v3PrivateGetBrokerageKeyPermissions()["can_transfer"] is False
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.fetch_balance()["USDC"]["total"] == 1250.0
        assert exchange.fetch_balance({"v3": True})["BTC"]["free"] == 0.05
        assert exchange.fetch_portfolios()[0]["type"] == "DEFAULT"
    finally:
        exchange.session.close()


@pytest.mark.parametrize(("name", "other"), [("safe-spot", "safe-watch"), ("safe-ecdsa", "moody")])
def test_ccxt_is_refused_with_a_wrong_secret(here: Client, name: str, other: str) -> None:
    wrong = here.key(other, "coinbase").secret
    exchange = independent(here, here.key(name, "coinbase"), secret=wrong)
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.v3PrivateGetBrokerageKeyPermissions()
        with pytest.raises(ccxt.AuthenticationError):
            exchange.v3PrivateGetBrokerageAccounts()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_from_an_unlisted_address(here: Client) -> None:
    exchange = independent(here, here.key("wrong-address", "coinbase"))
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.v3PrivateGetBrokerageKeyPermissions()
    finally:
        exchange.session.close()
