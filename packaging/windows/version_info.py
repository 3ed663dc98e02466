"""The version as Windows shows it: numbers that can be compared, and the version resource of the two programs.

``write_version_info`` writes the text that PyInstaller's ``EXE(version=...)`` reads. Standard library only.
"""

from __future__ import annotations

import re
from pathlib import Path

from checkout import copyright_line, version

ENGLISH, UNICODE = 0x0409, 1200

# What comes before a release, in order. A release itself is behind them all.
STAGES = {".dev": 0, "a": 1000, "b": 2000, "rc": 3000, "": 9000}
FORM = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:(\.dev|a|b|rc)(\d{1,3}))?")


class VersionError(ValueError):
    """The version is of a form that could not be compared."""


def numbers(text: str) -> tuple[int, int, int, int]:
    """The version as four numbers, the last 0: what Windows shows. Raises VersionError."""
    return (*_parts(text)[:3], 0)


def order(text: str) -> str:
    """The version as four numbers with dots that compare as versions do: 0.2.0rc1 before 0.2.0. Raises VersionError."""
    return ".".join(str(number) for number in _parts(text))


def _parts(text: str) -> tuple[int, int, int, int]:
    found = FORM.fullmatch(text)
    if found is None:
        raise VersionError(f"{text} is no version like 1.2.3 or 1.2.3rc1.")
    major, minor, micro, stage, number = found.groups()
    return int(major), int(minor), int(micro), STAGES[stage or ""] + int(number or 0)


def version_info(program: str, description: str) -> str:
    """The version resource of one program, as PyInstaller reads it. Raises VersionError, OSError."""
    text = version()
    texts = {
        "CompanyName": "Latchlight",
        "FileDescription": description,
        "FileVersion": text,
        "InternalName": program,
        "LegalCopyright": copyright_line(),
        "OriginalFilename": program,
        "ProductName": "Latchlight",
        "ProductVersion": text,
    }
    structs = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in texts.items())
    return f"""\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers(text)}, prodvers={numbers(text)}, mask=0x3f, flags={_flags(text):#x}, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('{ENGLISH:04x}{UNICODE:04x}', [{structs}])]),
    VarFileInfo([VarStruct('Translation', [{ENGLISH}, {UNICODE}])]),
  ],
)
"""


def _flags(text: str) -> int:
    """Windows' mark for what comes before a release."""
    return 0 if _parts(text)[3] == STAGES[""] else 0x2


def write_version_info(file: Path, program: str, description: str) -> Path:
    """Writes it for ``EXE(version=...)``; the file. Raises VersionError, OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(version_info(program, description), encoding="utf-8")
    return file
