"""Where results go: nothing of anybody's is touched, and no earlier marks are lost."""

import json
import re
import shutil
from pathlib import Path

import pytest
import watchfiles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import ANOTHER, COUNTS
from fmnist.cli import drop_folder
from fmnist.grading import reports
from fmnist.grading.hand_ins import entries
from fmnist.grading.judging import earlier_results, record_keys, store
from fmnist.grading.judging.earlier_results import OtherResults
from fmnist.grading.judging.records import Graded, nothing
from fmnist.tools import results_folders
from fmnist.tools.results_folders import NotOurs

RIGHT = COUNTS.reference.read_text("utf-8")
KEY = record_keys.Key({}, {}, "rest", "grader", 1, "A")


def put(path: Path, text: str = "mine") -> Path:
    """Write a file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return what lies in a folder, by name; folders have no content."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def keep(folder: Path, *students: str, attempt: int = 1) -> None:
    """Write what a run keeps of some students, with their reports."""
    kept = store.Store(folder)
    with kept.alone():
        for student in students:
            record = nothing(student, (COUNTS,), isolation="A")
            object.__setattr__(record, "attempt", attempt)
            kept.keep(Graded(record, {"test": 0.5}), KEY)
            page = folder / "students" / student
            put(page / "feedback.html", student)
            put(page / "results.json", json.dumps({"extra_data": {"state": "graded"}}))


def begin(folder: Path, *students: str, exercises=(COUNTS,), tables=(), allowed=False):
    """Begin a run in which some students hand in once."""
    return earlier_results.set_aside(
        folder,
        [(student, 1) for student in students],
        students,
        [exercise.name for exercise in exercises],
        tables=tables,
        allowed=allowed,
    )


def test_a_new_folder_is_marked_and_known_again(tmp_path):
    """It says in words what it is, and of which version and exercises."""
    out = tmp_path / "deep" / "out"
    assert results_folders.claim(out) == []
    begin(out, "mira")
    mark = json.loads((out / results_folders.MARK).read_text("utf-8"))
    assert mark["folder"] == "results of fmnist grade"
    assert mark["exercises"] == ["class_counts"]
    assert re.fullmatch(r"\d+\.\d+.*", mark["version"])
    assert results_folders.claim(out) == []
    assert json.loads((out / results_folders.MARK).read_text("utf-8")) == mark


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"students/mira.zip": "x", "records/2025.json": "{}"}, id="as in the field"),
        pytest.param({"grades.csv": "student\n"}, id="a table"),
        pytest.param({"records/2025.json": "{}", "times/a": ""}, id="records of somebody"),
        pytest.param({"records/a.json": "[]", "times/a.json": "[]", "x.txt": ""}, id="both"),
        pytest.param({".git/config": ""}, id="hidden"),
        pytest.param({".writing-my-novel": "x"}, id="called nearly like what we write"),
        pytest.param({".writing-abcdefgh/chapter": "x"}, id="a folder called so"),
        pytest.param({".lock": ""}, id="a lock"),
    ],
)
def test_a_folder_of_somebody_is_refused_before_the_first_byte(tmp_path, files):
    """With an example, and what to type; nothing is written."""
    for name, text in files.items():
        put(tmp_path / name, text)
    before = tree(tmp_path)
    with pytest.raises(NotOurs) as told, store.Store(tmp_path).alone():
        pass
    assert tree(tmp_path) == before
    assert any(repr(name.partition("/")[0]) in str(told.value) for name in files)
    assert str(told.value).endswith(f"as in --out {tmp_path / 'results'}")


def test_what_systems_put_into_an_empty_folder_is_no_reason(tmp_path):
    """It stays, and so does half a mark that a killed run left, which is cleared."""
    put(tmp_path / ".DS_Store", "x")
    put(tmp_path / ".writing-abc_1234", "{")
    with store.Store(tmp_path).alone() as told:
        assert told == []
    assert (tmp_path / ".DS_Store").read_text() == "x"
    assert not (tmp_path / ".writing-abc_1234").exists()


def test_results_of_a_version_without_a_mark_are_known(tmp_path):
    """By their records, which are used; a file of the teacher's beside them stays."""
    keep(tmp_path, "mira")
    (tmp_path / results_folders.MARK).unlink()
    put(tmp_path / "notes.txt")
    with store.Store(tmp_path).alone() as told:
        assert told == [f"{tmp_path} has results of an earlier version of fmnist; they are used."]
    assert results_folders.mark_of(tmp_path).exercises == ("class_counts",)
    assert store.Store(tmp_path).find("mira", 1) is not None
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_run_that_was_stopped_at_once_left_no_mark(tmp_path):
    """An older version's empty folders are no obstacle."""
    for part in ("records", "times"):
        (tmp_path / part).mkdir()
    put(tmp_path / ".lock", "")
    assert len(results_folders.claim(tmp_path)) == 1


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        pytest.param("", "cannot be read", id="empty"),
        pytest.param("[" * 100_000, "cannot be read", id="deep"),
        pytest.param('{"folder": "x"}', "cannot be read", id="another"),
        pytest.param(
            '{"folder": "x", "format": 2, "version": "9.\\u001b[2J"}',
            r"written by fmnist 9\.\?\[2J, which is later",
            id="later",
        ),
    ],
)
def test_a_mark_that_cannot_be_used_is_told(tmp_path, mark, message):
    """Nothing is written, and a free name is offered."""
    out = tmp_path / "out"
    put(out / results_folders.MARK, mark)
    put(tmp_path / "out-2")
    before = tree(tmp_path)
    with pytest.raises(NotOurs, match=message) as told:
        results_folders.claim(out)
    assert tree(tmp_path) == before
    assert str(told.value).endswith(f"as in --out {tmp_path / 'out-3'}")


def test_a_second_section_is_refused_with_what_to_type(tmp_path):
    """Records, feedback and tables of the first are as they were."""
    out = tmp_path / "out"
    keep(out, "mira", "jonas")
    put(out / "grades.csv")
    before = tree(out)
    with pytest.raises(OtherResults) as told:
        begin(out, "lena")
    assert tree(out) == before
    assert str(told.value) == (
        f"{out} has results of an earlier run, of 2 students not in this run "
        f"(jonas, mira). Give another folder, as in --out {out}-2; or add --set-aside, and they "
        f"are moved to {out / 'earlier-1'}"
    )


def test_a_second_section_is_kept_beside_the_first(tmp_path):
    """What is asked for by --set-aside moves all that is of the others, and copies the tables."""
    keep(tmp_path, "mira", "jonas", "lena")
    put(tmp_path / "grades.csv", "all")
    put(tmp_path / "students" / "mira" / "letter.txt")
    before = tree(tmp_path)
    (told,) = begin(tmp_path, "lena", allowed=True)
    aside = tmp_path / "earlier-1"
    assert told == (
        f"What an earlier run left of jonas, mira and this one does not have is kept in {aside}"
    )
    for student in ("jonas", "mira"):
        for name in (f"records/{student}.json", f"times/{student}.json"):
            assert (aside / name).read_bytes() == before[name]
            assert not (tmp_path / name).exists()
        assert (aside / "students" / student / "feedback.html").read_text() == student
    assert (aside / "grades.csv").read_text() == "all"
    assert [path.name for path in (tmp_path / "students" / "mira").iterdir()] == ["letter.txt"]
    assert not (tmp_path / "students" / "jonas").exists()
    assert (tmp_path / "records" / "lena.json").read_bytes() == before["records/lena.json"]
    assert begin(tmp_path, "lena") == []


def test_who_is_on_the_roster_and_hands_in_nothing_now_keeps_the_mark(tmp_path):
    """The record of a class is not wiped by grading one straggler's folder into it."""
    keep(tmp_path, "mira", "jonas")
    with pytest.raises(OtherResults, match=r"1 student not in this run .*\(jonas\)"):
        earlier_results.set_aside(
            tmp_path, [("mira", 1)], ("mira", "jonas"), ["class_counts"], tables=(), allowed=False
        )


def test_another_assignment_is_refused_and_a_larger_one_is_not(tmp_path):
    """Whatever would no longer be in the table is named."""
    keep(tmp_path, "mira")
    begin(tmp_path, "mira")
    assert begin(tmp_path, "mira", exercises=(COUNTS, ANOTHER)) == []
    before = tree(tmp_path)
    with pytest.raises(OtherResults, match=r"not graded here \(class_counts\)"):
        begin(tmp_path, "mira", exercises=(ANOTHER,))
    assert tree(tmp_path) == before
    (told,) = begin(tmp_path, "mira", exercises=(ANOTHER,), allowed=True)
    assert "of mira" in told
    assert (tmp_path / "earlier-1" / "records" / "mira.json").is_file()
    assert not (tmp_path / "records" / "mira.json").exists()
    assert begin(tmp_path, "mira", exercises=(ANOTHER,)) == []


def test_an_attempt_that_was_taken_back_is_kept_aside(tmp_path):
    """Without being asked: nobody's mark goes."""
    keep(tmp_path, "mira")
    keep(tmp_path, "mira", attempt=2)
    (told,) = begin(tmp_path, "mira")
    assert "of mira" in told
    assert (tmp_path / "earlier-1" / "records" / "attempt-2" / "mira.json").is_file()
    assert (tmp_path / "records" / "mira.json").is_file()


def test_a_table_for_another_system_is_kept_aside(tmp_path):
    """It could be uploaded by mistake, and it could be the teacher's own download."""
    keep(tmp_path, "mira")
    put(tmp_path / "grades-moodle.csv", "m")
    put(tmp_path / "grades-canvas.csv", "c")
    begin(tmp_path, "mira", tables=reports.tables_of_others("canvas"))
    assert (tmp_path / "earlier-1" / "grades-moodle.csv").read_text() == "m"
    assert not (tmp_path / "grades-moodle.csv").exists()
    assert (tmp_path / "grades-canvas.csv").read_text() == "c"


def test_what_is_in_a_records_place_and_is_none_is_kept(tmp_path):
    """Even where the record must be written."""
    keep(tmp_path, "mira")
    put(tmp_path / "records" / "mira.json", "a poem")
    kept = store.Store(tmp_path)
    assert kept.find("mira", 1) is None
    with kept.alone():
        kept.keep(Graded(nothing("mira", (COUNTS,), isolation="A"), {}), KEY)
    assert (tmp_path / "records" / "mira.json.damaged").read_text() == "a poem"
    assert store.Store(tmp_path).find("mira", 1) is not None


NAMES = st.sampled_from(
    "a.txt mira jonas.json 2025.json records times students attempt-2 .writing-x .writing-abcdefgh "
    "letters feedback.pdf notes .DS_Store earlier-1 results grades.ods".split()
)
PLACES = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    foreign=st.dictionaries(PLACES, st.binary(max_size=9), max_size=6),
    ours=st.booleans(),
    students=st.sets(st.sampled_from(["mira", "jonas", "lena"])),
    exercises=st.sampled_from([(COUNTS,), (ANOTHER,), (COUNTS, ANOTHER)]),
    allowed=st.booleans(),
)
def test_every_foreign_byte_is_there_afterwards(
    tmp_path, foreign, ours, students, exercises, allowed
):
    """Whatever lies in the folder, whoever is graded, and whatever is typed."""
    out = tmp_path / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    if ours:
        keep(out, "mira", "jonas")
        begin(out, "mira", "jonas")
    kept: dict[Path, bytes] = {}
    for name, content in foreign.items():
        path = out / name
        if path.exists() or any(part.is_file() for part in path.parents):
            continue
        # That is a name of ours, in a folder of ours or with the beginning of a mark.
        begins = b'{\n "folder"'.startswith(content)
        if results_folders.UNFINISHED.fullmatch(path.name) and (ours or begins):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        kept[path] = content
    kept = {path: content for path, content in kept.items() if path.is_file()}
    before = tree(out)
    mine = store.Store(out)
    try:
        with mine.alone():
            begin(out, *students, exercises=exercises, allowed=allowed)
            for student in students:
                mine.find(student, 1)
                record = nothing(student, exercises, isolation="A")
                mine.keep(Graded(record, {}), KEY)
    except (NotOurs, OtherResults, OSError) as error:
        if isinstance(error, NotOurs):
            assert tree(out) == before
    left = list(tree(out).values())
    for content in kept.values():
        assert content in left
    for path, content in kept.items():
        if path.suffix != ".json" and path.name not in ("records", "times", "students"):
            assert path.read_bytes() == content


def test_results_among_the_hand_ins_are_no_student(tmp_path):
    """Of this run, below another folder or not, and of an earlier one."""
    put(tmp_path / "mira" / "class_counts.py", RIGHT)
    results_folders.claim(tmp_path / "old")
    out = tmp_path / "all" / "results"
    results_folders.claim(out)
    found = entries.find(tmp_path, without=(out,))
    assert [entry.student for entry in found.entries] == ["mira"]
    why = "results of fmnist grade, not a hand-in"
    assert found.skipped == {"all": why, "old": why}


def test_in_the_folder_of_the_hand_ins(tmp_path, fmnist, sandbox):
    """A class is graded into a folder among its hand-ins; the hand-ins themselves are refused."""
    for student in ("mira", "jonas"):
        put(tmp_path / student / "class_counts.py", RIGHT)
    options = ("--exercise", "class_counts")
    refused = fmnist("grade", tmp_path, "--out", tmp_path, *options)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"fmnist: {tmp_path} is no folder of results: ")
    assert refused.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"mira", "jonas"}
    done = fmnist("grade", tmp_path, "--out", tmp_path / "results", *options)
    assert done.returncode == 0, done.stderr
    assert "skipped results: results of fmnist grade, not a hand-in" in done.stdout
    table = (tmp_path / "results" / "grades.csv").read_text("utf-8").splitlines()
    assert [line.partition(",")[0] for line in table] == ["student", "jonas", "mira"]
    (tmp_path / "guest").mkdir()
    put(tmp_path / "results" / "students" / "guest" / "mine.txt")
    shutil.rmtree(tmp_path / "mira")
    before = tree(tmp_path)
    refused = fmnist("grade", tmp_path, "--out", tmp_path / "results", *options)
    assert refused.returncode == 1
    assert "add --set-aside" in refused.stderr
    assert tree(tmp_path) == before
    done = fmnist("grade", tmp_path, "--out", tmp_path / "results", "--set-aside", *options)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "students" / "guest" / "mine.txt").read_text() == "mine"


def test_results_among_the_hand_ins_wake_no_drop_folder(tmp_path):
    """What grading writes is no change of what was handed in; a folder called nearly so is."""
    look = drop_folder._outside(tmp_path / "results")
    assert not look(watchfiles.Change.modified, str(tmp_path / "results" / "grades.csv"))
    assert look(watchfiles.Change.added, str(tmp_path / "results-of-mira" / "class_counts.py"))


def test_a_folder_that_cannot_be_read_is_no_folder_of_results(tmp_path, monkeypatch):
    """Whoever closes a folder stops nobody's grading."""

    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", closed)
    assert not results_folders.is_marked(tmp_path)
