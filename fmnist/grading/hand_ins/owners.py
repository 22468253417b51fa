"""Whose a hand-in is, by the roster of the class.

An id decides: what an id that the roster does not know is written on belongs to nobody on it, and
no name makes it anybody's. A name counts only where the roster cannot know the ids of a system,
since it is of another kind. What could be of several students is nobody's until a person has said
whose.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fmnist.exercises import catalog
from fmnist.grading.hand_ins import names, near_names
from fmnist.grading.hand_ins.downloads import Label
from fmnist.grading.hand_ins.roster import Roster, trimmed

MAX_CANDIDATES = 5  # that a message names
# Columns of rosters by which a student may be known besides the id.
OTHER_IDS = ("sid", "sis user id", "sis login id", "id number", "login", "username")


@dataclass(frozen=True)
class Owner:
    """Whose a hand-in is.

    Attributes:
        student: id on the roster; empty if it is nobody's, or nobody knows whose.
        reason: why it is nobody's; empty if it is a student's.
        candidates: ids of those whose it could be, if that is several.
        by_name: whether the name alone says so.
    """

    student: str = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()
    by_name: bool = False


class Finder:
    """Finds the students of a roster by what labels say.

    Args:
        roster: of the class.
        labels: of all hand-ins; of a system of another kind than the roster's, they show whether
            the roster knows its ids.
    """

    def __init__(self, roster: Roster, labels: Iterable[Label] = ()):
        self._names = {student.id: student.name for student in roster.students}
        self._ids: dict[tuple[str, str], set[str]] = {}  # by what a name is, and the name
        self._numbers: dict[str, set[str]] = {}  # by what a spreadsheet leaves of an id
        for student in roster.students:
            cells = trimmed(student.row)
            mailbox = student.email.partition("@")[0]
            called = [("id", student.id), ("email", student.email), ("mailbox", mailbox)]
            called += [("other id", cells.get(column, "")) for column in OTHER_IDS]
            called += [("name", name) for name in _orders(student.name)]
            for what, name in called:
                self._ids.setdefault((what, names.same(name)), set()).add(student.id)
                if what in ("id", "other id") and (number := _number(name)):
                    self._numbers.setdefault(number, set()).add(student.id)
        self._known = {roster.kind}  # systems whose ids the roster has
        for label in labels:
            known = self._called("id", label.id) | self._called("other id", label.id)
            if known and known <= (self._named(label) or known):
                self._known.add(label.system)

    def owner(self, label: Label) -> Owner:
        """Return whose a hand-in is."""
        by_name = False
        if not label.system:
            candidates = next(filter(None, map(self._by_any, _forms(label.id))), set())
            what = "is called so"
        elif label.system in self._known:
            candidates = self._called("id", label.id) or self._called("other id", label.id)
            # Who has no number is known by the address, which then is the id.
            candidates = candidates or self._called("email", label.id)
            candidates = candidates or self._called("id", label.email)
            if len(candidates) > 1:  # a number that students write themselves
                candidates = candidates & self._called("email", label.email) or candidates
            what = f"has the id {label.id}"
        else:  # the id can be one of another kind; then what else is known must not contradict
            by_id = self._called("id", label.id) | self._called("other id", label.id)
            matches = [by_id, self._called("email", label.email), self._named(label)]
            matches = [match for match in matches if match]
            agreed = set.intersection(*matches) if matches else set()
            candidates = agreed or set().union(*matches)
            by_name = len(matches) == 1 and matches[0] == self._named(label)
            what = "is called so"
        if not candidates:
            return Owner(reason=f"nobody on the roster {what}{self._near(label)}")
        if len(candidates) == 1:
            return Owner(next(iter(candidates)), by_name=by_name)
        told = [f"{id_!r} ({self._names[id_]!r})" for id_ in sorted(candidates)]
        rest = "" if len(told) <= MAX_CANDIDATES else f" and {len(told) - MAX_CANDIDATES} more"
        return Owner(
            reason=f"could be of {', '.join(told[:MAX_CANDIDATES])}{rest}; name it by the id",
            candidates=tuple(sorted(candidates)),
        )

    def _by_any(self, name: str) -> set[str]:
        """Return whom the name of a folder or file can mean: it can be each of these."""
        kinds = ("id", "other id", "email", "mailbox")
        matches = [self._called(kind, name) for kind in kinds]
        matches.append(self._called("name", "".join(names.words(name))))
        return next(filter(None, matches), set())

    def _near(self, label: Label) -> str:
        """Return in words who might be meant, which is for a person to say."""
        near = sorted(self._numbers.get(_number(label.id), ()))
        if near:
            return (
                f"; near is {' or '.join(near[:MAX_CANDIDATES])}: did a spreadsheet change the id?"
            )
        named = sorted(self._named(label)) if label.system else []
        if named:
            return f"; {' and '.join(named[:MAX_CANDIDATES])} has the same name, and another id"
        return ""

    def _named(self, label: Label) -> set[str]:
        return self._called("name", "".join(names.words(label.name)))

    def _called(self, what: str, name: str) -> set[str]:
        """Return the ids of those who are called so: nobody is called by an empty name."""
        return self._ids.get((what, names.same(name)), set()) if name else set()


def _forms(name: str) -> list[str]:
    """Return the name of a hand-in, and what it was before a program added something.

    A second download is "mira (1)" or "mira - Copy"; a clone of a repository of GitHub's is
    "week1-mira".
    """
    found = [name, near_names.uncopied(name)]
    for assignment in catalog.read().assignments:
        found += [one.removeprefix(f"{assignment.name}-") for one in found]
    return list(dict.fromkeys(found))


def _number(id_: str) -> str:
    """Return what a spreadsheet may leave of an id of digits; empty if it is another one.

    It takes zeros in front away, adds ",0" or groups the digits.
    """
    text = id_.strip().strip("'").strip()
    whole = re.sub(r"[.,]0$|[.,]00$", "", text)
    digits = re.sub(r"(?<=\d)[\s.,'\u2019\u00a0\u202f](?=\d{3})", "", whole)
    return digits.lstrip("0") if digits.isascii() and digits.isdigit() else ""


def _orders(name: str) -> set[str]:
    """Return the ways in which systems write a name: from each of its words on, without spaces."""
    words = names.words(name)
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}
