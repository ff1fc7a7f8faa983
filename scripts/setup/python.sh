#!/bin/sh
# Prints the Python that the environments are made with: the newest of 3.13 to 3.11, else python3 if it is 3.11 or later.
# Also says what the machine lacks, one line a problem with the next command, before anything is downloaded.
set -u

say() { printf '%s\n' "$@" >&2; }

system=$(uname -sm)
if [ "$system" != "Linux x86_64" ]; then
    say "只支持 Linux x86-64,本机为 $system / runs on Linux x86-64 only, this is $system"
    exit 1
fi

for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    # A version manager's shim may stand there without a Python behind it: ask it to run.
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        package=$("$candidate" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        say "$candidate 缺少 venv 模块,请执行 / lacks its venv module, next: sudo apt-get install $package"
        exit 1
    fi
    "$candidate" -c 'import sys; print(sys.executable)'
    exit 0
done

found=$(python3 --version 2>/dev/null || echo "no python3")
say "需要 Python 3.11 或更高,现有 $found / Python 3.11 or later is needed, found $found;" \
    "  next: sudo apt-get install python3 python3-venv  (or: make setup PYTHON=/path/to/python3.12)"
exit 1
