; Whether the program runs: Windows lets nobody write into the file of a program that does.

!define GENERIC_WRITE 0x40000000
!define SHARE_ALL 7
!define OPEN_EXISTING 3
!define ERROR_SHARING_VIOLATION 32

!macro RUNNING un
; $1 becomes 1 if the program file $0 runs. A virus scanner has it open for a moment only, so it is asked three times.
Function ${un}IsRunning
  StrCpy $1 0
  ${For} $2 1 3
    System::Call 'kernel32::CreateFileW(w r0, i ${GENERIC_WRITE}, i ${SHARE_ALL}, p 0, i ${OPEN_EXISTING}, i 0, p 0) p .r3 ?e'
    Pop $4
    ${If} $3 <> -1
      System::Call 'kernel32::CloseHandle(p r3)'
      Return
    ${EndIf}
    ${If} $4 <> ${ERROR_SHARING_VIOLATION}
      Return
    ${EndIf}
    Sleep 200
  ${Next}
  StrCpy $1 1
FunctionEnd

; $1 becomes 1 if one of the programs in the folder $5 runs.
Function ${un}AnyRuns
  StrCpy $0 "$5\latchlight.exe"
  Call ${un}IsRunning
  ${If} $1 = 0
    StrCpy $0 "$5\latchlight-cli.exe"
    Call ${un}IsRunning
  ${EndIf}
FunctionEnd

; Waits until the programs in $5 are closed; $1 stays 1 if the user gave up, or cannot be asked.
Function ${un}WaitUntilClosed
  ${Do}
    Call ${un}AnyRuns
    ${If} $1 = 0
      Return
    ${EndIf}
    ${If} ${Silent}
      ${Tell} MB_ICONEXCLAMATION "$(CLOSE_FIRST)"
      Return
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(CLOSE_FIRST)" IDRETRY again
    Return
    again:
  ${Loop}
FunctionEnd
!macroend

!insertmacro RUNNING ""
!insertmacro RUNNING "un."
