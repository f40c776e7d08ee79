#!/usr/bin/env bash
# The benchmark: Weir against PostgreSQL on this machine, in the same run, as a table of medians and ratios.
#
#   tests/bench/run.sh [--runs N] [--seconds S] [--rows N]
#
# Needs PostgreSQL's programs (with pgbench) and python3; makes everything else itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/bench/environment.sh
exec "$cache/venv/bin/python" tests/bench/bench.py "$@"
