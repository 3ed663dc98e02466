"""House rules that no linter knows, each with a planted example that proves the rule can fail."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app" / "latchlight"

# Letters beyond ASCII that sentences for people may contain; all other places and letters: ASCII.
TYPOGRAPHIC = frozenset("…“”’–·•✓▲⬣")  # noqa: RUF001  quotes, dashes, and the shapes of the lights

# A secret becomes text here and nowhere else.
REVEALING = {"exchanges/signing.py", "vault/vault.py"}

Rule = Callable[[str], Iterator[int]]


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def keyword_other_than(keyword: str, allowed: tuple[object, ...]) -> Rule:
    """Calls that give this keyword anything but one of the allowed constants."""

    def rule(source: str) -> Iterator[int]:
        for call in calls(source):
            for given in call.keywords:
                fine = isinstance(given.value, ast.Constant) and given.value.value in allowed
                if given.arg == keyword and not fine:
                    yield given.value.lineno

    return rule


def verify_switched_off(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "verify" and is_false(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Assign) and is_false(node.value):
            yield from (
                t.lineno for t in node.targets if name_of(t) in ("verify", "check_hostname")
            )
        if isinstance(node, ast.Attribute) and node.attr in (
            "CERT_NONE",
            "_create_unverified_context",
        ):
            yield node.lineno


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def calls_to(*names: str) -> Rule:
    def rule(source: str) -> Iterator[int]:
        yield from (call.lineno for call in calls(source) if name_of(call.func) in names)

    return rule


def builtin_calls_to(*names: str) -> Rule:
    """Calls of the bare name only: `dialog.exec()` is Qt's and fine."""

    def rule(source: str) -> Iterator[int]:
        for call in calls(source):
            if isinstance(call.func, ast.Name) and call.func.id in names:
                yield call.lineno

    return rule


def shells(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.alias) and node.name in SHELLS:
            yield node.lineno
        of_system = isinstance(node, ast.Attribute) and name_of(node.value) in ("os", "subprocess")
        if isinstance(node, ast.Attribute) and of_system and node.attr in SHELLS:
            yield node.lineno


SHELLS = ("system", "popen", "getoutput", "getstatusoutput")


def mentions_of(*names: str) -> Rule:
    def rule(source: str) -> Iterator[int]:
        for node in ast.walk(ast.parse(source)):
            plain = isinstance(node, ast.Name | ast.Attribute) and name_of(node) in names
            imported = isinstance(node, ast.alias) and node.name.split(".")[-1] in names
            source_of = isinstance(node, ast.ImportFrom) and node.module in names
            if plain or imported or source_of:
                yield getattr(node, "lineno", 0)

    return rule


def statements_of(kind: type[ast.AST]) -> Rule:
    def rule(source: str) -> Iterator[int]:
        yield from (
            getattr(n, "lineno", 0) for n in ast.walk(ast.parse(source)) if isinstance(n, kind)
        )

    return rule


def bare_except(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield node.lineno


def words_in_comments(*words: str) -> Rule:
    def rule(source: str) -> Iterator[int]:
        for token in tokens(source):
            if token.type == tokenize.COMMENT and any(word in token.string for word in words):
                yield token.start[0]

    return rule


def foreign_letters(source: str) -> Iterator[int]:
    """Letters beyond ASCII, but for typographic ones and Chinese ones inside strings.

    Look-alikes of Latin letters and characters that turn the reading direction are refused by this.
    """
    inside = Counter[int]()
    for token in tokens(source):
        if token.type in STRING_PARTS:
            for offset, line in enumerate(token.string.splitlines()):
                inside[token.start[0] + offset] += sum(map(allowed_in_strings, line))
    for number, line in enumerate(source.splitlines(), 1):
        if sum(not letter.isascii() for letter in line) > inside[number]:
            yield number


def allowed_in_strings(letter: str) -> bool:
    """Typographic letters, and what Chinese labels of pages are made of: no Latin letter looks so."""
    return letter in TYPOGRAPHIC or "\u4e00" <= letter <= "\u9fff" or letter in "\uff08\uff09"


STRING_PARTS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(source).readline)


RULES: dict[str, Rule] = {
    "certificates are always checked": verify_switched_off,
    "no redirect is ever followed": keyword_other_than("allow_redirects", (False,)),
    "no shell": keyword_other_than("shell", (False,)),
    "no shell by another name": shells,
    "no code made at run time": builtin_calls_to("eval", "exec", "compile"),
    "nothing is unpickled": mentions_of("pickle", "marshal", "shelve"),
    "no attribute is set by name": calls_to("setattr", "__setattr__", "delattr"),
    "no check that -O removes": statements_of(ast.Assert),
    "no bare except": bare_except,
    "no thread pool that holds the exit": mentions_of("QThreadPool", "ThreadPoolExecutor"),
    "the event loop is not run by hand": mentions_of("processEvents"),
    "nobody waits for time to pass": calls_to("sleep", "msleep"),
    "nothing is left for later": words_in_comments("TODO", "FIXME", "XXX", "HACK"),
    "no line is hidden from a tool": words_in_comments("pragma: no cover"),
    "ASCII, and typographic letters in strings": foreign_letters,
}
OUTSIDE_CLI: dict[str, Rule] = {"only the command line prints": builtin_calls_to("print")}

PLANTED = [
    ("certificates are always checked", "session.get(url, verify=False)"),
    ("certificates are always checked", "session.verify = False"),
    ("certificates are always checked", "context.verify_mode = ssl.CERT_NONE"),
    ("no redirect is ever followed", "session.get(url, allow_redirects=True)"),
    ("no redirect is ever followed", "session.get(url, allow_redirects=setting)"),
    ("no shell", "subprocess.run(command, shell=True)"),
    ("no shell by another name", "os.system(command)"),
    ("no shell by another name", "from os import popen"),
    ("no code made at run time", "eval(text)"),
    ("no code made at run time", "exec(text)"),
    ("nothing is unpickled", "import pickle"),
    ("nothing is unpickled", "from pickle import loads"),
    ("no attribute is set by name", "object.__setattr__(self, 'light', GREEN)"),
    ("no attribute is set by name", "setattr(finding, 'light', GREEN)"),
    ("no check that -O removes", "assert light is not GREEN"),
    ("no bare except", "try:\n    f()\nexcept:\n    pass"),
    ("no thread pool that holds the exit", "from PySide6.QtCore import QThreadPool"),
    ("no thread pool that holds the exit", "QtCore.QThreadPool.globalInstance()"),
    ("the event loop is not run by hand", "app.processEvents()"),
    ("nobody waits for time to pass", "time.sleep(1)"),
    ("nothing is left for later", "x = 1  # TODO: check this"),
    ("no line is hidden from a tool", "x = 1  # pragma: no cover"),
    ("ASCII, and typographic letters in strings", "withdr\u0430w = True"),
    ("ASCII, and typographic letters in strings", "x = 'withdr\u0430w'"),
    ("ASCII, and typographic letters in strings", "x = 'safe\u202e'"),
    ("ASCII, and typographic letters in strings", "x = '\u200b'"),
    ("ASCII, and typographic letters in strings", "x = 1  # wait \u2026"),
    ("ASCII, and typographic letters in strings", "x = f'{a}\u0430'"),
    ("only the command line prints", "print(report)"),
]


def sources(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*.py") if path.name != "resources_rc.py")
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def broken(rule: Rule, texts: dict[str, str]) -> list[str]:
    return [f"{file}:{line}" for file, text in texts.items() for line in rule(text)]


@pytest.mark.parametrize("name", RULES)
def test_the_program_keeps(name: str) -> None:
    texts = sources(APP)
    assert len(texts) > 20
    assert broken(RULES[name], texts) == []


def test_the_program_prints_in_the_command_line_only() -> None:
    texts = {file: text for file, text in sources(APP).items() if not file.startswith("cli/")}
    assert broken(OUTSIDE_CLI["only the command line prints"], texts) == []


@pytest.mark.parametrize(("name", "source"), PLANTED)
def test_a_planted_breach_is_found(name: str, source: str) -> None:
    assert list({**RULES, **OUTSIDE_CLI}[name](source)) != []


def test_every_rule_has_a_planted_breach() -> None:
    assert {name for name, _ in PLANTED} == {*RULES, *OUTSIDE_CLI}


@pytest.mark.parametrize(
    "source",
    [
        "dialog.exec()",
        "session.get(url, verify=bundle, allow_redirects=False)",
        "x = f'Key \u201c{label}\u201d \u2026'",
        "x = '''one\n\u2026 two'''",
        "re.compile(pattern)",
        "platform.system()",
    ],
)
def test_what_is_fine_is_left_alone(source: str) -> None:
    assert [name for name, rule in RULES.items() if list(rule(source))] == []


def revealing(texts: dict[str, str]) -> Counter[str]:
    """How often each file reaches for `reveal`, by attribute or by name in a string."""
    found = Counter[str]()
    for file, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            by_name = isinstance(node, ast.Constant) and node.value == "reveal"
            if by_name or (isinstance(node, ast.Attribute) and node.attr == "reveal"):
                found[file] += 1
    return found


def test_a_secret_becomes_text_in_two_places_only() -> None:
    assert revealing(sources(APP)) == dict.fromkeys(REVEALING, 1)


@pytest.mark.parametrize("source", ["s.reveal()", "f = s.reveal", "getattr(s, 'reveal')()"])
def test_a_third_place_would_be_found(source: str) -> None:
    assert revealing({"report/as_text.py": source}) == {"report/as_text.py": 1}


SET_ASIDE = ("skip", "skipif", "importorskip", "xfail", "SkipTest", "skipTest", "skipUnless")


def test_no_test_is_set_aside_or_waits_for_time_to_pass() -> None:
    rules = (mentions_of(*SET_ASIDE), RULES["nobody waits for time to pass"])
    assert [place for rule in rules for place in broken(rule, sources(ROOT / "tests"))] == []


@pytest.mark.parametrize("source", ["@pytest.mark.skipif(True)\ndef t(): ...", "pytest.skip('no')"])
def test_a_test_set_aside_would_be_found(source: str) -> None:
    assert list(mentions_of(*SET_ASIDE)(source)) != []


INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def test_no_source_holds_a_character_that_cannot_be_seen() -> None:
    for folder in ("app", "tests", "packaging"):
        texts = sources(ROOT / folder)
        assert [file for file, text in texts.items() if INVISIBLE & set(text)] == []
