"""One answer to one request, decoded strictly, before anybody interprets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from latchlight.core.records import dataclass, field

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is the decoded JSON where `is_json`, else None."""

    probe: str
    """Method and path: `GET /api/v3/time`."""
    host: str
    status: int
    is_json: bool
    body: JsonValue = field(repr=False)
    sent_at: datetime
    received_at: datetime
    """Both UTC by this computer's clock."""
    round_trip_ms: float
    """By the monotonic clock."""
    retry_after: float | None = None
    """Seconds, where the server named them."""
    request_id: str = ""
    is_page: bool = False
    """A web page answered."""
    sent: tuple[str, ...] = field(default=(), repr=False)
    """What the request carried: never shown back, in whatever words the answer has."""
    text: str = ""
    """A plain text answer, made harmless and short; a web page leaves it empty."""

    @property
    def fields(self) -> Mapping[str, JsonValue]:
        """The body if it is an object, else an empty mapping."""
        return self.body if isinstance(self.body, dict) else {}
