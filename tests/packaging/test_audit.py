"""The search for known weaknesses fails unless it could really ask about every package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from release_scripts import load

audit = load("audit")

TODAY = date(2026, 12, 1)
HASH = "sha256:" + "0" * 64
WEAK = {"id": "PYSEC-2021-142", "aliases": ["CVE-2020-14343"], "fix_versions": ["5.4"]}
OURS = {"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2026-1"], "fix_versions": ["1.1"]}

Found = Mapping[str, list[dict[str, Any]]]
KNOWN: Found = {"pyyaml": [WEAK]}

# Stands in for pip-audit: answers for what it is asked about as the file beside it says.
STAND_IN = """
import json, re, sys
from pathlib import Path
said = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
asked = re.findall(r"^(\\S+)==(\\S+)", Path(sys.argv[-1]).read_text("utf-8"), re.MULTILINE)
with Path(__file__).with_suffix(".log").open("a") as log:
    log.write(json.dumps([sys.argv[1:-1], asked]) + "\\n")
if "says" in said:
    print(said["says"])
    sys.exit(said["code"])
rows = [{"name": n, "version": v, "vulns": said["found"].get(n, [])} for n, v in asked if n not in said["lost"]]
rows += [{"name": n, "skip_reason": "not found"} for n, v in asked if n in said["skipped"]]
print(json.dumps({"dependencies": rows, "fixes": []}))
sys.exit(1 if any(r.get("vulns") for r in rows) else 0)
"""


def lock(folder: Path, *rows: str) -> Path:
    path = folder / "lock.txt"
    path.write_text("".join(f"{row} \\\n    --hash={HASH}\n" for row in rows), "utf-8")
    return path


def stand_in(folder: Path, found: Found = KNOWN, **said: Any) -> list[str]:
    script = folder / "audit_stand_in.py"
    script.write_text(STAND_IN, "utf-8")
    answer = {"found": found, "lost": [], "skipped": [], **said}
    script.with_suffix(".json").write_text(json.dumps(answer), "utf-8")
    return [sys.executable, "-S", str(script)]


def accepted(folder: Path, *rows: str) -> Path:
    path = folder / "accepted.txt"
    path.write_text("# rows\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def run(folder: Path, program: list[str], *rows: str, accept: tuple[str, ...] = ()) -> Any:
    lock_file = lock(folder, *(rows or ("alpha==1.0", "beta==2")))
    return audit.audit([lock_file], accepted(folder, *accept), TODAY, program)


# --- known weaknesses


def test_nothing_known_passes_after_both_services_proved_awake(tmp_path: Path) -> None:
    verdict, lines = run(tmp_path, stand_in(tmp_path))
    assert (verdict, verdict.value) == (audit.Verdict.PASS, 0)
    assert lines == ["Nothing known about 2 locked packages (pypi and osv)."]
    calls = [
        json.loads(line) for line in (tmp_path / "audit_stand_in.log").read_text().splitlines()
    ]
    assert [call[0][call[0].index("--vulnerability-service") + 1] for call in calls] == [
        "pypi",
        "osv",
    ]
    for words, asked in calls:
        assert asked == [["pyyaml", "5.3.1"], ["alpha", "1.0"], ["beta", "2"]]
        assert {"--strict", "--require-hashes", "--disable-pip"} <= set(words)


def test_packages_for_other_systems_are_asked_about_in_each_version(tmp_path: Path) -> None:
    rows = ("alpha==1.0 ; sys_platform == 'win32'", "alpha==2.0 ; sys_platform != 'win32'")
    assert run(tmp_path, stand_in(tmp_path), *rows)[0] is audit.Verdict.PASS
    calls = [
        json.loads(line) for line in (tmp_path / "audit_stand_in.log").read_text().splitlines()
    ]
    asked = [row for _, rows in calls for row in rows]
    assert asked.count(["alpha", "1.0"]) == asked.count(["alpha", "2.0"]) == 2


def test_a_known_weakness_fails(tmp_path: Path) -> None:
    verdict, lines = run(tmp_path, stand_in(tmp_path, {**KNOWN, "alpha": [OURS]}))
    assert (verdict, verdict.value) == (audit.Verdict.VULNERABLE, 1)
    assert lines == ["KNOWN WEAKNESS: alpha 1.0: CVE-2026-1, GHSA-aaaa-bbbb-cccc (mended in 1.1)"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"found": {}}, "which is known to be weak"),  # a mirror without advisories finds nothing
        ({"skipped": ["alpha"], "lost": ["alpha"]}, "not looked up: alpha"),
        ({"lost": ["alpha"]}, "not the same: alpha 1.0"),
        ({"says": "", "code": 0}, "no word from pip-audit"),
        ({"says": "No known vulnerabilities found", "code": 0}, "not of the known form"),
        ({"says": '{"dependencies": [], "fixes": []}', "code": 0}, "not the same"),
        ({"says": '{"dependencies": {}}', "code": 0}, "not the same"),
        ({"says": '{"dependencies": [{"name": "alpha"}]}', "code": 0}, "not looked up: alpha"),
        ({"says": "[1]", "code": 0}, "not of the known form"),
        ({"says": "{}", "code": 2}, "pypi"),
    ],
)
def test_whatever_is_not_an_answer_about_each_package_could_not_run(
    tmp_path: Path, said: dict[str, Any], reason: str
) -> None:
    verdict, lines = run(tmp_path, stand_in(tmp_path, **said))
    assert (verdict, verdict.value) == (audit.Verdict.COULD_NOT_RUN, 2)
    assert reason in lines[0]
    assert lines[1] == "Nothing is known. This fails."


def test_a_program_that_is_not_there_and_an_empty_lock_could_not_run(tmp_path: Path) -> None:
    assert run(tmp_path, [str(tmp_path / "nowhere")])[0] is audit.Verdict.COULD_NOT_RUN
    empty = tmp_path / "empty.txt"
    empty.write_text("", "utf-8")
    verdict, _ = audit.audit([empty], accepted(tmp_path), TODAY, stand_in(tmp_path))
    assert verdict is audit.Verdict.COULD_NOT_RUN


def test_the_real_program_without_its_service_could_not_run(tmp_path: Path) -> None:
    environment = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [sys.executable, str(Path(audit.__file__)), str(lock(tmp_path, "alpha==1.0"))],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("COULD NOT RUN: pypi: ")
    assert "Proxy" in done.stdout


REASON = "the program never calls this part of it"


def test_an_accepted_weakness_passes_until_its_day(tmp_path: Path) -> None:
    program = stand_in(tmp_path, {**KNOWN, "alpha": [OURS]})
    row = f"CVE-2026-1 alpha until 2026-12-01: {REASON}"
    verdict, lines = run(tmp_path, program, accept=(row,))
    assert verdict is audit.Verdict.PASS
    assert lines[0] == "accepted until 2026-12-01: CVE-2026-1 in alpha"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"CVE-2026-1 alpha until 2026-11-30: {REASON}", "which is over"),
        (f"CVE-2026-1 alpha until 2027-06-01: {REASON}", "longer than 90 days"),
        ("CVE-2026-1 alpha until 2026-12-02: no", "not an advisory with"),
        ("CVE-2026-1 alpha: " + REASON, "not an advisory with"),
        (f"CVE-2026-1 alpha until 2026-13-02: {REASON}", "month"),
    ],
)
def test_a_row_that_is_over_endless_or_without_reason_fails(
    tmp_path: Path, row: str, reason: str
) -> None:
    program = stand_in(tmp_path, {**KNOWN, "alpha": [OURS]})
    verdict, lines = run(tmp_path, program, accept=(row,))
    assert verdict is audit.Verdict.COULD_NOT_RUN
    assert reason in lines[0]


@pytest.mark.parametrize("row", ["CVE-2026-1 beta", "CVE-2026-9 alpha"])
def test_a_row_that_nothing_needs_fails_and_covers_nothing_else(tmp_path: Path, row: str) -> None:
    program = stand_in(tmp_path, {**KNOWN, "alpha": [OURS]})
    verdict, lines = run(tmp_path, program, accept=(f"{row} until 2026-12-02: {REASON}",))
    assert verdict is audit.Verdict.VULNERABLE
    assert lines[0].startswith("KNOWN WEAKNESS: alpha")
    assert lines[-1].startswith("NOT NEEDED ANY MORE")


def test_the_list_of_this_checkout_can_be_read() -> None:
    audit.read_accepted(audit.ACCEPTED, datetime.now(UTC).date())
