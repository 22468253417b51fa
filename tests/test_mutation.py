"""The checks notice small faults: each reference is changed in one place, again and again."""

import functools
import resource
from contextlib import ExitStack

import pytest

from fmnist.course import ROOT
from fmnist.exercises import catalog
from mutation import judging
from mutation.mutants import REMOVED, mutants

EXERCISES = sorted(catalog.load(), key=lambda exercise: exercise.keras)
REGISTER = judging.equivalents()
KILLED = 0.9  # of an exercise's mutants that are not equivalent, at least
KILLED_OF_ALL = 0.95  # over the course

EXAMPLE = '''"""A module."""


def average(values, *, skip=1):
    """Return the average of all but the first few."""
    if not values[skip:]:
        raise ValueError(f"{len(values) - 1} values")
    return sum(values[skip:]) / (len(values) - skip)


def other():
    return 1 + 1
'''
RAISE = "raise ValueError(f'{len(values) - 1} values')"
RETURN = "return sum(values[skip:]) / (len(values) - skip)"
EXPECTED = [
    (6, "if not values[skip:]:", REMOVED),
    (6, "if not values[skip:]:", "if values[skip:]:"),
    (6, "if not values[skip:]:", "if not values[skip + 1:]:"),
    (6, "if not values[skip:]:", "if not values[skip:-1]:"),
    (7, RAISE, REMOVED),
    (8, RETURN, "return -(sum(values[skip:]) / (len(values) - skip))"),
    (8, RETURN, "return None"),
    (8, RETURN, "return sum(values[skip + 1:]) / (len(values) - skip)"),
    (8, RETURN, "return sum(values[skip:-1]) / (len(values) - skip)"),
    (8, RETURN, "return sum(values[skip:]) * (len(values) - skip)"),
    (8, RETURN, "return sum(values[skip:]) // (len(values) - skip)"),
    (8, RETURN, "return sum(values[skip:]) / (len(values) + skip)"),
]


def by_name(exercise) -> str:
    """Return the id of a parametrised test."""
    return exercise.name


def becomes(statement: str) -> list[str]:
    """Return what the mutants of a function of one statement make of it."""
    return [
        one.becomes for one in mutants(f"def function(a, b, c):\n    {statement}\n", "function")
    ]


def test_a_function_has_these_mutants():
    """One fault each, in order; docstring, message, signature and other functions stay."""
    found = [(one.line, one.was, one.becomes) for one in mutants(EXAMPLE, "average")]
    assert found == EXPECTED


def test_a_mutant_is_another_program():
    """No two texts are equal, and none is that of the original."""
    texts = [one.text for one in mutants(EXAMPLE, "average")]
    namespaces: list[dict] = [{} for _ in texts]
    for text, namespace in zip(texts, namespaces, strict=True):
        exec(text, namespace)  # noqa: S102 - it is ours
    assert len({*texts, EXAMPLE}) == len(texts) + 1
    assert [space["other"]() for space in namespaces] == [2] * len(texts)
    assert namespaces[6]["average"]([1, 2, 3]) is None


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("a = b < c", ["a = b <= c"], id="bounds"),
        pytest.param("a = b == c", ["a = b != c"], id="equality"),
        pytest.param("a += b", ["a -= b"], id="in place"),
        pytest.param("a = b // c", ["a = b / c"], id="whole division"),
        pytest.param("a = b ** c", ["a = b * c"], id="power"),
        pytest.param("a = b and c", ["a = b or c"], id="and"),
        pytest.param("a = not b", ["a = b"], id="not"),
        pytest.param("a = -b", ["a = b"], id="minus"),
        pytest.param("a = [0, 7]", ["a = [1, 7]", "a = [0, 8]"], id="whole numbers"),
        pytest.param("a = [0.0, 0.5]", ["a = [1.0, 0.5]", "a = [0.0, 1.0]"], id="floats"),
        pytest.param("a = [True, 'text', None]", ["a = [False, 'text', None]"], id="truth"),
        pytest.param("a = max(b)", ["a = min(b)"], id="min and max"),
        pytest.param("a = b.argmin()", ["a = b.argmax()"], id="argmin"),
        pytest.param("a = range(b)", ["a = range(1, b)", "a = range(b - 1)"], id="range"),
        pytest.param("a = range(b, c)", ["a = range(b + 1, c)", "a = range(b, c - 1)"], id="from"),
        pytest.param("a = range(9)", ["a = range(1, 9)", "a = range(8)", "a = range(10)"], id="to"),
        pytest.param("a = sorted(b)", ["a = sorted(b, reverse=True)"], id="sorted"),
        pytest.param("a = b.argsort()", ["a = b.argsort()[::-1]"], id="argsort"),
        pytest.param("a = f(b, c=c)", ["a = f(b)"], id="keyword"),
        pytest.param("a = zip(b, c, strict=True)", [], id="strict"),
        pytest.param("a = b[:-1]", ["a = b[1:-1]", "a = b[:-2]", "a = b[:1]"], id="slice"),
        pytest.param(
            "return a < b",
            ["return not a < b", "return None", "return a <= b"],
            id="returned truth",
        ),
        pytest.param("return (a, b)", ["return None"], id="tuple"),
    ],
)
def test_a_statement_becomes(statement, expected):
    """Each kind of fault, beside that the statement is removed."""
    found = becomes(statement)
    assert [one for one in found if one != REMOVED] == expected
    assert (REMOVED in found) == (not statement.startswith("return"))


def test_the_same_fault_at_two_places_is_numbered():
    """The register can name either."""
    source = "def function(a):\n    if a:\n        a += 1\n    a += 1\n    return [a]\n"
    found = [one.was for one in mutants(source, "function") if one.becomes == "a -= 1"]
    assert found == ["a += 1", "a += 1 (2)"]


def test_a_long_statement_is_told_by_its_part():
    """What a survivor is must be seen at a glance."""
    source = f"def function(a):\n    return [{'a, ' * 40}\n        a + 1]\n"
    found = [(one.line, one.was, one.becomes) for one in mutants(source, "function")]
    assert (3, "a + 1", "a - 1") in found


def test_the_register_names_mutants_that_exist():
    """An entry whose mutant is gone is to be removed, and each says why it is there."""
    existing = {
        (exercise.name, one.was, one.becomes)
        for exercise in EXERCISES
        for one in judging.mutants_of(exercise)
    }
    keys = [(one.exercise, one.was, one.becomes) for one in REGISTER]
    assert [key for key in keys if key not in existing] == []
    assert len(set(keys)) == len(keys)
    assert [one for one in REGISTER if not one.reason.endswith(".")] == []


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux bounds another process")
def test_a_mutant_does_not_get_all_memory(tmp_path):
    """What asks for more than its share is refused, also where the machine has as much."""
    exercise = catalog.find("class_counts")
    text = f"def class_counts(labels, classes=10):\n    return [bytearray({judging.MEMORY})]\n"
    with judging.BoundedChecker() as checker:
        fault = judging.fault(checker, exercise, text, tmp_path)
    assert "MemoryError" in fault.message


@pytest.fixture(scope="module", name="judged")
def _judged(tmp_path_factory):
    """Judge the mutants of an exercise, each exercise once: pairs of mutant and first fault."""
    folder = tmp_path_factory.mktemp("mutants")
    with ExitStack() as stack:
        checkers = [stack.enter_context(judging.BoundedChecker()) for _ in range(2)]

        @functools.cache
        def judge(exercise):
            checker = checkers[exercise.keras]
            reference = exercise.reference.read_text("utf-8")
            assert judging.fault(checker, exercise, reference, folder) is None
            return [
                (one, judging.fault(checker, exercise, one.text, folder))
                for one in judging.mutants_of(exercise)
            ]

        yield judge


def counted(judged, exercise):
    """Return how many mutants should be killed, and those of them that survive."""
    known = {(one.was, one.becomes) for one in REGISTER if one.exercise == exercise.name}
    wanted = [
        (one, fault) for one, fault in judged(exercise) if (one.was, one.becomes) not in known
    ]
    return len(wanted), [one for one, fault in wanted if fault is None]


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_the_checks_kill_the_mutants(exercise, judged, capsys):
    """Nearly all faults that matter are noticed; the others are printed."""
    wanted, survivors = counted(judged, exercise)
    told = [
        f"{exercise.reference.relative_to(ROOT)}:{one.line}: {one.was}  ->  {one.becomes}"
        for one in survivors
    ]
    with capsys.disabled():
        print("", *told, sep="\n", end="")
    assert 1 - len(survivors) / wanted >= KILLED, "\n".join(told)


@pytest.mark.slow
def test_the_checks_kill_the_mutants_of_all_references(judged, capsys):
    """The same over the course, with the numbers."""
    counts = [counted(judged, exercise) for exercise in EXERCISES]
    wanted, survived = sum(count for count, _ in counts), sum(len(left) for _, left in counts)
    with capsys.disabled():
        print(f"\n{wanted - survived} of {wanted} mutants killed, {len(REGISTER)} are equivalent")
    assert 1 - survived / wanted >= KILLED_OF_ALL


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_what_is_registered_survives(exercise, judged):
    """A mutant that the checks kill is not equivalent: its entry is wrong."""
    killed = {(one.was, one.becomes) for one, fault in judged(exercise) if fault is not None}
    of_this = [one for one in REGISTER if one.exercise == exercise.name]
    assert [one for one in of_this if (one.was, one.becomes) in killed] == []


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_a_mutant_never_breaks_a_check(exercise, judged):
    """Whatever an answer returns, a check judges it instead of failing itself."""
    broken = [
        f"{one.was}  ->  {one.becomes}: {fault.check} says {fault.message}"
        for one, fault in judged(exercise)
        if fault is not None and fault.kind == "grader error"
    ]
    assert broken == []
