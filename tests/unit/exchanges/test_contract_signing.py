"""Every exchange: signatures as published, and nothing of a secret anywhere else."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from exchange_samples import (
    Key,
    RequestVector,
    SchemeVector,
)
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.findings import KeyReport, Report
from latchlight.exchanges import signing
from latchlight.exchanges.spec import Probe, SignedRequest
from latchlight.report.as_json import as_json
from scripted_exchange import NOW_MS

from .contract import EGRESS, Exchange, each, each_exchange


def sign(exchange: Exchange, key: Key, probe: Probe, host: str, now_ms: int) -> SignedRequest:
    place = exchange.spec.host(host)
    assert place is not None
    return exchange.spec.sign(key.credentials(), probe, place, now_ms)


def probe_of(exchange: Exchange, name: str) -> Probe:
    return next(p for p in exchange.spec.probes() if p.name == name)


@each(lambda exchange: exchange.samples.schemes, "vector")
def test_signatures_are_the_published_ones(exchange: Exchange, vector: SchemeVector) -> None:
    signature = _signed(vector)
    if isinstance(signature, bytes):
        forms = {base64.b64encode(signature), base64.urlsafe_b64encode(signature).rstrip(b"=")}
        assert vector.signature.encode() in forms
    else:
        assert signature == vector.signature


def _signed(vector: SchemeVector) -> Any:
    scheme, secret = getattr(signing, vector.scheme), Secret(vector.secret)
    if vector.scheme == "signed_passphrase":
        phrase = Secret(vector.payload)
        return scheme(Credentials(Secret("key"), secret, KeyKind.HMAC, phrase))
    if "credentials" in inspect.signature(scheme).parameters:
        kind = signing.kind_of_secret(secret)
        return scheme(Credentials(Secret("key"), secret, kind), vector.payload)
    return scheme(secret, vector.payload)


@each(lambda exchange: exchange.samples.requests, "vector")
def test_whole_requests_are_signed_as_documented(exchange: Exchange, vector: RequestVector) -> None:
    probe = probe_of(exchange, vector.probe)
    made = sign(exchange, vector.key, probe, vector.host, vector.now_ms)
    headers = dict(made.headers)
    assert made.query == vector.query
    assert {name: headers.get(name) for name in vector.headers} == dict(vector.headers)
    assert len(headers) == len(made.headers)


def keys_of(exchange: Exchange) -> dict[tuple[str, str], Key]:
    every = [*exchange.samples.accepted, *exchange.samples.requests]
    return {(one.key.secret, one.key.kind): one.key for one in every}


def another_secret(key: Key) -> str:
    """Of the same shape."""
    if key.kind == "hmac":
        return key.secret[:-1] + ("0" if key.secret[-1] != "0" else "1")
    if key.secret.startswith("-----BEGIN"):
        return fresh_private_key(KeyKind(key.kind))
    return base64.b64encode(bytes(range(32))).decode()


@cache
def fresh_private_key(kind: KeyKind) -> str:
    """One more of the kind, as PEM."""
    made: PrivateKeyTypes
    if kind is KeyKind.RSA:
        made = rsa.generate_private_key(65537, 2048)
    elif kind is KeyKind.ED25519:
        made = ed25519.Ed25519PrivateKey.generate()
    else:
        made = ec.generate_private_key(ec.SECP256R1())
    as_pem = (form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    return made.private_bytes(*as_pem).decode()


def signed_probes(exchange: Exchange) -> list[tuple[Probe, str]]:
    hosts = exchange.spec.hosts
    every = [(p, hosts[0].name) for p in exchange.spec.probes() if p.signed]
    return every + [(h.probe, h.name) for h in hosts if h.probe is not None]


@each_exchange
def test_another_secret_gives_another_signature(exchange: Exchange) -> None:
    for key in keys_of(exchange).values():
        other = Key(key.api_key, another_secret(key), key.passphrase, key.kind)
        for probe, host in signed_probes(exchange):
            first = sign(exchange, key, probe, host, NOW_MS)
            second = sign(exchange, other, probe, host, NOW_MS)
            assert (first.query, first.headers) != (second.query, second.headers)


@each_exchange
def test_s1_nothing_of_the_secret_is_sent(exchange: Exchange) -> None:
    documented = {h for v in exchange.samples.requests for h in v.headers.values()}
    plain = {v.key.passphrase for v in exchange.samples.requests} & documented
    for sample in exchange.samples.accepted:
        for probe, host in signed_probes(exchange):
            made = sign(exchange, sample.key, probe, host, NOW_MS)
            sent = made.query + "".join(name + value for name, value in made.headers)
            assert not [part for part in windows(sample.key.secret) if part in sent]
            if not plain and sample.key.passphrase is not None:
                assert sample.key.passphrase not in sent
        for probe in exchange.spec.probes():
            assert not [part for part in windows(sample.key.secret) if part in str(probe.query)]


def windows(secret: str, length: int = 10) -> Iterator[str]:
    """Every piece of a secret, also as base64 and in a query."""
    lines = [line for line in secret.splitlines() if "-----" not in line]
    for text in (*lines, base64.b64encode(secret.encode()).decode()):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
            yield quote(text[start : start + length], safe="")


@each_exchange
def test_s1_no_report_holds_key_secret_or_passphrase(exchange: Exchange) -> None:
    for sample in exchange.samples.accepted:
        told = everything(exchange.report_of(sample))
        assert not [part for part in windows(sample.key.secret) if part in told]
        assert sample.key.api_key not in told
        if sample.key.passphrase is not None:
            assert sample.key.passphrase not in told
    for refusal in exchange.samples.refusals:
        assert exchange.well_kept.key.api_key not in everything(exchange.with_refusal(refusal))


def everything(report: KeyReport) -> str:
    whole = Report("1", "2026-11-20", report.started_at, report.finished_at, (report,), EGRESS)
    return as_json(whole) + repr(report)
