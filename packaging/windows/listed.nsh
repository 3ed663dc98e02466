; What the list that each version leaves in its folder is good for.

!macro LISTED un
; Removes the files that the list in the folder $R9 names, and folders that are empty then; nothing else.
; (Lines: files first, then folders, which end with a backslash, the innermost first.)
; It stops at the first file that somebody holds ($Held is 1 then): no more is taken from what will not go as a whole.
Function ${un}RemoveListed
  ClearErrors
  FileOpen $0 "$R9\${LIST}" r
  ${If} ${Errors}
    Return
  ${EndIf}
  ${DoUntil} $Held = 1
    ClearErrors
    FileRead $0 $1
    ${If} ${Errors}
      ${ExitDo}
    ${EndIf}
    ${TrimNewLines} "$1" $1
    System::Call 'shlwapi::StrStrW(w r1, w "..") p .r2'
    System::Call 'shlwapi::StrPBrkW(w r1, w ":/*?") p .r3'
    StrCpy $4 $1 1
    ${If} $1 == ""
    ${OrIf} $2 P<> 0
    ${OrIf} $3 P<> 0
    ${OrIf} $4 == "\"
      ${Continue} ; no line of ours: it could lead out of the folder
    ${EndIf}
    StrCpy $4 $1 1 -1
    ${If} $4 == "\"
      RMDir "$R9\$1"
    ${Else}
      !insertmacro PATIENTLY `Delete "$R9\$1"`
    ${EndIf}
  ${Loop}
  FileClose $0
FunctionEnd

; What a setup unpacked and did not put in its place. Its list stays as long as something that it names does.
Function ${un}RemoveUnpacked
  StrCpy $R9 "$INSTDIR\${UNPACKED}"
  Call ${un}RemoveListed
  ${If} $Held = 0
    Delete "$R9\uninstall.exe"
    Delete "$R9\${LIST}"
  ${EndIf}
  RMDir "$R9"
FunctionEnd
!macroend

!insertmacro LISTED ""
!insertmacro LISTED "un."
