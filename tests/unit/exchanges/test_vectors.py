"""Every signature that Binance publishes, and a few derived from its published keys.

Sources, read 2026-11-20: github.com/binance/binance-spot-api-docs (rest-api.md, web-socket-api.md,
fix-api.md) and github.com/binance/binance-signature-examples. "derived" means: the published key,
the payload of this program, the signature made with OpenSSL.
"""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges import signing
from latchlight.exchanges.binance import ACCOUNT, KEY, SPEC, sign
from latchlight.exchanges.spec import Probe

HOST = SPEC.hosts[0]

API_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
HMAC_SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
ED25519_PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u\n"
    "-----END PRIVATE KEY-----\n"
)
RSA_PEM = (
    Path(__file__).resolve().parents[2] / "data" / "binance" / "rsa_example_private_key.pem"
).read_text("ascii")
STAMP = "timestamp=1499827319559"
OURS = f"recvWindow=5000&{STAMP}"
_ORDER = "side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&" + STAMP
_WIDE = "\uff11\uff12\uff13\uff14\uff15\uff16"

HMAC_VECTORS = {
    "H1 order": (
        f"symbol=LTCBTC&{_ORDER}",
        "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    ),
    "H2 percent-encoded symbol": (
        f"symbol={quote(_WIDE)}&{_ORDER}",
        "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
    ),
    "H3 query and body": (
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1&recvWindow=5000&"
        + STAMP,
        "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
    ),
    "H4 timestamp": (
        "timestamp=1578963600000",
        "d84e6641b1e328e7b418fff030caed655c266299c9355e36ce801ed14631eed4",
    ),
    "H5 logon": (
        f"apiKey={API_KEY}&timestamp=1649729878532",
        "1cf54395b336b0a9727ef27d5d98987962bc47aca6e13fe978612d0adee066ed",
    ),
    "H6 socket order": (
        f"apiKey={API_KEY}&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL"
        "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT",
        "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
    ),
    "H7 socket order beyond ASCII": (
        f"apiKey={API_KEY}&price=0.10000000&quantity=1.00000000&recvWindow=5000&side=BUY"
        f"&symbol={_WIDE}&timeInForce=GTC&timestamp=1645423376532&type=LIMIT",
        "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
    ),
    "H8 derived": (OURS, "82f4e72e95e63d666b6da651e82a701722ad8a785a169318d91f36f279c55821"),
}
ED25519_VECTORS = {
    "E1 official": (
        "A\x01EXAMPLE\x01SPOT\x011\x0120240627-11:17:25.223",
        "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA==",
    ),
    "E2 derived": (
        STAMP,
        "yX+8ucWbuFFcQGEl/oZxAAlZa7+FxlZ4BaBkoPyLJrgTh4nf6SbrIflpcNAvAdbafm8HiamioUOXvuw6CLU6DA==",
    ),
    "E3 derived": (
        OURS,
        "ObMU29ZBaCxpwv3ul3S03/5WXf4QhVG6n5bQ461S8/Q2k6Zt9R8SneUgSwCZ0muAzQIvefpwKw+JYOuw2J70Cg==",
    ),
}
RSA_VECTORS = {
    "R1 derived": (
        STAMP,
        "N4aQhpcBu1CQd9ypndGskvKW4Ezn/XJkfRkJUpId9XAdP9m6RFCIUJPhf1xTHXQczkkeKFp/o/U7L5m9MIbKZjiM"
        "spye3UlVG+1GlSPppukHN7FtdCYRfho+AiXEhEmy4VLg/ijFbTSc8F8lta9bAv+et++TO6n/wDbrr7hCNmu45XR3"
        "hRnOELk2JrMmXrQFzgc/NVLr3chEDwxMgl7hY3UtgviAaNCAbEA2ai8ZyZYKY/e54t/rJVrShlp+PMEMlvnjwEWv"
        "F5ZklxyG3kpbykNRaXUJRs3LAAW6LijN7g/kgYu2kfw/VXK/f2Bow8WnRmae+P5u8SNNzJfegjCAkg==",
    ),
    "R2 derived": (
        OURS,
        "iQhWMyrwku6PhAZXiMD+Z4rxfEgBlOQ77MidfoHWGt9nPl7ZWwz/L0flEV0GKe/QobswkGu+FZKIWrRS76wPeqk6"
        "y+wQCNuaybOCrNpk9npQOF0Sk+xt1raKrzbA7o7BSmqVLRDxf2asLI1h3UtzB7Y5oXExWoPh1+tnqteCRTW7hIdL"
        "vr4lf8JK6R60Qmgb+vLP+BX3Z69jXydWAf+tyCqqejSEgQO0rMbFe5dKDG4wDrOlmfIyvchZa+kcQhesuLS6wvBE"
        "zp26yuOjtD2oPNWW+76WE5vpXYlJqb4Q9q14preGslJ/PZlaA4CXz+GVNzVSpp1zbetSOfXxF9tHIQ==",
    ),
}
SECRETS = {
    KeyKind.HMAC: HMAC_SECRET,
    KeyKind.ED25519: ED25519_PEM,
    KeyKind.RSA: RSA_PEM,
}


def credentials(kind: KeyKind) -> Credentials:
    return Credentials(Secret(API_KEY), Secret(SECRETS[kind]), kind)


@pytest.mark.parametrize(("payload", "expected"), HMAC_VECTORS.values(), ids=HMAC_VECTORS)
def test_hmac_signatures_are_those_that_the_exchange_publishes(payload: str, expected: str) -> None:
    assert signing.hmac_sha256_hex(Secret(HMAC_SECRET), payload) == expected


@pytest.mark.parametrize(("payload", "expected"), ED25519_VECTORS.values(), ids=ED25519_VECTORS)
def test_ed25519_signatures_are_those_that_the_exchange_publishes(
    payload: str, expected: str
) -> None:
    assert signing.ed25519_base64(Secret(ED25519_PEM), payload) == expected


@pytest.mark.parametrize(("payload", "expected"), RSA_VECTORS.values(), ids=RSA_VECTORS)
def test_rsa_signatures_are_those_of_the_published_example_key(payload: str, expected: str) -> None:
    assert signing.rsa_sha256_base64(Secret(RSA_PEM), payload) == expected


@pytest.mark.parametrize("kind", SECRETS)
def test_the_kind_of_the_published_secrets_is_recognised(kind: KeyKind) -> None:
    assert signing.kind_of_secret(Secret(SECRETS[kind])) is kind


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (KeyKind.HMAC, HMAC_VECTORS["H8 derived"][1]),
        (KeyKind.ED25519, ED25519_VECTORS["E3 derived"][1]),
        (KeyKind.RSA, RSA_VECTORS["R2 derived"][1]),
    ],
)
def test_the_whole_request_about_the_key_carries_the_vectors_signature(
    kind: KeyKind, expected: str
) -> None:
    request = sign(credentials(kind), KEY, HOST, 1499827319559)
    payload, _, signature = request.query.rpartition("&signature=")
    assert payload == OURS
    assert unquote(signature) == expected
    # "+", "/" and "=" would mean something else in a URL.
    assert not set(signature) & set("+/=")
    assert request.headers == (("X-MBX-APIKEY", API_KEY),)


def test_what_is_signed_is_what_is_sent_and_the_signature_comes_last() -> None:
    probe = Probe("odd", "/x", signed=True, query=(("symbol", quote(_WIDE)), ("side", "BUY")))
    query = sign(credentials(KeyKind.HMAC), probe, HOST, 1499827319559).query
    payload, _, signature = query.rpartition("&signature=")
    assert payload == f"symbol={quote(_WIDE)}&side=BUY&{OURS}"
    assert signature == signing.hmac_sha256_hex(Secret(HMAC_SECRET), payload)


@pytest.mark.parametrize(("kind", "length"), [("hmac", 64), ("ed25519", 88), ("rsa", 344)])
def test_signatures_have_the_documented_length(kind: str, length: int) -> None:
    request = sign(credentials(KeyKind(kind)), ACCOUNT, HOST, 1499827319559)
    assert len(unquote(request.query.rpartition("&signature=")[2])) == length


def test_the_sample_signatures_of_the_documents_ed25519_section_are_not_ed25519() -> None:
    """They decode to 256 bytes, as RSA does: a mistake there, kept out of the vectors here."""
    published = (
        "HZ8HOjiJ1s/igS9JA+n7+7Ti/ihtkRF5BIWcPIEluJP6tlbFM/Bf44LfZka/iemtahZAZzcO9TnI5uaXh3++lrqt"
        "NonCwp6/245UFWkiW1elpgtVAmJPbogcAv6rSlokztAfWk296ZJXzRDYAtzGH0gq7CgSJKfH+XxaCmR0WcvlKjNQ"
        "np12/eKXJYO4tDap8UCBLuyxDnR7oJKLHQHJLP0r0EAVOOSIbrFang/1WOq+Jaq4Efc4XpnTgnwlBbWTmhWDR1pv"
        "S9iVEzcSYLHT/fNnMRxFc7u+j3qI//5yuGuu14KR0MuQKKCSpViieD+fIti46sxPTsjSemoUKp0oXA=="
    )
    assert len(base64.b64decode(published, validate=True)) == 256


def test_signing_with_an_rsa_key_does_not_check_its_numbers_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The check holds up every other thread of the process for 40 ms and more."""
    from cryptography.hazmat.primitives import serialization

    load, skipped = serialization.load_pem_private_key, []

    def spy(data: bytes, password: None, *, unsafe_skip_rsa_key_validation: bool = False) -> object:
        skipped.append(unsafe_skip_rsa_key_validation)
        return load(data, password, unsafe_skip_rsa_key_validation=unsafe_skip_rsa_key_validation)

    monkeypatch.setattr(serialization, "load_pem_private_key", spy)
    pem = Secret(RSA_PEM)
    assert signing.kind_of_secret(pem) is KeyKind.RSA
    signing.rsa_sha256_base64(pem, STAMP)
    assert skipped == [False, True]
