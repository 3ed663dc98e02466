; What the uninstaller does. Keys and settings stay, unless they are ticked too.

!define SPACE_REQUIRED 1023 ; the line on the page of parts

Section "un.$(PART_PROGRAM)" UnProgram
  SectionIn RO
  StrCpy $5 $INSTDIR
  Call un.WaitUntilClosed
  ${If} $1 = 1
    SetErrorLevel 3
    Abort "$(STILL_RUNS)"
  ${EndIf}
  Call un.RemoveKeysIfTicked
  DetailPrint "$(DOING_REMOVE)"
  SetOutPath "$SYSDIR"
  StrCpy $Held 0
  !insertmacro PATIENTLY `Call un.RemoveFiles`
  ${If} $Held = 0
    Call un.RemoveUnpacked ; of an upgrade that was cut short, as is
    StrCpy $R9 $INSTDIR    ; what a newer version put in its place before that
    Call un.RemoveListed
  ${EndIf}
  ${If} $Held = 1
    ${Tell} MB_ICONEXCLAMATION "$(CANNOT_REMOVE)"
    SetErrorLevel 5
    Abort "$(CANNOT_REMOVE)"
  ${EndIf}
  !insertmacro REMOVE_FOLDERS
  ReadRegStr $0 HKCU "${KEY_UNINSTALL}" "InstallLocation"
  ${If} $0 == $INSTDIR
    Call un.Unregister
  ${EndIf}
  ; Last of all: whoever waits for these to vanish finds everything done.
  Delete "$INSTDIR\${LIST}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DetailPrint "$(DONE_REMOVE)"
SectionEnd

Section /o "un.$(PART_KEYS)" UnKeys
SectionEnd

!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${UnProgram} "$(ABOUT_REMOVE)"
  !insertmacro MUI_DESCRIPTION_TEXT ${UnKeys} "$(ABOUT_KEYS)"
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END

Function un.onInit
  SetShellVarContext current
  ${GetParameters} $Parameters
  !insertmacro SPEAK
  !insertmacro REFUSE_UNKNOWN "/S /NCRC /LANGUAGE= /REMOVEKEYS"
  !insertmacro ONLY_ONE
  ; A copy of this program in some other folder must not take that folder for the installed one.
  ${IfNot} ${FileExists} "$INSTDIR\${LIST}"
    ${Refuse} 2 "$(NOT_HERE)"
  ${EndIf}
  ClearErrors
  ${GetOptions} $Parameters "/REMOVEKEYS" $0
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${UnKeys}
  ${EndIf}
FunctionEnd

; "Space required: 0 KB" would only puzzle.
Function un.HideSpace
  FindWindow $0 "#32770" "" $HWNDPARENT
  GetDlgItem $0 $0 ${SPACE_REQUIRED}
  ShowWindow $0 ${SW_HIDE}
FunctionEnd

Function un.AskToClose
  StrCpy $5 $INSTDIR
  Call un.WaitUntilClosed
  ${If} $1 = 1
    Abort
  ${EndIf}
FunctionEnd

; Only the program itself can prove that its keys are gone. If it cannot, it stays, so that this can be tried again.
Function un.RemoveKeysIfTicked
  ${IfNot} ${SectionIsSelected} ${UnKeys}
    Return
  ${EndIf}
  DetailPrint "$(DOING_KEYS)"
  SetOutPath "$SYSDIR" ; the folder in which a program runs cannot be removed at once after it
  nsExec::Exec /TIMEOUT=300000 '"$INSTDIR\latchlight-cli.exe" keys remove --all --yes'
  Pop $0
  ${If} $0 != "0"
    ${Tell} MB_ICONSTOP "$(CANNOT_KEYS)"
    SetErrorLevel 6
    Abort "$(CANNOT_KEYS)"
  ${EndIf}
  StrCpy $1 "$LOCALAPPDATA\Latchlight"
  Delete "$1\latchlight.sqlite3"
  Delete "$1\latchlight.sqlite3-wal"
  Delete "$1\latchlight.sqlite3-shm"
  Delete "$1\latchlight.sqlite3-journal"
  Delete "$1\latchlight.sqlite3.aside-*"
  RMDir "$1"
FunctionEnd

; What is not there is no error, what cannot be removed is one.
Function un.RemoveFiles
  !insertmacro REMOVE_FILES
FunctionEnd

Function un.Unregister
  Delete "$SMPROGRAMS\Latchlight.lnk"
  Delete "$DESKTOP\Latchlight.lnk"
  Call un.RemoveFromPath
  DeleteRegKey HKCU "${KEY_UNINSTALL}"
  DeleteRegKey HKCU "${KEY_SETUP}"
  DeleteRegKey /ifempty HKCU "${KEY_OURS}"
FunctionEnd
