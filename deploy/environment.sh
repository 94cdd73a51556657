# Sourced by deploy/up and deploy/test: finds a Python, makes .venv with exactly the locked packages.

say() { printf '%s\n' "$*" >&2; }

# A Python that can run Hedgerow: on the PATH, else among pyenv's versions.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.14 python3.13 python3.12 python3 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3 \
        "$(getent passwd "$(id -u)" | cut -d: -f6)"/.pyenv/versions/3.1[2-9]*/bin/python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2> /dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "Hedgerow needs Python 3.12 or newer, with venv, and found none."
    say "Debian 13:    apt-get install python3 python3-venv"
    say "Ubuntu 24.04: apt-get install python3 python3-venv"
    say "Debian 12 and others: install one with pyenv (pyenv install 3.13), or name it: PYTHON=/path/to/python3 $0"
    return 1
}

# make_environment LOCK...: .venv with the packages of the locks, each checked against its hash, and Hedgerow itself.
# A stamp says what is installed: nothing is done when it is still true.
make_environment() {
    local python wanted stamp=.venv/.hedgerow-stamp
    wanted="$(cat "$@" pyproject.toml | sha256sum | cut -d' ' -f1) $PWD"
    if [ -x .venv/bin/hedgerow ] && grep -qxF "$wanted" "$stamp" 2> /dev/null && .venv/bin/python -c 'import hedgerow' 2> /dev/null; then
        return
    fi
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2> /dev/null; then
        python="$(find_python)"
        say "making .venv with $python"
        "$python" -m venv --clear .venv
    fi
    say "installing the locked packages"
    local lock requirements=()
    for lock in "$@"; do requirements+=(-r "$lock"); done
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes "${requirements[@]}"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    # What the tests need includes what the gateway needs: the smaller lock's stamp is true then as well.
    printf '%s\n' "$wanted" "$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1) $PWD" > "$stamp"
}
