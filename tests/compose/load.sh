#!/usr/bin/env bash
# Loads the sample mesh of docker-compose.yml: flights and weather into the S3 store, the shop into PostgreSQL, policies
# and a certificate into the volume /mesh (or MESH_FOLDER). A second run finds everything there and does nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mesh=${MESH_FOLDER:-/mesh}
[ ! -e "$mesh/loaded" ] || exit 0

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
python3 "$here/../data/flights.py" "$files"
(cd "$files" && psql -X -q -f "$here/../data/shop.sql")
python3 "$here/upload.py" "$files" lake history

mkdir -p "$mesh/policies" "$mesh/tls"
cp "$here"/../data/flights/* "$here/users.toml" "$mesh/policies/"
cat "$here/roles.csv" >> "$mesh/policies/policy.csv"
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$mesh/tls/server.key" -out "$mesh/tls/server.crt" 2>/dev/null
chmod 600 "$mesh/tls/server.key"
[ -z "${WEIR_UID:-}" ] || chown -R "$WEIR_UID" "$mesh/policies" "$mesh/tls"
touch "$mesh/loaded"
