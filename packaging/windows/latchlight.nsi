; The installer of Latchlight for Windows. Compiled by build.py, which writes into ${MADE}:
;   settings.nsh  VERSION, NUMBERS (four, for Windows), ORDER (comparable), TARGET, OUTFILE, SIZE_KB, COPYRIGHT [, SIGNER]
;   files.nsh     what is packed, one line for each file: UNPACK_FILES, PLACE_FILES, REMOVE_FILES, REMOVE_FOLDERS
;   latchlight.ico, wizard.bmp, header.bmp, installed-files.txt
; (Paths with backslashes: makensis on Windows looks for the last one, and finds nothing where a slash comes after it.)
;
; It installs for one user, without elevation, and writes below HKCU, %LOCALAPPDATA%\Programs and the user's own
; Start menu and desktop only. Keys and settings are not its business, but for the uninstaller that is asked to.
;
; An upgrade unpacks everything into a folder of its own first; only then is the old version removed, by the list it
; left behind, and the new one put in place. A full disk or a pulled plug leaves a version that starts, or one that the
; same installer mends when it is started again. No folder is ever removed with whatever is in it.
;
; Exit codes: 0 done, 1 cancelled by the user, 2 stopped, 3 Latchlight (or another setup) is running, 4 a newer version
; is installed, 5 files could not be written or removed, 6 keys could not be removed (nothing was uninstalled),
; 7 done, but PATH was left as it is, 8 this Windows is too old, 64 a switch was not understood.

Unicode true
!include /CHARSET=UTF8 "${MADE}\settings.nsh"
Target ${TARGET}
SetCompressor /SOLID lzma
SetDateSave off ; the same files give the same installer, whenever they were made
AllowSkipFiles off
CRCCheck force
RequestExecutionLevel user
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10

!define KEY_UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Latchlight"
!define KEY_OURS "Software\Latchlight"
!define KEY_SETUP "${KEY_OURS}\Setup"
!define LIST "installed-files.txt"
!define UNPACKED "latchlight-setup-unpacked"

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include TextFunc.nsh
!include WordFunc.nsh
!include WinMessages.nsh
!include WinVer.nsh
!include x64.nsh
!include Sections.nsh
!include /CHARSET=UTF8 "${MADE}\files.nsh"

Name "Latchlight"
OutFile "${OUTFILE}"
InstallDir "$LOCALAPPDATA\Programs\Latchlight"
BrandingText "Latchlight ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
XPStyle on

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
!macro VERSION_TEXTS LANGUAGE
  VIAddVersionKey /LANG=${LANGUAGE} ProductName "Latchlight"
  VIAddVersionKey /LANG=${LANGUAGE} ProductVersion "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} CompanyName "Latchlight"
  VIAddVersionKey /LANG=${LANGUAGE} FileDescription "Latchlight Setup"
  VIAddVersionKey /LANG=${LANGUAGE} FileVersion "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} LegalCopyright "${COPYRIGHT}"
!macroend
!insertmacro VERSION_TEXTS 1033
!insertmacro VERSION_TEXTS 2052

!ifdef SIGNER
  !uninstfinalize '${SIGNER} "%1"' = 0
  !finalize '${SIGNER} "%1"' = 0
!endif

Var Parameters
Var OldFolder  ; where a version is installed, or empty
Var OldVersion
Var Greeting   ; what the first page says
Var Farewell   ; what the last one does
Var IsSame     ; 0 if the installed version is this very one
Var Code       ; exit code that was decided on, so that nothing decides anew

; ---------------------------------------------------------------- pages

!define MUI_ICON "${MADE}\latchlight.ico"
!define MUI_UNICON "${MADE}\latchlight.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${MADE}\wizard.bmp"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${MADE}\header.bmp"
!define MUI_HEADERIMAGE_UNBITMAP "${MADE}\header.bmp"
!define MUI_ABORTWARNING

!define MUI_PAGE_CUSTOMFUNCTION_PRE Greet
!define MUI_WELCOMEPAGE_TITLE "$(WELCOME_TITLE)"
!define MUI_WELCOMEPAGE_TEXT "$Greeting"
!insertmacro MUI_PAGE_WELCOME

!define MUI_PAGE_HEADER_TEXT "$(CHOICES_TITLE)"
!define MUI_PAGE_HEADER_SUBTEXT "$(CHOICES_SUBTITLE)"
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_COMPONENTSPAGE_TEXT_TOP "$(CHOICES_TOP)"
!define MUI_COMPONENTSPAGE_TEXT_COMPLIST "$(CHOICES_LIST)"
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE AskToClose
!insertmacro MUI_PAGE_COMPONENTS

!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipForUpgrade
!define MUI_DIRECTORYPAGE_TEXT_TOP "$(FOLDER_TOP)"
!insertmacro MUI_PAGE_DIRECTORY

!insertmacro MUI_PAGE_INSTFILES

!define MUI_PAGE_CUSTOMFUNCTION_PRE SayFarewell
!define MUI_FINISHPAGE_TITLE "$(FINISH_TITLE)"
!define MUI_FINISHPAGE_TEXT "$Farewell"
!define MUI_FINISHPAGE_TEXT_LARGE ; it may hold the folder
!define MUI_FINISHPAGE_RUN "$INSTDIR\latchlight.exe"
!define MUI_FINISHPAGE_RUN_TEXT "$(FINISH_RUN)"
!insertmacro MUI_PAGE_FINISH

!define MUI_PAGE_HEADER_TEXT "$(REMOVE_TITLE)"
!define MUI_PAGE_HEADER_SUBTEXT "$(REMOVE_SUBTITLE)"
!define MUI_COMPONENTSPAGE_TEXT_TOP "$(REMOVE_TOP)"
!define MUI_COMPONENTSPAGE_TEXT_COMPLIST "$(REMOVE_LIST)"
!define MUI_PAGE_CUSTOMFUNCTION_SHOW un.HideSpace
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE un.AskToClose
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"
SetFont /LANG=${LANG_ENGLISH} "Segoe UI" 9
SetFont /LANG=${LANG_SIMPCHINESE} "Microsoft YaHei UI" 9
!include /CHARSET=UTF8 "texts_en.nsh"
!include /CHARSET=UTF8 "texts_zh_Hans.nsh"

; ---------------------------------------------------------------- what both programs need

!include "telling.nsh"
!include "running.nsh"
!include "user_path.nsh"
!include "listed.nsh"
!include "installing.nsh"
!include "uninstalling.nsh"
