#!/bin/bash
# Lighthouse on the list of plans, on request: tools/lighthouse.sh [BUILD]. Takes the package `lighthouse` through npm into a
# folder of its own, starts the demo on a free port, prints the score and the figures behind it. Fails below 95.
set -euo pipefail
build=$(realpath "${1:-build}")
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
server=
tools=${LIGHTHOUSE_DIR:-$work/npm}
[ -x "$tools/node_modules/.bin/lighthouse" ] || npm install --prefix "$tools" --no-audit --no-fund --loglevel=error lighthouse@12
"$build/gangmu" serve --demo --db "$work/demo.db" --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
server=$!
for _ in $(seq 100); do grep -q http "$work/out" && break; sleep 0.1; done
base=$(grep -o 'http://[^ ]*[0-9]' "$work/out" | head -1)
jar=$work/jar
ask() { curl -sf -b "$jar" -c "$jar" "$@"; }
token=$(ask "$base/api/v1/session" | grep -o '"token":"[^"]*' | cut -d'"' -f4)
ask -H "X-Token: $token" -d login=zhoumin "$base/api/v1/sign-in/demo" >/dev/null
cookie=$(awk '$1 !~ /^#/ || /^#HttpOnly_/ {if (NF >= 7) printf "%s%s=%s", n++ ? "; " : "", $6, $7}' "$jar")
printf '{"Cookie": "%s"}' "$cookie" >"$work/headers.json"
CHROME_PATH=${CHROME_PATH:-/usr/bin/chromium} "$tools/node_modules/.bin/lighthouse" "$base/plans" --quiet --extra-headers="$work/headers.json" --output=json \
  --output-path="$work/report.json" --only-categories=performance,accessibility,best-practices \
  --chrome-flags="--headless=new --no-sandbox --disable-gpu"
node -e '
const r = JSON.parse(require("fs").readFileSync(process.argv[1]));
const score = x => Math.round(100 * r.categories[x].score);
for (const x of Object.keys(r.categories)) console.log(x.padEnd(16), score(x));
for (const a of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "total-byte-weight"])
  console.log("  " + a.padEnd(26), r.audits[a].displayValue);
process.exit(score("performance") < 95 ? 1 : 0);' "$work/report.json"
