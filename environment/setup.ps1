<#
.SYNOPSIS
Makes this folder ready on Windows: the .NET 10 SDK where there is none, the kit built, the copy that notebooks refer to,
and the Jupyter kernel. Running it again changes nothing that is already right.
.PARAMETER Jupyter
Puts Jupyter and the kernel into .venv in this folder. Without it the Jupyter that is there is used.
.PARAMETER NoKernel
Builds only.
#>
param([switch] $Jupyter, [switch] $NoKernel)

$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Test-Sdk {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { return $false }
    return [bool](& dotnet --list-sdks | Select-String '^10\.')
}

# A native program's failure does not stop PowerShell by itself.
function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' ') ended with code $LASTEXITCODE" }
}

function Find-Sdk {
    $root = if ($env:DOTNET_ROOT) { $env:DOTNET_ROOT } else { Join-Path $HOME '.dotnet' }
    if (-not (Test-Sdk) -and (Test-Path (Join-Path $root 'dotnet*'))) { $env:PATH = $root + [IO.Path]::PathSeparator + $env:PATH }
    if (-not (Test-Sdk)) {
        "SDK: none of version 10 here; Microsoft's script installs it into $root"
        $script = Join-Path ([IO.Path]::GetTempPath()) 'dotnet-install.ps1'
        Invoke-WebRequest -UseBasicParsing https://dot.net/v1/dotnet-install.ps1 -OutFile $script
        & $script -Channel 10.0 -InstallDir $root
        Remove-Item $script
        $env:DOTNET_ROOT = $root
        $env:PATH = $root + [IO.Path]::PathSeparator + $env:PATH
        if (-not (Test-Sdk)) { throw "there is still no SDK of version 10 in $root" }
        "For later shells: set DOTNET_ROOT to $root and put it first on PATH"
    }
    "SDK: $(& dotnet --version)"
}

function Install-Kernel {
    $python = if ($env:PYTHON) { $env:PYTHON } else { 'python' }
    if ($Jupyter) {
        $own = Join-Path $PWD '.venv\Scripts\python.exe'
        if (-not (Test-Path $own)) { 'Jupyter: making .venv'; Invoke-Checked $python @('-m', 'venv', '.venv') }
        & $own -c 'import ipykernel, notebook' 2>$null
        if ($LASTEXITCODE -ne 0) { 'Jupyter: installing notebook and ipykernel into .venv'; Invoke-Checked $own @('-m', 'pip', 'install', '--quiet', 'notebook', 'ipykernel') }
        Invoke-Checked dotnet @($ftk, 'kernel', 'install', '--prefix', '.venv', '--python', $own) | Out-Null
        'Jupyter: ready. Start it with: .venv\Scripts\jupyter notebook notebooks'
        return
    }
    $there = $false
    if (Get-Command $python -ErrorAction SilentlyContinue) { & $python -c 'import ipykernel' 2>$null; $there = $LASTEXITCODE -eq 0 }
    if ($there) {
        Invoke-Checked dotnet @($ftk, 'kernel', 'install', '--python', (Get-Command $python).Source) | Out-Null
        'Kernel: installed. Start Jupyter with: jupyter notebook notebooks'
    }
    else { 'Kernel: not installed, since no Python with ipykernel was found. With -Jupyter this script makes one in .venv.' }
}

Find-Sdk
'Kit: building'
Invoke-Checked dotnet @('build', '-c', 'Release', 'src/FineTuneKit.Cli', '-v', 'quiet')
# A kernel keeps hold of the files it has loaded, so notebooks refer to a copy and not to the build's own output.
Invoke-Checked dotnet @('publish', '-c', 'Release', 'src/FineTuneKit', '-v', 'quiet', '-o', 'bin/kit')
$ftk = 'src/FineTuneKit.Cli/bin/Release/net10.0/ftk.dll'
"Kit: built; dotnet $ftk --help"
if (-not $NoKernel) { Install-Kernel }
"Without Jupyter: dotnet $ftk notebook run notebooks/01-what-fine-tuning-is.ipynb --smoke"
