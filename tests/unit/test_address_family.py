"""IPv4 only unless the settings or the command say otherwise."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from latchlight.core.progress import CancelToken
from latchlight.core.records import replace
from latchlight.probing import ask_exchange
from scripted_exchange import BINANCE, HOST, credentials, safe_script, services


@pytest.mark.parametrize(
    ("setting", "option", "family"),
    [
        (True, False, socket.AF_INET),
        (False, False, socket.AF_UNSPEC),
        (True, True, socket.AF_UNSPEC),
    ],
)
def test_c11_the_family_of_a_check_is_the_one_that_was_chosen(
    monkeypatch: pytest.MonkeyPatch, setting: bool, option: bool, family: int
) -> None:
    around = services(safe_script())
    around.store().force_ipv4 = setting
    asked: list[int] = []
    chain = around.client().chain

    def spy(allowed: Any, *, family: int, **more: Any) -> Any:
        asked.append(family)
        return chain(allowed, family=family, **more)

    monkeypatch.setattr(around.client(), "chain", spy)
    chosen = replace(around, allow_ipv6=option)
    ask_exchange(BINANCE, HOST, credentials(), chosen, CancelToken())
    assert asked == [family]
