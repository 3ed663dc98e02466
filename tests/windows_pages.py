"""Somebody who clicks through an installer for Windows, page by page, and writes down what each page says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from windows_payload import WINDOWS
from wine_computer import WineComputer, seen_from_windows

# A page is a window inside the installer's window. A new one is the sign that the last click was obeyed; the button
# that can be pressed is the sign that the page is ready. What the page says is written down, then the button pressed.
_SOURCE = r"""
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "reader.exe"
!include LogicLib.nsh
!include WinMessages.nsh
Var Outer
Var Page
Var Last
Var Child
Var Log
Var Said
Section
  ReadEnvStr $0 READER_LOG
  FileOpen $Log $0 w
  ReadEnvStr $1 READER_TITLE
  ${Do}
    FindWindow $Outer "#32770" $1
    Sleep 20
  ${LoopUntil} $Outer P<> 0
  ${Do}
    Sleep 20
    System::Call 'user32::IsWindow(p $Outer) i .r2'
    ${If} $2 = 0
      ${ExitDo}
    ${EndIf}
    FindWindow $Page "#32770" "" $Outer
    GetDlgItem $3 $Outer 1
    System::Call 'user32::IsWindowEnabled(p r3) i .r4'
    System::Call 'user32::IsWindowVisible(p $Page) i .r5'
    ReadEnvStr $9 READER_WAITS_FOR
    ${If} $9 != ""
      FindWindow $9 "msctls_progress32" "" $Page
    ${Else}
      StrCpy $9 0
    ${EndIf}
    ${If} $4$5 == 11
    ${AndIf} $9 P= 0 ; else it is the page of the progress, after which the last one comes by itself
    ${AndIf} $Page P<> $Last
      StrCpy $Said ""
      StrCpy $6 $Page
      Call ReadChildren
      ${If} $Said != "" ; else it is one that is just being taken away
        StrCpy $Last $Page
        StrCpy $6 $Outer
        Call ReadChildren
        FileWriteUTF16LE $Log "$Said---$\n"
        System::Call 'user32::PostMessageW(p $Outer, i 0x111, p 1, p r3)'
      ${EndIf}
    ${EndIf}
  ${Loop}
  FileClose $Log
  ReadEnvStr $0 READER_WAITS_FOR
  ${If} $0 != ""
    ${Do}
      Sleep 20
      ClearErrors
      ${If} ${FileExists} $0
        FileOpen $1 $0 a ; nobody else has it open any more
      ${Else}
        SetErrors
      ${EndIf}
    ${LoopWhile} ${Errors}
    FileClose $1
  ${EndIf}
SectionEnd
Function ReadChildren
  StrCpy $Child 0
  ${Do}
    System::Call 'user32::FindWindowExW(p r6, p $Child, p 0, p 0) p .s'
    Pop $Child
    ${If} $Child P= 0
      Return
    ${EndIf}
    System::Call 'user32::GetWindowTextW(p $Child, w .r7, i 1000)'
    System::Call 'user32::IsWindowVisible(p $Child) i .r8'
    ${If} $8 = 1
    ${AndIf} $7 != ""
      StrCpy $Said "$Said$7$\n"
    ${EndIf}
  ${Loop}
FunctionEnd
"""


def sentences(language: str) -> dict[str, str]:
    """Everything that the installer can say in one language, by its name in the script."""
    text = (WINDOWS / f"texts_{language.replace('-', '_')}.nsh").read_text("utf-8")
    return dict(re.findall(r'^\$\{(?:En|Zh)\} (\w+) "(.*)"$', text, re.MULTILINE))


def make_reader(folder: Path) -> Path:
    """The program that does it."""
    (folder / "reader.nsi").write_text(_SOURCE, encoding="ascii")
    subprocess.run(["makensis", "-V1", "reader.nsi"], cwd=folder, check=True, capture_output=True)
    return folder / "reader.exe"


def click_through(
    computer: WineComputer,
    reader: Path,
    title: str,
    *command: str | Path,
    log: Path | None = None,
) -> list[list[str]]:
    """Starts a program whose window has this title, and presses its button until it ends; what its pages said.

    With `log`: a last page follows the one with the progress, and the program that it starts writes a line there.
    """
    pages = reader.with_name("pages.log")
    variables = {"READER_LOG": seen_from_windows(pages), "READER_TITLE": title}
    if log is not None:
        variables["STUB_LOG"] = variables["READER_WAITS_FOR"] = seen_from_windows(log)
    reading = computer.start(reader, **variables)
    try:
        ended = computer.run(command[0], *map(str, command[1:]), **variables)
    finally:
        reading.communicate(timeout=30)
    assert ended.code == 0, ended
    said = pages.read_bytes().decode("utf-16-le").replace("\r", "").split("---\n")[:-1]
    return [[line.rstrip() for line in page.splitlines() if line.strip()] for page in said]
