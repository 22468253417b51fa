"""Outcomes, states and their sentences: one text each, in one place each."""

import ast
import json
import pickle

import pytest

from fmnist.answer import faults, source
from fmnist.course import PACKAGE
from fmnist.exercises import sentences
from fmnist.exercises.verdicts import Outcome, State, Verdict, unjudged

# Where texts may be typed: the registers, and what runs where nothing else can be imported.
REGISTERS = {
    PACKAGE / "answer" / "faults.py",
    PACKAGE / "exercises" / "verdicts.py",
    PACKAGE / "exercises" / "sentences.py",
}
ALONE = PACKAGE / "inside"
TEXTS = {text for name, text in vars(sentences).items() if name.isupper() and type(text) is str}
TEXTS |= {*sentences.TO_STUDENT.values(), *sentences.TO_INSTRUCTOR.values()}


def typed(path) -> set[str]:
    """Return the texts in a module, docstrings apart; of one with values in it, each piece."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is str and id(node) not in said
    }


OURS = [
    path for path in PACKAGE.rglob("*.py") if path not in REGISTERS and ALONE not in path.parents
]


def test_a_state_is_typed_nowhere_else():
    """Those in two words; one word says much else, too."""
    states = {str(state) for state in State if " " in state} | {faults.NotStarted.kind}
    assert not [path for path in OURS if states & typed(path)]


def test_a_sentence_is_typed_nowhere_else():
    """Nor a piece of it that stands between values: whoever changes one changes one place."""
    pieces = {piece for text in TEXTS for piece in text.replace("{", "}").split("}")[::2]}
    pieces = {piece.strip() for piece in pieces if len(piece.split()) > 4}
    assert len(pieces) > 15
    again = [
        (path, text) for path in OURS for text in typed(path) if {p for p in pieces if p in text}
    ]
    assert again == []


def test_every_state_but_graded_is_said_to_both():
    """In the same order, the most urgent first."""
    wanted = [state for state in State if state != State.GRADED]
    assert list(sentences.TO_STUDENT) == list(sentences.TO_INSTRUCTOR) == wanted


def test_a_missing_file_is_said_alike_wherever_it_is_missed(tmp_path):
    """By the reader of a student's file, which knows nothing of grading, and by the grader."""
    with pytest.raises(faults.Missing) as caught:
        source.read_source(tmp_path / "class_counts.py")
    assert str(caught.value) == sentences.NO_FILE.format(name="class_counts")


def test_names_are_texts_wherever_they_go():
    """In JSON, in a sentence, between processes, and beside the plain texts of an old record."""
    verdict = unjudged("class_counts", State.MISSING, "nothing")
    assert json.loads(json.dumps(vars(verdict)))["kind"] == "missing"
    assert f"{verdict.outcome} {verdict.kind}" == "error missing"
    plain = Verdict("class_counts", "", False, "error", "missing", "nothing")
    assert pickle.loads(pickle.dumps(verdict)) == plain == verdict  # noqa: S301 (our own)
    assert {State.CRASHED: 1}["crashed"] == 1
    assert [Verdict("", "", False, str(one), "", "").passed for one in Outcome] == [
        True,
        *[False] * 3,
    ]
