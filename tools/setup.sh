#!/bin/sh
# setup.sh BUILD_FOLDER GROUP...: installs the Debian packages that are missing for building, testing, checking or
# measuring. Quiet, and once: a stamp in the build folder remembers which groups are there.
set -eu
stamps=$1
shift
mkdir -p "$stamps"

build="gcc libc6-dev cmake ninja-build pkg-config ca-certificates
  libmicrohttpd-dev libgnutls28-dev libconfuse-dev libjansson-dev libyaml-dev libssl-dev libsqlite3-dev libpq-dev libopencc-dev libopencc-data libuchardet-dev
  libsodium-dev libqrencode-dev libzip-dev libexpat1-dev libxlsxwriter-dev libseccomp-dev zlib1g-dev libicu-dev poppler-utils
  libpango1.0-dev libcairo2-dev fonts-noto-cjk fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-liberation"
test="libcmocka-dev postgresql python3 clang-format curl openssl nginx-light chromium
  python3-jsonschema python3-yaml"
check="clang clang-tidy cppcheck libclang-rt-14-dev llvm"
bench="opencc wrk nginx-light"
scan="sqlmap"

wanted=""
for group in "$@"; do
  test -e "$stamps/.setup-$group" && test "$stamps/.setup-$group" -nt "$0" && continue
  eval "wanted=\"\$wanted \$$group\""
done

missing=""
for package in $wanted; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
# Front-end parts come by npm; a Node from elsewhere is taken as it is.
if test -n "$wanted"; then
  command -v node >/dev/null 2>&1 || missing="$missing nodejs"
  command -v npm >/dev/null 2>&1 || missing="$missing npm"
fi

if test -n "$missing"; then
  root=""
  if test "$(id -u)" != 0; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "These packages are missing, and installing them needs root or sudo:$missing" >&2
      exit 1
    fi
    root=sudo
  fi
  echo "Installing:$missing"
  $root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null
  # shellcheck disable=SC2086
  $root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >"$stamps/setup.log" 2>&1 ||
    { cat "$stamps/setup.log" >&2; exit 1; }
fi
for group in "$@"; do touch "$stamps/.setup-$group"; done
