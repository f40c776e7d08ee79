#!/usr/bin/env bash
# What PostgreSQL's meaning costs, as tables of medians and ratios:
#
#   tests/bench/sql.sh planning [--runs N]            from a statement's text to its plan, against PostgreSQL
#   tests/bench/sql.sh rows [--runs N] [--rows N]     functions over many rows, against DataFusion and DuckDB on the same files
#
# Needs PostgreSQL's programs and python3; makes everything else itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/bench/environment.sh
exec "$cache/venv/bin/uv" run --quiet --no-project --python "$cache/venv/bin/python" --with duckdb==2.0.1 --with datafusion==55.0.0 \
    --with "psycopg[binary]==3.3.9" --with deltalake==1.6.6 --with pyarrow==26.0.1 python tests/bench/sql.py "$@"
