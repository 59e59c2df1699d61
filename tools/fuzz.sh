#!/bin/sh
# Builds every fuzzer and runs each for FUZZ_SECONDS on its corpus. A finding stops the run and stays in the build folder.
set -eu
programs=""
for source in tests/fuzz/fuzz_*.c; do
  name=$(basename "$source" .c)
  programs="$programs $name"
done
# shellcheck disable=SC2086
cmake --build "$BUILD" --target $programs
for name in $programs; do
  short=${name#fuzz_}
  mkdir -p "$BUILD/found/$short" "tests/fuzz/corpus/$short"
  regress=""
  test -d "tests/fuzz/regress/$short" && regress="tests/fuzz/regress/$short"
  echo "== $name, $FUZZ_SECONDS s"
  words=""
  case $short in plan | compare | clean | decode | html | csv | markdown | pdf) words="-dict=tests/fuzz/plan.dict" ;;
    expr) words="-dict=tests/fuzz/expr.dict" ;;
  esac
  # shellcheck disable=SC2086
  "$BUILD/tests/$name" $words -max_total_time="$FUZZ_SECONDS" -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix="$BUILD/found/$short-" "$BUILD/found/$short" "tests/fuzz/corpus/$short" $regress \
    >"$BUILD/found/$short.log" 2>&1 || { tail -40 "$BUILD/found/$short.log"; exit 1; }
  grep -E 'number_of_executed_units|average_exec' "$BUILD/found/$short.log"
done
