#!/bin/sh
# Makes .cache/solcx/solc-v<version>: npm's WebAssembly compiler as the executable that py-solc-x and brownie look for
# in SOLCX_BINARY_PATH. It finds the project by its own place, so a project that moves keeps its compiler.
set -eu
cd "$(dirname "$0")/../.."
version=$(node -p 'require("./scripts/setup/compiler.json").version')
banner=$(node scripts/setup/solc.cjs --version)
case $banner in
    *"Version: $version+"*) ;;
    *) echo "solc $version is wanted, npm installed: $banner. Next: npm ci" >&2; exit 1 ;;
esac
mkdir -p .cache/solcx
target=.cache/solcx/solc-v$version
cat > "$target.new" <<WRAPPER
#!/bin/sh
if [ "\${1-}" = --version ]; then
    cat <<'BANNER'
$banner
BANNER
    exit 0
fi
exec node "\$(dirname "\$0")/../../scripts/setup/solc.cjs" "\$@"
WRAPPER
chmod +x "$target.new"
mv "$target.new" "$target"
