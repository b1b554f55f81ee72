/**
 * What PowerShell (5.1, 7) runs after the user's profiles: it wraps `prompt`, which tells exit code and end, and
 * PSReadLine's PSConsoleHostReadLine, which returns the line as typed. Without PSReadLine the line comes from the
 * session's history at the next prompt, so its place in the output is where the output ended. Profiles, history and
 * PSReadLine's options stay as they are.
 *
 * PowerShell knows no exit code of a command: 0 for success, else that of the last native program, else 1.
 * Not told: commands of shells within this one. Written for 5.1 and 7 and not yet run by either: no package that we
 * can install holds PowerShell (docs/deploy.md says what was checked).
 *
 * The nonce is in the text of a function, which no child inherits. The user of this shell can read it, and could lie.
 */
export function powershellInitFile(nonce: string): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error('a nonce is 32 hex digits');
  return HOOKS.replaceAll('@NONCE@', nonce);
}

/** Read as text, not run as a file: Windows refuses script files by default (execution policy). */
export function powershellStart(initFile: string): readonly string[] {
  const quoted = initFile.replaceAll("'", "''");
  return ['-NoLogo', '-NoExit', '-Command', `Invoke-Expression ([IO.File]::ReadAllText('${quoted}'))`];
}

// No ?: ?? && || or other words that only PowerShell 7 has.
const HOOKS = String.raw`function Global:__CaiseyMark([string] $Body) {
    [Console]::Out.Write([char]27 + ']6973;@NONCE@;' + $Body + [char]7)
    [Console]::Out.Flush()
}
function Global:__CaiseyTime([DateTime] $At) {
    $ticks = $At.ToUniversalTime().Ticks - 621355968000000000
    '{0}.{1:d6}' -f [long] [Math]::Floor($ticks / 10000000), [long] [Math]::Floor(($ticks % 10000000) / 10)
}
function Global:__CaiseyField([string] $Text) {
    if ($Text.Length -gt 33000) { $Text = $Text.Substring(0, 33000) }
    [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
}
function Global:__CaiseyCommand([string] $Line, [DateTime] $At) {
    $place = __CaiseyField ((Get-Location).ProviderPath)
    __CaiseyMark ('B;' + (__CaiseyTime $At) + ';0;1;' + (__CaiseyField $Line) + ';' + $place + ';')
    $Global:__Caisey.Running = $true
}

__CaiseyMark 'R'
$Global:__Caisey = @{ Prompt = $function:prompt; ReadLine = $null; Running = $false; LastId = 0 }
$last = Get-History -Count 1
if ($null -ne $last) { $Global:__Caisey.LastId = $last.Id }
Remove-Variable last

function Global:prompt {
    $worked = $global:?
    Set-StrictMode -Off
    $native = $global:LASTEXITCODE
    $now = [DateTime]::UtcNow
    $ran = Get-History -Count 1
    if (($null -eq $Global:__Caisey.ReadLine) -and ($null -ne $ran) -and ($ran.Id -ne $Global:__Caisey.LastId)) {
        __CaiseyCommand $ran.CommandLine $ran.StartExecutionTime
    }
    if ($null -ne $ran) { $Global:__Caisey.LastId = $ran.Id }
    if ($Global:__Caisey.Running) {
        $code = 0
        if (-not $worked) {
            $code = 1
            if (($null -ne $native) -and ($native -ne 0)) { $code = $native -band 255 }
            if ($code -eq 0) { $code = 1 }
        }
        __CaiseyMark ('P;' + $code + ';' + (__CaiseyTime $now))
        $Global:__Caisey.Running = $false
    } else {
        __CaiseyMark 'P;;'
    }
    if ($null -ne $native) { $global:LASTEXITCODE = $native }
    # The user's prompt may show how the command ended.
    if (-not $worked) { Write-Error 'failed' -ErrorAction Ignore }
    & $Global:__Caisey.Prompt
}

if (($null -ne (Get-Module PSReadLine)) -and (Test-Path function:PSConsoleHostReadLine)) {
    $Global:__Caisey.ReadLine = $function:PSConsoleHostReadLine
    function Global:PSConsoleHostReadLine {
        $line = & $Global:__Caisey.ReadLine
        if (-not [string]::IsNullOrWhiteSpace($line)) { __CaiseyCommand $line ([DateTime]::UtcNow) }
        $line
    }
}
`;
