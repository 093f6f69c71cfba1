; The installer for Windows, made by Inno Setup 6: iscc /DVersion=0.1.0 packaging\windows\resshift.iss
; For one person without an administrator, or for all with one. SignTool is set where there is a certificate.
#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0
#endif
#define Source "..\..\dist\ResShift"

[Setup]
AppId={{6E2C2E63-4E0B-4A87-9C7B-6D4B7B6C0F51}
AppName=ResShift
AppVersion={#Version}
AppPublisher=ResShift Desktop contributors
VersionInfoVersion={#Version}
DefaultDirName={autopf}\ResShift
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=ResShift-{#Version}-windows-x86_64
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes
UninstallDisplayIcon={app}\resshift-desktop.exe
#ifdef Sign
SignTool=sign
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; Libraries of an earlier version that this one is without.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{autoprograms}\ResShift"; Filename: "{app}\resshift-desktop.exe"
Name: "{autodesktop}\ResShift"; Filename: "{app}\resshift-desktop.exe"; Tasks: desktopicon

[Registry]
; "Open with", without taking any file type away from another program.
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "ResShift"
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\shell\open\command"; ValueType: string; ValueData: """{app}\resshift-desktop.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".jpg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".jpeg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".webp"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".tif"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".tiff"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".bmp"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".avif"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\resshift-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".gif"; ValueData: ""
; resshift: links
Root: HKA; Subkey: "Software\Classes\resshift"; ValueType: string; ValueData: "URL:ResShift"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\resshift"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\resshift\shell\open\command"; ValueType: string; ValueData: """{app}\resshift-desktop.exe"" ""%1"""

[Run]
Filename: "{app}\resshift-desktop.exe"; Description: "{cm:LaunchProgram,ResShift}"; Flags: nowait postinstall skipifsilent

[UninstallRun]
; The core would keep its files open.
Filename: "{cmd}"; Parameters: "/c taskkill /f /im resshift.exe /fi ""USERNAME eq %USERNAME%"""; Flags: runhidden; RunOnceId: "StopCore"
