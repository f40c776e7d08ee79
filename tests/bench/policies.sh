#!/usr/bin/env bash
# What policies cost, as tables of medians and ratios:
#
#   tests/bench/policies.sh tpch [--runs N]      TPC-H at scale 1: rules against the same query with the predicates written into it
#   tests/bench/policies.sh many [--runs N]      a statement among 10,000 tables, and a reload of 10,000 rules
#
# Needs PostgreSQL's programs and python3; makes everything else itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/bench/environment.sh
uv="$cache/venv/bin/uv"
if [ "${1:-}" = tpch ]; then
    export TPCH="$cache/tpch-1"
    [ -e "$TPCH/parquet/ready" ] || {
        "$uv" tool run --quiet --from tpchgen-cli==4.0.0 tpchgen-cli parquet -s 1 --output-dir "$TPCH/parquet"
        touch "$TPCH/parquet/ready"
    }
    # The queries come from DuckDB's extension.
    [ -e "$TPCH/queries/22.sql" ] || "$uv" run --quiet --no-project --with duckdb==1.5.5 --with duckdb-extensions==1.5.5 \
        --with duckdb-extension-tpch==1.5.5 python tests/bench/tpch_queries.py "$TPCH/queries"
fi
exec "$cache/venv/bin/python" tests/bench/policies.py "$@"
