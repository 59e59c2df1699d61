#!/bin/sh
# Runs sqlmap (a Debian package, installed here on request) over every form and parameter of a demo server and says what it
# found; exit 1 when it found anything. Half an hour; not among the quick tests.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
sh tools/setup.sh "$BUILD" build test scan
cmake -S . -B "$BUILD" -G Ninja >/dev/null
cmake --build "$BUILD" --target gangmu
BUILD=$BUILD exec python3 tests/soak/scan.py
