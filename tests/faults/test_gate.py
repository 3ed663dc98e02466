"""G01 to G04, G07, G09, G14: whatever goes wrong anywhere, the gate never ends with 0."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latchlight.checkup import run_checkup
from latchlight.cli.exit_codes import code_of
from latchlight.cli.main import main
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import Cancelled, InputError, LatchlightError, StoreError, VaultError
from latchlight.core.progress import CancelToken
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.net import translate
from latchlight.net.egress import ADDRESS_SERVICES
from latchlight.store.place import FILE_NAME
from scripted_exchange import (
    BINANCE,
    HOST,
    KEY_PATH,
    NOW,
    SAFE,
    TIME_PATH,
    Heard,
    heard,
    request,
    safe_script,
    services,
    time_answer,
)

WORDS = (say("No."), say("Do this."))
PROBLEMS: dict[str, Callable[[], BaseException]] = {
    "ValueError": lambda: ValueError("x"),
    "KeyError": lambda: KeyError("x"),
    "TypeError": lambda: TypeError("x"),
    "AttributeError": lambda: AttributeError("x"),
    "IndexError": lambda: IndexError("x"),
    "ZeroDivisionError": ZeroDivisionError,
    "RecursionError": RecursionError,
    "MemoryError": MemoryError,
    "OSError": lambda: OSError(28, "full"),
    "TimeoutError": TimeoutError,
    "ConnectionResetError": ConnectionResetError,
    "UnicodeDecodeError": lambda: UnicodeDecodeError("utf-8", b"x", 0, 1, "x"),
    "AssertionError": AssertionError,
    "StopIteration": StopIteration,
    "RuntimeError": RuntimeError,
    "NotImplementedError": NotImplementedError,
    "KeyboardInterrupt": KeyboardInterrupt,
    "SystemExit 0": lambda: SystemExit(0),
    "SystemExit None": SystemExit,
    "GeneratorExit": GeneratorExit,
    "Cancelled": Cancelled,
    "LatchlightError": lambda: LatchlightError(*WORDS),
    "InputError": lambda: InputError(*WORDS, "secret"),
    "StoreError": lambda: StoreError(*WORDS),
    "VaultError": lambda: VaultError(DiagnosisCode.KEYRING_LOCKED, *WORDS),
    "offline": translate.offline,
    "timeout": translate.timeout,
    "unreadable": translate.unreadable,
}
OURS = {"Cancelled", "LatchlightError", "InputError", "StoreError", "VaultError"}
OURS |= {"offline", "timeout", "unreadable"}
"""Errors raised on purpose may end the address lookup or the history, on which no light rests."""


class Broken:
    """Stands in for a service; the call with the given number, or every later one, goes wrong."""

    def __init__(self, real: Any, problem: Callable[[], BaseException], at: int) -> None:
        self._real = real
        self._problem = problem
        self._left = at
        self.used = 0

    def __call__(self, *args: Any, **named: Any) -> Any:
        self.used += 1
        if self._left == 0:
            raise self._problem()
        self._left -= 1
        return self._real(*args, **named)


def with_addresses() -> dict[str, Any]:
    said = Heard(b"8.8.4.4", 200, "text/plain")
    return {f"{s.host4}{s.path}": said for s in ADDRESS_SERVICES} | safe_script()


def exit_code(around: Any, *requests: Any) -> int | None:
    """The code of a checkup; None where an exception left it, which the caller turns into 70 or 130."""
    try:
        report = run_checkup(requests or (request(),), around, token=CancelToken())
    except BaseException:  # noqa: BLE001 - whatever leaves, leaves without a report
        return None
    return int(code_of(report))


def test_without_a_fault_the_gate_is_0() -> None:
    assert exit_code(services(with_addresses())) == 0


SERVICES = ["now", "store", "client", "address_services"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_g01_b21_a_fault_in_any_call_of_a_service_is_never_0(service: str, problem: str) -> None:
    """At the first call, the second, and so on until the fault comes after the last call."""
    for at in itertools.count():
        around = services(with_addresses())
        broken = Broken(getattr(around, service), PROBLEMS[problem], at)
        vars(around)[service] = broken
        code = exit_code(around)
        if broken.used <= at:
            assert code == 0
            assert at > 0
            break
        assert code != 0 or problem in OURS, f"call {at} of {service}"


@pytest.mark.parametrize(
    "problem", [p for p in PROBLEMS if p not in ("offline", "timeout", "unreadable")]
)
@pytest.mark.parametrize("path", [TIME_PATH, KEY_PATH])
def test_b22_a_fault_on_the_line_is_never_0(path: str, problem: str) -> None:
    script = with_addresses()
    script[path] = _raising(problem)
    assert exit_code(services(script)) != 0


def _raising(problem: str) -> Callable[[], Heard]:
    def answer() -> Heard:
        raise PROBLEMS[problem]()

    return answer


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("position", range(3))
def test_g08_credentials_that_cannot_be_had_are_never_0(problem: str, position: int) -> None:
    def broken() -> Any:
        raise PROBLEMS[problem]()

    requests = [request(str(n)) for n in range(3)]
    requests[position] = request("broken", credentials=broken)
    assert exit_code(services(with_addresses()), *requests) != 0


FUNCTIONS = [
    ("latchlight.checkup", "check_key"),
    ("latchlight.checkup", "judge"),
    ("latchlight.checkup", "_background"),
    ("latchlight.checkup", "_storage"),
    ("latchlight.probing", "ask"),
    ("latchlight.probing", "read_clock"),
    ("latchlight.net.ask", "decode"),
    ("latchlight.net.ask", "_decoded"),
    ("latchlight.judge", "evaluate"),
    ("latchlight.core.evaluate", "_checked"),
    ("latchlight.core.evaluate", "_finding"),
    ("latchlight.exchanges.binance", "_boolean"),
    ("latchlight.exchanges.binance", "_unknown_rights"),
    ("latchlight.exchanges.binance", "_moment"),
    ("latchlight.exchanges.binance", "_expiry"),
    ("latchlight.exchanges.binance", "harmless"),
]


@pytest.mark.parametrize(("module", "name"), FUNCTIONS)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_b21_a_fault_in_any_function_behind_the_gate_is_never_0(
    module: str, name: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    place = importlib.import_module(module)
    broken = Broken(getattr(place, name), PROBLEMS[problem], 0)
    monkeypatch.setattr(place, name, broken)
    script = with_addresses()
    script[KEY_PATH] = heard({**SAFE, "enableNew": True}) if name == "harmless" else heard(SAFE)
    code = exit_code(services(script))
    assert broken.used > 0
    assert code != 0


def spoken(code: int, capsys: pytest.CaptureFixture[str]) -> str:
    out = capsys.readouterr()
    assert code != 0
    assert "Traceback" not in out.err + out.out
    return out.err + out.out


@pytest.mark.parametrize(
    "argv",
    [
        ["check"],
        ["check", "--all"],
        ["check", "nobody"],
        ["check", "--all", "--json"],
        ["preflight"],
        ["preflight", "nobody"],
        ["preflight", "nobody", "--accept-amber"],
        ["check", "--exchange", "nowhere", "--credentials", "-"],
    ],
)
def test_g07_nothing_to_check_is_never_0(
    argv: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("{}"))
    try:
        code = main(argv, services(with_addresses()))
    except SystemExit as end:
        code = int(end.code or 0)
    assert spoken(code, capsys)


@pytest.mark.parametrize("problem", [p for p in PROBLEMS if p != "GeneratorExit"])
def test_s5_a_fault_reaches_the_user_as_one_sentence(
    problem: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # With a store there, the choice of the language is the first to meet the fault.
    around = replace(services(with_addresses()), folder=tmp_path)
    (tmp_path / FILE_NAME).touch()
    vars(around)["store"] = Broken(None, PROBLEMS[problem], 0)
    text = spoken(main(["check", "--all"], around), capsys)
    assert text.count("\n") <= 2


WITHOUT_ASSERTIONS = """
import sys
sys.path[:0] = sys.argv[1:]
from scripted_exchange import *
from latchlight.checkup import run_checkup
from latchlight.cli.exit_codes import code_of

def code(script):
    return int(code_of(run_checkup([request()], services(script), token=CancelToken())))

bodies = {
    "safe": SAFE, "withdraw": {**SAFE, "enableWithdrawals": True},
    "no list": {**SAFE, "ipRestrict": False}, "text": {**SAFE, "ipRestrict": "true"},
    "missing": {k: v for k, v in SAFE.items() if k != "enableWithdrawals"},
    "new": {**SAFE, "enableNew": True}, "futures": {**SAFE, "enableFutures": True},
    "empty": {}, "list": [], "error": {"code": -2015, "msg": "x"},
}
print({name: code(safe_script(key=heard(body))) for name, body in bodies.items()}, __debug__)
"""


@pytest.mark.parametrize("option", ["-O", "-OO"])
def test_g02_verdicts_are_the_same_without_assertions(option: str, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    script = tmp_path / "gate.py"
    script.write_text(WITHOUT_ASSERTIONS, "utf-8")
    done = subprocess.run(
        [sys.executable, option, str(script), str(root / "app"), str(root / "tests")],
        capture_output=True,
        text=True,
        check=True,
    )
    verdicts = {"safe": 0, "withdraw": 2, "no list": 2, "text": 3, "missing": 3, "new": 3}
    verdicts |= {"futures": 1, "empty": 3, "list": 3, "error": 3}
    assert done.stdout.strip() == f"{verdicts} False"


def test_g09_a_green_in_the_history_is_never_read() -> None:
    around = services(with_addresses())
    around.store().save_report("bot", "green", NOW, json.dumps({"light": "green"}))
    bad = services(safe_script(key=heard({}, 500)), given_store=around.store())
    assert exit_code(bad) == 3


def test_the_bench_itself_says_nothing_good_by_default() -> None:
    assert BINANCE.host(HOST) is not None
    assert exit_code(services({})) == 3
    assert exit_code(services({TIME_PATH: time_answer()})) == 3
