"""Rosters: four kinds, known by their header, and what is wrong with them in one line."""

import csv
import io
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.grading.hand_ins import names, roster, told_times
from fmnist.tools import tables

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

    def read(content: str | bytes, zone=None) -> roster.Roster:
        path = tmp_path / "class.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return roster.read(path, zone)

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
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(lambda text: text.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(lambda text: "sep=;\r\n" + text.replace(",", ";"), id="sep="),
        pytest.param(lambda text: '"sep=\t"\n' + text.replace(",", "\t"), id="sep= in quotes"),
        pytest.param(lambda text: text.replace("student,", "\u00a0Student\u00a0,"), id="blanks"),
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
        pytest.param("student\n1.23457E+11\n", "line 2: .* left out", id="rounded"),
        pytest.param("student\n..\n", "line 2: .* dot", id="dots"),
        pytest.param("student\n" + "x" * 101, "line 2: .* longer", id="long"),
        pytest.param("student\na\u202eb\n", "line 2: .* printed", id="unprintable"),
        pytest.param("student,name\nada\n", "line 2: 1 columns, expected 2", id="too few"),
        pytest.param("student,name\nada,A,B\n", "line 2: 3 columns", id="too many"),
        pytest.param('student,name\nada,"A\nB"\nx\n', "line 4: 1 columns", id="line of a row"),
        pytest.param('student,name\nada,"A\n', "line 2: this is no CSV", id="open quote"),
        pytest.param('student\tname\nada\t"A"b\n', "no CSV: a tab expected", id="quote in a cell"),
        pytest.param(b"student\nZo\x81\n", "line 2: this is not UTF-8 or cp1252", id="no text"),
        pytest.param("student\nada\n".encode("utf-16")[:-1], "UTF-16", id="half a letter"),
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


@pytest.mark.parametrize(
    "header",
    [
        "First name,Last name,ID number,Email address,Groups",
        "First name,Last name,ID number,Institution,Department,Email address,Week 1 (Real)",
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen",
        "Pr\u00e9nom,Nom de famille,Num\u00e9ro d'identification,Adresse de courriel",
    ],
)
def test_another_export_of_moodle_is_told_with_the_right_one(read, header):
    """Its list of participants and its gradebook have no identifiers."""
    with pytest.raises(roster.RosterError, match="download the grading worksheet: in the"):
        read(f"{header}\nx,x,x,x,x\n")


def test_a_worksheet_whose_grades_are_words_is_told(read):
    """Without a maximum, nothing says where its grade is."""
    table = "ID,Name,Status,Bewertung,Skala,x,Zeit\nTeilnehmer/in501,Mira,-,,gut,Ja,-\n"
    with pytest.raises(roster.RosterError, match="grading worksheet, download it from Moodle in"):
        read(table)


def test_a_guessed_encoding_is_said_with_a_word(read):
    """Letters could be wrong; nothing else is guessed."""
    found = read("id,name\n1,Jonas Wei\u00df\n".encode("cp1252"))
    assert found.students[0].name == "Jonas Wei\u00df"
    assert "as in 'Wei\u00df'" in found.notes[0]
    assert read("id,name\n1,Jonas Wei\u00df\n".encode("utf-16")).notes == ()


def test_canvas_is_known_without_sections(read):
    """A column of its own ids says as much."""
    found = read('Student,ID,SIS Login ID\n"Okafor, Mira",8101,m@x.edu\n')
    assert (found.kind, found.students[0].name) == ("canvas", "Mira Okafor")


@pytest.mark.parametrize("separator", [",", ";"])
def test_lines_that_canvas_adds_once_there_are_grades_are_no_students(read, separator):
    """An empty one, which assignments are posted by hand, and points in a country's own form."""
    table = io.StringIO(newline="")
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 1 (98765)"]
    csv.writer(table, delimiter=separator).writerows(
        [
            header,
            [""] * 6,
            [*[""] * 5, "Manual Posting"],
            ["    Points Possible", *[""] * 4, "1.000,00"],
            ["O'Neill, Sean", "4001", "s1", "sean", "A", "93,5"],
            ["Wei\u00df, Jonas", "4002", "s2", "jonas", "A", "EX"],
            ["Student, Test", "4999", "", "abcdef0123", "A", ""],
        ]
    )
    found = read("\ufeff" + table.getvalue())
    assert (found.kind, found.notes) == ("canvas", ())
    assert [(one.id, one.name) for one in found.students] == [
        ("4001", "Sean O'Neill"),
        ("4002", "Jonas Wei\u00df"),
    ]
    assert "1.000,00" in [row[header[-1]] for row in found.others]


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


BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        "Wednesday, 10 June 2026, 2:14 PM",
        "Wednesday, 10 June 2026, 14:14",
        "Wednesday, June 10, 2026, 2:14 PM",
        "Wednesday, June 10, 2026, 14:14",
        "10 June 2026, 2:14 PM",
        "10 June 2026, 2:14:00 pm",
        "Wed, 10 Jun 2026, 2:14\u202fPM",
        "Mittwoch, 10. Juni 2026, 14:14",
        "Mittwoch, 10. Juni 2026, 14:14 Uhr",
        "mercredi 10 juin 2026, 14:14",
        "mi\u00e9rcoles, 10 de junio de 2026, 14:14",
        "mercoled\u00ec, 10 giugno 2026, 14:14",
        "quarta-feira, 10 de junho de 2026 \u00e0s 14:14",
        "woensdag, 10 juni 2026, 14:14",
        "10.06.2026, 14:14",
        "10.6.26 14:14",
        "2026-06-10 14:14",
        "2026/06/10, 14:14",
        "2026-06-10T12:14:00Z",
    ],
)
def test_times_are_read_in_the_zone_that_is_given(text):
    """In every form that means one thing."""
    assert told_times.read(text, BERLIN) == datetime(2026, 6, 10, 12, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("-", "", "soon", "99 June 2026, 1:00", "10 June 2026", "2026-06-10", "14:14"),
        "10 June 2026, 14:14 PM",
        "10 June 2026, 25:00",
        "10 June 2026, 2:14 PM CEST",
        "10/06/26, 14:14",
        "10-06-2026 14:14",
        "13/12/10, 14:14",
        "mar, 1 dic 2026, 10:00",
        "10 June July 2026, 14:14",
        "10 11 June 2026, 14:14",
        "\u0440\u0435\u0434\u0430, 10 \u0438\u044e\u043d\u044f 2026, 14:14",
    ],
)
def test_times_that_could_be_another_are_unknown(text):
    """Which is no time, and nobody is late by it."""
    assert told_times.read(text, BERLIN) is None


def test_a_time_without_a_zone_is_unknown_where_none_is_given():
    """The machine's own decides nothing."""
    assert told_times.read("10 June 2026, 14:14", None) is None
    assert told_times.read("2026-06-10T14:14", None) is None


def test_one_time_of_a_class_can_say_the_order_of_all(read):
    """A day above 12 does, unless two disagree."""
    table = 'Identifier,Full name,Last modified (submission)\nParticipant 1,A,"4/12/26, 02:59"\n'
    for other, day in (("13/12/26", 4), ("12/31/26", 12), ("5/12/26", None)):
        found = read(f'{table}Participant 2,B,"{other}, 02:59"\n', UTC)
        time = found.students[0].submitted
        assert (time.day if time else None) == day
    both = f'{table}Participant 2,B,"13/12/26, 1:00"\nParticipant 3,C,"12/31/26, 1:00"\n'
    assert read(both, UTC).students[0].submitted is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_times_survive(time):
    """Of whatever offset."""
    aware = time.replace(tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert told_times.read(aware.isoformat(), None) == aware


@given(st.text())
def test_what_is_no_time_breaks_nothing(text):
    """Whatever a platform writes."""
    told_times.order_of([text])
    found = told_times.read(text, UTC)
    assert found is None or found.tzinfo is UTC


def worksheet(name: str, *columns: str, rows: int = 3) -> str:
    """Return a worksheet in another language, with numbers of participants after a word."""
    cells = {
        "name": lambda place: f"Name{place} Family",
        "email": lambda place: f"s{place}@x.org",
        "maximum": lambda _: '"10,00"',
        "time": lambda place: f'"{place + 1}.12.2026, 10:00"',
    }
    kinds = [column.split(":") for column in columns]
    lines = [",".join(["ID", *(kind[-1] for kind in kinds)])]
    lines += [
        ",".join(
            [f"{name}{70 + place}", *(cells.get(kind[0], lambda _: "x")(place) for kind in kinds)]
        )
        for place in range(rows)
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("word", "columns", "name", "email", "grade"),
    [
        pytest.param(
            *("Teilnehmer/in", ("name:Vollst\u00e4ndiger Name", "email:E-Mail-Adresse")),
            *("Name0 Family", "s0@x.org", "g0"),
            id="German",
        ),
        pytest.param("Participant ", ("name:Nom complet",), "Name0 Family", "", "g0", id="French"),
        pytest.param(
            "\u0423\u0447\u0430\u0441\u043d\u0438\u043a", (), "", "", "g0", id="anonymous"
        ),
    ],
)
def test_a_worksheet_of_another_language_is_known_by_its_order(
    read, word, columns, name, email, grade
):
    """With what it was taken for told; headers stay as they were."""
    rest = ("Status:Status", "x:g0", "maximum:max", "x:can", "time:zeit", "x:graded")
    found = read(worksheet(word, *columns, *rest), UTC)
    assert found.kind == "moodle"
    assert [one.id for one in found.students] == ["70", "71", "72"]
    first = found.students[0]
    assert (first.name, first.email) == (name, email)
    assert first.submitted == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert found.worksheet.grade == grade
    assert "another language" in found.notes[0]


def test_a_roster_of_ones_own_is_no_worksheet(read):
    """Even if all ids are a word and a number."""
    found = read("id,name,group,mark,room,seat,week\n" + "s1,A,x,1.00,2,3,4\n" * 1)
    assert (found.kind, [one.id for one in found.students]) == ("plain", ["s1"])


@given(st.text())
def test_an_id_is_usable_or_told(text):
    """What passes names a file in any folder."""
    if not names.why_no_id(text):
        assert text.isprintable()
        assert "/" not in text
        assert 0 < len(text.encode("utf-8")) <= names.MAX_ID
        assert text not in (".", "..")
