"""Damage drawn at random, a few steps at a time; the same numbers always give the same answers."""

from __future__ import annotations

import copy
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from answer_mutations import Path, around, at, full_width, in_other_case, parts
from latchlight.core.purpose import Purpose
from latchlight.exchanges import EXCHANGES
from scripted_exchange import NOW, NOW_MS, Heard

from .planned import ADDRESS_LISTS, NAMES, TYPES, VALUES, like
from .seeds import (
    Case,
    Seed,
    address_places,
    date_places,
    good_seeds,
    ok,
    packed,
    put_words,
    seeds,
    time_answer,
    time_path,
    vocabulary,
    word_places,
)

DAY_MS = 86_400_000
Steps = tuple[tuple[str, int], ...]


@dataclass
class Scene:
    """The answers while they are being spoilt."""

    seed: Seed
    values: dict[str, Any]
    statuses: dict[str, int]
    raw: dict[str, bytes] = field(default_factory=dict)
    more: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def exchange(self) -> str:
        return self.seed.exchange

    def path(self, dice: random.Random) -> str:
        """One of the questions, seldom that about the time."""
        clock = time_path(self.exchange)
        asked = [path for path in self.values if path != clock]
        return clock if dice.random() < 0.06 else dice.choice(asked)

    def place(self, path: str, dice: random.Random) -> Path | None:
        """Some part of that answer."""
        places = list(parts(self.values[path]))
        return dice.choice(places) if places else None

    def put(self, path: str, place: Path, value: Any) -> None:
        """Something else stands there."""
        at(self.values[path], place[:-1])[place[-1]] = copy.deepcopy(value)

    def body(self, path: str) -> bytearray:
        """Its bytes, from now on spoilt as such."""
        return bytearray(self.raw.get(path) or packed(self.values[path]))

    def heard(self, path: str) -> Heard:
        """As it comes over the line."""
        body = self.raw.get(path)
        more = self.more.get(path, {})
        whole = packed(self.values[path]) if body is None else body
        return ok(whole, self.statuses[path], **more)


def drawn(exchange: str, seed: int, number: int) -> Case:
    """The answers of this number. Raises LookupError for an exchange without samples."""
    dice = random.Random(f"{exchange}-{seed}-{number}")
    good = good_seeds(exchange)
    start = dice.choice(good if dice.random() < 0.8 else seeds(exchange))
    purpose = start.sample.purpose if dice.random() < 0.8 else dice.choice(list(Purpose))
    host = start.sample.host or EXCHANGES[exchange].hosts[0].name
    if dice.random() < 0.02:
        host = dice.choice(EXCHANGES[exchange].hosts).name
    kinds = dice.choices(list(STEPS), WEIGHTS, k=dice.choice((0, 1, 1, 1, 2, 2, 3)))
    steps = tuple((kind, dice.getrandbits(32)) for kind in kinds)
    return spoilt(start, purpose, host, steps)


def spoilt(seed: Seed, purpose: Purpose, host: str, steps: Steps) -> Case:
    """The sample after these steps."""
    scene = _scene(seed)
    done = [text for kind, bits in steps if (text := STEPS[kind](scene, random.Random(bits)))]
    said = {path: scene.heard(path) for path in scene.values}
    what = "; ".join([f"“{seed.name}”", *done])
    return Case(seed, purpose, said, what, host, steps)


def _scene(seed: Seed) -> Scene:
    values = {path: copy.deepcopy(value) for path, (_, value) in seed.said.items()}
    codes = {path: status for path, (status, _) in seed.said.items()}
    clock = time_path(seed.exchange)
    values[clock], codes[clock] = json.loads(time_answer(seed.exchange).body), 200
    return Scene(seed, values, codes)


# steps on values


def _other_value(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    place = scene.place(path, dice)
    if place is None:
        return ""
    value = dice.choice(VALUES)
    scene.put(path, place, value)
    return f"{place}={value!r}"


def _lost(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    place = scene.place(path, dice)
    if place is None:
        return ""
    del at(scene.values[path], place[:-1])[place[-1]]
    return f"without {place}"


def _renamed(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    place = scene.place(path, dice)
    if place is None or not isinstance(place[-1], str):
        return ""
    old, members = place[-1], at(scene.values[path], place[:-1])
    new = dice.choice((old.upper(), old.lower(), old[1:], old[:-1], old + "s", _name(dice)))
    members[new] = members.pop(old)
    return f"{place} called {new}"


def _added(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    body = scene.values[path]
    places = [p for p in ((), *parts(body)) if isinstance(at(body, p), dict)]
    if not places:
        return ""
    place = dice.choice(places)
    name = dice.choice(
        (_name(dice), dice.choice(NAMES), dice.choice(vocabulary(scene.exchange) or NAMES))
    )
    value = dice.choice((True, True, "true", 1, dice.choice(VALUES)))
    at(body, place)[name] = copy.deepcopy(value)
    return f"{place}.{name}={value!r}"


def _name(dice: random.Random) -> str:
    start = dice.choice(("", "", "enable", "permits", "can", "allow", "is"))
    return start + "".join(dice.choices(string.ascii_letters + "_0123456789", k=8))


def _exchanged(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    one, two = scene.place(path, dice), scene.place(path, dice)
    if one is None or two is None or one == two[: len(one)] or two == one[: len(two)]:
        return ""
    body = scene.values[path]
    first, second = at(body, one), at(body, two)
    scene.put(path, one, second)
    scene.put(path, two, first)
    return f"{one} and {two} exchanged"


def _grafted(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    place = scene.place(path, dice)
    other = dice.choice(seeds(dice.choice((scene.exchange, dice.choice(list(EXCHANGES))))))
    _, value = dice.choice(list(other.said.values()))
    places = list(parts(value))
    if place is None or not places:
        return ""
    source = dice.choice(places)
    scene.put(path, place, at(value, source))
    return f"{place} from {other.exchange} {source}"


def _words(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    places = word_places(scene.exchange, scene.values[path])
    known = vocabulary(scene.exchange)
    if not places or not known:
        return _toggled(scene, dice)
    place, form = dice.choice(places)
    words = dice.choices(known, k=dice.choice((0, 1, 1, 2, 2, 3, 5)))
    if form != "objects" and dice.random() < 0.5:
        old = at(scene.values[path], place)
        words = [*(old.split(",") if isinstance(old, str) else old), *words]
    words = [_bent(word, dice) for word in words]
    dice.shuffle(words)
    scene.put(path, place, put_words(words, form))
    return f"{place}={words!r}"


def _bent(word: Any, dice: random.Random) -> Any:
    if not isinstance(word, str) or dice.random() < 0.85:
        return word
    return dice.choice((*around(word), *in_other_case(word), full_width(word), "", _name(dice)))


def _toggled(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    body = scene.values[path]
    places = [p for p in parts(body) if isinstance(at(body, p), bool)]
    if not places:
        return ""
    place = dice.choice(places)
    scene.put(path, place, not at(body, place))
    return f"{place} toggled"


def _addresses(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    places = address_places(scene.values[path])
    if not places:
        return ""
    place, form = dice.choice(places)
    entries = list(dice.choice(ADDRESS_LISTS))
    if dice.random() < 0.3:
        entries += dice.choice(ADDRESS_LISTS)
    if dice.random() < 0.1:
        octets = [str(dice.choice((0, 1, 10, 93, 127, 224, 255, 256))) for _ in range(4)]
        entries.append(dice.choice((".".join(octets), f"{octets[0]}.**.{octets[3]}")))
    scene.put(path, place, put_words(entries, form))
    return f"{place}={entries!r}"


def _moment(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    places = date_places(scene.values[path])
    if not places:
        return ""
    place = dice.choice(places)
    ms = NOW_MS + dice.choice((1, DAY_MS // 24, DAY_MS)) * dice.randrange(-400, 40)
    scene.put(path, place, like(at(scene.values[path], place), ms))
    return f"{place} moved by {(ms - NOW_MS) / DAY_MS:.2f} days"


# steps on bytes


def _bytes(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    body = scene.body(path)
    if not body:
        return ""
    position = dice.randrange(len(body))
    match dice.randrange(7):
        case 0 | 1:
            body[position] ^= 1 << dice.randrange(8)
        case 2:
            body[position] = dice.randrange(256)
        case 3:
            del body[position : position + dice.choice((1, 1, 1, 2, 5, 20))]
        case 4:
            body.insert(position, dice.choice(b' \t\n"{}[],:0123456789tfn\\'))
        case 5:
            end = min(len(body), position + dice.randrange(1, 30))
            body[position:end] = body[position:end] * 2
        case _:
            other = dice.randrange(len(body))
            body[position], body[other] = body[other], body[position]
    scene.raw[path] = bytes(body)
    return f"bytes of {path} at {position}"


# steps on the line


def _line(scene: Scene, dice: random.Random) -> str:
    path = scene.path(dice)
    more = scene.more.setdefault(path, {})
    match dice.randrange(5):
        case 0:
            scene.statuses[path] = dice.randrange(200, 600)
            return f"{path} HTTP {scene.statuses[path]}"
        case 1:
            more["content_type"] = dice.choice(TYPES)
            return f"{path} type “{more['content_type']}”"
        case 2:
            more["age"] = True
            return f"{path} from a cache"
        case 3:
            more["date"] = NOW + timedelta(seconds=dice.randrange(-1000, 1000))
            return f"{path} dated {more['date']}"
        case _:
            offset = dice.randrange(-40_000, 40_000)
            clock = time_path(scene.exchange)
            scene.values[clock] = json.loads(time_answer(scene.exchange, NOW_MS + offset).body)
            return f"clock off by {offset} ms"


def _swapped(scene: Scene, dice: random.Random) -> str:
    paths = list(scene.values)
    one, two = dice.choice(paths), dice.choice(paths)
    if one != two and dice.random() < 0.5:
        both = scene.values[one], scene.values[two]
        scene.values[two], scene.values[one] = both
        return f"{one} and {two} exchanged"
    other = dice.choice(seeds(dice.choice((scene.exchange, dice.choice(list(EXCHANGES))))))
    _, value = dice.choice(list(other.said.values()))
    scene.values[one] = copy.deepcopy(value)
    return f"{one} is the answer of {other.exchange} “{other.name}”"


STEPS: dict[str, Callable[[Scene, random.Random], str]] = {
    "value": _other_value,
    "lost": _lost,
    "renamed": _renamed,
    "added": _added,
    "exchanged": _exchanged,
    "grafted": _grafted,
    "words": _words,
    "toggled": _toggled,
    "addresses": _addresses,
    "moment": _moment,
    "bytes": _bytes,
    "line": _line,
    "swapped": _swapped,
}
WEIGHTS = (3, 2, 2, 4, 2, 3, 6, 1, 4, 2, 4, 2, 1)
