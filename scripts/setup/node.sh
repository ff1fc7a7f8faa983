#!/bin/sh
# Says whether Node.js and npm are there and new enough, in one line with the next command if not.
set -u

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    echo "缺少 Node.js 20 或 npm / Node.js 20 or npm is missing; next: sudo apt-get install nodejs npm" >&2
    exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    echo "需要 Node.js 20.19 或更高,现有 $(node --version) / Node.js 20.19 or later is needed, found $(node --version);" \
        "next: install a newer Node.js, then make setup" >&2
    exit 1
fi
