#!/bin/sh
# clang-tidy and cppcheck over src and tools; both must be silent.
set -eu
files=$(find src tools -name '*.c')
echo "clang-tidy"
# shellcheck disable=SC2086
echo $files | tr ' ' '\n' | xargs -P "$(nproc)" -n 4 clang-tidy -p "$BUILD/clang" --quiet --warnings-as-errors='*' 2>/dev/null
echo "cppcheck"
cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,performance,portability --inline-suppr -j "$(nproc)" \
  --suppressions-list=tools/cppcheck.txt -I src -I "$BUILD/gen" -D_GNU_SOURCE src tools
echo "clean"
