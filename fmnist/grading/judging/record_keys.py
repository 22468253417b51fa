"""What decides a record: equal keys, equal records."""

import hashlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.sandbox.zygotes import SEED
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
    """All that decides a record; equal keys, equal verdicts.

    Attributes:
        answers: of each exercise a hash of what the student handed in and what was wrong with it.
        checks: of each exercise a hash of its checks, its reference and its entry in the catalogue.
        grader: hash of the code that judges, and of the versions that it uses.
        seed: of the workers' random numbers.
        isolation: letter of the level.
    """

    answers: dict[str, str]
    checks: dict[str, str]
    grader: str
    seed: int
    isolation: str


# Of a record that another version of the grader left.
UNKNOWN = Key({}, {}, "", SEED, "")


class Keys:
    """Makes the keys of a class run.

    Args:
        exercises: that count.
        isolation: letter of the level.
    """

    def __init__(self, exercises: tuple[Exercise, ...], *, isolation: str):
        self._checks = {
            one.name: hash_of(
                msgspec.json.encode(one),
                *(
                    path.read_bytes()
                    for path in (one.public_checks, one.hidden_checks, one.reference)
                ),
            )
            for one in exercises
        }
        hashes = {name: keeping.code_hash(path) for name, path in judging().items()}
        self._grader = hash_of(json.dumps(hashes).encode(), _versions())
        self._isolation = isolation

    @property
    def version(self) -> str:
        """Of all that is the same for every submission."""
        return f"{hash_of(json.dumps(self._checks).encode())}-{self._grader}"

    def of(self, submission: Submission) -> Key:
        """Return the key of a submission."""
        answers = {}
        for name in self._checks:
            fault = submission.unreadable.get(name)
            given = [submission.sources.get(name), None if fault is None else str(fault)]
            answers[name] = hash_of(json.dumps(given).encode())
        return Key(answers, dict(self._checks), self._grader, SEED, self._isolation)


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
    if not before.grader:
        return "the grader has changed"
    changed = {
        "another answer was handed in": before.answers.get(exercise) != now.answers.get(exercise),
        "the checks have changed": before.checks.get(exercise) != now.checks.get(exercise),
        "the grader has changed": before.grader != now.grader,
        "the random numbers are others": before.seed != now.seed,
        "the sandbox is another one": before.isolation != now.isolation,
    }
    return wording.listed([words for words, holds in changed.items() if holds], nothing="")


def changed(before: Key, now: Key) -> frozenset[str]:
    """Return the exercises whose verdicts may be others than they were.

    Answers of one hand-in share a process, in which one might change what the next one imports: if
    any of them is another one, all are judged again.
    """
    everything = frozenset(now.checks)
    common = before.checks.keys() & everything
    same_answers = all(before.answers.get(name) == now.answers[name] for name in common)
    parts = ("grader", "seed", "isolation")
    if not same_answers or any(getattr(before, part) != getattr(now, part) for part in parts):
        return everything
    return frozenset(name for name in everything if before.checks.get(name) != now.checks.get(name))


def hash_of(*parts: bytes) -> str:
    """Return 16 hexadecimal digits that name these parts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:16]
