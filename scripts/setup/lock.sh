#!/bin/sh
# Renews requirements/*.txt from the .in files: newest versions that resolve, with hashes, for Python 3.11 and later.
# Brownie pins the most, so its environment is resolved first and binds the product's run-time part: a package that
# both environments hold has one version.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet uv

pins() { grep -vE '^[[:space:]]*(--hash|#)' "$1" | sed 's/ *\\$//'; }

# Lines for other systems are left out already (pyproject.toml, [tool.uv]): that marker says nothing new.
only=" \(;\|and\) implementation_name == 'cpython' and platform_machine == 'x86_64' and sys_platform == 'linux'"

resolve() { # NAME [CONSTRAINTS]
    echo "requirements/$1.txt"
    "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-header --no-emit-index-url --upgrade ${2:+--constraint "$2"} "requirements/$1.in" -o "$work/$1.txt"
    {
        echo "# Made by \`make lock\` from $1.in: do not edit."
        sed "s/$only//" "$work/$1.txt"
    } > "requirements/$1.txt"
}

resolve contracts
pins requirements/contracts.txt > "$work/contracts.pins"
resolve runtime "$work/contracts.pins"
pins requirements/runtime.txt > "$work/runtime.pins"
resolve test "$work/runtime.pins"
resolve proofs
