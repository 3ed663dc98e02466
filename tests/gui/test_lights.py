"""F01, F02, F11, F13, F14: what a light looks like, says, and tells a screen reader, from one object."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from contrast_figures import TEXT_ON_GROUND
from factories import make_key_report
from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.gui import theme
from latchlight.gui.light_look import LOOKS, Verdict
from latchlight.gui.light_paint import paint_light
from latchlight.gui.main_window import MainWindow
from latchlight.gui.theme import Scheme
from latchlight.gui.tokens import DARK, LIGHT, Tokens, contrast
from latchlight.gui.widgets.light_badge import LightBadge
from window_bench import Bench

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def painted(light: Light, tokens: Tokens, side: int = 24) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.surface))
    painter = QPainter(image)
    paint_light(painter, QRectF(0, 0, side, side), LOOKS[light], tokens)
    painter.end()
    return image


def colours_of(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@SCHEMES
def test_f02_four_shapes_differ_without_any_colour(tokens: Tokens) -> None:
    grey = {
        light: painted(light, tokens).convertToFormat(QImage.Format.Format_Mono) for light in Light
    }
    for one, other in combinations(Light, 2):
        different = sum(
            grey[one].pixelIndex(x, y) != grey[other].pixelIndex(x, y)
            for x in range(24)
            for y in range(24)
        )
        assert different > 40, (one, other)


@SCHEMES
def test_each_light_is_painted_in_its_own_ink(tokens: Tokens) -> None:
    for light in Light:
        inks = {getattr(tokens, LOOKS[other].ink) for other in Light}
        assert colours_of(painted(light, tokens)) & inks == {getattr(tokens, LOOKS[light].ink)}


def test_words_are_the_fixed_ones_and_all_differ() -> None:
    assert {light: LOOKS[light].word for light in Light} == LIGHT_WORDS
    assert len({look.shape for look in LOOKS.values()}) == len(Light)


@SCHEMES
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_every_text_can_be_read(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@SCHEMES
def test_outlines_of_controls_can_be_seen(tokens: Tokens) -> None:
    for ground in (tokens.window, tokens.surface):
        assert contrast(tokens.control, ground) >= 3.0
        assert contrast(tokens.accent, ground) >= 3.0


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("light", Light)
@pytest.mark.parametrize("practice", [False, True])
def test_f14_the_screen_reader_hears_the_word_of_the_light(
    qtbot: QtBot, light: Light, practice: bool
) -> None:
    badge = LightBadge()
    qtbot.addWidget(badge)
    badge.set_verdict(Verdict(light, practice))
    assert badge.accessibleName().startswith(LIGHT_WORDS[light])
    assert ("practice" in badge.accessibleName()) is practice


def test_no_badge_ever_shows_the_picture_of_another_light(qtbot: QtBot) -> None:
    """Pictures are kept and used again: each is of one light, one word and one scheme."""
    badge = LightBadge()
    qtbot.addWidget(badge)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    shown: dict[bytes, tuple[Scheme, Verdict]] = {}
    for _ in range(2):
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.apply(app, scheme)
            for verdict in (Verdict(light, practice) for light in Light for practice in (0, 1)):
                badge.set_verdict(verdict)
                picture = badge.pixmap().toImage()
                seen = bytes(picture.constBits())
                assert shown.setdefault(seen, (scheme, verdict)) == (scheme, verdict)
                ink = QColor(getattr(theme.tokens(), verdict.look.ink)).name()
                assert ink in colours_of(picture)
    assert len(shown) == 16


def test_a_steady_badge_has_one_size_for_every_light(qtbot: QtBot) -> None:
    badge = LightBadge(steady=True)
    qtbot.addWidget(badge)
    sizes = set()
    for light in Light:
        badge.set_verdict(Verdict(light))
        sizes.add((badge.width(), badge.height()))
        assert badge.size_for(badge.verdict).width() <= badge.width()
    assert len(sizes) == 1


def test_f11_practice_is_written_on_every_badge(bench: Bench, qtbot: QtBot) -> None:
    for light in Light:
        bench.add(light, f"key-{light.value}", practice=True)
    workspace = bench.open()
    for row in bench.rows:
        workspace.select(row.id)
        body = workspace.checklist.body
        assert body is not None
        qtbot.waitUntil(lambda body=body: body.complete)
        badges = workspace.findChildren(LightBadge)
        assert len(badges) > 2
        assert all("practice" in badge.verdict.text for badge in badges)


def test_f01_nothing_green_at_the_first_paint(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    shown = colours_of(window.grab().toImage().scaled(300, 200))
    assert not shown & {LIGHT.green, DARK.green}


def greens(widget: QWidget) -> int:
    image = widget.grab().toImage()
    wanted = {QColor(LIGHT.green).rgb(), QColor(LIGHT.green_soft).rgb()}
    return sum(
        image.pixel(x, y) in wanted
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )


def test_f01_keys_that_were_safe_yesterday_start_without_green(bench: Bench, qtbot: QtBot) -> None:
    from latchlight.gui.key_row import PastCheck

    bench.add(past=PastCheck(Light.GREEN, bench.clock.wall))
    workspace = bench.open()
    assert greens(workspace) == 0
    assert greens(workspace.keys) == 0


def test_f01_the_search_for_green_finds_it_where_it_is(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    assert greens(bench.open()) > 50


def test_f13_every_view_of_a_key_changes_together(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(Light.GREEN)
    workspace = bench.open()
    for light in (Light.RED, Light.AMBER, Light.GREY, Light.GREEN):
        bench.answer(row, light)
        bench.run(row.id)
        shown = bench.session.row(row.id)
        assert shown is not None
        word = LIGHT_WORDS[light]
        assert shown.verdict.light is light
        assert workspace.checklist.header.badge.verdict.light is light
        assert workspace.launch.badge.verdict.light is light
        assert word in str(shown.spoken(bench.clock.wall))
        assert (workspace.launch.verdict.text() == "Safe to launch") is (light is Light.GREEN)


def test_dark_and_light_put_their_own_colours_in_force(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)
    assert theme.is_dark()
    assert qapp.palette().window().color().name() == DARK.window
    assert "@" not in qapp.styleSheet()
    theme.apply(qapp, Scheme.LIGHT)
    assert qapp.palette().window().color().name() == LIGHT.window


def test_reports_of_the_factory_have_the_light_they_are_named_after() -> None:
    assert [make_key_report(light).light for light in Light] == list(Light)
