"""What to grade, and how: what was handed in, and all that decides what it is worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fmnist.exercises import catalog, reading
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import downloads, entries
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.judging import store
from fmnist.grading.marks import by_hand
from fmnist.grading.marks import policy as policies
from fmnist.grading.marks.people import People
from fmnist.grading.reports import lms_canvas
from fmnist.grading.sandbox import selftest
from fmnist.grading.sandbox.isolation import LEVELS, Level
from fmnist.tools import executors, wording


@dataclass(frozen=True)
class Plan:
    """What to grade, and how: see `plan`, which makes it.

    Attributes:
        handed_in: what is in the folder of submissions.
        out: for records and reports.
        exercises: that count.
        level: of isolation.
        place: where graders run.
        minutes: wall time for the class.
        roster: of the class, if there is one.
        policy: rules of the class.
        marks: given by hand, of what is graded.
        marks_elsewhere: given by hand, of other assignments; they do not count here.
        regrade: whether to make all records again.
        scale: whether marks for a platform are scaled to its maximum.
        has_rules: whether there is a file of rules.
        has_marks: whether there is a file of marks given by hand.
        notes: on what was assumed in reading the files, and on rules that decide nothing.
        set_aside: whether results of other students and exercises may be moved.
        seed: of the class: hidden checks draw their inputs from it, for all students the same.
        assignments: names of those that are graded; none if exercises were chosen otherwise.
        site: where the book is on the web, for students; may be empty.
        column: of the assignment in the roster, as it was asked for; may be empty.
    """

    handed_in: entries.HandedIn
    out: Path
    exercises: tuple[Exercise, ...]
    level: Level
    place: executors.Place
    minutes: float
    roster: rosters.Roster | None = None
    policy: policies.Policy = field(default_factory=policies.Policy)
    marks: tuple[by_hand.Mark, ...] = ()
    marks_elsewhere: tuple[by_hand.Mark, ...] = ()
    regrade: bool = False
    scale: bool = False
    has_rules: bool = False
    has_marks: bool = False
    notes: tuple[str, ...] = ()
    set_aside: bool = False
    seed: int = 0
    assignments: tuple[str, ...] = ()
    site: str = ""
    column: str = ""


def plan(
    folder: Path,
    out: Path,
    *,
    minutes: float,
    least: str,
    student: str = "",
    roster: Path | None = None,
    policy: Path | None = None,
    marks: Sequence[Path] = (),
    assignments: Collection[str] = (),
    phases: Collection[str] = (),
    names: Collection[str] = (),
    cluster: str = "",
    workers: int | None = None,
    regrade: bool = False,
    scale: bool = False,
    set_aside: bool = False,
    seed: int | None = None,
    secrets: tuple[Path, ...] = (),
    site: str = "",
    column: str = "",
) -> Plan:
    """Find what was handed in, and all that decides what it is worth.

    Args:
        folder: of the submissions.
        out: for records and reports.
        minutes: wall time for the class.
        least: letter of the weakest isolation that will do; the strongest that holds is taken.
        student: whose the folder is, if it is the submission of one.
        roster: file of the class; without it students are called as their hand-ins are.
        policy: file of the rules of the class.
        marks: files of marks given by hand.
        assignments: whose exercises count.
        phases: whose exercises count.
        names: of exercises that count. With no assignment, phase or name all count.
        cluster: address of a scheduler; empty for this machine.
        workers: processes; by default one a core.
        regrade: whether to make all records again.
        scale: whether marks for a platform are scaled to its maximum.
        set_aside: whether results of other students and exercises, which an earlier run left in
            `out`, may be moved there.
        seed: of the class; if none is given the one that earlier results have, or a new one.
        secrets: files and folders, besides the two, that no answer may read.
        site: address of the book on the web, for students.
        column: of the assignment in the roster; by default the one that is called like it.

    Raises:
        NoSubmissions: the folder does not hold what the grader needs.
        RosterError, TableError, MarksError: a file is not as it must be.
        NoSandbox: no isolation holds that will do.
        CatalogError: there is no such assignment or exercise.
        NoAddress: the site has none that could be one.
        NoColumn: the roster has no such column.
    """
    address = reading.site(site)
    rules = policies.read(policy) if policy else policies.Policy()
    class_ = rosters.read(roster, rules.times_zone) if roster else None
    if column:
        lms_canvas.column_of(class_, column)
    if student:
        handed_in = entries.HandedIn((entries.Entry(student, (folder.resolve(),)),), {}, ())
    else:
        handed_in = entries.find(folder, class_, without=(out,))
    ids = dict.fromkeys(entry.student for entry in handed_in.entries)
    known = class_.students if class_ else [rosters.Student(id_) for id_ in ids]
    people = People(known, whole=class_ is not None)
    if policy:
        rules = policies.of_class(rules, people, policy.name)
    exercises = _exercises(assignments, phases, names)
    given = by_hand.together([(path.name, by_hand.read(path, people)) for path in marks])
    counted, elsewhere = by_hand.counted(given.given, exercises)
    notes = [*(class_.notes if class_ else _numbered(handed_in.entries)), *given.notes]
    if policy:
        told = [rules.zone_told, *rules.without_effect([one.name for one in exercises])]
        told.append(rules.overlooked(known))
        notes += filter(None, told)
    return Plan(
        handed_in=handed_in,
        out=out,
        minutes=minutes,
        roster=class_,
        policy=rules,
        marks=counted,
        marks_elsewhere=elsewhere,
        level=(
            LEVELS[least]  # which each of its machines proves
            if cluster
            else selftest.strongest(least=least, secrets=(folder, out, *secrets))
        ),
        exercises=exercises,
        place=executors.Place(cluster, workers or executors.cores()),
        regrade=regrade,
        scale=scale,
        has_rules=policy is not None,
        has_marks=bool(marks),
        notes=tuple(notes),
        set_aside=set_aside,
        seed=store.class_seed(out) if seed is None else seed,
        assignments=() if phases or names else tuple(assignments),
        site=address,
        column=column,
    )


def _numbered(handed_in: Sequence[entries.Entry]) -> list[str]:
    """Return what is said of students who are called by a platform's number, having no roster."""
    told = [
        f"{entry.student} ({path.name!r})"
        for entry in handed_in
        for path in entry.paths[:1]
        if downloads.label_of(path, is_folder=path.is_dir()).system
    ]
    if not told:
        return []
    called = wording.counted(len(told), "hand-in is called", "hand-ins are called")
    return [
        f"{called} as a platform calls its downloads, so that the student is a number: "
        f"{wording.some(told, 3)}. Names come with --roster."
    ]


def _exercises(
    assignments: Collection[str], phases: Collection[str], names: Collection[str]
) -> tuple[Exercise, ...]:
    """Return the exercises that count, those of all three together, in the course's order."""
    if not (assignments or phases or names):
        return catalog.load()
    wanted = {catalog.find(name) for name in names}
    for assignment in assignments:
        wanted.update(catalog.exercises_of(assignment))
    return tuple(
        exercise for exercise in catalog.load() if exercise in wanted or exercise.phase in phases
    )
