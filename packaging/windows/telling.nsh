; How the two programs speak, and how they end when they refuse.

; A sentence: in a box, or as a line on the console that started a silent setup.
Var Sentence
!macro TELL ICON TEXT
  ${If} ${Silent}
    StrCpy $Sentence "${TEXT}" ; it may speak of $0
    Push $0
    System::Call 'kernel32::AttachConsole(i -1)'
    System::Call 'kernel32::GetStdHandle(i -11) p .r0'
    ${If} $0 > 0
      FileWrite $0 "$Sentence$\r$\n"
    ${EndIf}
    Pop $0
  ${Else}
    MessageBox MB_OK|${ICON} "${TEXT}"
  ${EndIf}
!macroend
!define Tell "!insertmacro TELL"

; Says why and ends with this exit code. Nothing was changed yet.
!macro REFUSE CODE TEXT
  StrCpy $Code ${CODE}
  ${Tell} MB_ICONEXCLAMATION "${TEXT}"
  SetErrorLevel ${CODE}
  Quit
!macroend
!define Refuse "!insertmacro REFUSE"

; VALUE becomes 1 for /NAME=yes, 0 for /NAME=no, and stays what it is without that switch.
!macro READ_CHOICE NAME VALUE
  ClearErrors
  ${GetOptions} $Parameters "/${NAME}=" $0
  ${IfNot} ${Errors}
    ${If} $0 == "yes"
      StrCpy ${VALUE} 1
    ${ElseIf} $0 == "no"
      StrCpy ${VALUE} 0
    ${Else}
      ${Refuse} 64 "$(SWITCH_ODD) /${NAME}=$0"
    ${EndIf}
  ${EndIf}
!macroend
!define ReadChoice "!insertmacro READ_CHOICE"

; The language that was asked for by a switch, now or when the program was installed; else that of Windows.
!macro SPEAK
  ReadRegStr $0 HKCU "${KEY_SETUP}" "Language"
  ClearErrors
  ${GetOptions} $Parameters "/LANGUAGE=" $1
  ${IfNot} ${Errors}
    ${If} $1 != "en"
    ${AndIf} $1 != "zh-Hans"
      ${Refuse} 64 "$(SWITCH_ODD) /LANGUAGE=$1"
    ${EndIf}
    StrCpy $0 $1
  ${EndIf}
  ${If} $0 == "en"
    StrCpy $LANGUAGE ${LANG_ENGLISH}
  ${ElseIf} $0 == "zh-Hans"
    StrCpy $LANGUAGE ${LANG_SIMPCHINESE}
  ${EndIf}
  ${GetOptions} $Parameters "/?" $1
  ${IfNot} ${Errors}
    ${Tell} MB_ICONINFORMATION "$(SWITCHES)"
    SetErrorLevel 0
    Quit
  ${EndIf}
!macroend

; A switch that is misspelt must not be passed over: somebody would believe keys to be gone that are still there.
!macro REFUSE_UNKNOWN KNOWN
  StrCpy $2 0
  ${Do}
    IntOp $2 $2 + 1
    ClearErrors
    ${WordFind} "$Parameters " " " "E+$2" $0
    StrCpy $1 $0 1
    ${If} ${Errors}
      ${ExitDo}
    ${ElseIf} $1 == "/"
      ${WordFind} "$0" "=" "+1" $3
      ${If} $3 == $0
        StrCpy $3 " $3 "
      ${Else}
        StrCpy $3 " $3= "
      ${EndIf}
      System::Call 'shlwapi::StrStrIW(w " ${KNOWN} ", w r3) p .r1'
      ${If} $1 P= 0
        ${Refuse} 64 "$(SWITCH_ODD) $0"
      ${EndIf}
    ${EndIf}
  ${Loop}
!macroend

; Two setups at once would take each other's files away. The name lives as long as this process.
!macro ONLY_ONE
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "LatchlightSetup") p .r0 ?e'
  Pop $0
  ${If} $0 = 183
    ${Refuse} 3 "$(SETUP_RUNS)"
  ${EndIf}
!macroend

; Ticks or unticks a part.
!macro TICK PART YES
  ${If} ${YES} = 1
    !insertmacro SelectSection ${PART}
  ${Else}
    !insertmacro UnselectSection ${PART}
  ${EndIf}
!macroend

; Makes or removes a shortcut, and notes the choice for the next time.
!macro SHORTCUT PART NAME FILE
  ${If} ${SectionIsSelected} ${PART}
    WriteRegDWORD HKCU "${KEY_SETUP}" "${NAME}" 1
    CreateShortcut "${FILE}" "$INSTDIR\latchlight.exe" "" "$INSTDIR\latchlight.exe" 0 SW_SHOWNORMAL "" "$(SHORTCUT_NOTE)"
  ${Else}
    WriteRegDWORD HKCU "${KEY_SETUP}" "${NAME}" 0
    Delete "${FILE}"
  ${EndIf}
!macroend

; Puts one unpacked file into its place.
!macro PLACE FILE
  StrCpy $R8 "${FILE}"
  Call PlaceFile
!macroend

; Does something with a file, again and again for two seconds: a virus scanner holds a file for a moment just after it was
; written. $Held becomes 1 if somebody does not let go of it.
Var Held
!macro PATIENTLY ACT
  ${For} $R7 1 10
    ClearErrors
    ${ACT}
    ${IfNot} ${Errors}
      ${ExitFor}
    ${EndIf}
    Sleep 200
  ${Next}
  ${If} $R7 > 10
    StrCpy $Held 1
  ${EndIf}
!macroend
