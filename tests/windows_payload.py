"""Stands in for the frozen program on Windows: programs that really start, note down how, and end as they are told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

WINDOWS = Path(__file__).resolve().parents[1] / "packaging" / "windows"

PROGRAMS = ("latchlight.exe", "latchlight-cli.exe")

# It notes down its own place and the words it was given, keeps a file open, says that it is there, waits while another
# file is there, and ends with the code it is told. All by variables, so that the installer's own call can be watched.
_SOURCE = r"""
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "stub.exe"
!include LogicLib.nsh
!include FileFunc.nsh
Section
  ${GetParameters} $4
  ReadEnvStr $0 STUB_LOG
  ${If} $0 != ""
    FileOpen $3 $0 a
    FileSeek $3 0 END
    FileWriteUTF16LE $3 "$EXEPATH|$4$\n"
    FileClose $3
  ${EndIf}
  ReadEnvStr $5 STUB_GRAB
  ${If} $5 != ""
    FileOpen $5 $5 a ; nobody can delete it as long as it is open
  ${EndIf}
  System::Call 'kernel32::GetStdHandle(i -11) p .r0'
  FileWrite $0 "started$\n"
  ReadEnvStr $2 STUB_HOLD
  ${If} $2 != ""
    ${While} ${FileExists} $2
      Sleep 20
    ${EndWhile}
  ${EndIf}
  ReadEnvStr $1 STUB_CODE
  ${If} $1 != ""
    SetErrorLevel $1
  ${EndIf}
SectionEnd
"""


def make_stub(folder: Path) -> bytes:
    """The program. Debian's makensis makes it; no other compiler for Windows is needed."""
    (folder / "stub.nsi").write_text(_SOURCE, encoding="ascii")
    subprocess.run(["makensis", "-V1", "stub.nsi"], cwd=folder, check=True, capture_output=True)
    return (folder / "stub.exe").read_bytes()


def make_payload(folder: Path, stub: bytes, others: Mapping[str, str]) -> Path:
    """A folder laid out like the frozen program; `others` are the files below `_internal`."""
    for name in PROGRAMS:
        _write(folder / name, stub)
    for name, text in others.items():
        _write(folder / "_internal" / name, text.encode())
    return folder


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def calls(log: Path) -> list[tuple[str, str]]:
    """Which program was started with which words, in order."""
    if not log.exists():
        return []
    lines = log.read_bytes().decode("utf-16-le").splitlines()
    return [(line.split("|")[0], line.split("|")[1]) for line in lines]


class Builder:
    """Makes installers into one folder."""

    def __init__(self, into: Path) -> None:
        self.into = into

    def build(self, payload: Path, version: str, **variables: str) -> Path:
        """The installer of a payload, under this version."""
        done = self.run(payload, "--for-tests", version, **variables)
        assert done.returncode == 0, done.stdout
        return self.into / f"Latchlight-{version}-Setup.exe"

    def run(self, payload: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The program that makes them, as it is called for a release, with these words more."""
        words = ("--payload", str(payload), "--into", str(self.into), *words)
        return _run("build.py", words, variables)


def sign(*files: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program that signs, as it is called for a release."""
    return _run("sign.py", tuple(map(str, files)), variables)


def _run(
    script: str, words: tuple[str, ...], variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, WINDOWS / script, *words],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
