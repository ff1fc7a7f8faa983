#!/bin/sh
# venv.sh FOLDER LOCK STAMP: brings a virtual environment up to a lock file (hashes checked) and links the project in.
set -eu
cd "$(dirname "$0")/../.."
folder=$1 lock=$2 stamp=$3

if [ ! -x "$folder/bin/python" ] || ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(scripts/setup/python.sh)
    "$python" -m venv --clear "$folder"
fi
echo "$folder ← $lock"
if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock"; then
    echo "Python 包安装失败,请检查网络后重试 / Python packages did not install; check the network, then: make setup" >&2
    exit 1
fi
"$folder/bin/python" scripts/setup/link.py
touch "$stamp"
