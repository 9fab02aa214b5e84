#!/usr/bin/env bash
# Sets up what `make run` (run), `make test` (dev) or `make test-lowest` (lowest) needs: an own virtual environment from the pinned, hashed
# resolution and, for the tests, the browser and the caches from Debian; with `bench` the rivals of the benchmarks
# beside that. Done once; afterwards nothing is fetched.
set -euo pipefail

kind=$1
venv=$2

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

# RUNLEVEL=1 keeps Debian from starting the servers that it installs: the tests start their own.
debian() {
    command -v apt-get >/dev/null || return 1
    as_root apt-get update -qq >&2 || true
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >&2
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    say "no Python 3.11 or newer was found; install one, or name it: make PYTHON=/path/to/python3"
    return 1
}

make_environment() {
    [ -x "$venv/bin/pip" ] && return
    local python
    python=$(find_python)
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        say "$python has no venv module; installing Debian's python3-venv"
        rm -rf "$venv"
        debian python3-venv || { say "install python3-venv, then run make again"; return 1; }
        "$python" -m venv "$venv"
    fi
}

install_packages() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$1.lock"
}

# The benchmarks' rivals are measured as they are on the day, so they are not pinned; the summary names their versions.
install_rivals() {
    local names
    names=$("$venv/bin/python" -c 'import tomllib
with open("pyproject.toml", "rb") as file:
    print("\n".join(tomllib.load(file)["dependency-groups"]["bench"]))')
    local name
    for name in $names; do
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$name" \
            || say "$name could not be installed: what it would be measured against is left out"
    done
}

install_programs() {
    local missing=()
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
        || missing+=(chromium)
    command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
    command -v varnishd >/dev/null || [ -x /usr/sbin/varnishd ] || missing+=(varnish gcc libc6-dev)
    [ ${#missing[@]} -eq 0 ] && return
    say "installing from Debian, for the tests: ${missing[*]}"
    debian "${missing[@]}" || { say "could not install: ${missing[*]}; install them, then run make again"; return 1; }
}

make_environment
if [ "$kind" = bench ]; then
    install_rivals
    exit
fi
install_packages "$kind"
if [ "$kind" != run ]; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    install_programs
fi
