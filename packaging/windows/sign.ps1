# Signs programs: sign.ps1 FILE...
# SIGNING_CERTIFICATE is a .pfx file in base64, SIGNING_PASSWORD its password.
$ErrorActionPreference = "Stop"
$tool = Get-ChildItem "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe" |
    Sort-Object FullName | Select-Object -Last 1 -ExpandProperty FullName
$certificate = New-TemporaryFile
try {
    [IO.File]::WriteAllBytes($certificate.FullName, [Convert]::FromBase64String($env:SIGNING_CERTIFICATE))
    & $tool sign /f $certificate.FullName /p $env:SIGNING_PASSWORD /fd SHA256 `
        /tr "http://timestamp.digicert.com" /td SHA256 $args
    if ($LASTEXITCODE -ne 0) { throw "signtool ended with $LASTEXITCODE" }
}
finally {
    Remove-Item $certificate.FullName
}
