#!/bin/sh
# Makes the virtual environment $1 from the lock file $2 and installs crossflight into it, editable.
# Needs nothing but Python 3.11 or newer (PYTHON names it) and a package registry.
set -eu
venv=$1 lock=$2 python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "crossflight needs Python 3.11 or newer, and there is no '$python' here." >&2
    echo "Install one, or name it: make demo PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "crossflight needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1)." >&2
    echo "Name another: make demo PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "'$python' comes without venv or ensurepip; on Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi

# An environment that was moved or half made has no working python; make it again.
"$venv/bin/python" -c '' 2>/dev/null || "$python" -m venv --clear "$venv"
echo "Installing $lock into $venv ..." >&2
"$venv/bin/python" -m pip --disable-pip-version-check install --quiet --require-hashes -r "$lock"
# The build back end is in the lock too, so nothing unpinned is fetched here.
"$venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
