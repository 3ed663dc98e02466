"""TL01 to TL13, A02, A03, A08, M12: whom the client believes, and what it does not listen to."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faulty_server import TIME_PATH, FaultyServer, authority, ordinary_context
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError
from latchlight.core.progress import CancelToken
from latchlight.net.client import Client
from latchlight.net.connection import Trust

from .conftest import Caller

Serve = Callable[..., FaultyServer]
SECRET_HEADERS = {"X-MBX-APIKEY": "canary-key-in-a-header"}


def untrusted(server: FaultyServer, call: Caller) -> None:
    """The call is refused before one byte of the request has left."""
    assert call.code(server, headers=SECRET_HEADERS) is DiagnosisCode.TLS_UNTRUSTED
    assert server.hits == 0


def test_tl01_an_unknown_authority_is_refused(serve: Serve, call: Caller) -> None:
    untrusted(serve("ok", context=authority("stranger").context()), call)


def test_tl01_a08_a_self_signed_certificate_is_refused(
    serve: Serve, call: Caller, tmp_path: Path
) -> None:
    stranger = authority("stranger").ca
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    stranger.cert_pem.write_to_path(str(certificate))
    stranger.private_key_pem.write_to_path(str(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    untrusted(serve("ok", context=context), call)


@pytest.mark.parametrize(
    "names", [("localhost",), ("api.binance.com",), ("*.0.0.1",), ("127.0.0.2",)]
)
def test_tl02_a_certificate_for_another_name_is_refused(
    names: tuple[str, ...], serve: Serve, call: Caller
) -> None:
    untrusted(serve("ok", context=authority().context(*names)), call)


def test_tl02_a_wildcard_reaches_no_further_than_one_label(
    serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("ok", context=authority().context("*.binance.com"))
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    assert call.code("api.eu.binance.com") is DiagnosisCode.TLS_UNTRUSTED
    assert server.hits == 0


def test_tl02_a_common_name_alone_does_not_count(serve: Serve, call: Caller) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().ca.issue_cert("other.example", common_name="127.0.0.1").configure_cert(context)
    untrusted(serve("ok", context=context), call)


def test_tl03_an_expired_certificate_is_refused(serve: Serve, call: Caller) -> None:
    now = datetime.now(UTC)
    context = authority().context(
        "127.0.0.1", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1)
    )
    untrusted(serve("ok", context=context), call)


def test_tl03_a_certificate_of_tomorrow_is_refused(serve: Serve, call: Caller) -> None:
    now = datetime.now(UTC)
    context = authority().context(
        "127.0.0.1", not_before=now + timedelta(days=1), not_after=now + timedelta(days=9)
    )
    untrusted(serve("ok", context=context), call)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
def test_tl05_old_tls_is_refused(serve: Serve, call: Caller) -> None:
    context = authority().context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    untrusted(serve("ok", context=context), call)


def test_tl11_a_missing_list_of_authorities_is_said_so(serve: Serve, tmp_path: Path) -> None:
    for content in (None, b"", b"nonsense"):
        file = tmp_path / "bundle.pem"
        if content is not None:
            file.write_bytes(content)
        server = serve("ok")
        caller = Caller(ca_file=str(file))
        assert caller.code(server) is DiagnosisCode.TLS_UNTRUSTED
        assert server.hits == 0


def test_the_context_checks_certificate_and_host_name() -> None:
    context = Trust().context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.get_ca_certs()


def test_the_public_authorities_do_not_include_ours(serve: Serve) -> None:
    server = serve("ok")
    client = Client(Trust(), lambda: datetime.now(UTC))
    with (
        client.chain(lambda h, p: True, family=socket.AF_INET, token=CancelToken()) as chain,
        pytest.raises(CallError) as caught,
    ):
        chain.get(server.address, TIME_PATH)
    assert caught.value.code is DiagnosisCode.TLS_UNTRUSTED


BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.mark.parametrize("name", BUNDLES)
def test_a03_m12_a_variable_cannot_add_an_authority(
    name: str, serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = authority("stranger")
    monkeypatch.setenv(name, stranger.file)
    untrusted(serve("ok", context=stranger.context()), call)


@pytest.mark.parametrize("name", BUNDLES)
def test_a03_a_variable_cannot_take_an_authority_away(
    name: str, serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, authority("stranger").file)
    assert call.get(serve("ok")).status == 200


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
)
def test_tl13_m3_a_proxy_variable_is_not_listened_to(
    name: str, serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve("ok")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(name, f"http://user:password@{proxy.address}")
    assert call.get(serve("ok"), headers=SECRET_HEADERS).status == 200
    assert proxy.connections == 0


@pytest.mark.parametrize("name", [".netrc", "_netrc"])
def test_m2_a_netrc_file_is_not_read(
    name: str, serve: Serve, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name
    file.write_text("default login user password canary\n")
    file.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("NETRC", str(file))
    server = serve("ok")
    call.get(server)
    assert "authorization" not in server.requests[0].headers


def test_tl12_m13_no_key_log_is_written(
    serve: Serve, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    call.get(serve("ok"))
    assert not log.exists()


VARIABLES = (
    "SSLKEYLOGFILE",
    *BUNDLES,
    "SSL_CERT_DIR",
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    "NETRC",
    "PYTHON_KEYRING_BACKEND",
)
HARDENED = """
import os, ssl, sys
from latchlight.hardening import harden
print(",".join(harden()))
print(",".join(n for n in os.environ if n.upper() in sys.argv[1:]))
ssl.create_default_context()
import resource
print(resource.getrlimit(resource.RLIMIT_CORE)[0], oct(os.umask(0)))
"""


def test_tl12_s14_hardening_drops_the_variables_and_names_them(tmp_path: Path) -> None:
    log = tmp_path / "keys.log"
    environment = {**os.environ, **dict.fromkeys(VARIABLES, str(log))}
    done = subprocess.run(
        [sys.executable, "-c", HARDENED, *VARIABLES],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    named, left, limits = done.stdout.splitlines()
    assert set(VARIABLES) <= set(named.split(","))
    assert left == ""
    assert limits == "0 0o77"
    assert not log.exists()


def test_tl16_a_certificate_may_change_between_two_calls(serve: Serve, call: Caller) -> None:
    first, second = serve("ok"), serve("ok", context=authority().context("127.0.0.1"))
    assert ordinary_context() is not second.context
    assert (call.get(first).status, call.get(second).status) == (200, 200)
