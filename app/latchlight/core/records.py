"""Frozen dataclasses that cost nothing to define.

The standard decorator writes and compiles source for every class, and importing it loads `inspect`
and the compiler's tables: together a fifth of the start-up of the command line (measured, some fifty
classes). This one gives the same classes shared methods. To the type checker they are ordinary
frozen dataclasses, and `dataclasses.replace`, `fields` and `asdict` work on them as well.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def dataclass(*, frozen: bool, eq: bool = True, repr: bool = True) -> Callable[[T], T]:
        """Like `dataclasses.dataclass(frozen=True)`. Raises ValueError for anything not frozen."""
        if not frozen:
            raise ValueError("records are frozen")
        return lambda cls: _make(cls, eq=eq, repr_=repr)

    def field(
        *,
        default: object = ...,
        default_factory: Callable[[], object] | None = None,
        repr: bool = True,
        compare: bool = True,
    ) -> Any:
        """Like `dataclasses.field`, as far as records use it."""
        return _Field(default, default_factory, repr, compare)

    def replace(record: T, **changes: Any) -> T:
        """A copy with some values changed. Raises TypeError for a name that is no field.

        Of a standard dataclass too. What was worked out from the fields and kept beside them stays behind.
        """
        kind = type(record)
        kept = {
            name: value
            for name, value in vars(record).items()
            if not isinstance(getattr(kind, name, None), cached_property)
        }
        return kind(**{**kept, **changes})


class _Field:
    """One field: how to make it when it is not given, and where it shows."""

    __slots__ = ("compare", "default", "factory", "name", "shown")

    def __init__(
        self, default: object, factory: Callable[[], object] | None, shown: bool, compare: bool
    ) -> None:
        self.name = ""
        self.default = default
        self.factory = factory
        self.shown = shown
        self.compare = compare


class _StandardFields:
    """`__dataclass_fields__`, made when the standard module asks for it."""

    def __get__(self, _: object, owner: Any) -> dict[str, Any]:
        import dataclasses

        made = {}
        for one in owner.__record_fields__:
            options: dict[str, Any] = {"repr": one.shown, "compare": one.compare}
            if one.factory is not None:
                options["default_factory"] = one.factory
            elif one.default is not ...:
                options["default"] = one.default
            standard: Any = dataclasses.field(**options)
            standard.name, standard.type = one.name, owner.__annotations__.get(one.name)
            standard._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            made[one.name] = standard
        return made


def _make(cls: Any, *, eq: bool, repr_: bool) -> Any:
    fields = []
    for name in cls.__dict__.get("__annotations__", {}):  # noqa: RUF063 - `inspect` is what is saved
        given = cls.__dict__.get(name, ...)
        one = given if isinstance(given, _Field) else _Field(given, None, True, True)
        one.name = name
        fields.append(one)
    cls.__record_fields__ = tuple(fields)
    cls.__match_args__ = tuple(one.name for one in fields)  # type: ignore[misc]
    cls.__dataclass_fields__ = _StandardFields()
    cls.__init__ = _init
    cls.__setattr__ = cls.__delattr__ = _refuse
    if eq and "__eq__" not in cls.__dict__:
        cls.__eq__ = _eq
        cls.__hash__ = _hash
    if repr_ and "__repr__" not in cls.__dict__:
        cls.__repr__ = _repr
    return cls


def _init(self: Any, *args: Any, **named: Any) -> None:
    fields = self.__record_fields__
    if len(args) > len(fields):
        raise TypeError(f"{type(self).__name__} takes {len(fields)} values")
    values = self.__dict__
    for one, value in zip(fields, args, strict=False):
        if one.name in named:
            raise TypeError(f"{type(self).__name__}: {one.name} given twice")
        values[one.name] = value
    for one in fields[len(args) :]:
        if one.name in named:
            values[one.name] = named.pop(one.name)
        elif one.factory is not None:
            values[one.name] = one.factory()
        elif one.default is not ...:
            values[one.name] = one.default
        else:
            raise TypeError(f"{type(self).__name__} needs {one.name}")
    if named:
        raise TypeError(f"{type(self).__name__} has no {next(iter(named))}")


def _refuse(self: Any, name: str, *_: Any) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change {name}")


def _compared(self: Any) -> tuple[Any, ...]:
    return tuple(self.__dict__[one.name] for one in self.__record_fields__ if one.compare)


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _compared(self) == _compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _repr(self: Any) -> str:
    shown = [
        f"{one.name}={self.__dict__[one.name]!r}" for one in self.__record_fields__ if one.shown
    ]
    return f"{type(self).__qualname__}({', '.join(shown)})"
