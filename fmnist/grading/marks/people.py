"""Whom rules and marks name: by id, by e-mail, or by a full name that one student alone has."""

import difflib
from collections.abc import Iterable

from fmnist.grading.hand_ins.names import same
from fmnist.grading.hand_ins.roster import Student, given_name_first
from fmnist.tools.tables import is_rounded

MAX_NAMED = 5


class Unknown(ValueError):
    """The class has nobody, or several, who are called so; the text says whom it may mean."""


class People:
    """The students of a class, found by what a person calls them.

    Args:
        students: of the class.
        whole: whether these are all, as a roster says; else they are those who handed in.
    """

    def __init__(self, students: Iterable[Student], *, whole: bool):
        self._students = {student.id: student for student in students}
        self._whole = whole
        self._called: dict[str, dict[str, set[str]]] = {"id": {}, "email": {}, "name": {}}
        for student in self._students.values():
            for kind, index in self._called.items():
                called = _key(getattr(student, kind))
                if called:
                    index.setdefault(called, set()).add(student.id)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._students

    def name_of(self, id_: str) -> str:
        """Return the name of a student, for people; empty if it is unknown."""
        return self._students[id_].name

    def id_of(self, called: str) -> str:
        """Return the id of a student.

        Args:
            called: id, e-mail or full name; capital letters do not matter.

        Raises:
            Unknown: nobody is called so, or several are.
        """
        # Not the id before the rest: on some platforms students write their ids themselves.
        found = {
            id_
            for index in self._called.values()
            for id_ in index.get(_key(called)) or index.get(_key(given_name_first(called)), set())
        }
        if len(found) > 1:
            ids = ", ".join(sorted(found)[:MAX_NAMED])
            raise Unknown(f"{called!r} could be each of {ids}; give the id or the e-mail of one")
        if found:
            return next(iter(found))
        raise Unknown(f"there is no student {called!r} in this class{self._near(called)}")

    def _near(self, called: str) -> str:
        """Return who may be meant, as the end of a sentence."""
        if is_rounded(called):
            return "; a spreadsheet has left out the end of a number: make that column text"
        kinds = [self._called["email"]] if "@" in called else self._called.values()
        all_called = {name: id_ for index in kinds for name, ids in index.items() for id_ in ids}
        key = _key(called)
        zeros = [id_ for id_ in self._students if id_.lstrip("0") == called.lstrip("0")]
        words = [
            id_ for id_, student in self._students.items() if key in _key(student.name).split()
        ]
        near = [all_called[name] for name in difflib.get_close_matches(key, all_called, n=3)]
        ids = list(dict.fromkeys([*zeros, *words, *near]))[:3]
        if ids:
            return f"; the nearest: {', '.join(repr(id_) for id_ in ids)}"
        return "" if self._whole else "; who has not handed in is known by a roster alone"


def _key(text: str) -> str:
    return same(" ".join(text.split()))
