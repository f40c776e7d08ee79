#!/usr/bin/env bash
# The benchmark: Weir against PostgreSQL on this machine, in the same run, as a table of medians and ratios.
#
#   tests/bench/run.sh [--runs N] [--seconds S] [--rows N]
#
# Needs PostgreSQL's programs (with pgbench) and python3; makes everything else itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/weir-target}"
[ -n "${WEIR_BIN:-}" ] || cargo build --release -p weir
export WEIR_BIN="${WEIR_BIN:-$CARGO_TARGET_DIR/release/weir}"

# The same environment that the tests use.
cache="${WEIR_TESTS_CACHE:-$HOME/.cache/weir-tests}"
mkdir -p "$cache"
(
    flock 9
    cmp -s tests/data/requirements.txt "$cache/venv/ready" && exit 0
    rm -rf "$cache/venv"
    python3 -m venv "$cache/venv"
    "$cache/venv/bin/pip" install --quiet uv==0.13.8
    "$cache/venv/bin/uv" pip install --quiet --python "$cache/venv/bin/python" --requirement tests/data/requirements.txt
    cp tests/data/requirements.txt "$cache/venv/ready"
) 9>"$cache/venv.lock"
exec "$cache/venv/bin/python" tests/bench/bench.py "$@"
