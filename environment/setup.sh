#!/usr/bin/env bash
# Makes this folder ready on Linux and macOS: the .NET 10 SDK where there is none, the kit built, the copy that notebooks
# refer to, and the Jupyter kernel. Running it again changes nothing that is already right.
#
#   environment/setup.sh             uses the Jupyter that is there; without one it says how to get one
#   environment/setup.sh --jupyter   puts Jupyter and the kernel into .venv in this folder
#   environment/setup.sh --no-kernel builds only
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

jupyter=found
for argument in "$@"; do
  case $argument in
    --jupyter) jupyter=own ;;
    --no-kernel) jupyter=none ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) printf 'error: %s is no option; --jupyter or --no-kernel\n' "$argument" >&2; exit 2 ;;
  esac
done

say() { printf '%s\n' "$*"; }

has_sdk() { command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; }

find_sdk() {
  local home=${DOTNET_ROOT:-$HOME/.dotnet}
  if ! has_sdk && [ -x "$home/dotnet" ]; then PATH=$home:$PATH; fi
  if has_sdk; then
    say "SDK: $(dotnet --version), at $(command -v dotnet)"
    return
  fi
  say "SDK: none of version 10 here; Microsoft's script installs it into $home"
  local script
  script=$(mktemp)
  curl --fail --silent --show-error --location --output "$script" https://dot.net/v1/dotnet-install.sh ||
    { say 'error: the script could not be fetched; install the .NET 10 SDK by hand (https://dotnet.microsoft.com/download) and run this again' >&2; exit 1; }
  bash "$script" --channel 10.0 --install-dir "$home"
  rm -f "$script"
  PATH=$home:$PATH
  export DOTNET_ROOT=$home
  has_sdk || { say "error: there is still no SDK of version 10 in $home" >&2; exit 1; }
  say "SDK: $(dotnet --version) installed. For later shells: export DOTNET_ROOT=$home PATH=$home:\$PATH"
}

build() {
  say 'Kit: building'
  dotnet build -c Release src/FineTuneKit.Cli -v quiet
  # A kernel keeps hold of the files it has loaded, so notebooks refer to a copy and not to the build's own output.
  dotnet publish -c Release src/FineTuneKit -v quiet -o bin/kit
  ftk=src/FineTuneKit.Cli/bin/Release/net10.0/ftk.dll
  say "Kit: built; dotnet $ftk --help"
}

own_jupyter() {
  local base=${PYTHON:-python3}
  command -v "$base" >/dev/null || { say 'error: no python3; Jupyter needs one' >&2; exit 1; }
  if [ ! -x .venv/bin/python ]; then
    say 'Jupyter: making .venv'
    "$base" -m venv .venv || { say "error: $base has no venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
  fi
  if ! .venv/bin/python -c 'import ipykernel, notebook' 2>/dev/null; then
    say 'Jupyter: installing notebook and ipykernel into .venv'
    .venv/bin/python -m pip install --quiet notebook ipykernel
  fi
  dotnet "$ftk" kernel install --prefix .venv --python "$PWD/.venv/bin/python" >/dev/null
  say 'Jupyter: ready. Start it with: .venv/bin/jupyter notebook notebooks'
}

found_jupyter() {
  local python=${PYTHON:-python3}
  if command -v "$python" >/dev/null && "$python" -c 'import ipykernel' 2>/dev/null; then
    dotnet "$ftk" kernel install --python "$(command -v "$python")" >/dev/null
    say "Kernel: installed for $("$python" -c 'import sys; print(sys.executable)'). Start Jupyter with: jupyter notebook notebooks"
  else
    say 'Kernel: not installed, since no Python with ipykernel was found. With --jupyter this script makes one in .venv.'
  fi
}

find_sdk
build
case $jupyter in
  own) own_jupyter ;;
  found) found_jupyter ;;
esac
say "Without Jupyter: dotnet $ftk notebook run notebooks/01-what-fine-tuning-is.ipynb --smoke"
