"""What decides a record: equal keys, equal records."""

import hashlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.tools import keeping

# Where judging begins: what these import, directly or not, decides a mark.
ROOTS = (
    "fmnist.grading.judging.grader",
    "fmnist.exercises.expect",  # imported by the checks
    "fmnist.inside.zygote",  # started by its name
)
# What they import and what decides nothing.
CUT = (
    "fmnist.course",  # where files lie
    "fmnist.exercises.catalog",  # its entries are hashed themselves
    "fmnist.grading.hand_ins",  # what was handed in is hashed itself
)
VERSIONS = ("keras", "numpy", "pytest", "tensorflow")


@dataclass(frozen=True)
class Key:
    """All that decides a record; equal keys, equal records.

    Attributes:
        content: hash of what the student handed in and of what was wrong with it.
        course: hash of the checks, the references and the catalogue's entries.
        grader: hash of the code that judges, and of the versions that it uses.
        seed: of the class: of what hidden checks draw.
        isolation: letter of the level.
    """

    content: str
    course: str
    grader: str
    seed: int
    isolation: str


class Keys:
    """Makes the keys of a class run.

    Args:
        exercises: that count.
        isolation: letter of the level.
        seed: of the class.
    """

    def __init__(self, exercises: tuple[Exercise, ...], *, isolation: str, seed: int = 0):
        files = [
            path.read_bytes()
            for one in exercises
            for path in (one.public_checks, one.hidden_checks, one.reference)
        ]
        self._course = hash_of(msgspec.json.encode(exercises), *files)
        hashes = {name: keeping.code_hash(path) for name, path in judging().items()}
        self._grader = hash_of(json.dumps(hashes).encode(), _versions())
        self._isolation = isolation
        self._seed = seed

    @property
    def version(self) -> str:
        """Of all that is the same for every submission."""
        return f"{self._course}-{self._grader}"

    def of(self, submission: Submission) -> Key:
        """Return the key of a submission."""
        faults = {name: str(fault) for name, fault in submission.unreadable.items()}
        content = [submission.sources, faults, submission.ignored, submission.notes]
        hashed = hash_of(json.dumps(content, sort_keys=True).encode())
        return Key(hashed, self._course, self._grader, self._seed, self._isolation)


def judging() -> dict[str, Path]:
    """Return name and file of the modules that decide a mark."""
    return keeping.reached(*ROOTS, without=CUT)


def _versions() -> bytes:
    versions = {}
    for name in VERSIONS:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = ""
    return json.dumps(versions).encode()


def why_again(before: Key, now: Key) -> str:
    """Return in words what has changed since a record was made; empty if nothing has."""
    reasons = {
        "content": "another answer was handed in",
        "course": "the checks have changed",
        "grader": "the grader has changed",
        "seed": "the seed of the class is another one",
        "isolation": "the sandbox is another one",
    }
    changed = [
        words for part, words in reasons.items() if getattr(before, part) != getattr(now, part)
    ]
    return ", ".join(changed)


def hash_of(*parts: bytes) -> str:
    """Return 16 hexadecimal digits that name these parts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:16]
