"""What the package says about the program: version, day, home page, descriptions. Standard library only."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from checkout import ROOT as ROOT
from checkout import time_of_commit, version

HERE = Path(__file__).resolve().parent
NAME = "latchlight"
COMPONENT = "app.latchlight.Latchlight"
METAINFO = f"{COMPONENT}.metainfo.xml"
SUMMARY = "see whether an exchange API key is safe to hand to a bot"
MANUALS = ("latchlight.1", "latchlight-cli.1")

LONG_DESCRIPTION = """\
Latchlight asks a crypto exchange with signed, read-only requests what an
API key may do and from where, shows the answers as a checklist of lights,
and leads to the switch on the page of the exchange that makes the key safe.
A light is green only if everything it needs was read from the exchange.
.
Keys are kept in the keyring of the system and nowhere else. The program
cannot trade, withdraw or change anything. Practice exchanges on your own
computer show everything without an account.
.
The window is "latchlight", the command line "latchlight-cli"."""


@dataclass(frozen=True)
class Product:
    """One version on one day; the same values make the same bytes."""

    version: str
    epoch: int
    """Seconds since 1970: what every file in the package has as its time."""
    home_page: str = ""
    """Where the project lives; "" where nobody said. None is invented."""

    @property
    def day(self) -> date:
        """The day of this build."""
        return datetime.fromtimestamp(self.epoch, UTC).date()

    @property
    def debian_version(self) -> str:
        """As Debian sorts it: 1.0rc1 is older than 1.0."""
        return re.sub(r"\.?(a|b|rc|dev)(\d+)", r"~\1\2", self.version)

    def manual(self, name: str) -> bytes:
        """A manual page with version and day, compressed."""
        text = (HERE / name).read_text("utf-8")
        filled = text.replace("@VERSION@", self.version).replace("@DATE@", self.day.isoformat())
        return packed(filled.encode())

    def metainfo(self) -> bytes:
        """AppStream's description with this release, and with addresses where they are known."""
        text = (HERE / METAINFO).read_text("utf-8")
        kind = "development" if self.debian_version != self.version else "stable"
        release = f'<release version="{self.debian_version}" date="{self.day}" type="{kind}"/>'
        lines = ["<releases>", f"  {release}", "</releases>"]
        for name, address in self._addresses():
            lines.append(f'<url type="{name}">{escape(address)}</url>')
        return text.replace("  <releases/>", "\n".join(f"  {line}" for line in lines)).encode()

    def _addresses(self) -> list[tuple[str, str]]:
        if not self.home_page:
            return []
        return [
            ("homepage", self.home_page),
            ("bugtracker", f"{self.home_page}/issues"),
            ("vcs-browser", self.home_page),
        ]

    def control(self, architecture: str, depends: tuple[str, ...], kilobytes: int) -> bytes:
        """The package's `control` file."""
        fields = {
            "Package": NAME,
            "Version": self.debian_version,
            "Architecture": architecture,
            "Maintainer": "The Latchlight developers",
            "Installed-Size": str(kilobytes),
            "Depends": ", ".join(depends),
            # A keyring for the keys, a bus to reach it by, and a browser for the page of the exchange.
            "Recommends": "gnome-keyring | kwalletmanager | keepassxc, dbus-user-session | dbus-x11, xdg-utils",
            # Chinese letters, and what screen readers listen to.
            "Suggests": "fonts-noto-cjk, at-spi2-core",
            "Section": "utils",
            "Priority": "optional",
            "Homepage": self.home_page,
            "Description": "\n ".join([SUMMARY, *LONG_DESCRIPTION.splitlines()]),
        }
        return "".join(f"{name}: {value}\n" for name, value in fields.items() if value).encode()


def this_product(environment: Mapping[str, str] = os.environ) -> Product:
    """What is checked out here, on the day that SOURCE_DATE_EPOCH or the newest commit tells.

    The home page is the repository in which a build service works. Raises ValueError without a version.
    """
    server, repository = (environment.get(f"GITHUB_{n}", "") for n in ("SERVER_URL", "REPOSITORY"))
    return Product(
        version=version(),
        epoch=int(environment.get("SOURCE_DATE_EPOCH") or time_of_commit()),
        home_page=f"{server}/{repository}" if server and repository else "",
    )


def packed(content: bytes) -> bytes:
    """Compressed as Debian wants documents: as small as can be, without a name or a time."""
    return gzip.compress(content, 9, mtime=0)
