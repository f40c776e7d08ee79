# Sourced by the benchmarks, in the project's root: builds Weir and makes the Python environment that the tests use, too.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/weir-target}"
[ -n "${WEIR_BIN:-}" ] || cargo build --release -p weir
export WEIR_BIN="${WEIR_BIN:-$CARGO_TARGET_DIR/release/weir}"

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
