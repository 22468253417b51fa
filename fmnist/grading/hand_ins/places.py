"""What became of each file and folder among the submissions: nothing is left out without a word."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from fmnist.grading.hand_ins.entries import Entry, HandedIn

DOUBTFUL, SKIPPED, REPLACED, COUNTED = "doubtful", "skipped", "replaced", "counted"
UNREAD = "no answer read"  # it counts, and nothing in it could be taken for an answer
NOT_YET = "not graded"  # of a run that ended early
STATES = (
    DOUBTFUL,
    UNREAD,
    SKIPPED,
    REPLACED,
    NOT_YET,
    COUNTED,
)  # first what a person should look at
COLUMNS = ("place", "student", "state", "reason")


@dataclass(frozen=True)
class Place:
    """A file or folder of the submissions.

    Attributes:
        place: its name.
        student: id of whose it is; empty if it is nobody's.
        state: one of `STATES`.
        reason: why it does not count; empty if it does.
    """

    place: str
    student: str
    state: str
    reason: str


def of(
    handed_in: HandedIn,
    counted: Mapping[str, int],
    unread: Mapping[str, str],
    not_yet: Collection[tuple[str, int]] = (),
) -> list[Place]:
    """Return what became of each file and folder, by its name.

    Args:
        handed_in: what was found.
        counted: number of the attempt that counts, by student; those are left out of whom none is
            graded.
        unread: by student why no answer could be read of the attempt that counts.
        not_yet: students and attempts that are not graded; an earlier outcome may count.
    """
    by_student: dict[str, list[Entry]] = {}
    for entry in handed_in.entries:
        by_student.setdefault(entry.student, []).append(entry)
    places: set[Place] = set()
    for student, entries in by_student.items():
        why = unread.get(student, "")
        places.update(_of_student(entries, counted.get(student), handed_in, why, not_yet))
    told = {place.place for place in places}
    for name, reason in handed_in.doubtful.items():
        if name not in told:
            places.add(Place(name, "", DOUBTFUL, reason))
    for name, reason in handed_in.skipped.items():
        if name not in told:
            places.add(Place(name, "", SKIPPED, reason))
    return sorted(places, key=lambda place: (place.place, place.student))


def _of_student(
    entries: list[Entry],
    counted: int | None,
    handed_in: HandedIn,
    unread: str,
    not_yet: Collection[tuple[str, int]],
) -> Iterable[Place]:
    """Yield the places of a student; a file of several attempts counts if it does in one."""
    counting = {path for entry in entries if entry.attempt == counted for path in entry.paths}
    for entry in entries:
        for path in entry.paths:
            state, reason = COUNTED, ""
            if path.name in handed_in.skipped:  # typed into a form: it is there and not read
                state, reason = SKIPPED, handed_in.skipped[path.name]
            elif entry.doubt:
                state, reason = DOUBTFUL, handed_in.doubtful[path.name]
            elif counted is None:
                state = NOT_YET
            elif (entry.student, entry.attempt) in not_yet:
                state, reason = NOT_YET, f"the outcome of attempt {counted} before it counts"
                if counted == entry.attempt:
                    reason = "an earlier outcome counts"
            elif path not in counting:
                state = REPLACED
                reason = f"attempt {entry.attempt}; attempt {counted} counts"
            elif unread:
                state, reason = UNREAD, unread
            yield Place(path.name, entry.student, state, reason)
