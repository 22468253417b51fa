"""The part of the lock that a release needs: names, versions and sums, and no address."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fmnist import course
from fmnist.exercises.catalog import Exercise
from fmnist.release.packing import ReleaseError

USER = re.compile(r"^ +# (?:via|  ) *([a-z0-9-]+)", re.MULTILINE)


def extras_for(exercises: tuple[Exercise, ...]) -> tuple[str, ...]:
    """Return what some exercises need beside the package's own requirements."""
    return ("keras",) if any(exercise.keras for exercise in exercises) else ()


def locked(*extras: str) -> bytes:
    """Return what ``pip install --require-hashes --requirement`` takes, for every system.

    Args:
        extras: of the package, besides what it needs in any case.

    Raises:
        ReleaseError: the lock lacks a package.
    """
    text = (course.ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    packages = {block.partition("==")[0]: block for block in blocks if "==" in block}
    users = {name: set(USER.findall(block)) for name, block in packages.items()}
    wanted = _declared(*extras)
    while more := {name for name, by in users.items() if by & wanted} - wanted:
        wanted |= more
    if missing := sorted(wanted - packages.keys()):
        raise ReleaseError(f"requirements.lock lacks {', '.join(missing)}. Type: make lock")
    lines = [line for name in sorted(wanted) for line in packages[name].splitlines()]
    return "".join(f"{line}\n" for line in lines if not line.lstrip().startswith("#")).encode()


def _declared(*extras: str) -> set[str]:
    """Return the packages that pyproject.toml names itself."""
    project = tomllib.loads((course.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = list(project["dependencies"])
    for extra in extras:
        named += project["optional-dependencies"][extra]
    packages: set[str] = set()
    for requirement in map(Requirement, named):
        if requirement.name == project["name"]:
            packages |= _declared(*requirement.extras)
        else:
            packages.add(canonicalize_name(requirement.name))
    return packages
