"""The report as a file and as text: what is in it, what is not, and what happens when a disk refuses."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from e2e.canaries import Canary
from factories import ADDRESS, CREDENTIALS, NOW, make_egress, make_key_report
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.findings import Light, Report
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.gui import history_work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.history_page import HistoryPage
from latchlight.gui.pages.report_section import ReportSection
from latchlight.gui.report_pdf import as_pdf
from latchlight.gui.report_work import ReportKind, file_name
from latchlight.report.document import document
from window_bench import HOSTILE, Bench, buttons, comes_true, press, reads, texts

SECRETS = (
    Canary("the API key", CREDENTIALS.api_key.reveal()[:-4]),
    Canary("the secret", CREDENTIALS.secret.reveal()),
)
LOUD = Credentials(
    Secret("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIcoQzDhA8"),
    Secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"),
    KeyKind.HMAC,
    Secret("Open-Sesame-4711-hidden-words"),
    hint="…DhA8",
)


@pytest.fixture(autouse=True)
def _no_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_work, "look_back", lambda *_: history_work.Past())


def opened(bench: Bench, qtbot: QtBot) -> ReportSection:
    workspace = bench.open()
    workspace.open_task(KeyTask.HISTORY)
    (page,) = workspace.findChildren(HistoryPage)
    qtbot.waitUntil(lambda: not bench.session.runner.busy and bench.session.egress is not None)
    return page.report


def chosen(section: ReportSection, caption: str, path: Path) -> None:
    """Press the button, and take this name in the dialog that it opens."""
    press(section, caption)
    (dialog,) = section.findChildren(QFileDialog)
    dialog.selectFile(str(path))
    dialog.accept()


def saved(section: ReportSection, caption: str, path: Path) -> bytes:
    chosen(section, caption, path)
    assert reads(section, "Saved: ")
    return path.read_bytes()


def read_pdf(path: Path, order: str = "-layout") -> str:
    """What an independent reader finds on the pages."""
    reader = shutil.which("pdftotext")
    assert reader is not None
    done = subprocess.run(
        [reader, order, "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


def copied(section: ReportSection) -> str:
    QApplication.clipboard().setText("before")
    press(section, "Copy for support")
    assert comes_true(lambda: QApplication.clipboard().text() != "before")
    return QApplication.clipboard().text()


def test_the_page_is_the_report_of_this_moment(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.add(Light.RED)
    section = opened(bench, qtbot)
    page = saved(section, "Save as HTML", tmp_path / "r.html").decode()
    assert page.startswith("<!doctype html>")
    assert "This key can withdraw your money." in page
    assert '"light red"' in page
    assert str(tmp_path / "r.html") in section.told.text()


def test_the_pdf_is_read_by_another_program(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.add(Light.RED)
    section = opened(bench, qtbot)
    assert saved(section, "Save as PDF", tmp_path / "r.pdf").startswith(b"%PDF-1.")
    said = read_pdf(tmp_path / "r.pdf")
    assert "This key can withdraw your money." in said
    assert "confirm with your passkey" in said  # a ligature would read as another letter
    pages = said.rstrip("\f").split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page


@pytest.mark.parametrize("caption", ["Save as HTML", "Save as PDF", "Copy for support"])
def test_addresses_have_names_until_they_are_wanted(
    bench: Bench, qtbot: QtBot, tmp_path: Path, caption: str
) -> None:
    bench.add(Light.GREEN)
    section = opened(bench, qtbot)

    def said(name: str) -> str:
        if caption == "Copy for support":
            return copied(section)
        path = tmp_path / f"{name}.{caption.removeprefix('Save as ').lower()}"
        data = saved(section, caption, path)
        return read_pdf(path) if data.startswith(b"%PDF") else data.decode()

    without = said("without")
    assert "[address 1]" in without
    assert ADDRESS not in without
    section.told.setText("")
    section.with_addresses.setChecked(True)
    assert ADDRESS in said("with")


@pytest.mark.parametrize("light", list(Light))
def test_s8_no_secret_is_in_any_form_of_the_report(
    bench: Bench, qtbot: QtBot, tmp_path: Path, light: Light
) -> None:
    """The key in use, and everything beside it that could have come along."""
    row = bench.add(light)
    loud = replace(row.request, credentials=lambda: LOUD, fingerprint="0f" * 16)
    bench.rows = [replace(row, request=loud)]
    section = opened(bench, qtbot)
    section.with_addresses.setChecked(True)
    assert LOUD.passphrase is not None
    canaries = (
        *SECRETS,
        Canary("the loud key", LOUD.api_key.reveal()[:-4]),
        Canary("the loud secret", LOUD.secret.reveal()),
        Canary("the passphrase", LOUD.passphrase.reveal()),
        Canary("the fingerprint", "0f" * 16),
    )
    page = saved(section, "Save as HTML", tmp_path / "r.html")
    section.told.setText("")
    pdf = saved(section, "Save as PDF", tmp_path / "r.pdf")
    found = {
        "page": page,
        "pdf": pdf,
        "text of the pdf": read_pdf(tmp_path / "r.pdf").encode(),
        "clipboard": copied(section).encode(),
        "window": "\n".join(texts(section)).encode(),
    }
    assert [
        s for c in canaries for where, data in found.items() for s in c.sightings(data, where)
    ] == []
    planted = page + LOUD.passphrase.reveal().encode()
    assert canaries[4].sightings(planted, "page") != []


def test_a_report_that_no_longer_counts_says_so(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    row = bench.add(Light.GREEN)
    bench.rows = [row.doubted(Doubt.NETWORK)]
    section = opened(bench, qtbot)
    said = copied(section)
    assert "[was Safe] This computer's network changed since the last check." in said
    legend, key = said.split("main-bot")
    assert "[Safe]" in legend
    assert "[Safe]" not in key


def test_a_light_that_ages_while_a_name_is_chosen_is_saved_as_one_of_the_past(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    bench.add(Light.GREEN)
    section = opened(bench, qtbot)
    press(section, "Save as HTML")
    bench.clock.advance(3600)
    bench.session.tick()
    (dialog,) = section.findChildren(QFileDialog)
    dialog.selectFile(str(tmp_path / "r.html"))
    dialog.accept()
    assert reads(section, "Saved: ")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "was Safe" in page
    assert '"light green"' not in page.split("<section>")[1]


def test_without_a_check_of_this_session_there_is_only_the_way_to_one(
    bench: Bench, qtbot: QtBot
) -> None:
    row = bench.add()
    section = opened(bench, qtbot)
    captions = ("Save as HTML", "Save as PDF", "Copy for support")
    assert [buttons(section, c)[0].isEnabled() for c in captions] == [False] * 3
    assert reads(section, "A report is made from a check of this session")
    bench.answer(row, Light.AMBER)
    press(section, "Check this key")
    qtbot.waitUntil(lambda: not bench.session.running)
    assert comes_true(lambda: all(buttons(section, c)[0].isEnabled() for c in captions))
    assert buttons(section, "Check this key") == []
    assert "[Look]" in copied(section)


def test_a_key_that_was_removed_meanwhile_is_not_reported(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    row = bench.add(Light.GREEN)
    section = opened(bench, qtbot)
    press(section, "Save as HTML")
    bench.session.forget(row.id)
    (dialog,) = section.findChildren(QFileDialog)
    dialog.selectFile(str(tmp_path / "r.html"))
    dialog.accept()
    assert reads(section, "This key is not here any more.")
    assert not (tmp_path / "r.html").exists()


def full(number: int) -> Callable[..., None]:
    def fail(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("step", "number", "said"),
    [
        ("os.fsync", errno.ENOSPC, "The file could not be written: the disk is full. Make room"),
        ("os.open", errno.EROFS, "The file could not be written: writing is not allowed"),
    ],
)
def test_a_disk_that_refuses_is_said_and_the_old_report_stays(
    bench: Bench,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    number: int,
    said: str,
) -> None:
    bench.add(Light.GREEN)
    section = opened(bench, qtbot)
    press(section, "Save as PDF")
    (dialog,) = section.findChildren(QFileDialog)
    (tmp_path / "r.pdf").write_bytes(b"old")
    with monkeypatch.context() as patched:
        patched.setattr(step, lambda *_, **__: full(number)())
        dialog.fileSelected.emit(str(tmp_path / "r.pdf"))
        assert reads(section, said)
    assert section.told.isHidden()
    assert (tmp_path / "r.pdf").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["r.pdf"]
    # Nothing is lost: the same report can be saved elsewhere.
    dialog.fileSelected.emit(str(tmp_path / "again.pdf"))
    assert reads(section, "Saved: ")
    assert section.problem.isHidden()


def test_a_dialog_that_is_left_writes_nothing(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.add(Light.GREEN)
    section = opened(bench, qtbot)
    press(section, "Save as HTML")
    (dialog,) = section.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "latchlight-main-bot-2026-11-20.html"
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.reject()
    qtbot.waitUntil(lambda: section.findChildren(QFileDialog) == [])
    assert section.told.isHidden()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("main-bot", "latchlight-main-bot-2026-11-20.pdf"),
        ("主机器人", "latchlight-主机器人-2026-11-20.pdf"),
        ("../../etc/passwd", "latchlight-etc-passwd-2026-11-20.pdf"),
        ("a:b|c\\d?*", "latchlight-a-b-c-d-2026-11-20.pdf"),
        ("\u202egpj.exe", "latchlight-gpj-exe-2026-11-20.pdf"),
        ("...", "latchlight-2026-11-20.pdf"),
    ],
)
def test_a_name_for_the_file_is_made_of_letters_only(label: str, name: str) -> None:
    assert file_name(label, NOW, ReportKind.PDF) == name


# The PDF itself --------------------------------------------------------------------------------

CHINESE = Language(
    "zh_Hans",
    "中文",
    {
        "Latchlight report": "长门见龙的风险报告",
        "Danger": "危险",
        "This key can withdraw your money.": "这个密钥可以提走人民币 见页面 飞马龙风",
    },
)


def pdf_of(label: str, language: Language = ENGLISH, *, practice: bool = False) -> bytes:
    key = make_key_report(Light.RED, label=label, practice=practice)
    report = Report("0.1", "2026-11-20", NOW, NOW, (key,), make_egress())
    made = document(report, language)
    return as_pdf(made, QApplication.font(), QPageSize.PageSizeId.A4, language)


def test_chinese_is_drawn_with_its_own_font_and_can_be_searched(
    qapp: QApplication, tmp_path: Path
) -> None:
    """Fonts share glyphs between words and old radicals; a reader must find the words."""
    path = tmp_path / "r.pdf"
    path.write_bytes(pdf_of("主机器人 人大立", CHINESE))
    said = read_pdf(path)
    for words in ("主机器人 人大立", "长门见龙的风险报告", "危险", "飞马龙风", "见页面"):
        assert words in said
    assert re.findall("[\u2e80-\u2fdf]", said) == []
    lister = shutil.which("pdffonts")
    assert lister is not None
    done = subprocess.run([lister, str(path)], capture_output=True, check=True, text=True)
    fonts = done.stdout.splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes +(yes|no) +yes ", line) for line in fonts)  # embedded, with words
    assert not any("CJKjp" in line for line in fonts)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_painted_as_text_and_nothing_in_the_pdf_can_be_clicked(
    qapp: QApplication, tmp_path: Path, text: str
) -> None:
    data = pdf_of(text[:200])
    assert b"/URI" not in data
    assert b"/Link" not in data
    assert b"/JavaScript" not in data
    (tmp_path / "r.pdf").write_bytes(data)
    said = read_pdf(tmp_path / "r.pdf")
    assert "This key can withdraw your money." in said
    assert said.count("This key can withdraw your money.") == 1


def test_practice_stands_on_every_page(qapp: QApplication, tmp_path: Path) -> None:
    for practice in (True, False):
        (tmp_path / "r.pdf").write_bytes(pdf_of("bot", practice=practice))
        pages = read_pdf(tmp_path / "r.pdf", "-raw").rstrip("\f").split("\f")
        assert len(pages) > 1
        # The watermark is turned: a reader finds it letter by letter, below everything else.
        assert [page.startswith("P\nr\na\nc\nt\ni\nc\ne\n") for page in pages] == (
            [practice] * len(pages)
        )


def test_a_text_without_a_space_stays_on_the_page(qapp: QApplication, tmp_path: Path) -> None:
    key = make_key_report(Light.RED)
    (first, *rest) = key.findings
    long = replace(key, findings=(replace(first, detail=say("{x}", x="W" * 900)), *rest))
    made = document(Report("0.1", "2026-11-20", NOW, NOW, (long,), make_egress()))
    (tmp_path / "r.pdf").write_bytes(as_pdf(made, QApplication.font(), QPageSize.PageSizeId.Letter))
    widest = max(len(run) for run in re.findall("W+", read_pdf(tmp_path / "r.pdf")))
    assert widest < 120
    assert read_pdf(tmp_path / "r.pdf").count("W") >= 900
