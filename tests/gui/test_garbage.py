"""Cycles are collected, and by nobody but the window's own thread."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from latchlight.gui.garbage import GarbageCollector

MANY = 20_000
"""Objects enough for Python to collect several times over."""


class Cycle:
    """Holds itself, and tells which thread destroys it."""

    def __init__(self, destroyed_by: Callable[[int], None]) -> None:
        self.myself = self
        self.destroyed_by = destroyed_by

    def __del__(self) -> None:
        self.destroyed_by(threading.get_ident())


@pytest.fixture
def heard() -> list[int]:
    return []


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    made = GarbageCollector()
    yield made
    made.stop()
    gc.disable()  # as the collector of the whole folder wants it


def make_many(heard: list[int]) -> None:
    for _ in range(MANY):
        Cycle(heard.append)


def in_a_worker(heard: list[int]) -> None:
    worker = threading.Thread(target=make_many, args=(heard,))
    worker.start()
    worker.join()


def test_a_worker_collects_nothing(collector: GarbageCollector, heard: list[int]) -> None:
    in_a_worker(heard)
    assert heard == []
    collector.look()
    assert set(heard) == {threading.get_ident()}


def test_without_the_collector_a_worker_would(heard: list[int]) -> None:
    """The proof that the test above can fail."""
    gc.enable()
    try:
        in_a_worker(heard)
    finally:
        gc.disable()
    assert set(heard) - {threading.get_ident()}


def test_the_event_loop_is_enough_to_have_garbage_collected(
    collector: GarbageCollector, heard: list[int], qtbot: QtBot
) -> None:
    make_many(heard)
    qtbot.waitUntil(lambda: len(heard) == MANY)


def test_what_survived_young_is_collected_later(
    collector: GarbageCollector, heard: list[int]
) -> None:
    kept = [Cycle(heard.append)]
    gc.collect(0)
    gc.collect(1)
    kept.clear()
    for _ in range(100):
        make_many([])
        collector.look()
    assert len(heard) == 1


def test_little_garbage_is_left_for_later(collector: GarbageCollector, heard: list[int]) -> None:
    gc.collect()
    Cycle(heard.append)
    collector.look()
    assert heard == []


def test_stopped_it_is_left_to_python_again(qapp: QApplication) -> None:
    made = GarbageCollector()
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    gc.disable()
