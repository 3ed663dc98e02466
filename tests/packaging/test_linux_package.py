"""The Linux package: what it says, what is in it, and what it does on a system that has nothing else.

The real package is installed into a folder that holds only what it depends on, borrowed from this system, and its
programs are started there as an ordinary user. ``packaging/linux/try_in_clean_system.py`` does the same on a Debian
made from nothing, which takes minutes.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from latchlight.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
build, needs, product, tree, borrowed, trial = (
    importlib.import_module(f"linux.{name}")
    for name in ("build", "needs", "product", "tree", "borrowed", "trial")
)
smoke = importlib.import_module("smoke")
forget_foreign_folders = importlib.import_module("freeze.search_path").forget_foreign_folders

LINUX = ROOT / "packaging" / "linux"
ACCOUNTS = ("var/lib/dpkg", "tmp")
EPOCH = 1_790_000_000
SMALL = product.Product("0.1.0", EPOCH)
REMARKS = {"cid-contains-uppercase-letter", "unknown-tag", "url-homepage-missing"}
"""What appstreamcli may say. The first: the name is that of the other systems' packages. The second: Debian 12 does not
know how a developer is told since AppStream 1.0. The third: there is no home page yet."""


def ran(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, env=trial.host_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def icons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    ran(sys.executable, str(ROOT / "packaging" / "icons.py"), str(folder))
    return folder


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """A folder like the frozen one, but small."""
    folder = tmp_path / "payload"
    (folder / "_internal" / "licences").mkdir(parents=True)
    for name in tree.PROGRAMS:
        shutil.copy("/bin/true", folder / name)
    (folder / "_internal" / "new").write_text("of the new version")
    (folder / "_internal" / "link").symlink_to("new")
    (folder / tree.LICENCES).write_text("of this program: MIT")
    return folder


class Package:
    """A finished package."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def field(self, name: str) -> str:
        return ran("dpkg-deb", "--field", str(self.path), name).strip()

    @cached_property
    def entries(self) -> list[tarfile.TarInfo]:
        command = ["dpkg-deb", "--fsys-tarfile", str(self.path)]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE) as unpacked,
            tarfile.open(fileobj=unpacked.stdout, mode="r|") as tar,
        ):
            return list(tar)


@pytest.fixture(scope="module")
def package(frozen: Path, icons: Path, tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The real one, not compressed: that takes a minute and changes nothing of what is looked at."""
    into = tmp_path_factory.mktemp("package")
    return Package(build.debian_package(frozen, icons, into, product.this_product({}), build.PLAIN))


# --- what the desktop is told


def test_the_menu_entry_is_valid() -> None:
    assert ran("desktop-file-validate", str(LINUX / "latchlight.desktop")) == ""


def entry(name: str, group: str = "Desktop Entry") -> str:
    text = (LINUX / "latchlight.desktop").read_text("utf-8")
    part = text.split(f"[{group}]\n")[1].split("\n[")[0]
    return dict(line.split("=", 1) for line in part.splitlines() if line)[name]


def test_the_menu_entry_belongs_to_the_window_that_the_program_opens() -> None:
    source = (ROOT / "app" / "latchlight" / "gui" / "main.py").read_text("utf-8")
    assert f'setDesktopFileName("{entry("StartupWMClass")}")' in source
    assert entry("Exec") in tree.PROGRAMS
    assert entry("Exec", "Desktop Action practice") == f"{entry('Exec')} practice"


def test_what_a_person_reads_in_the_menu_is_there_in_chinese_too() -> None:
    for line in (LINUX / "latchlight.desktop").read_text("utf-8").splitlines():
        name = line.partition("=")[0]
        if name in ("GenericName", "Comment", "Keywords"):
            assert entry(f"{name}[zh_CN]") != entry(name)


def test_the_software_centre_finds_nothing_wrong(tmp_path: Path) -> None:
    file = tmp_path / product.METAINFO
    file.write_bytes(SMALL.metainfo())
    said = ran("appstreamcli", "validate", "--pedantic", "--no-net", "--no-color", str(file))
    assert set(re.findall(r"^[EWIP]: \S+ ([a-z-]+)", said, re.MULTILINE)) <= REMARKS, said


def read_metainfo(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314  our own file


def test_every_text_for_the_software_centre_is_there_in_chinese_too() -> None:
    spoken = "{http://www.w3.org/XML/1998/namespace}lang"
    top = read_metainfo((LINUX / product.METAINFO).read_bytes())
    texts = [one for one in top.iter() if one.tag in ("summary", "p", "li")]
    assert [one.get(spoken) for one in texts] == [None, "zh_CN"] * (len(texts) // 2)


def test_the_release_of_the_day_is_told_and_no_address_that_nobody_has() -> None:
    top = read_metainfo(SMALL.metainfo())
    (release,) = top.iter("release")
    assert (release.get("version"), release.get("date")) == ("0.1.0", "2026-09-21")
    assert not list(top.iter("url"))
    assert "Homepage" not in SMALL.control("amd64", ("libc6",), 1).decode()


def test_a_build_service_tells_where_the_project_lives() -> None:
    service = {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "some/body"}
    known = product.this_product({**service, "SOURCE_DATE_EPOCH": str(EPOCH)})
    top = read_metainfo(known.metainfo())
    addresses = {url.get("type"): url.text for url in top.iter("url")}
    assert addresses["homepage"] == "https://example.org/some/body"
    assert "Homepage: https://example.org/some/body\n" in known.control("amd64", (), 1).decode()


@pytest.mark.parametrize(
    ("version", "debian"),
    [("1.2.0", "1.2.0"), ("1.2.0rc1", "1.2.0~rc1"), ("1.2.0.dev3", "1.2.0~dev3")],
)
def test_a_version_before_the_version_sorts_before_it(version: str, debian: str) -> None:
    assert product.Product(version, EPOCH).debian_version == debian
    if debian != version:
        ran("dpkg", "--compare-versions", debian, "lt", "1.2.0")


def test_the_copyright_file_says_under_what_each_licence_stands() -> None:
    parts = [
        dict(re.findall(r"^([A-Z][A-Za-z-]+): *((?:.*(?:\n .*)*))", part, re.MULTILINE))
        for part in (LINUX / "copyright").read_text("utf-8").split("\n\n")
    ]
    head, *rest = parts
    assert head["Format"].endswith("/copyright-format/1.0/")
    used = {part["License"] for part in rest if "Files" in part}
    assert f"/{tree.PLACE / tree.LICENCES}" in head["Comment"]
    explained = {part["License"].split("\n")[0] for part in rest if "Files" not in part}
    assert used == explained
    assert all(part["Copyright"] for part in rest if "Files" in part)
    ours = (ROOT / "LICENSE").read_text("utf-8").split("\n\n", 2)[2]
    expat = next(part["License"] for part in rest if part.get("License", "").startswith("Expat\n"))
    assert " ".join(ours.split()) == " ".join(expat.replace("\n .\n", "\n").split()[1:])


# --- the manual


def manual(name: str) -> str:
    return gzip.decompress(SMALL.manual(name)).decode()


@pytest.mark.parametrize("name", product.MANUALS)
def test_a_page_of_the_manual_is_set_without_a_warning(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(manual(name))
    command = ["man", "--warnings", "--local-file", str(tmp_path / name)]
    environment = {**trial.host_environment(), "MANWIDTH": "80", "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "NAME" in done.stdout
    assert "Latchlight 0.1.0" in done.stdout


def parsers(
    parser: argparse.ArgumentParser, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its parser."""
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield from parsers(inner, f"{name} {word}".strip())


def plain(page: str) -> str:
    """The words of a page without its markup."""
    return re.sub(r"\\f[A-Z]|\"", "", page).replace("\\-", "-").replace("\\~", " ")


def test_the_manual_tells_every_command_and_every_option_and_no_other() -> None:
    page = plain(manual("latchlight-cli.1"))
    told = re.findall(r"^\.T[PH].*\n\.(?:B|I|BR|BI|IR|RB) +(.*)", page, re.MULTILINE)
    known = dict(parsers(build_parser()))
    for name in known:
        is_group = any(other.startswith(f"{name} ") for other in known) and name != "practice"
        assert is_group or any(line.startswith(name) for line in told), name
    options = {
        option
        for parser in known.values()
        for action in parser._actions
        for option in action.option_strings
    }
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", page)) - {"-r"} == options


def test_the_manual_tells_every_exit_code() -> None:
    from latchlight.cli.exit_codes import ExitCode

    status = plain(manual("latchlight-cli.1")).split(".SH EXIT STATUS\n")[1].split("\n.SH")[0]
    assert set(re.findall(r"^\.B (\d+)$", status, re.MULTILINE)) == {str(int(c)) for c in ExitCode}


# --- what is needed from the system


def owner_of(library: str) -> str:
    """The package of this system whose file it is, by whatever name of its folder the package knows it."""
    real = os.path.realpath(library)
    for place in (library, real, library.removeprefix("/usr"), real.removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "--search", place], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise AssertionError(library)


def test_the_package_depends_on_the_owner_of_every_library_from_outside(
    package: Package, frozen: Path
) -> None:
    """The loader and this system's package list are the second opinion."""
    asked = needs.needs_of(frozen)
    files = sorted({str(frozen / askers[0]) for askers in asked.libraries.values()})
    environment = {**trial.host_environment(), "LD_LIBRARY_PATH": str(frozen / "_internal")}
    listed = subprocess.run(["ldd", *files], capture_output=True, text=True, env=environment).stdout
    assert "not found" not in listed
    places = dict(re.findall(r"(\S+) => (/\S+)", listed))
    owners = {owner_of(places[library]) for library in asked.libraries}
    choices = [set(re.split(r" \| ", one)) for one in package.field("Depends").split(", ")[1:]]
    assert all(any(owner in choice for choice in choices) for owner in owners)
    assert all(choice & (owners | set(asked.files)) for choice in choices)


def test_the_glibc_that_is_asked_for_is_the_newest_whose_symbols_are_used(
    package: Package, frozen: Path
) -> None:
    (floor,) = re.findall(r"libc6 \(>= ([\d.]+)\)", package.field("Depends"))
    listed = ran("readelf", "--version-info", "--wide", *map(str, needs.elf_files(frozen)))
    used = {tuple(map(int, v.split("."))) for v in re.findall(r"GLIBC_([\d.]+)", listed)}
    if "GLIBC_ABI_DT_RELR" in listed:
        used.add((2, 36))
    assert tuple(map(int, floor.split("."))) == max(used)


def test_a_library_of_nobody_is_refused(payload: Path) -> None:
    asked = replace(needs.needs_of(payload), libraries={"libstranger.so.1": ("latchlight",)})
    with pytest.raises(
        needs.NeedsError, match=r"libstranger\.so\.1 is neither .* Asked for by: latchlight"
    ):
        _ = asked.depends


@pytest.fixture
def library(frozen: Path, tmp_path: Path) -> Path:
    """One of Qt's, which looks for the others beside itself."""
    return Path(
        shutil.copy(frozen / "_internal" / "PySide6" / "Qt" / "lib" / "libQt6Svg.so.6", tmp_path)
    )


def folders_in(library: Path) -> tuple[str, ...]:
    (read,) = needs.read([library])
    return read.folders


def test_a_library_forgets_where_it_was_built_but_not_where_it_is(
    library: Path, frozen: Path
) -> None:
    assert folders_in(library) == ("$ORIGIN",)
    assert not forget_foreign_folders(library)
    library.write_bytes(library.read_bytes().replace(b"$ORIGIN\0", b"/builds\0"))
    (before,) = needs.read([library])
    assert before.folders == ("/builds",)
    assert forget_foreign_folders(library)
    (after,) = needs.read([library])
    assert after == replace(before, folders=())
    beside = str(frozen / "_internal" / "PySide6" / "Qt" / "lib")
    environment = {**trial.host_environment(), "LD_LIBRARY_PATH": beside}
    loaded = subprocess.run(["ldd", library], capture_output=True, text=True, env=environment)
    assert "libQt6Gui.so.6 => /" in loaded.stdout  # the loader still takes it, told where to look
    assert "libQt6Gui.so.6 => not found" in ran("ldd", str(library))


def test_a_program_that_looks_where_somebody_else_could_put_something_is_not_packed(
    payload: Path, library: Path
) -> None:
    library.write_bytes(library.read_bytes().replace(b"$ORIGIN\0", b"/builds\0"))
    shutil.copy(library, payload / "_internal")
    with pytest.raises(needs.NeedsError, match="looks for libraries in /builds"):
        needs.needs_of(payload)


def test_a_way_that_begins_inside_and_leads_out_is_no_better(payload: Path, frozen: Path) -> None:
    plugin = frozen / "_internal" / "PySide6" / "Qt" / "plugins" / "platforms" / "libqoffscreen.so"
    assert folders_in(plugin) == ("$ORIGIN/../../lib",)
    shutil.copy(plugin, payload / "_internal")
    with pytest.raises(needs.NeedsError, match=r"looks for libraries in \$ORIGIN/\.\./\.\./lib"):
        needs.needs_of(payload)
    (payload / "_internal" / "libqoffscreen.so").rename(payload / "gone")
    deeper = payload / "_internal" / "deep" / "down"
    deeper.mkdir(parents=True)
    shutil.move(payload / "gone", deeper / plugin.name)
    assert needs.needs_of(payload).libraries


def test_nothing_in_the_frozen_program_looks_outside(frozen: Path) -> None:
    top = frozen.resolve()
    places = {
        Path(os.path.normpath(folder.replace("$ORIGIN", str(one.path.parent))))
        for one in needs.read(needs.elf_files(top))
        for folder in one.folders
    }
    assert places
    assert all(place.is_relative_to(top) for place in places)


# --- what is in the package


def test_everything_belongs_to_root_and_only_root_may_change_it(package: Package) -> None:
    for one in package.entries:
        assert (one.uid, one.gid, one.mtime) == (0, 0, package_epoch()), one.name
        started = one.isdir() or one.name.removeprefix("./usr/lib/latchlight/") in tree.PROGRAMS
        assert one.issym() or one.mode == (0o755 if started else 0o644), one.name
        assert one.isdir() or one.issym() or one.isreg(), one.name


def package_epoch() -> int:
    return product.this_product({}).epoch


def test_it_runs_no_scripts_and_lists_the_sum_of_every_file(
    package: Package, tmp_path: Path
) -> None:
    ran("dpkg-deb", "--control", str(package.path), str(tmp_path / "control"))
    assert sorted(path.name for path in (tmp_path / "control").iterdir()) == ["control", "md5sums"]
    sums = (tmp_path / "control" / "md5sums").read_text().splitlines()
    files = [one.name.removeprefix("./") for one in package.entries if one.isreg()]
    assert sorted(line.split("  ", 1)[1] for line in sums) == sorted(files)


def test_both_programs_icons_manual_and_descriptions_are_where_systems_look(
    package: Package,
) -> None:
    links = {one.name: one.linkname for one in package.entries if one.issym()}
    for name in tree.PROGRAMS:
        assert links[f"./usr/bin/{name}"] == f"../lib/latchlight/{name}"
    names = {one.name for one in package.entries}
    share = "./usr/share"
    assert {f"{share}/icons/hicolor/{n}x{n}/apps/latchlight.png" for n in tree.PNG_SIZES} <= names
    assert {
        f"{share}/icons/hicolor/scalable/apps/latchlight.svg",
        f"{share}/applications/latchlight.desktop",
        f"{share}/metainfo/{product.METAINFO}",
        f"{share}/man/man1/latchlight.1.gz",
        f"{share}/man/man1/latchlight-cli.1.gz",
        f"{share}/doc/latchlight/copyright",
        f"{share}/doc/latchlight/changelog.gz",
    } <= names


def test_the_size_on_the_disk_is_told(package: Package) -> None:
    bytes_ = sum(one.size for one in package.entries)
    assert bytes_ / 1024 < int(package.field("Installed-Size")) < bytes_ / 1024 * 1.05


def test_two_builds_are_the_same_to_the_last_byte(
    payload: Path, icons: Path, tmp_path: Path
) -> None:
    """From another place, at another time, with the files made in another order and with other rights."""
    other = tmp_path / "elsewhere" / "payload"
    other.mkdir(parents=True)
    for path in sorted(payload.iterdir(), reverse=True):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, other / path.name, **({"symlinks": True} if path.is_dir() else {}))
    for path in (*payload.rglob("*"), payload):
        os.utime(path, (1, 1), follow_symlinks=False)
    (other / "_internal" / "new").chmod(0o666)
    made: list[list[bytes]] = []
    for each, umask in ((payload, 0o022), (other, 0o077)):
        before = os.umask(umask)
        try:
            into = tmp_path / each.parent.name
            into.mkdir(exist_ok=True)
            files = [
                build.debian_package(each, icons, into, SMALL),
                build.archive(each, into, SMALL),
            ]
        finally:
            os.umask(before)
        made.append([file.read_bytes() for file in files])
    assert made[0] == made[1]
    assert [file.name for file in files] == [
        "latchlight_0.1.0_amd64.deb",
        "latchlight-0.1.0-linux-amd64.tar.xz",
    ]


def test_a_file_never_runs_with_its_owners_rights(
    payload: Path, icons: Path, tmp_path: Path
) -> None:
    (payload / "_internal" / "new").chmod(0o6777)
    made = Package(build.debian_package(payload, icons, tmp_path, SMALL, build.PLAIN))
    (one,) = [one for one in made.entries if one.name.endswith("/_internal/new")]
    assert one.mode == 0o644


def link_out(payload: Path) -> None:
    (payload / "_internal" / "out").symlink_to("../../icons")


def link_absolute(payload: Path) -> None:
    (payload / "_internal" / "absolute").symlink_to(payload / "_internal" / "new")


def link_nowhere(payload: Path) -> None:
    (payload / "_internal" / "nowhere").symlink_to("missing")


def pipe(payload: Path) -> None:
    os.mkfifo(payload / "_internal" / "pipe")


def no_program(payload: Path) -> None:
    (payload / "latchlight-cli").unlink()


def no_licences(payload: Path) -> None:
    (payload / tree.LICENCES).unlink()


@pytest.mark.parametrize(
    "spoil", [link_out, link_absolute, link_nowhere, pipe, no_program, no_licences]
)
def test_a_folder_that_no_package_should_hold_is_refused(
    spoil: Callable[[Path], None], payload: Path, tmp_path: Path
) -> None:
    (tmp_path / "icons").mkdir()
    spoil(payload)
    with pytest.raises(needs.NeedsError):
        tree.copy_payload(payload, tmp_path / "copy")


def test_the_archive_holds_one_folder_and_says_how_to_start(payload: Path, tmp_path: Path) -> None:
    with tarfile.open(build.archive(payload, tmp_path, SMALL)) as tar:
        names = tar.getnames()
        assert names == sorted(names, key=lambda name: name.split("/"))
        assert {name.split("/")[0] for name in names} == {"latchlight-0.1.0"}
        assert {(one.uid, one.gid, one.mtime) for one in tar.getmembers()} == {(0, 0, EPOCH)}
        text = tar.extractfile("latchlight-0.1.0/README.txt")
        assert text is not None
        told = text.read().decode()
    assert "@" not in told
    assert "./latchlight-cli --help" in told


def test_a_wrong_folder_is_said_in_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "draw_icons", lambda folder: None)
    assert build.main(["--payload", str(tmp_path), "--into", str(tmp_path)]) == 1
    assert capfd.readouterr().err == f"{tmp_path} holds binaries for no machine.\n"


# --- on a system that has nothing else


@dataclass(frozen=True)
class Computer:
    """A system that holds only what the package depends on."""

    system: Any
    bare: frozenset[str]

    def files(self) -> set[str]:
        return self.system.files(*ACCOUNTS)

    def dpkg(self, *words: str) -> str:
        return trial.must(borrowed.dpkg(self.system.root, *words))


@pytest.fixture(scope="module")
def computer(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    root = tmp_path_factory.mktemp("computer")
    borrowed.borrow(root, package.field("Depends"))
    system = trial.System(root)
    system.prepare()
    yield Computer(system, frozenset(system.files(*ACCOUNTS)))
    shutil.rmtree(root)  # half a gigabyte


def test_a_screen_that_shows_no_practice_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = trial.picture_in(tmp_path)
    picture.write_bytes(b"\0" * 4_000_000)
    monkeypatch.setattr(
        trial, "wait_until", lambda there, otherwise: there() or pytest.fail(otherwise)
    )
    with pytest.raises(pytest.fail.Exception, match="no practice was shown"):
        trial.wait_for_practice(tmp_path)
    picture.write_bytes((trial.PRACTICE_GROUND + b"\0") * 1_000_000)
    trial.wait_for_practice(tmp_path)


def test_nothing_that_is_tried_waits_for_time() -> None:
    packaging = ROOT / "packaging"
    sources = [packaging / "smoke.py", packaging / "desktops.py"]
    sources += [*packaging.glob("linux/*.py"), *packaging.glob("*/try_*.py")]
    assert len(sources) > 10
    assert not [path for path in sources if re.search(r"\bsleep\(", path.read_text("utf-8"))]


@pytest.mark.namespaces
def test_it_is_installed_used_renewed_and_removed_by_ordinary_people(
    computer: Computer, package: Package, payload: Path, icons: Path, tmp_path: Path
) -> None:
    computer.dpkg("--install", str(package.path))
    program = trial.programs_of(computer.system)
    with ExitStack() as stack:
        desktop = trial.make_screen(tmp_path, stack)
        with trial.practice_window(computer.system, desktop, tmp_path / "window.log"):
            smoke.tells_its_version(program)
            trial.must(program.run("keys", "list"))
            trial.wait_for_practice(tmp_path)
    installed = computer.files()
    assert f"{trial.HOME}/.local/share/latchlight/latchlight.sqlite3".lstrip("/") in installed

    newer = replace(SMALL, version="99.0")
    computer.dpkg(
        "--install", str(build.debian_package(payload, icons, tmp_path, newer, build.PLAIN))
    )
    place = computer.system.root / tree.PLACE
    assert sorted(str(path.relative_to(place)) for path in tree.walk(place)) == [
        *("_internal", "_internal/licences", str(tree.LICENCES), "_internal/link", "_internal/new"),
        *tree.PROGRAMS,
    ]

    computer.dpkg("--remove", "latchlight")
    left = computer.files() - computer.bare
    assert {name for name in left if not name.startswith(trial.HOME.lstrip("/"))} == set()
    assert computer.bare <= computer.files()
    assert f"{trial.HOME}/.local/share/latchlight/latchlight.sqlite3".lstrip("/") in left


def test_what_a_person_stored_is_nobodys_but_theirs(computer: Computer) -> None:
    store = computer.system.root / trial.HOME.lstrip("/") / ".local" / "share" / "latchlight"
    assert store.stat().st_mode & 0o777 == 0o700
