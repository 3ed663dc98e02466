"""What a screen reader is told: the accessibility tree of the window, read over AT-SPI.

Speaks the protocol itself (https://gitlab.gnome.org/GNOME/at-spi2-core/-/tree/main/xml), many questions in one go:
one at a time is what makes the usual libraries slow.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from e2e.desktop import wait_for

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_COMPONENT = "org.a11y.atspi.Component"
_TEXT = "org.a11y.atspi.Text"
_LABELLED_BY = 2
_ROOT = "/org/a11y/atspi/accessible/root"
_SECONDS = 20.0

Reference = tuple[str, str]
"""Whose it is, and its path there."""
Question = tuple[Reference, str, str, tuple[object, ...]]
"""Whom, interface, method and arguments."""
_SIGNATURES = {"Get": "ss", "GetExtents": "u", "RegisterEvent": "sass", "GetText": "ii"}
STATES = {
    1: "active",
    4: "checked",
    7: "editable",
    8: "enabled",
    10: "expanded",
    11: "focusable",
    12: "focused",
    23: "selected",
    25: "showing",
    30: "visible",
}
"""Bits of the state set that matter here (AtspiStateType)."""


ROLES = {
    7: "check box",
    11: "combo box",
    16: "dialog",
    20: "filler",
    23: "frame",
    27: "image",
    29: "label",
    31: "list",
    32: "list item",
    37: "page tab",
    39: "panel",
    40: "password text",
    43: "push button",
    44: "radio button",
    48: "scroll bar",
    51: "slider",
    52: "spin button",
    55: "table",
    61: "text",
    62: "toggle button",
    65: "tree",
    88: "link",
}
"""Numbers of the roles that matter here (AtspiRole)."""


@dataclass(frozen=True)
class Box:
    """A place on the screen, in pixels."""

    x: int
    y: int
    wide: int
    high: int

    @property
    def middle(self) -> tuple[int, int]:
        """Where one would click."""
        return self.x + self.wide // 2, self.y + self.high // 2

    def meets(self, other: Box) -> Box:
        """What both have in common; may be empty."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.wide, other.x + other.wide)
        bottom = min(self.y + self.high, other.y + other.high)
        return Box(left, top, max(0, right - left), max(0, bottom - top))

    def holds(self, point: tuple[int, int]) -> bool:
        """Whether a point is inside."""
        return self.x <= point[0] < self.x + self.wide and self.y <= point[1] < self.y + self.high


_NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Heard:
    """One thing in the window as it is told; `parent` is None for the window itself."""

    reference: Reference
    parent: Heard | None
    name: str
    role: str
    states: frozenset[str]
    children: list[Heard] = field(default_factory=list, repr=False)

    def walk(self) -> Iterator[Heard]:
        """This and everything inside, in the order in which it is told."""
        yield self
        for child in self.children:
            yield from child.walk()

    def line(self) -> list[Heard]:
        """This and what it stands in, from the inside out."""
        found, each = [self], self.parent
        while each is not None:
            found.append(each)
            each = each.parent
        return found


class ScreenReader:
    """Listens on the bus that the desktop's session bus names."""

    def __init__(self, session_bus: str) -> None:
        self._bus = open_dbus_connection(wait_for(lambda: _address(session_bus), lambda: "no bus"))
        self._questions: dict[str, bytes] = {}
        self._roles: dict[Reference, str] = {}
        self._focused: deque[Reference] = deque()

    def close(self) -> None:
        """Listen no more."""
        self._bus.close()

    def windows(self, program: str) -> list[Heard]:
        """The windows of a program, each with everything in it that shows."""
        programs = self._children([("org.a11y.atspi.Registry", _ROOT)])[0]
        names = self._answers([_property(ref, "Name") for ref in programs])
        mine = [ref for ref, name in zip(programs, names, strict=True) if name == program]
        tops = level = self._look_at([(ref, None) for refs in self._children(mine) for ref in refs])
        while level:
            below = self._children([each.reference for each in level])
            inside = [(ref, each) for each, refs in zip(level, below, strict=True) for ref in refs]
            level = self._look_at(inside)
            for each in level:
                if each.parent is not None:
                    each.parent.children.append(each)
        return tops

    def follow_focus(self) -> None:
        """Be told from now on where the keyboard goes."""
        registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry")
        event = ("object:state-changed:focused", [], "")
        self._answers([_call(registry, "org.a11y.atspi.Registry", "RegisterEvent", *event)])
        rule = MatchRule(
            type="signal", interface="org.a11y.atspi.Event.Object", member="StateChanged"
        )
        self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=_SECONDS)

    def forget_focus(self) -> None:
        """What was told until now does not matter any more."""
        self._answers([_property(("org.a11y.atspi.Registry", _ROOT), "Name")])
        self._focused.clear()

    def next_focus(self, longest: float) -> Reference | None:
        """Where the keyboard went next; None if it went nowhere."""
        ends = time.monotonic() + longest
        while not self._focused:
            try:
                self._hear(self._bus.receive(timeout=ends - time.monotonic()))
            except TimeoutError:
                return None
        return self._focused.popleft()

    def _hear(self, message: Message) -> None:
        if message.header.message_type is MessageType.signal and message.body[:2] == ("focused", 1):
            fields = message.header.fields
            self._focused.append((fields[HeaderFields.sender], fields[HeaderFields.path]))

    def boxes(self, heard: Sequence[Heard]) -> list[Box]:
        """Where these are on the screen."""
        ask = [_call(each.reference, _COMPONENT, "GetExtents", 0) for each in heard]
        return [_NOWHERE if box is None else Box(*box) for box in self._answers(ask)]

    def contents(self, heard: Sequence[Heard]) -> list[str]:
        """What stands in these fields, as it is told."""
        ask = [_call(each.reference, _TEXT, "GetText", 0, -1) for each in heard]
        return [text or "" for text in self._answers(ask)]

    def labelled(self, heard: Sequence[Heard]) -> list[bool]:
        """Whether another thing is told as the label of each of these."""
        ask = [_call(each.reference, _ACCESSIBLE, "GetRelationSet") for each in heard]
        return [
            any(kind == _LABELLED_BY for kind, _ in relations or ())
            for relations in self._answers(ask)
        ]

    def descriptions(self, heard: Sequence[Heard]) -> list[str]:
        """What is told in addition to their names."""
        found = self._answers([_property(each.reference, "Description") for each in heard])
        return [text or "" for text in found]

    def _look_at(self, places: Sequence[tuple[Reference, Heard | None]]) -> list[Heard]:
        """Those that show."""
        bits = self._answers([_call(ref, _ACCESSIBLE, "GetState") for ref, _ in places])
        states = [_states(each) for each in bits]
        shown = [
            (place, known)
            for place, known in zip(places, states, strict=True)
            if "showing" in known
        ]
        self._learn_roles([ref for (ref, _), _ in shown])
        names = self._answers([_property(ref, "Name") for (ref, _), _ in shown])
        return [
            Heard(ref, parent, name, self._roles.get(ref, ""), known)
            for ((ref, parent), known), name in zip(shown, names, strict=True)
            if name is not None  # else it is gone meanwhile
        ]

    def _learn_roles(self, refs: Sequence[Reference]) -> None:
        """A role never changes, and asking costs as much as for a name."""
        new = [ref for ref in refs if ref not in self._roles]
        told = self._answers([_call(ref, _ACCESSIBLE, "GetRole") for ref in new])
        for ref, role in zip(new, told, strict=True):
            if role is not None:
                self._roles[ref] = ROLES.get(role, f"role {role}")

    def _children(self, refs: Sequence[Reference]) -> list[list[Reference]]:
        answers = self._answers([_call(ref, _ACCESSIBLE, "GetChildren") for ref in refs])
        return [list(answer or ()) for answer in answers]

    def _answers(self, questions: Sequence[Question]) -> list[Any]:
        """All sent before the first answer is read; None for what could not be answered."""
        places, data = {}, bytearray()
        for place, question in enumerate(questions):
            serial = next(self._bus.outgoing_serial)
            places[serial] = place
            data += self._written(question, serial)
        self._bus.sock.sendall(data)
        answers: list[Any] = [None] * len(questions)
        while places:
            message = self._bus.receive(timeout=_SECONDS)
            self._hear(message)
            place = places.pop(message.header.fields.get(HeaderFields.reply_serial, -1), None)
            if place is not None and message.header.message_type is MessageType.method_return:
                answers[place] = _plain(message.body)
        return answers

    def _written(self, question: Question, serial: int) -> bytes:
        """Questions are asked again and again: only the serial number in bytes 8 to 11 differs."""
        key = repr(question)
        known = self._questions.get(key)
        if known is None:
            known = self._questions[key] = _message(question).serialise(serial)
        return known[:8] + serial.to_bytes(4, sys.byteorder) + known[12:]


def _states(bits: list[int] | None) -> frozenset[str]:
    if bits is None:
        return frozenset()
    number = bits[0] | bits[1] << 32
    return frozenset(word for bit, word in STATES.items() if number >> bit & 1)


def _plain(body: tuple[Any, ...]) -> Any:
    """The only value, if any; of a property without its type."""
    value = body[0] if body else None
    is_variant = isinstance(value, tuple) and len(value) == 2 and value[0] in ("s", "i", "u")
    return value[1] if is_variant else value


def _message(question: Question) -> Message:
    """As it is sent."""
    (owner, path), interface, method, body = question
    address = DBusAddress(path, owner, interface)
    return new_method_call(address, method, _SIGNATURES.get(method), body)


def _property(ref: Reference, name: str) -> Question:
    return ref, "org.freedesktop.DBus.Properties", "Get", (_ACCESSIBLE, name)


def _call(ref: Reference, interface: str, method: str, *body: object) -> Question:
    return ref, interface, method, body


def _address(session_bus: str) -> str | None:
    """Where the accessibility bus is; None while nobody can tell."""
    bus: DBusConnection = open_dbus_connection(session_bus)
    try:
        question = _call(("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Bus", "GetAddress")
        answer = bus.send_and_get_reply(_message(question), timeout=_SECONDS)
        told = answer.header.message_type is MessageType.method_return
        return str(answer.body[0]) if told else None
    finally:
        bus.close()
