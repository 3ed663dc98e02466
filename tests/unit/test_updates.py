"""Is there a newer version? Over real HTTPS, believed only if it is signed, and called failed when it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import signed_notice
from faulty_server import FaultyServer, Say, authority
from latchlight import __version__, updates
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.main import main
from latchlight.core.progress import CancelToken
from latchlight.core.release_home import HOME, Home
from latchlight.core.release_notice import NoticeError, Standing
from latchlight.services import Services
from latchlight.updates import look_for_update
from signed_notice import Signer

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PATHS = ("/latchlight/latest.json", "/latchlight/latest.json.minisig")
Serve = Callable[..., FaultyServer]


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def announce(signer: Signer) -> Iterator[Serve]:
    """A server that announces what it is given, signed by `signer` unless told otherwise."""
    started: list[FaultyServer] = []

    def serve(
        content: bytes, by: Signer = signer, comment: str = "", script: str = "ok ok"
    ) -> FaultyServer:
        told = comment or "file:latest.json version:0.2.0"
        say = {PATHS[0]: Say(content), PATHS[1]: Say(by.sign(content, told))}
        started.append(FaultyServer(script, say))
        return started[-1]

    yield serve
    for server in started:
        server.close()


@pytest.fixture
def ask(signer: Signer, tmp_path: Path) -> Iterator[Callable[[FaultyServer], Services]]:
    opened: list[Services] = []

    def services(server: FaultyServer, now: datetime = NOW) -> Services:
        home = signed_notice.home(signer, host=server.address)
        opened.append(
            Services(ca_file=authority().file, folder=tmp_path, release_home=home, now=lambda: now)
        )
        return opened[-1]

    yield services
    for each in opened:
        each.close()


Ask = Callable[..., Services]


def look(services: Services) -> updates.Update:
    return look_for_update(services, CancelToken())


def test_a_newer_version_is_told_with_its_page(announce: Serve, ask: Ask) -> None:
    server = announce(signed_notice.notice())
    services = ask(server)
    found = look(services)
    assert found.standing is Standing.OLDER
    assert str(updates.in_words(found)) == "Version 0.2.0 came out on 2026-11-20."
    assert updates.page_of(found, services) == f"https://{server.address}/releases/0.2.0"


def test_nothing_is_asked_but_the_notice_and_its_signature_and_nothing_is_told(
    announce: Serve, ask: Ask
) -> None:
    server = announce(signed_notice.notice())
    services = ask(server)
    look(services)
    assert [(seen.method, seen.target) for seen in server.requests] == [("GET", p) for p in PATHS]
    for seen in server.requests:
        assert set(seen.headers) <= {
            "host",
            "user-agent",
            "accept",
            "accept-encoding",
            "connection",
        }
        assert seen.headers["user-agent"] == "Latchlight"
        assert __version__ not in seen.raw.decode("latin-1").split("\r\n\r\n")[0].replace(
            "HTTP/1.1", ""
        )
    assert {(row.host, row.path) for row in services.store().contacts()} == {
        (server.address, path) for path in PATHS
    }


def test_a_mended_hole_is_said_first(announce: Serve, ask: Ask) -> None:
    found = look(ask(announce(signed_notice.notice(security=True))))
    assert "mends a security hole" in updates.in_words(found)


def test_the_newest_version_is_called_so(
    announce: Serve, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "__version__", "0.2.0")
    found = look(ask(announce(signed_notice.notice())))
    assert "This is the newest version (0.2.0" in updates.in_words(found)


def test_what_another_signed_is_not_believed(announce: Serve, ask: Ask) -> None:
    with pytest.raises(NoticeError, match="not signed by the makers"):
        look(ask(announce(signed_notice.notice(), by=Signer())))


def test_a_signature_for_another_file_or_version_is_not_believed(announce: Serve, ask: Ask) -> None:
    for comment in ("file:SHA256SUMS version:0.2.0", "file:latest.json version:0.3.0", "x"):
        with pytest.raises(NoticeError, match="not signed by the makers"):
            look(ask(announce(signed_notice.notice(), comment=comment)))


def test_signed_nonsense_is_not_believed(announce: Serve, ask: Ask) -> None:
    for content in (b"", b"{", b"[]", b'{"version": "0.2.0", "version": "0.3.0"}'):
        with pytest.raises(NoticeError):
            look(ask(announce(content)))


@pytest.mark.parametrize(
    "script", ["", "ok", "ok reset", "reset", "cut-chunks", "redirect", "ok redirect"]
)
def test_a_question_that_failed_is_called_failed(script: str, announce: Serve, ask: Ask) -> None:
    with pytest.raises(NoticeError) as failed:
        look(ask(announce(signed_notice.notice(), script=script)))
    assert "newest" not in str(failed.value)


def test_an_unknown_certificate_is_not_believed(
    announce: Serve, signer: Signer, tmp_path: Path
) -> None:
    server = announce(signed_notice.notice())
    home = signed_notice.home(signer, host=server.address)
    with (
        closing(Services(folder=tmp_path, release_home=home)) as services,
        pytest.raises(NoticeError, match="could not prove who it is"),
    ):
        look(services)
    assert server.hits == 0


def test_an_older_notice_is_refused_after_a_newer_one(announce: Serve, ask: Ask) -> None:
    newer = signed_notice.notice(released="2026-11-25", version="0.3.0")
    look(ask(announce(newer, comment="file:latest.json version:0.3.0")))
    with pytest.raises(NoticeError, match="holds it back"):
        look(ask(announce(signed_notice.notice())))


def test_what_was_seen_before_and_cannot_be_read_is_not_guessed(announce: Serve, ask: Ask) -> None:
    services = ask(announce(signed_notice.notice()))
    services.store().set_setting("newest_release_seen", "yesterday")
    with pytest.raises(NoticeError, match="cannot be read on this computer"):
        look(services)


def test_an_expired_notice_says_nothing(announce: Serve, ask: Ask) -> None:
    late = datetime(2027, 6, 1, tzinfo=UTC)
    with pytest.raises(NoticeError, match="too old"):
        look(ask(announce(signed_notice.notice()), now=late))


def test_a_copy_that_nobody_publishes_says_so_and_asks_nobody(tmp_path: Path) -> None:
    assert HOME is None
    with (
        closing(Services(folder=tmp_path)) as services,
        pytest.raises(NoticeError, match="built from source"),
    ):
        look(services)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (signed_notice.notice(), ExitCode.AMBER),
        (signed_notice.notice(security=True), ExitCode.RED),
        (b"{}", ExitCode.GREY),
    ],
)
def test_the_command_ends_with_what_it_found(
    content: bytes, code: ExitCode, announce: Serve, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["updates"], ask(announce(content))) == code
    told = capsys.readouterr()
    assert ("Download: https://127.0.0.1:" in told.out) is (code is not ExitCode.GREY)
    assert bool(told.err) is (code is ExitCode.GREY)


def test_the_command_is_green_only_for_the_newest_version(
    announce: Serve, ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(updates, "__version__", "0.2.0")
    assert main(["updates", "--json"], ask(announce(signed_notice.notice()))) == 0
    assert '"standing": "newest"' in capsys.readouterr().out


def test_the_place_is_fixed_and_its_paths_are_below_the_folder() -> None:
    home = Home("releases.example", "/latchlight/", ())
    assert home.paths == PATHS


def test_practice_asks_nobody() -> None:
    assert Services(practice=True, release_home=signed_notice.home(Signer())).home() is None


def test_the_place_of_announcements_and_the_public_key_of_releases_come_together() -> None:
    key = Path(__file__).resolve().parents[2] / "packaging" / "release" / "latchlight.pub"
    lines = key.read_text("utf-8").splitlines() if key.exists() else []
    assert bool(lines) is (HOME is not None)
    assert HOME is None or lines[1] in HOME.public_keys
