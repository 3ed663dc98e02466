; What the installer does.

Section "$(PART_PROGRAM)" PartProgram
  SectionIn RO
  Call RefuseWhileRunning
  StrCpy $Held 0
  StrCpy $R9 "$INSTDIR\${UNPACKED}"
  Call RemoveListed ; of an attempt that was cut short
  ${If} $Held = 1
    Abort "$(CANNOT_UNPACK)" ; .onInstFailed says it
  ${EndIf}
  DetailPrint "$(DOING_UNPACK)"
  SetOverwrite on
  ClearErrors
  !insertmacro UNPACK_FILES
  SetOutPath "$INSTDIR\${UNPACKED}"
  WriteUninstaller "$INSTDIR\${UNPACKED}\uninstall.exe"
  ${If} ${Errors}
    Abort "$(CANNOT_UNPACK)"
  ${EndIf}
  SetOutPath "$INSTDIR" ; a folder that is the current one cannot be removed

  DetailPrint "$(DOING_PLACE)"
  ${If} $OldFolder != ""
    StrCpy $R9 $OldFolder
    Call RemoveListed
    Call StopIfHeld
  ${EndIf}
  ; The list goes first, as a copy: at every moment it names whatever is here and there, should this be cut short.
  System::Call 'kernel32::CopyFileW(w "$INSTDIR\${UNPACKED}\${LIST}", w "$INSTDIR\${LIST}", i 0) i .r0'
  ${If} $0 = 0
    StrCpy $Held 1
  ${EndIf}
  !insertmacro PLACE_FILES
  !insertmacro PLACE "uninstall.exe"
  Call StopIfHeld
  Delete "$INSTDIR\${UNPACKED}\${LIST}"
  RMDir "$INSTDIR\${UNPACKED}"
  ${If} $OldFolder != ""
  ${AndIf} $OldFolder != $INSTDIR
    Delete "$OldFolder\uninstall.exe"
    Delete "$OldFolder\${LIST}"
    RMDir "$OldFolder"
  ${EndIf}
  Call Register
SectionEnd

Section "$(PART_START)" PartStart
SectionEnd

Section /o "$(PART_DESKTOP)" PartDesktop
SectionEnd

Section /o "$(PART_PATH)" PartPath
SectionEnd

; The parts that are ticked are there afterwards, the others are not.
Section "-"
  DetailPrint "$(DOING_ENTRIES)"
  !insertmacro SHORTCUT ${PartStart} "StartMenu" "$SMPROGRAMS\Latchlight.lnk"
  !insertmacro SHORTCUT ${PartDesktop} "Desktop" "$DESKTOP\Latchlight.lnk"
  StrCpy $9 0
  ${If} ${SectionIsSelected} ${PartPath}
    WriteRegDWORD HKCU "${KEY_SETUP}" "Path" 1
    ${If} $OldFolder != $INSTDIR
      Call RemoveFromPath
    ${EndIf}
    Call AddToPath
  ${Else}
    WriteRegDWORD HKCU "${KEY_SETUP}" "Path" 0
    Call RemoveFromPath
  ${EndIf}
  ${If} $9 = 1
    WriteRegDWORD HKCU "${KEY_SETUP}" "Path" 0
    ${Tell} MB_ICONEXCLAMATION "$(PATH_LEFT)"
    SetErrorLevel 7
  ${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${PartProgram} "$(ABOUT_PROGRAM)"
  !insertmacro MUI_DESCRIPTION_TEXT ${PartStart} "$(ABOUT_START)"
  !insertmacro MUI_DESCRIPTION_TEXT ${PartDesktop} "$(ABOUT_DESKTOP)"
  !insertmacro MUI_DESCRIPTION_TEXT ${PartPath} "$(ABOUT_PATH)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function .onInit
  SetShellVarContext current
  StrCpy $Code 0
  ${GetParameters} $Parameters
  !insertmacro SPEAK
  !insertmacro REFUSE_UNKNOWN "/S /NCRC /LANGUAGE= /STARTMENU= /DESKTOP= /PATH= /DOWNGRADE"
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    ${Refuse} 8 "$(WINDOWS_OLD)"
  ${EndIf}
  !insertmacro ONLY_ONE
  ReadRegStr $OldFolder HKCU "${KEY_UNINSTALL}" "InstallLocation"
  ; A folder that somebody deleted, or whose disk is not here, holds nothing to replace, and may be no place to install to.
  ${IfNot} ${FileExists} "$OldFolder\*.*"
    StrCpy $OldFolder ""
  ${EndIf}
  ${If} $OldFolder != ""
    Call MeetOldVersion
  ${EndIf}
  Call TakeChoices
FunctionEnd

Function MeetOldVersion
  ReadRegStr $OldVersion HKCU "${KEY_UNINSTALL}" "DisplayVersion"
  ReadRegStr $1 HKCU "${KEY_SETUP}" "Order"
  ${VersionCompare} "$1" "${ORDER}" $2
  ClearErrors
  ${GetOptions} $Parameters "/DOWNGRADE" $0
  ${If} ${Errors}
  ${AndIf} $2 = 1
    ${Refuse} 4 "$(NEWER_INSTALLED)"
  ${EndIf}
  StrCpy $IsSame $2
  ; It stays where it is, unless the command line says otherwise. ($CMDLINE no longer holds /D= here.)
  System::Call 'kernel32::GetCommandLineW() w .r0'
  System::Call 'shlwapi::StrStrW(w r0, w " /D=") p .r1'
  ${If} $1 P= 0
    StrCpy $INSTDIR $OldFolder
  ${EndIf}
FunctionEnd

; Not in .onInit: the language that was asked for is spoken from the first page on.
Function Greet
  ${If} $OldFolder == ""
    StrCpy $Greeting "$(WELCOME_NEW)"
  ${ElseIf} $IsSame = 0
    StrCpy $Greeting "$(WELCOME_AGAIN)"
  ${Else}
    StrCpy $Greeting "$(WELCOME_UPGRADE)"
  ${EndIf}
FunctionEnd

; Nobody is sent to an entry that they did not want.
Function SayFarewell
  ${If} ${SectionIsSelected} ${PartStart}
    StrCpy $Farewell "$(FINISH_TEXT)"
  ${Else}
    StrCpy $Farewell "$(FINISH_ELSEWHERE)"
  ${EndIf}
FunctionEnd

; What was chosen last time and is still so; then what the command line says.
Function TakeChoices
  StrCpy $R1 1
  StrCpy $R2 0
  StrCpy $R3 0
  ${If} $OldFolder != ""
    ReadRegDWORD $R1 HKCU "${KEY_SETUP}" "StartMenu"
    ReadRegDWORD $R2 HKCU "${KEY_SETUP}" "Desktop"
    ReadRegDWORD $R3 HKCU "${KEY_SETUP}" "Path"
    ; What somebody took off by hand does not come back.
    ${IfNot} ${FileExists} "$SMPROGRAMS\Latchlight.lnk"
      StrCpy $R1 0
    ${EndIf}
    ${IfNot} ${FileExists} "$DESKTOP\Latchlight.lnk"
      StrCpy $R2 0
    ${EndIf}
    Call OldIsOnPath
  ${EndIf}
  ${ReadChoice} "STARTMENU" $R1
  ${ReadChoice} "DESKTOP" $R2
  ${ReadChoice} "PATH" $R3
  !insertmacro TICK ${PartStart} $R1
  !insertmacro TICK ${PartDesktop} $R2
  !insertmacro TICK ${PartPath} $R3
FunctionEnd

Function OldIsOnPath
  StrCpy $5 $OldFolder
  Call OpenPath
  Call FindInPath
  Call ClosePath
  ${If} $6 < 0
    StrCpy $R3 0
  ${EndIf}
FunctionEnd

Function SkipForUpgrade
  ${If} $OldFolder != ""
    Abort
  ${EndIf}
FunctionEnd

; Before anything is shown as under way: whoever cancels here stays on the page.
Function AskToClose
  Call WaitForBoth
  ${If} $1 = 1
    Abort
  ${EndIf}
FunctionEnd

Function WaitForBoth
  StrCpy $5 $INSTDIR
  Call WaitUntilClosed
  ${If} $1 = 0
  ${AndIf} $OldFolder != ""
    StrCpy $5 $OldFolder
    Call WaitUntilClosed
  ${EndIf}
FunctionEnd

Function RefuseWhileRunning
  Call WaitForBoth
  ${If} $1 = 1
    StrCpy $Code 3
    Abort "$(STILL_RUNS)"
  ${EndIf}
FunctionEnd

; Moves the unpacked file $R8 into its place. (After one that cannot be, waiting for each of the others would help nobody.)
Function PlaceFile
  ${If} $Held = 1
    Return
  ${EndIf}
  !insertmacro PATIENTLY `Delete "$INSTDIR\$R8"`
  !insertmacro PATIENTLY `Rename "$INSTDIR\${UNPACKED}\$R8" "$INSTDIR\$R8"`
FunctionEnd

; Half of a version is worse than none: this says what helps, and the lists tell the next attempt what there is.
Function StopIfHeld
  ${If} $Held = 1
    StrCpy $Code 5
    ${Tell} MB_ICONSTOP "$(CANNOT_PLACE)"
    Abort "$(CANNOT_PLACE)"
  ${EndIf}
FunctionEnd

; The unpacked files of an attempt that fails; what was installed before stays as it was.
Function .onInstFailed
  SetOutPath "$SYSDIR"
  StrCpy $Held 0
  Call RemoveUnpacked
  RMDir "$INSTDIR"
  ${If} $Code = 0
    StrCpy $Code 5
    ${Tell} MB_ICONSTOP "$(CANNOT_UNPACK)"
  ${EndIf}
  SetErrorLevel $Code
FunctionEnd

; What "Installed apps" shows, and what the next setup has to know.
Function Register
  WriteRegStr HKCU "${KEY_UNINSTALL}" "DisplayName" "Latchlight"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "DisplayIcon" "$INSTDIR\latchlight.exe"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "Publisher" "Latchlight"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY_UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY_UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY_UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${KEY_UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY_UNINSTALL}" "NoRepair" 1
  ${GetTime} "" "L" $0 $1 $2 $3 $4 $5 $6
  WriteRegStr HKCU "${KEY_UNINSTALL}" "InstallDate" "$2$1$0"
  WriteRegStr HKCU "${KEY_SETUP}" "Order" "${ORDER}"
  ClearErrors
  ${GetOptions} $Parameters "/LANGUAGE=" $0
  ${IfNot} ${Errors}
    WriteRegStr HKCU "${KEY_SETUP}" "Language" $0
  ${EndIf}
FunctionEnd
