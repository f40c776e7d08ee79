#!/usr/bin/env bash
# The one test command: installs what the tests need, then checks, builds and tests everything.
# Ends with the test runner's own summary and its exit code. Arguments are passed on to `cargo test`.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${HOME:-/tmp}/.cache/weir-target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"

# Debian packages, and how to see that what they bring is there already.
missing() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || echo postgresql
    command -v psql >/dev/null || echo postgresql-client
    python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
    command -v cc >/dev/null || echo gcc libc6-dev
    compgen -G '/usr/lib/llvm-*/lib/libclang-[0-9]*.so*' >/dev/null || compgen -G '/usr/lib/*/libclang-[0-9]*.so*' >/dev/null || echo libclang-dev
    command -v openssl >/dev/null || echo openssl
    command -v npm >/dev/null || echo npm
    command -v git >/dev/null || echo git
    command -v ssh-keygen >/dev/null || echo openssh-client
    command -v setpriv >/dev/null || echo util-linux
}

install() {
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || { echo "these are missing; install them as root: $*" >&2; exit 2; }
    command -v apt-get >/dev/null || { echo "these are missing, and apt-get isn't here to install them: $*" >&2; exit 2; }
    # The package would start a cluster of its own, which no test uses.
    export DEBIAN_FRONTEND=noninteractive
    "${root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.d/weir-tests.conf >/dev/null
    "${root[@]}" apt-get update -q
    "${root[@]}" apt-get install -q -y --no-install-recommends "$@"
}

command -v cargo >/dev/null || { echo "cargo is missing: install a Rust toolchain, see https://rustup.rs" >&2; exit 2; }
packages=$(missing)
# Word splitting is wanted: one package a word.
# shellcheck disable=SC2086
[ -z "$packages" ] || install $packages </dev/null

# A minimal toolchain has neither.
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy

cargo fmt --all --check
cargo clippy --release --workspace --all-targets -- -D warnings
# In the features that the tests are built with, so that nothing is compiled twice.
cargo build --release --workspace --bins --tests
exec cargo test --release --workspace "$@"
