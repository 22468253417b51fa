"""Rosters: four kinds, known by their header, and what is wrong with them in one line."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.grading.hand_ins import names, roster
from fmnist.grading.hand_ins.roster import Student

MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 12345,Ada Lovelace,ada@x.edu,Submitted for grading,,10.00,Yes,"Wednesday, '
    '10 June 2026, 2:14 PM",-,"two\nlines"\r\n'
    "Participant 12346,Alan Turing,alan@x.edu,No submission,,10.00,Yes,-,-,\r\n"
)
CANVAS = (
    '"Student","ID","SIS User ID","SIS Login ID","Section","Week 1 (11)","Final Score"\n'
    '"    Points Possible","","","","","10.0","(read only)"\n'
    '"Lovelace, Ada","4001","S1","ada@x.edu","A","",""\n'
    '"Turing, Alan","4002","S2","alan","A and B","",""\n'
    '"Student, Test","4999","","","A","",""\n'
)
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Role\n"
    "Ada,Lovelace,007,ada@x.edu,Student\n"
    "Alan,Turing,,alan@x.edu,Student\n"
    "Grace,Hopper,1,grace@x.edu,Instructor\n"
)
PLAIN = "student,name,email\nada,Ada Lovelace,ada@x.edu\nalan,Alan Turing,\n"


@pytest.fixture(name="read")
def _read(tmp_path):
    """Read text or bytes as a roster."""

    def read(content: str | bytes) -> roster.Roster:
        path = tmp_path / "class.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return roster.read(path)

    return read


@pytest.mark.parametrize(
    ("content", "kind", "ids", "emails"),
    [
        pytest.param(PLAIN, "plain", ("ada", "alan"), ("ada@x.edu", ""), id="plain"),
        pytest.param(
            MOODLE, "moodle", ("12345", "12346"), ("ada@x.edu", "alan@x.edu"), id="Moodle"
        ),
        pytest.param(CANVAS, "canvas", ("4001", "4002"), ("ada@x.edu", ""), id="Canvas"),
        pytest.param(
            GRADESCOPE,
            "gradescope",
            ("007", "alan@x.edu"),
            ("ada@x.edu", "alan@x.edu"),
            id="Gradescope",
        ),
    ],
)
def test_a_roster_is_known_by_its_header(read, content, kind, ids, emails):
    """Students with ids, names for people and e-mail addresses; others are left out."""
    found = read(content)
    assert found.kind == kind
    assert tuple(one.id for one in found.students) == ids
    assert [one.name for one in found.students] == ["Ada Lovelace", "Alan Turing"]
    assert tuple(one.email for one in found.students) == emails


@pytest.mark.parametrize("content", [PLAIN, MOODLE, CANVAS, GRADESCOPE])
def test_a_roster_can_be_written_back(read, content):
    """Columns and rows are as they came."""
    found = read(content)
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert list(found.columns) == list(rows[0])
    assert [one.row for one in found.students] == [
        row for row in rows if any(row == one.row for one in found.students)
    ]
    assert len(found.students) + len(found.others) == len(rows)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "\ufeff" + text, id="BOM"),
        pytest.param(lambda text: text.replace(",", ";"), id="semicolons"),
        pytest.param(lambda text: text.replace(",", "\t"), id="tabs"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR"),
        pytest.param(lambda text: text.replace("ada,", '"ada",'), id="quotes"),
        pytest.param(lambda text: text.replace("student", " Student "), id="capitals"),
        pytest.param(lambda text: text.replace("student", "SID"), id="sid"),
        pytest.param(lambda text: text.replace("student", "id"), id="id"),
        pytest.param(lambda text: text.replace("\n", "\n\n,,\n"), id="empty lines"),
        pytest.param(lambda text: text.rstrip(), id="no last line end"),
    ],
)
def test_every_program_writes_csv_in_its_own_way(read, change):
    """The class is the same."""
    found = read(change(PLAIN))
    assert [(one.id, one.name) for one in found.students] == [
        ("ada", "Ada Lovelace"),
        ("alan", "Alan Turing"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "line 1: this header is of no known roster", id="empty"),
        pytest.param("name,mark\nada,1\n", "line 1: this header", id="unknown header"),
        pytest.param("student\n", "lists no student", id="no students"),
        pytest.param("student,name\nada,A\nada,B\n", "line 3: .* line 2 already", id="twice"),
        pytest.param("student\nada\n\nADA\n", "line 4: .* line 2 already", id="twice by case"),
        pytest.param(
            "student\nZoe\u0308\nZo\u00eb\n", "line 3: .* line 2", id="twice by normalisation"
        ),
        pytest.param("student,name\n,A\n", "line 2: .* empty", id="empty id"),
        pytest.param("student\na/b\n", "line 2: .* slash", id="slash"),
        pytest.param("student\n..\n", "line 2: .* dot", id="dots"),
        pytest.param("student\nCON\n", "line 2: .* Windows", id="device"),
        pytest.param("student\nnul.txt\n", "line 2: .* Windows", id="device with suffix"),
        pytest.param("student\n" + "x" * 101, "line 2: .* longer", id="long"),
        pytest.param("student\na\u202eb\n", "line 2: .* printed", id="unprintable"),
        pytest.param("student,name\nada\n", "line 2: 1 columns, expected 2", id="too few"),
        pytest.param("student,name\nada,A,B\n", "line 2: 3 columns", id="too many"),
        pytest.param('student,name\nada,"A\nB"\nx\n', "line 4: 1 columns", id="line of a row"),
        pytest.param('student,name\nada,"A\n', "line 2: this is no CSV", id="open quote"),
        pytest.param('student\tname\nada\t"A"b\n', "no CSV: a tab expected", id="quote in a cell"),
        pytest.param(b"student\nZo\xeb\n", "line 2: this is not UTF-8", id="Latin-1"),
        pytest.param("student\nada\n".encode("utf-16"), "not UTF-8", id="UTF-16"),
        pytest.param(b"student\na\0b\n", "line 2: a zero byte", id="binary"),
        pytest.param(b"x" * (tables.MAX_TABLE + 1), "larger than", id="huge"),
        pytest.param("student\n" + "x" * 200_000, "line 2: this is no CSV", id="huge cell"),
        pytest.param(
            "Identifier,Full name\nParticipant,Ada\n", "line 2: the identifier", id="no number"
        ),
        pytest.param(
            "student,submitted\nada,2026-12-01T18:00\n", "line 2: submitted", id="no offset"
        ),
        pytest.param("student,submitted\nada,soon\n", "line 2: submitted", id="no time"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(read, content, message):
    """One line, with the number of the row's first line."""
    with pytest.raises(roster.RosterError, match=message) as told:
        read(content)
    assert str(told.value).isprintable()
    assert "class.csv" in str(told.value)


def test_a_missing_roster_is_told(tmp_path):
    """Nor is a folder one."""
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(roster.RosterError, match="cannot be read"):
            roster.read(path)


def test_a_plain_roster_gives_times(read):
    """With their offset."""
    found = read("id,submitted\nada,2026-12-01T18:00:00+01:00\nalan,\n")
    times = [one.submitted for one in found.students]
    assert times == [datetime(2026, 12, 1, 17, tzinfo=UTC), None]


def test_a_column_of_an_export_may_be_called_submitted(read):
    """A teacher's exercise is, for one: what is in it is no time, and no error."""
    found = read('Student,ID,Section,Submitted\n"L, A",1,x,11\n')
    assert [one.submitted for one in found.students] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Wednesday, 10 June 2026, 2:14 PM",
        "Wednesday, 10 June 2026, 14:14",
        "Wednesday, June 10, 2026, 2:14 PM",
        "Wednesday, June 10, 2026, 14:14",
        "10 June 2026, 2:14 PM",
    ],
)
def test_moodle_gives_times_of_this_machines_zone(text):
    """In the forms that its English sites have."""
    found = Student("1", row={"Last modified (submission)": text}).submitted
    assert found == datetime(2026, 6, 10, 14, 14).astimezone()
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["-", "", "Mittwoch, 10. Juni 2026, 14:14", "99 June 2026, 1:00"])
def test_other_times_of_moodle_are_unknown(text):
    """Which is no time, and nobody is late by it."""
    assert Student("1", row={"Last modified (submission)": text}).submitted is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_times_survive(time):
    """Of whatever offset."""
    aware = time.replace(tzinfo=timezone(timedelta(hours=5, minutes=45)))
    row = {"Submitted": aware.isoformat()}
    assert Student("1", row=row).submitted == aware


@given(st.text())
def test_an_id_is_usable_or_told(text):
    """What passes names a file in any folder."""
    if not names.why_no_id(text):
        assert text.isprintable()
        assert "/" not in text
        assert 0 < len(text.encode("utf-8")) <= names.MAX_ID
        assert text not in (".", "..")
