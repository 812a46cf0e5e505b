#!/bin/sh
# Writes the lock files anew from requirements*.in and package.json: hashes for every package, no host names.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet uv
for name in requirements requirements-dev requirements-node; do
    "$tools/venv/bin/uv" pip compile --quiet --generate-hashes --universal --python-version 3.11 \
        --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' "$@" \
        "$name.in" --output-file "$name.lock"
done
npm install --package-lock-only --silent
# "funding" is advertising and names hosts.
node -e '
const fs = require("fs");
const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
for (const entry of Object.values(lock.packages)) { delete entry.funding; delete entry.resolved; }
fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");'
if grep -nE 'https?://' requirements*.lock package-lock.json; then
    echo "a lock file names a host" >&2
    exit 1
fi
