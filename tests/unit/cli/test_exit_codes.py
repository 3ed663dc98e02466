"""G03, G04, G07, R5: exit 0 is made from an all-green report and from nothing else."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from factories import NOW, make_key_report
from latchlight.cli.exit_codes import ExitCode, code_of
from latchlight.core.egress import EgressReport
from latchlight.core.findings import Finding, KeyReport, Light, Report, Sureness
from latchlight.core.profile import Acceptance
from latchlight.core.records import replace
from latchlight.core.sentences import say

TEXT = say("Something.")
ACCEPTED = Acceptance("bot", "a-rule", "f" * 32, "I know", NOW, "b" * 16)
LIGHTS = tuple(Light)
BASE = make_key_report()


def finding(light: Light, required: bool = True, accepted: bool = False) -> Finding:
    acceptance = ACCEPTED if accepted else None
    return Finding(
        "a-rule",
        light,
        Sureness.REPORTED,
        TEXT,
        TEXT,
        TEXT,
        required=required,
        acceptance=acceptance,
    )


def key(*findings: Finding) -> KeyReport:
    return replace(BASE, findings=tuple(findings))


def report(*keys: KeyReport) -> Report:
    return Report("1", "2026-11-20", NOW, NOW, tuple(keys), EgressReport())


def expected(findings: list[Finding], accept_amber: bool) -> int:
    """The truth table in plain words: nothing required or anything bad is not 0."""
    needed = [f for f in findings if f.required]
    if any(f.light is Light.RED for f in needed):
        return 2
    if any(f.light is Light.GREY for f in needed) or not needed:
        return 3
    amber = [f for f in needed if f.light is Light.AMBER]
    if any(not (accept_amber and f.acceptance) for f in amber):
        return 1
    return 0


@pytest.mark.parametrize("many", range(7))
def test_every_combination_of_lights_up_to_six_findings(many: int) -> None:
    made = {light: finding(light) for light in LIGHTS}
    zeros = 0
    for lights in itertools.product(LIGHTS, repeat=many):
        findings = [made[light] for light in lights]
        code = code_of(report(key(*findings)))
        assert code == expected(findings, False)
        zeros += code == 0
    assert zeros == (1 if many else 0)


KINDS = [
    finding(light, required, accepted)
    for light in LIGHTS
    for required in (True, False)
    for accepted in (True, False)
]


@pytest.mark.parametrize("accept_amber", [False, True])
@pytest.mark.parametrize("many", range(4))
def test_every_combination_with_optional_and_accepted_ones(many: int, accept_amber: bool) -> None:
    for findings in itertools.product(KINDS, repeat=many):
        code = code_of(report(key(*findings)), accept_amber=accept_amber)
        assert code == expected(list(findings), accept_amber)


@pytest.mark.parametrize("many", range(6))
def test_every_combination_of_keys(many: int) -> None:
    made = {light: key(finding(light)) for light in LIGHTS}
    worst_first = {Light.RED: 2, Light.GREY: 3, Light.AMBER: 1, Light.GREEN: 0}
    for lights in itertools.product(LIGHTS, repeat=many):
        found = [code for light, code in worst_first.items() if light in lights]
        assert code_of(report(*(made[light] for light in lights))) == (found[0] if found else 3)


def test_g07_no_key_and_no_finding_is_never_0() -> None:
    for accept in (False, True):
        assert code_of(report(), accept_amber=accept) is ExitCode.GREY
        assert code_of(report(key()), accept_amber=accept) is ExitCode.GREY
        optional = key(finding(Light.GREEN, required=False))
        assert code_of(report(optional), accept_amber=accept) is ExitCode.GREY
        assert code_of(report(key(finding(Light.GREEN)), key()), accept_amber=accept) == 3


@pytest.mark.parametrize("many", [1, 2, 3, 255, 256, 257, 512, 1024])
@pytest.mark.parametrize("light", [Light.AMBER, Light.RED, Light.GREY])
def test_g03_the_number_of_problems_never_becomes_the_code(many: int, light: Light) -> None:
    code = code_of(report(key(*[finding(light)] * many)))
    assert code in (1, 2, 3)
    assert code_of(report(*[key(finding(light))] * many)) == code


def test_an_acceptance_counts_only_for_amber_and_only_when_asked_for() -> None:
    amber = report(key(finding(Light.GREEN), finding(Light.AMBER, accepted=True)))
    assert code_of(amber) is ExitCode.AMBER
    assert code_of(amber, accept_amber=True) is ExitCode.GREEN
    for light in (Light.RED, Light.GREY):
        bad = report(key(finding(light, accepted=True)))
        assert code_of(bad, accept_amber=True) is not ExitCode.GREEN


def test_the_codes_are_those_of_the_contract() -> None:
    values = {code.name: int(code) for code in ExitCode.__members__.values()}
    assert values.items() >= {
        ("GREEN", 0),
        ("AMBER", 1),
        ("RED", 2),
        ("GREY", 3),
        ("USAGE", 64),
        ("INTERNAL", 70),
    }
    assert [code for code in ExitCode if int(code) == 0] == [ExitCode.GREEN]
    assert all(0 <= int(code) < 256 for code in ExitCode)


@pytest.mark.parametrize("option", ["-O", "-OO"])
def test_g02_the_table_is_the_same_without_assertions(option: str, tmp_path: Path) -> None:
    """The whole table once more, by an interpreter that leaves every `assert` out."""
    root = Path(__file__).resolve().parents[3]
    script = tmp_path / "again.py"
    script.write_text(AGAIN, "utf-8")
    paths = [str(root / "app"), str(root / "tests")]
    done = subprocess.run(
        [sys.executable, option, str(script), *paths], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "5461 1 6", "")


AGAIN = """
import itertools, sys
sys.path[:0] = sys.argv[1:]
from factories import make_key_report, NOW
from latchlight.cli.exit_codes import code_of
from latchlight.core.egress import EgressReport
from latchlight.core.findings import Finding, Light, Report, Sureness
from latchlight.core.records import replace
from latchlight.core.sentences import say

base, text = make_key_report(), say("x")
made = {light: Finding("r", light, Sureness.REPORTED, text, text, text) for light in Light}
order = [(Light.RED, 2), (Light.GREY, 3), (Light.AMBER, 1), (Light.GREEN, 0)]
tried = wrong = zeros = 0
for many in range(7):
    for lights in itertools.product(Light, repeat=many):
        key = replace(base, findings=tuple(made[light] for light in lights))
        code = code_of(Report("1", "d", NOW, NOW, (key,), EgressReport()))
        wanted = next((c for light, c in order if light in lights), 3)
        tried, wrong, zeros = tried + 1, wrong + (code != wanted), zeros + (code == 0)
debug = 1 if not __debug__ else 0
print(tried, debug, zeros)
sys.exit(1 if wrong else 0)
"""
