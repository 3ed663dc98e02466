"""Records and standard dataclasses are copied alike, and nothing worked out goes along."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import pytest

from latchlight.core.records import dataclass, replace


@dataclass(frozen=True)
class Record:
    size: int
    name: str = ""

    @cached_property
    def area(self) -> int:
        return self.size**2


@dataclasses.dataclass(frozen=True)
class Standard:
    size: int
    name: str = ""

    @cached_property
    def area(self) -> int:
        return self.size**2


@pytest.mark.parametrize("kind", [Record, Standard])
def test_a_copy_works_everything_out_anew(kind: type[Record]) -> None:
    first = kind(2, "first")
    assert first.area == 4
    second = replace(first, size=3)
    assert (second.area, second.name) == (9, "first")
    assert (first.size, first.area) == (2, 4)


@pytest.mark.parametrize("kind", [Record, Standard])
def test_a_copy_takes_no_unknown_name(kind: type[Record]) -> None:
    with pytest.raises(TypeError):
        replace(kind(2), area=5)
