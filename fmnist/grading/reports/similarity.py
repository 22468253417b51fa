"""Pairs of students whose answers resemble each other more than task and model answer explain.

Answers are read as tokens without names, comments, texts and layout, and compared by winnowed
fingerprints. What stands in the stub or in the model answer, and what many students write, is no
resemblance. Everything happens in memory.

Source: Schleimer, Wilkerson and Aiken (2003), "Winnowing: local algorithms for document
fingerprinting", doi:10.1145/872757.872770.
"""

import builtins
import keyword
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.exercises.catalog import Exercise

TOKENS = 8  # in a fingerprint
WINDOW = 3  # of so many neighbouring fingerprints at least one is kept
FEWEST = 10  # fingerprints of an answer, below which a resemblance says nothing
LEAST = 0.5  # share of the smaller answer that must be in the other
# What more than this share of a class writes, and more than so many, is how one writes it.
COMMON_SHARE, COMMON_COUNT = 0.1, 10
MAX_TOKENS = 3_000  # of an answer that are compared; comments and layout are none
MAX_RUN = 2_000  # characters of lines in one run that the page shows
MAX_PAIRS = 50  # of students that are shown
SECONDS = 45.0  # wall time for the class
# Share of shared fingerprints, and the places of two answers of an exercise.
Alike = tuple[float, int, int]
# Every character belongs to one of these, in broken code too: a string that is not closed ends with
# its line or with the text.
_TOKEN = re.compile(
    r"""(?P<nothing>\#[^\n]*+|\s++|\\\n)
    |(?P<text>[rbfuRBFU]{0,2}(?:\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?
        |'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?))
    |(?P<name>[^\W\d]\w*+)|(?P<number>\d[\w.]*+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_OF_PYTHON = frozenset((*keyword.kwlist, *dir(builtins)))  # names that nobody chooses
_ODD = np.uint64(0x9E3779B97F4A7C15)
_POWERS = np.array([pow(0x100000001B3, place, 2**64) for place in range(TOKENS)], dtype=np.uint64)


@dataclass(frozen=True)
class Pair:
    """Two answers that resemble each other.

    Attributes:
        exercise: its name.
        share: of the smaller answer's fingerprints that are in the other, from 0 to 1.
        same: whether the two texts are the same to the letter.
        lines: numbers of the lines in which they are, from 0, for each of the two.
    """

    exercise: str
    share: float
    same: bool
    lines: tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Couple:
    """Two students whose answers resemble each other.

    Attributes:
        students: the two, by id, in the order of the class.
        compared: in how many exercises the answers of both say enough to be compared.
        pairs: one for each exercise in which they resemble each other, in their order.
    """

    students: tuple[str, str]
    compared: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Comparison:
    """What a comparison came to.

    Attributes:
        couples: those with most exercises first; no other of a group that they link.
        compared: answers that were compared.
        short: answers in which too little is their own to say anything.
        cut: exercise and student of each answer of which only the beginning was compared.
        left_out: names of exercises for which the time did not suffice.
        more: couples that resemble each other and are not listed.
    """

    couples: list[Couple]
    compared: int
    short: int
    cut: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class _Answer:
    """The fingerprints of an answer, sorted, and the first and last line of each, from 0."""

    source: str
    prints: NDArray[np.int64]
    lines: NDArray[np.int64]
    cut: bool  # whether more follows than was read

    def without(self, others: NDArray[np.int64]) -> "_Answer":
        """Return the same answer without some fingerprints."""
        own = ~np.isin(self.prints, others)
        return _Answer(self.source, self.prints[own], self.lines[own], self.cut)

    def lines_shared_with(self, other: "_Answer") -> frozenset[int]:
        """Return the numbers of the lines with fingerprints that another answer has, too."""
        spans = self.lines[np.isin(self.prints, other.prints)].tolist()
        return frozenset(line for start, end in spans for line in range(start, end + 1))


def find(
    sources: Mapping[str, Mapping[str, str]],
    exercises: Sequence[Exercise],
    *,
    seconds: float = SECONDS,
) -> Comparison:
    """Compare all answers to each exercise with each other.

    Args:
        sources: text of each answer, by student and exercise.
        exercises: whose answers to compare.
        seconds: wall time; exercises whose answers are not read by then are left out.
    """
    deadline = time.monotonic() + seconds
    compared = short = 0
    cut: list[tuple[str, str]] = []
    left_out = []
    alike: dict[tuple[str, str], dict[str, Alike]] = {}  # by students, then by exercise
    read: dict[str, list[tuple[str, _Answer]]] = {}
    for exercise in exercises:
        name = exercise.name
        texts = {who: answers[name] for who, answers in sources.items() if name in answers}
        try:
            answers = _own_prints(exercise, texts, deadline)
        except TimeoutError:
            left_out.append(name)
            continue
        read[name] = [entry for entry in answers.items() if len(entry[1].prints) >= FEWEST]
        compared += len(read[name])
        short += len(answers) - len(read[name])
        cut += [(name, student) for student, one in answers.items() if one.cut]
        for share, a, b in _alike([answer.prints for _, answer in read[name]]):
            students = read[name][a][0], read[name][b][0]
            alike.setdefault(students, {})[name] = (share, a, b)
    closest = sorted(alike, key=lambda of: _closeness(alike[of]), reverse=True)  # stable
    linked = list(_linked([(students, alike[students]) for students in closest]))
    has = {name: {student for student, _ in answers} for name, answers in read.items()}
    couples = [
        Couple(
            students,
            sum({*students} <= those for those in has.values()),
            tuple(
                _pair(name, share, read[name][a][1], read[name][b][1])
                for name, (share, a, b) in of.items()
            ),
        )
        for students, of in linked[:MAX_PAIRS]
    ]
    more = len(linked) - len(couples)
    return Comparison(couples, compared, short, tuple(cut), tuple(left_out), more)


def _closeness(of: Mapping[str, Alike]) -> tuple[int, float]:
    """Return what grows with the resemblance of two students."""
    return len(of), sum(share for share, _, _ in of.values())


def tokens(text: str) -> list[str]:
    """Return the words and signs of a Python file, broken or not, without layout and comments."""
    return [match[0] for match in _TOKEN.finditer(text) if match.lastgroup != "nothing"]


def _own_prints(
    exercise: Exercise, texts: Mapping[str, str], deadline: float
) -> dict[str, _Answer]:
    """Return of each answer the fingerprints that neither the task nor the class explains.

    Raises:
        TimeoutError: there is no time to read them all.
    """
    given = [path.read_text("utf-8") for path in (exercise.stub, exercise.reference)]
    known = np.unique(np.concatenate([_fingerprints(text, 1)[0] for text in given]))
    by_text: dict[str, _Answer] = {}
    for text in texts.values():
        if time.monotonic() > deadline:
            raise TimeoutError
        if text not in by_text:  # equal answers are read once
            prints, lines, is_cut = _fingerprints(text, WINDOW)
            by_text[text] = _Answer(text, prints, lines, is_cut).without(known)
    if not texts:
        return {}
    everything, counts = np.unique(
        np.concatenate([by_text[text].prints for text in texts.values()]), return_counts=True
    )
    common = everything[counts > max(COMMON_COUNT, COMMON_SHARE * len(texts))]
    return {student: by_text[text].without(common) for student, text in texts.items()}


def _fingerprints(text: str, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """Return the winnowed fingerprints of a Python file, sorted, their lines, and if it is cut.

    See `_Answer`. It is cut by its tokens: characters that nobody compares must not count.
    """
    tokens: list[str] = []
    starts: list[int] = []
    is_cut = False
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "nothing":
            if len(tokens) == MAX_TOKENS:
                is_cut = True
                break
            tokens.append(_plain(match.lastgroup or "", match[0]))
            starts.append(match.start())
    if len(tokens) < TOKENS:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64), is_cut
    prints, places = winnow(_hashes(tokens), window)
    ends = np.array([match.start() for match in re.finditer("\n", text)], dtype=np.int64)
    of_tokens = np.searchsorted(ends, np.array(starts))
    lines = np.stack([of_tokens[places], of_tokens[places + TOKENS - 1]], axis=1)
    return prints, lines, is_cut


def _plain(kind: str, token: str) -> str:
    """Return a token without what an author chooses freely."""
    if kind == "text":
        return "text"
    return "name" if kind == "name" and token not in _OF_PYTHON else token


def winnow(hashes: NDArray[np.int64], window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the smallest of each window of hashes, sorted, each value once, and their places.

    A window ends at each hash; the first ones are shorter. A value has the last of its places in
    the first window in which it is the smallest.

    Args:
        hashes: shape (n,), at least one.
        window: how many neighbours, at least 1. Of two texts that share so many neighbouring
            hashes, one at least is selected in both.

    Returns:
        hashes and their places, two arrays of one length.
    """
    padded = np.concatenate([np.full(window - 1, np.iinfo(np.int64).max), hashes])
    windows = np.lib.stride_tricks.sliding_window_view(padded, window)
    places = np.arange(len(hashes)) - windows[:, ::-1].argmin(axis=1)
    selected, first = np.unique(hashes[places], return_index=True)
    return selected, places[first]


def _hashes(tokens: list[str]) -> NDArray[np.int64]:
    """Return a hash of every run of `TOKENS` tokens, the same in every process."""
    codes = np.array(
        [zlib.crc32(token.encode("utf-8", "surrogatepass")) for token in tokens], dtype=np.uint64
    )
    hashes = (np.lib.stride_tricks.sliding_window_view(codes, TOKENS) * _POWERS).sum(axis=1)
    for _ in range(2):  # so that the smallest of a few hashes is anyone's
        hashes = (hashes ^ (hashes >> np.uint64(31))) * _ODD
    return (hashes >> np.uint64(1)).astype(np.int64)


def _alike(sets: Sequence[NDArray[np.int64]]) -> Iterator[Alike]:
    """Yield each pair of sets of fingerprints that is much alike."""
    if not sets:
        return
    sizes = np.array([len(prints) for prints in sets])
    starts = np.cumsum(sizes) - sizes
    values, numbers = np.unique(np.concatenate(sets), return_inverse=True)
    for a, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        is_in_a = np.zeros(len(values), dtype=np.int64)
        is_in_a[numbers[start : start + size]] = 1
        shared = np.add.reduceat(is_in_a[numbers], starts)
        shares = shared / np.minimum(size, sizes)
        for b in np.flatnonzero((shares >= LEAST) & (shared >= FEWEST)):
            if b > a:
                yield float(shares[b]), a, int(b)


Linked = tuple[tuple[str, str], Mapping[str, Alike]]


def _linked(couples: Iterable[Linked]) -> Iterator[Linked]:
    """Yield those of sorted couples that link all who resemble each other.

    Of a group of n that wrote one answer there are n - 1. A couple that links two in any exercise
    is there with all of its exercises.
    """
    group: dict[tuple[str, str], tuple[str, str]] = {}

    def of(answer: tuple[str, str]) -> tuple[str, str]:
        while answer in group:
            answer = group[answer]
        return answer

    for students, alike in couples:
        links = False
        for exercise in alike:
            first, second = (of((exercise, student)) for student in students)
            if first != second:
                group[second] = first
                links = True
        if links:
            yield students, alike


def _pair(exercise: str, share: float, answer: _Answer, other: _Answer) -> Pair:
    lines = answer.lines_shared_with(other), other.lines_shared_with(answer)
    same = answer.source.split() == other.source.split()
    return Pair(exercise, share, same, lines)
