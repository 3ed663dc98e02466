"""Where the makers announce releases, and the keys that sign for them. No setting or variable can change it."""

from __future__ import annotations

from latchlight.core.records import dataclass

NOTICE_NAME = "latest.json"


@dataclass(frozen=True)
class Home:
    """A server that is asked for the newest version when somebody wants to know.

    `folder` begins and ends with `/`; the server must answer there itself, for no redirect is followed. `public_keys`
    are minisign's, the one in use first; a second one lets the first be replaced before it is lost (docs/releasing.md).
    """

    host: str
    folder: str
    public_keys: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, str]:
        """What is asked for: the notice and its signature."""
        return f"{self.folder}{NOTICE_NAME}", f"{self.folder}{NOTICE_NAME}.minisig"


HOME: Home | None = None
"""None in a copy that nobody publishes: it says so instead of asking. Whoever makes releases sets it in the source."""
