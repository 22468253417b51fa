"""What decides a record: equal keys, equal records."""

import hashlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.tools import keeping, wording

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
        answers: of each exercise a hash of what the student handed in or of what is wrong with it.
        checks: of each exercise a hash of its checks, its reference and its entry in the catalogue.
        rest: hash of what was handed in besides, which is in the record and decides no mark.
        grader: hash of the code that judges, and of the versions that it uses.
        seed: of the class: of what hidden checks draw.
        isolation: letter of the level.
    """

    answers: dict[str, str]
    checks: dict[str, str]
    rest: str
    grader: str
    seed: int
    isolation: str


# Of a record that a version with other keys left.
UNKNOWN = Key({}, {}, "", "", 0, "")


class Keys:
    """Makes the keys of a class run.

    Args:
        exercises: that count.
        isolation: letter of the level.
        seed: of the class.
    """

    def __init__(self, exercises: tuple[Exercise, ...], *, isolation: str, seed: int = 0):
        self._checks = {
            one.name: hash_of(
                msgspec.json.encode(one),
                one.public_checks.read_bytes(),
                one.hidden_checks.read_bytes(),
                one.reference.read_bytes(),
            )
            for one in exercises
        }
        hashes = {name: keeping.code_hash(path) for name, path in judging().items()}
        self._grader = hash_of(json.dumps(hashes).encode(), _versions())
        self._isolation = isolation
        self._seed = seed

    @property
    def version(self) -> str:
        """Of all that is the same for every submission."""
        return f"{hash_of(json.dumps(self._checks).encode())}-{self._grader}"

    def of(self, submission: Submission) -> Key:
        """Return the key of a submission."""
        faults = {name: str(fault) for name, fault in submission.unreadable.items()}
        answers = {
            name: hash_of(json.dumps([submission.sources.get(name), faults.get(name)]).encode())
            for name in self._checks
        }
        rest = hash_of(json.dumps([submission.ignored, submission.notes]).encode())
        return Key(answers, dict(self._checks), rest, self._grader, self._seed, self._isolation)


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


def why_again(before: Key, now: Key, exercise: str) -> str:
    """Return what has changed since an exercise was judged, in words that follow "because".

    It is empty if nothing has.
    """
    if before == UNKNOWN:
        return "the grader has changed"
    reasons = {
        "another answer was handed in": before.answers.get(exercise) != now.answers.get(exercise),
        "the checks have changed": before.checks.get(exercise) != now.checks.get(exercise),
        "the grader has changed": before.grader != now.grader,
        "the seed of the class is another one": before.seed != now.seed,
        "the sandbox is another one": before.isolation != now.isolation,
    }
    return wording.listed([words for words, holds in reasons.items() if holds], nothing="")


def changed(before: Key, now: Key) -> set[str]:
    """Return the exercises whose verdicts may be others than they were."""
    return {name for name in now.checks if why_again(before, now, name)}


def hash_of(*parts: bytes) -> str:
    """Return 16 hexadecimal digits that name these parts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:16]
