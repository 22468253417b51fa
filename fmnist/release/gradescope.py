"""An autograder archive for Gradescope: the course with its solutions, and the two programs.

The service unpacks it into /autograder/source, runs ``setup.sh`` once as root, and for each
submission ``run_autograder``. See "Technical details" of
https://gradescope-autograders.readthedocs.io/.
"""

import json
import shlex

from fmnist import course
from fmnist.release import autograder, packing, requirements
from fmnist.release.packing import Files

COURSE = "course"
FAILURE = "grader-error.json"
# All paths follow from AUTOGRADER, so that both can be tried anywhere.
SETUP = """\
#!/usr/bin/env bash
# Runs once, as root, when the service builds its image: the sandbox, a Python, the locked packages.
set -euo pipefail
AUTOGRADER=${AUTOGRADER:-/autograder}
SOURCE=${AUTOGRADER_SOURCE:-$AUTOGRADER/source}
export DEBIAN_FRONTEND=noninteractive

suitable() {
  "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \\
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
"$AUTOGRADER/venv/bin/python" -m pip install --disable-pip-version-check --no-deps \\
  --require-hashes --requirement "$SOURCE/requirements.txt"
"""
RUN = """\
#!/usr/bin/env bash
# Runs for each submission. Grades /autograder/submission into /autograder/results/results.json.
set -u
umask 077
export AUTOGRADER=${AUTOGRADER:-/autograder}
SOURCE=${AUTOGRADER_SOURCE:-$AUTOGRADER/source}
PYTHON=${AUTOGRADER_PYTHON:-$AUTOGRADER/venv/bin/python}

# Fail closed: this stands unless a whole result takes its place.
mkdir -p "$AUTOGRADER/results"
cp "$SOURCE/%(failure)s" "$AUTOGRADER/results/results.json"
chmod 644 "$AUTOGRADER/results/results.json"

# Nothing of the course is for another user, as whom a submission runs where there is no namespace.
chmod -R go= "$SOURCE"

cd /
PYTHONPATH="$SOURCE/%(course)s" PYTHONDONTWRITEBYTECODE=1 \\
  "$PYTHON" -m fmnist.release.autograder%(assignment)s
"""


def files(assignment: str = "") -> Files:
    """Return the content of the archive. It has all solutions: for instructors alone.

    Args:
        assignment: that it grades; empty for the whole course.

    Raises:
        ReleaseError: there is no such assignment, or no checkout with solutions.
        ModuleNotFoundError: hatchling is not installed.
    """
    exercises = packing.exercises_of(assignment)
    graded = f" {shlex.quote(assignment)}" if assignment else ""
    names = {"course": COURSE, "failure": FAILURE, "assignment": graded}
    archive = {
        "setup.sh": SETUP.encode(),
        "run_autograder": (RUN % names).encode(),
        "requirements.txt": requirements.locked("grading", *requirements.extras_for(exercises)),
        FAILURE: json.dumps(autograder.failure(), indent=1).encode() + b"\n",
    }
    _, wheel = packing.wheel()
    archive |= {f"{COURSE}/{name}": content for name, content in packing.unzipped(wheel).items()}
    for path in course.SOLUTIONS.rglob("*.py"):
        name = path.relative_to(course.SOLUTIONS.parent).as_posix()
        archive[f"{COURSE}/{name}"] = path.read_bytes()
    return archive
