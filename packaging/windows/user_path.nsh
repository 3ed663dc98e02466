; One folder on the user's own PATH (HKCU\Environment), added once and taken off exactly.
;
; The value is handled in memory of our own: a string of the installer holds 1,023 characters and would cut it off. Kind
; (plain or with %VARIABLES%) and everything that others wrote stay as they are. What was added is noted down before it
; is added, so that just that can be taken off again.

!define HKCU_HANDLE -2147483647 ; 0x80000001, also where handles have 64 bits
!define KEY_READ_WRITE 0x2001F  ; KEY_READ | KEY_WRITE
!define PATH_BYTES 65532        ; no variable can be longer
!define PATH_MOST 2047          ; what Windows' own window for it can still show and change

Var PathKey   ; handle
Var PathKind  ; 0 there is none, 1 plain, 2 with variables, -1 not to be touched
Var PathText  ; address
Var PathCount ; characters

!macro USER_PATH un
; Opens and reads. Whoever calls this calls ClosePath afterwards.
Function ${un}OpenPath
  StrCpy $PathKind -1
  StrCpy $PathKey 0
  System::Alloc 70000
  Pop $PathText
  System::Call 'advapi32::RegOpenKeyExW(p ${HKCU_HANDLE}, w "Environment", i 0, i ${KEY_READ_WRITE}, *p .r1) i .r0'
  ${If} $0 <> 0
    Return
  ${EndIf}
  StrCpy $PathKey $1
  StrCpy $3 ${PATH_BYTES}
  StrCpy $4 $PathText
  System::Call 'advapi32::RegQueryValueExW(p r1, w "Path", p 0, *i .r2, p r4, *i r3r3) i .r0'
  ${If} $0 = 2
    StrCpy $PathKind 0
    System::Call '*$4(&i2 0)'
  ${ElseIf} $0 = 0
    ${If} $2 = 1
    ${OrIf} $2 = 2
      StrCpy $PathKind $2
      IntPtrOp $3 $3 + $4
      System::Call '*$3(&i2 0)' ; a value may be stored without its end
    ${EndIf}
  ${EndIf}
  System::Call 'kernel32::lstrlenW(p r4) i .r0'
  StrCpy $PathCount $0
FunctionEnd

; Stores what is in memory, and tells programs that start from now on.
Function ${un}StorePath
  StrCpy $4 $PathText
  System::Call 'kernel32::lstrlenW(p r4) i .r0'
  IntOp $0 $0 + 1
  IntOp $0 $0 * 2
  StrCpy $1 $PathKey
  StrCpy $2 $PathKind
  ${If} $2 = 0
    StrCpy $2 2
  ${EndIf}
  System::Call 'advapi32::RegSetValueExW(p r1, w "Path", i 0, i r2, p r4, i r0) i .r0'
  Call ${un}BroadcastPath
FunctionEnd

Function ${un}BroadcastPath
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
FunctionEnd

Function ${un}ClosePath
  ${If} $PathKey P<> 0
    StrCpy $1 $PathKey
    System::Call 'advapi32::RegCloseKey(p r1)'
  ${EndIf}
  System::Free $PathText
FunctionEnd

; $6 becomes the place of the folder $5 in the text, in characters, or -1. Needs OpenPath.
Function ${un}FindInPath
  StrCpy $6 -1
  System::Alloc 70010
  Pop $7
  StrCpy $4 $PathText
  System::Call 'kernel32::lstrcpyW(p r7, w ";")'
  System::Call 'kernel32::lstrcatW(p r7, p r4)'
  System::Call 'kernel32::lstrcatW(p r7, w ";")'
  System::Call 'shlwapi::StrStrIW(p r7, w ";$5;") p .r0'
  ${If} $0 P= 0
    System::Call 'shlwapi::StrStrIW(p r7, w ";$5\;") p .r0'
  ${EndIf}
  ${If} $0 P<> 0
    IntPtrOp $6 $0 - $7
    IntOp $6 $6 / 2
  ${EndIf}
  System::Free $7
FunctionEnd

; Takes off what the registry says was added.
Function ${un}RemoveFromPath
  ReadRegStr $R0 HKCU "${KEY_SETUP}" "PathAddition"
  ReadRegDWORD $R1 HKCU "${KEY_SETUP}" "PathMade"
  ${If} $R0 == ""
    Return
  ${EndIf}
  Call ${un}OpenPath
  ${If} $PathKind > 0
    StrLen $R2 $R0
    IntOp $0 $PathCount - $R2
    StrCpy $1 1
    ${If} $0 >= 0
      IntOp $0 $0 * 2
      IntPtrOp $8 $PathText + $0
      System::Call 'kernel32::lstrcmpiW(p r8, w R0) i .r1'
    ${EndIf}
    ${If} $1 = 0
      System::Call '*$8(&i2 0)' ; nobody wrote behind it: as it was before, to the letter
      Call ${un}StoreRest
    ${Else}
      Call ${un}CutOut
    ${EndIf}
  ${EndIf}
  Call ${un}ClosePath
  DeleteRegValue HKCU "${KEY_SETUP}" "PathAddition"
  DeleteRegValue HKCU "${KEY_SETUP}" "PathMade"
FunctionEnd

; The entry, with one separator, from the midst of what others wrote around it since.
Function ${un}CutOut
  StrCpy $5 $R0
  StrCpy $0 $R0 1
  ${If} $0 == ";"
    StrCpy $5 $R0 "" 1
  ${EndIf}
  Call ${un}FindInPath
  ${If} $6 < 0
    Return
  ${EndIf}
  StrLen $R2 $5
  IntOp $1 $6 + $R2 ; behind it
  ${If} $6 > 0
    IntOp $6 $6 - 1 ; with the separator before it
  ${ElseIf} $1 < $PathCount
    IntOp $1 $1 + 1 ; with the one behind it
  ${EndIf}
  IntOp $2 $PathCount - $1
  IntOp $2 $2 + 1
  IntOp $2 $2 * 2
  IntOp $1 $1 * 2
  IntOp $0 $6 * 2
  IntPtrOp $1 $PathText + $1
  IntPtrOp $0 $PathText + $0
  System::Call 'kernel32::RtlMoveMemory(p r0, p r1, p r2)'
  Call ${un}StoreRest
FunctionEnd

; What is left; nothing at all where there was nothing before.
Function ${un}StoreRest
  StrCpy $4 $PathText
  System::Call 'kernel32::lstrlenW(p r4) i .r0'
  ${If} $0 = 0
  ${AndIf} $R1 = 1
    StrCpy $1 $PathKey
    System::Call 'advapi32::RegDeleteValueW(p r1, w "Path")'
    Call ${un}BroadcastPath
  ${Else}
    Call ${un}StorePath
  ${EndIf}
FunctionEnd
!macroend

!insertmacro USER_PATH ""
!insertmacro USER_PATH "un."

; Adds $INSTDIR unless it is there. $9 becomes 0, or 1 if PATH had to be left as it is.
Function AddToPath
  StrCpy $9 1
  StrCpy $5 $INSTDIR
  ; Windows would read these two as the end of the entry, and as the name of a variable.
  System::Call 'shlwapi::StrPBrkW(w r5, w ";%") p .r0'
  ${If} $0 P<> 0
    Return
  ${EndIf}
  Call OpenPath
  ${If} $PathKind >= 0
    Call FindInPath
    ${If} $6 >= 0
      StrCpy $9 0
    ${Else}
      Call AppendToPath
    ${EndIf}
  ${EndIf}
  Call ClosePath
FunctionEnd

Function AppendToPath
  StrCpy $R0 ";$INSTDIR"
  StrCpy $1 ";"
  ${If} $PathCount > 0
    IntOp $0 $PathCount - 1
    IntOp $0 $0 * 2
    IntPtrOp $0 $PathText + $0
    System::Call '*$0(&w1 .r1)'
  ${EndIf}
  ${If} $1 == ";"
    StrCpy $R0 $INSTDIR
  ${EndIf}
  StrLen $0 $R0
  IntOp $0 $0 + $PathCount
  ${If} $0 > ${PATH_MOST}
    Return
  ${EndIf}
  WriteRegStr HKCU "${KEY_SETUP}" "PathAddition" $R0
  ${If} $PathKind = 0
    WriteRegDWORD HKCU "${KEY_SETUP}" "PathMade" 1
  ${EndIf}
  StrCpy $4 $PathText
  System::Call 'kernel32::lstrcatW(p r4, w R0)'
  Call StorePath
  ${If} $0 = 0
    StrCpy $9 0
  ${Else}
    DeleteRegValue HKCU "${KEY_SETUP}" "PathAddition"
    DeleteRegValue HKCU "${KEY_SETUP}" "PathMade"
  ${EndIf}
FunctionEnd
