"""A display that is named but not there is noticed before Qt aborts the process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from latchlight.gui import screen

WAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")


@pytest.fixture(autouse=True)
def _on_bare_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in WAYS:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("display", [":9417", "unix:9417.0", "127.0.0.1:50000", "", "nonsense"])
def test_a_display_that_nobody_serves_is_no_screen(
    monkeypatch: pytest.MonkeyPatch, display: str
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert not screen.has_screen()


def test_a_forwarded_display_is_a_port_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{number}.0")
        assert screen.has_screen()


@pytest.mark.parametrize("whole_path", [True, False])
def test_wayland_needs_a_socket_that_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, whole_path: bool
) -> None:
    place = tmp_path / "wayland-7"
    monkeypatch.setenv("WAYLAND_DISPLAY", str(place) if whole_path else place.name)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not screen.has_screen()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        assert not screen.has_screen()
        server.listen()
        assert screen.has_screen()
    assert not screen.has_screen()


@pytest.mark.parametrize(("platform", "fine"), [("offscreen", True), ("xcb", False)])
def test_a_platform_without_a_screen_needs_none(
    monkeypatch: pytest.MonkeyPatch, platform: str, fine: bool
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert screen.has_screen() is fine


def test_an_unreachable_display_is_one_sentence_and_no_abort() -> None:
    kept = {name: value for name, value in os.environ.items() if name not in WAYS}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from latchlight.gui.main import run; sys.exit(run([]))",
        ],
        env={**kept, "DISPLAY": ":9417"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 64, done.stderr
    assert done.stderr.startswith("There is no screen here")
