#!/usr/bin/env bash
# Runs once, as root, when the service builds its image: the sandbox, a Python, the locked packages.
set -euo pipefail
AUTOGRADER=${AUTOGRADER:-/autograder}
SOURCE=${AUTOGRADER_SOURCE:-$AUTOGRADER/source}
export DEBIAN_FRONTEND=noninteractive

suitable() {
  "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
    2>/dev/null
}
find_python() {
  for PYTHON in python3 python3.13 python3.12 python3.11; do
    suitable "$PYTHON" && return
  done
  return 1
}

apt-get update
apt-get install --yes --no-install-recommends libseccomp2
# Where the container may not use it, or there is none, the grader takes the next strongest wall.
apt-get install --yes --no-install-recommends bubblewrap || true
if ! find_python; then
  for version in 3.13 3.12 3.11; do
    apt-get install --yes --no-install-recommends "python$version" "python$version-venv" && break
  done
  find_python || { echo "No Python 3.11, 3.12 or 3.13 can be installed here." >&2; exit 1; }
fi
"$PYTHON" -m venv --clear "$AUTOGRADER/venv"
"$AUTOGRADER/venv/bin/python" -m pip install --disable-pip-version-check --no-deps \
  --require-hashes --requirement "$SOURCE/requirements.txt"
