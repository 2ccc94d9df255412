; The Windows installer: for one user, without an administrator.
;
;   python installer\dev.py freeze
;   makensis -V2 -INPUTCHARSET UTF8 -WX -DVERSION=0.1.0 installer\skillsaid.nsi
;
; makensis also runs on Linux, over a folder that was frozen on Windows. User data lies in %LOCALAPPDATA%\SkillsAid and
; in the folders that the user chose, never under the install folder; of that, only program files are ever removed.

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64

!define APPNAME "技能帮扶台账"
!define APPID "SkillsAidDesktop"
!define EXE "SkillsAid.exe"
!define CLI "skillsaid-cli.exe"
!define UNINSTKEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APPID}"
!ifndef FROZEN
  !define FROZEN "..\dist\SkillsAid"
!endif
!ifndef OUT
  !define OUT "..\dist\SkillsAid-${VERSION}-setup.exe"
!endif

Name "${APPNAME}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\SkillsAid"
InstallDirRegKey HKCU "Software\${APPID}" "InstallDir" ; an upgrade lands where the last one was
ManifestDPIAware true
ManifestSupportedOS all
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${APPNAME}"
VIAddVersionKey /LANG=2052 "FileDescription" "${APPNAME} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT License"

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh

!define MUI_ICON "..\resources\icons\skillsaid.ico"
!define MUI_UNICON "..\resources\icons\skillsaid.ico"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXE}"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

; A running executable can not be opened for appending.
!macro RefuseIfRunning file
  ${If} ${FileExists} "$INSTDIR\${file}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${file}" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONEXCLAMATION "程序正在运行，什么都没有改动。请先关闭${APPNAME}，再来一次。" /SD IDOK
      SetErrorLevel 4
      Abort
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Section "main"
  !insertmacro RefuseIfRunning "${EXE}"
  !insertmacro RefuseIfRunning "${CLI}"
  RMDir /r "$INSTDIR\_internal" ; files that the new version no longer has
  SetOutPath "$INSTDIR"
  File /r "${FROZEN}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateDirectory "$SMPROGRAMS\${APPNAME}"
  CreateShortCut "$SMPROGRAMS\${APPNAME}\${APPNAME}.lnk" "$INSTDIR\${EXE}"
  CreateShortCut "$SMPROGRAMS\${APPNAME}\卸载.lnk" "$INSTDIR\uninstall.exe"
  CreateShortCut "$DESKTOP\${APPNAME}.lnk" "$INSTDIR\${EXE}"
  WriteRegStr HKCU "Software\${APPID}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTKEY}" "DisplayName" "${APPNAME}"
  WriteRegStr HKCU "${UNINSTKEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTKEY}" "DisplayIcon" "$INSTDIR\${EXE}"
  WriteRegStr HKCU "${UNINSTKEY}" "Publisher" "SkillsAid"
  WriteRegStr HKCU "${UNINSTKEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTKEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTKEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTKEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTKEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTKEY}" "EstimatedSize" "$0"
SectionEnd

Section "Uninstall"
  !insertmacro RefuseIfRunning "${EXE}"
  !insertmacro RefuseIfRunning "${CLI}"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${EXE}"
  Delete "$INSTDIR\${CLI}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only if nothing else lies there
  Delete "$SMPROGRAMS\${APPNAME}\*.lnk"
  RMDir "$SMPROGRAMS\${APPNAME}"
  Delete "$DESKTOP\${APPNAME}.lnk"
  DeleteRegKey HKCU "${UNINSTKEY}"
  DeleteRegKey HKCU "Software\${APPID}"
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 \
    "程序已卸载。要把本机上的程序数据也删除吗？$\r$\n$\r$\n选“是”会删除 $LOCALAPPDATA\SkillsAid 里的自动备份、钥匙副本和日志，删除后不能恢复；您自己存放的台账文件不会动。" \
    /SD IDNO IDNO keep
  RMDir /r "$LOCALAPPDATA\SkillsAid"
keep:
SectionEnd
