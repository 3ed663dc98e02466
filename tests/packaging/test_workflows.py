"""The workflows of CI, held to their rules as text: nobody can run them here, so nothing about them is left to chance.

zizmor, which knows how workflows are abused, reads them too. What no test can hold is listed in docs/ci.md.
"""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import left_out

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
NAMES = ("test", "build", "audit", "release", "published")

# Each stands in the workflows of several well-known public repositories with this very version beside it.
PINNED = {
    "actions/checkout": ("de0fac2e4500dabe0009e67214ff5f5447ce83dd", "v6.0.2"),
    "actions/setup-python": ("a309ff8b426b58ec0e2a45f0f869d46889d02405", "v6.2.0"),
    "actions/upload-artifact": ("043fb46d1a93c77aae656e7c1c64a875d1fc6a0a", "v7.0.1"),
    "actions/download-artifact": ("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    "actions/attest": ("59d89421af93a897026c735860bf21b6eb4f7b26", "v4.1.0"),
}
# More than reading the repository: which job may do it.
MAY = {
    ("build", "attest"): {"id-token: write", "attestations: write"},
    ("release", "build"): {"id-token: write", "attestations: write"},
    ("release", "draft"): {"contents: write"},
    ("published", "look"): {"attestations: read"},
}
SECRETS = {
    "LATCHLIGHT_SIGN_COMMAND",
    "MACOS_CERTIFICATE",
    "MACOS_CERTIFICATE_PASSWORD",
    "MACOS_SIGNING_IDENTITY",
    "APPLE_API_KEY",
    "APPLE_API_KEY_ID",
    "APPLE_API_ISSUER",
}
TRIGGERS = {"push", "pull_request", "workflow_dispatch", "workflow_call", "schedule", "release"}
"""Never pull_request_target or workflow_run: they give strangers' code what belongs to us."""


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yml").read_text("utf-8")


def section(text: str, key: str, indent: int = 0) -> str:
    """The lines below a key, more indented than it; empty where there is none."""
    space = " " * indent
    found = re.search(
        rf"^{space}{key}:.*\n((?:{space} +.*\n|\s*\n|{space}#.*\n)*)", text, re.MULTILINE
    )
    return found.group(1) if found else ""


def jobs_of(name: str) -> dict[str, str]:
    """Name and text of each job."""
    parts = re.split(r"^  ([a-z-]+):\n", section(text_of(name), "jobs"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps_of(job: str) -> list[str]:
    return re.split(r"^      - ", section(job, "steps", 4), flags=re.MULTILINE)[1:]


def test_only_a_push_to_the_main_branch_or_a_tag_may_state_an_origin() -> None:
    """Whoever holds that right speaks for the project, so no pull request and no hand-started run has it."""
    assert section(section(text_of("build"), "on"), "push", 2).splitlines()[0] == (
        "    branches: [main]"
    )
    for name in NAMES:
        for job in jobs_of(name).values():
            if "id-token: write" in job and "steps:" in job:
                assert re.search(r"^    if: github\.event_name == 'push'$", job, re.MULTILINE)
                assert not re.search("checkout|run:", job), "nothing of the checkout runs there"
            else:
                assert "actions/attest@" not in job


def test_what_is_published_is_looked_at_again_every_day() -> None:
    crons = re.findall(r'^    - cron: "(.+)"', section(text_of("published"), "on"), re.MULTILINE)
    assert [re.fullmatch(r"\d+ \d+ \* \* \*", cron) is not None for cron in crons] == [True]


@dataclass(frozen=True)
class Command:
    """One line of a shell."""

    workflow: str
    words: tuple[str, ...]


def commands() -> Iterator[Command]:
    """Every line that a shell runs, in all workflows."""
    for name in NAMES:
        for job in jobs_of(name).values():
            for step in steps_of(job):
                for line in script_of(step):
                    yield Command(name, tuple(shlex.split(line)))


def script_of(step: str) -> list[str]:
    block = re.search(r"^        run: \|\n((?:          .*\n)+)", step, re.MULTILINE)
    if block:
        return [line.strip() for line in block.group(1).splitlines()]
    single = re.search(r"^        run: (.+)$", step, re.MULTILINE)
    assert single is None or not re.match("[|>]", single.group(1)), (
        "not read: write it with | alone"
    )
    return [single.group(1)] if single else []


def test_what_may_sign_is_told_whether_it_must() -> None:
    """A secret that was lost must not become an unsigned release in silence."""
    steps = [step for name in NAMES for job in jobs_of(name).values() for step in steps_of(job)]
    signing = [one for one in steps if "SIGN_COMMAND:" in one or "MACOS_CERTIFICATE:" in one]
    assert len(signing) == 5
    assert [one.splitlines()[0] for one in signing if "LATCHLIGHT_MUST_SIGN:" not in one] == []


def test_these_are_all_workflows_there_are() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.yml" for name in NAMES}
    assert sum(len(steps_of(job)) for name in NAMES for job in jobs_of(name).values()) > 30
    assert len(list(commands())) > 30


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_one_of_ours_to_use_pinned_by_its_whole_commit(name: str) -> None:
    lines = re.findall(r"^ *(?:- )?uses: (.+)$", text_of(name), re.MULTILINE)
    assert lines
    for line in lines:
        own = re.fullmatch(r"\$/\.github/workflows/([a-z]+)\.yml # of this very commit", line)
        if own:
            assert own.group(1) in NAMES
            continue
        found = re.fullmatch(r"([a-z-]+/[a-z-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line)
        assert found, line
        assert PINNED[found.group(1)] == (found.group(2), found.group(3))


def test_no_pin_is_kept_that_nobody_uses() -> None:
    everything = "".join(map(text_of, NAMES))
    assert all(f"uses: {name}@" in everything for name in PINNED)


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_may_nothing_and_each_job_only_what_is_listed(name: str) -> None:
    assert re.search(r"^permissions: \{\}$", text_of(name), re.MULTILINE)
    for job, text in jobs_of(name).items():
        granted = re.findall(
            r"^      ([a-z-]+: [a-z]+)( # .+)?$", section(text, "permissions", 4), re.MULTILINE
        )
        assert {right for right, _ in granted} - {"contents: read"} == MAY.get((name, job), set())
        assert granted
        assert all(reason for _, reason in granted), "each right has its reason"


@pytest.mark.parametrize("name", NAMES)
def test_every_job_ends_and_two_runs_of_it_do_not_meet(name: str) -> None:
    text = text_of(name)
    assert "group: " in section(text, "concurrency")
    for job in jobs_of(name).values():
        limit = re.search(r"^    timeout-minutes: (\d+)$", job, re.MULTILINE)
        called = re.search(r"^    uses: \$/", job, re.MULTILINE)
        assert (limit and int(limit.group(1)) <= 120) or called


@pytest.mark.parametrize("name", NAMES)
def test_only_harmless_events_start_a_workflow(name: str) -> None:
    events = set(re.findall(r"^  ([a-z_]+):", section(text_of(name), "on"), re.MULTILINE))
    assert events
    assert events <= TRIGGERS


@pytest.mark.parametrize("name", NAMES)
def test_no_token_stays_in_a_checkout_and_no_text_of_others_is_put_into_a_script(name: str) -> None:
    for job in jobs_of(name).values():
        for step in steps_of(job):
            if "actions/checkout@" in step:
                assert "persist-credentials: false" in step
            assert not any("${{" in line for line in script_of(step))


def test_secrets_are_known_by_name_and_read_by_a_script_of_ours() -> None:
    used = set(re.findall(r"secrets\.([A-Z_]+)", "".join(map(text_of, NAMES))))
    assert used == SECRETS
    scripts = "".join(
        path.read_text("utf-8")
        for system in ("macos", "windows")
        for path in (ROOT / "packaging" / system).glob("*.py")
    )
    assert all(f'"{name}"' in scripts for name in SECRETS)
    for name in NAMES:
        for job in jobs_of(name).values():
            if "secrets." in job:
                assert re.search(r"^    environment: ", job, re.MULTILINE)
        assert "inherit" not in text_of(name)


def test_the_pythons_and_systems_are_those_that_the_program_promises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import environment

    oldest, newest = environment.OLDEST[1], environment.NEWEST[1]
    told = re.search(r"^        python: \[(.+)\]$", text_of("test"), re.MULTILINE)
    assert told
    assert shlex.split(told.group(1).replace(",", " ")) == [
        f"3.{n}" for n in range(oldest, newest + 1)
    ]
    runners = re.findall(r"- runner: (\S+)\n +words: \"(.*)\"", text_of("test"))
    assert [words for _, words in runners] == [
        "",
        *(f"--left-out-on {system}" for system in ("windows", "macos", "intel-mac")),
    ]
    assert {runner.partition("-")[0] for runner, _ in runners} == {"ubuntu", "windows", "macos"}


def test_the_suite_is_started_as_the_readme_says() -> None:
    started = [line.words for line in commands() if line.workflow == "test"]
    assert ("python", "packaging/bootstrap.py", "test", "$WORDS") in started
    assert "python3 packaging/bootstrap.py test" in (ROOT / "README.md").read_text("utf-8")


MADE = ("build/", "dist/", "out/", "./out/", "/opt/")
"""Folders that earlier steps fill."""


def test_every_file_that_a_command_names_is_there_and_knows_the_options_it_is_given() -> None:
    looked_at = set()
    for command in commands():
        script = ""
        for word in command.words:
            if word.startswith(("packaging/", "tests/", "docs/", ".github/")):
                assert list(ROOT.glob(word)), f"{command.workflow}: {word}"
            if word.endswith(".py") and not word.startswith(MADE):
                script = word
                looked_at.add(word)
            elif word.startswith("--") and script and not re.search(r"bootstrap\.py$", script):
                known = options_of(ROOT / script)
                assert word in known, f"{command.workflow}: {script} does not know {word}"
    assert len(looked_at) > 8


def options_of(script: Path) -> set[str]:
    """The options that stand as text in a script."""
    words = ast.walk(ast.parse(script.read_text("utf-8")))
    texts = (node.value for node in words if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and text.startswith("--")}


def test_what_is_installed_is_locked() -> None:
    for command in commands():
        words = command.words
        if "pip" in words and "install" in words:
            assert {"--require-hashes", "--only-binary", ":all:"} <= set(words)
            lists = [words[place + 1] for place, word in enumerate(words) if word == "-r"]
            assert lists
            assert len([word for word in words if word.endswith(".txt")]) == len(lists)


def test_every_lock_is_asked_about() -> None:
    (asked,) = [one.words for one in commands() if "packaging/release/audit.py" in one.words]
    locks = {path.name for path in (ROOT / "packaging" / "requirements").glob("*.txt")} - {
        "pins.txt"
    }
    assert {Path(word).name for word in asked if word.endswith(".txt")} == locks


def test_zizmor_finds_nothing_not_even_for_a_pedant() -> None:
    tool = Path(sys.executable).with_name("zizmor")
    command = [str(tool), "--offline", "--no-progress", "--persona", "pedantic", "--format", "json"]
    done = subprocess.run([*command, str(ROOT / ".github")], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stdout + done.stderr


def test_zizmor_would_find_something(tmp_path: Path) -> None:
    spoilt = text_of("audit").replace(
        "audit.py packaging", "audit.py ${{ github.head_ref }} packaging"
    )
    assert spoilt != text_of("audit")
    (tmp_path / "audit.yml").write_text(spoilt, "utf-8")
    tool = Path(sys.executable).with_name("zizmor")
    command = [str(tool), "--offline", "--no-progress", str(tmp_path / "audit.yml")]
    assert subprocess.run(command, capture_output=True).returncode != 0


# --- what is left out of the suite on other systems


def test_what_is_left_out_by_name_exists() -> None:
    for place in left_out.NAMED:
        file, _, function = place.partition("::")
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert not function or function in names, place


def test_most_of_the_suite_is_left_out_nowhere() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    whole = {place for place in left_out.NAMED if "::" not in place}
    for missing in left_out.MISSING_ON.values():
        gone = {place for place in whole if left_out.NAMED[place] in missing}
        assert gone < files
        assert len(gone) < len(files) / 5


def test_every_need_is_missing_somewhere_and_needed_by_something() -> None:
    needed = {*left_out.NAMED.values(), *left_out.MARKED.values()}
    assert needed == set(left_out.Need) == set().union(*left_out.MISSING_ON.values())


def test_what_is_left_out_is_gone_and_said_and_the_rest_is_there() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--left-out-on", "windows"]
    files = ["tests/unit/report/test_saving.py", "tests/gui/test_screen.py"]
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True)
    assert "test_a_folder_is_never_replaced" in done.stdout
    for gone in ("test_a_pipe_is_never_replaced", "really_read_only", "test_screen"):
        assert gone not in done.stdout
    assert re.search(r"\d+ deselected", done.stdout)


def test_nothing_is_left_out_unless_it_is_asked_for(pytestconfig: pytest.Config) -> None:
    plugins = [type(plugin) for plugin in pytestconfig.pluginmanager.get_plugins()]
    asked = pytestconfig.getoption("--left-out-on") is not None
    assert (left_out.LeftOut in plugins) == asked


def test_the_editor_of_locks_is_not_replaced_by_a_robot() -> None:
    text = (ROOT / ".github" / "dependabot.yml").read_text("utf-8")
    assert re.findall(r"package-ecosystem: (\S+)", text) == ["github-actions"]
    assert "default-days: 14" in text
