"""Rosters, rules and marks as teachers really have them: read, or told in one line."""

import csv
import os
import re
import subprocess
import sys

import pytest

from examples import COUNTS
from fmnist.course import ROOT

FULL = f"{COUNTS.points}.0"
GOOD = COUNTS.reference.read_text("utf-8")
PROJECT = "phase1_explore"
DEADLINE = "[late]\ndeadline = 2026-12-01T23:59:00+01:00\npercent_per_day = 50\n"
# moodle/moodle: mod/assign/gradingtable.php
HEADER = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
)
GERMAN = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "Bewertung kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),"
    "Feedback als Kommentar\r\n"
)


class Class:
    """A class of a test, graded by typing the command."""

    def __init__(self, place):
        self.place, self.out = place, place / "out"
        (place / "sub").mkdir()

    def put(self, name: str, content: str | bytes = GOOD) -> str:
        """Write a file with its folders; return its path."""
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def grade(self, *options: str, zone: str = "UTC"):
        """Grade one exercise."""
        words = ["grade", str(self.place / "sub"), "--out", str(self.out), *options]
        words += ["--exercise", "class_counts"]
        command = [sys.executable, "-m", "fmnist", *words]
        environment = os.environ | {"TZ": zone}
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)

    def table(self, name: str = "grades.csv") -> list[dict[str, str]]:
        """Return the rows of a file that was written."""
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def read(self, name: str = "index.html") -> str:
        """Return what was written."""
        return (self.out / name).read_text("utf-8")


@pytest.fixture(name="course")
def _course(tmp_path, sandbox):
    """A class in which nobody has handed in yet."""
    return Class(tmp_path)


def moodle(*rows: str, header: str = HEADER) -> str:
    """Return a worksheet."""
    return header + "".join(f"{row}\r\n" for row in rows)


def test_a_zone_is_that_of_the_rules_and_is_said(course):
    """Whatever the zone of the machine is."""
    course.put("sub/Mira Okafor_701_assignsubmission_file_/class_counts.py")
    row = 'Participant 701,Mira Okafor,m@x.edu,Submitted for grading,,100.00,Yes,"{}",-,'
    roster = course.put("w.csv", moodle(row.format("Tuesday, 1 December 2026, 11:30 PM")))
    rules = course.put("late.toml", 'zone = "Europe/Berlin"\n' + DEADLINE)
    for zone in ("UTC", "Europe/Berlin", "America/New_York"):
        done = course.grade("--roster", roster, "--policy", rules, zone=zone)
        assert done.returncode == 0, done.stderr
        assert "Europe/Berlin" in done.stdout
        assert "Europe/Berlin" in course.read()
        assert course.table()[0]["points"] == FULL
    rules = course.put("late.toml", DEADLINE)
    done = course.grade("--roster", roster, "--policy", rules, zone="America/New_York")
    assert "UTC+01:00" in done.stdout
    assert "UTC+01:00" in course.read()
    assert course.table()[0]["points"] == FULL


def test_a_penalty_says_deadline_time_and_rule_everywhere(course):
    """On the student's page and in the gradebook."""
    course.put("sub/mira/class_counts.py")
    roster = course.put("c.csv", "student,name,submitted\nmira,Mira,2026-12-03T10:00+01:00\n")
    rules = course.put("late.toml", 'zone = "Europe/Berlin"\n' + DEADLINE.replace("50", "10"))
    assert course.grade("--roster", roster, "--policy", rules).returncode == 0
    for page in ("students/mira/feedback.html", "students/mira/feedback.md"):
        said = course.read(page).replace("\\", "")
        assert "2 days late: 20 % off" in said
        assert "2026-12-01 23:59" in said
        assert "2026-12-03 10:00" in said
        assert "10 % of the points for each day that has begun" in said
    (row,) = course.table()
    assert row["name"] == "Mira"
    assert row["days_late"] == "2"
    assert row["percent_off"] == "20"
    assert row["rule"] == "10 % of the points for each day that has begun"
    assert row["submitted"] == "2026-12-03T10:00:00+01:00"
    assert row["deadline"] == "2026-12-01T23:59:00+01:00"
    assert row["attempt"] == "1"


def test_unknown_times_are_counted_and_what_a_platform_says_is_said(course):
    """On the console and on the class page: no rule is without effect in silence."""
    course.put("sub/okaformira_LATE_8101_5501_class_counts.py")
    course.put("sub/weissjonas_8102_5502_class_counts.py")
    roster = course.put(
        "b.csv", 'Student,ID,Section\n"Okafor, Mira",8101,A\n"Weiss, Jonas",8102,A\n'
    )
    rules = course.put("late.toml", DEADLINE)
    done = course.grade("--roster", roster, "--policy", rules)
    assert done.returncode == 0, done.stderr
    for said in (done.stdout, course.read()):
        assert "The time of 2 of 2 hand-ins is unknown" in said
        assert "the deadline was not applied to them" in said
        assert "Mira Okafor" in said
        assert "LATE" in said
    done = course.grade(
        *("--roster", roster, "--policy"),
        course.put("late.toml", DEADLINE + "[submitted]\n8101 = 2026-12-02T20:00:00+01:00\n"),
    )
    assert [row["points"] for row in course.table()] == [str(COUNTS.points / 2), FULL]
    assert "The time of 1 of 2 hand-ins is unknown" in done.stdout


@pytest.mark.parametrize(
    ("time", "points"),
    [
        ("4/12/26, 02:59", FULL),  # of which nobody knows what it is
        ("13/12/26, 02:59", "0.0"),
        ("Thursday, 3 December 2026, 10:00:30 PM", "0.0"),
        ("Donnerstag, 3. Dezember 2026, 22:00", "0.0"),
    ],
)
def test_moodles_own_word_and_other_forms_of_time(course, time, points):
    """Read where they say one thing; else counted."""
    course.put("sub/Mira Okafor_701_assignsubmission_file_/class_counts.py")
    status = "Submitted for grading - 2 days 3 hours late -"
    row = f'Participant 701,Mira Okafor,m@x.edu,{status},,100.00,Yes,"{time}",-,'
    roster = course.put("w.csv", moodle(row))
    done = course.grade("--roster", roster, "--policy", course.put("late.toml", DEADLINE))
    assert course.table()[0]["points"] == points
    told = "The time of 1 of 1 hand-ins is unknown" in done.stdout
    assert told == (points == FULL)
    assert ("2 days 3 hours late" in done.stdout) == told


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("mria = 2026-12-08T23:59:00+01:00", "no student 'mria'.*'mira'"),
        ('"mira@x.org" = 2026-12-08T23:59:00+01:00', "no student 'mira@x.org'"),
    ],
)
def test_an_extension_for_nobody_is_an_error(course, entry, told):
    """With the nearest name, before anything is graded."""
    course.put("sub/mira/class_counts.py")
    roster = course.put("c.csv", "student\nmira\n")
    rules = course.put("late.toml", f"{DEADLINE}[extensions]\n{entry}\n")
    done = course.grade("--roster", roster, "--policy", rules)
    assert done.returncode == 1
    assert re.search(f"late.toml.*extensions.*{told}", done.stderr)
    assert done.stderr.count("\n") == 1


def test_a_changed_rule_says_why_a_mark_moved(course):
    """The records are the same, and the mark is another."""
    course.put("sub/mira/class_counts.py")
    roster = course.put("c.csv", "student,submitted\nmira,2026-12-03T10:00+01:00\n")
    options = ("--roster", roster, "--policy")
    course.grade(*options, course.put("late.toml", DEADLINE.replace("50", "10")))
    moved = DEADLINE.replace("50", "10").replace("12-01", "12-05")
    done = course.grade(*options, course.put("late.toml", moved))
    assert "1 mark moved" in done.stdout
    (row,) = course.table("moved.csv")
    assert (row["student"], row["after"]) == ("mira", FULL)
    assert float(row["before"]) == pytest.approx(0.8 * COUNTS.points)
    assert "deadline" in row["why"]


def test_what_nobody_marked_is_open(course):
    """For the student, the class and the table; its points lower nothing."""
    for name in ("mira", "jonas"):
        course.put(f"sub/{name}/class_counts.py")
    marks = course.put("m.csv", f"student,item,points,reason\nmira,{PROJECT},9,ok\n")
    done = course.grade("--marks", marks)
    assert done.returncode == 0, done.stderr
    jonas, mira = course.table()
    most = COUNTS.points
    assert (mira["points"], mira["max_points"]) == (f"{most + 9}.0", f"{most + 10}")
    assert (jonas["points"], jonas["max_points"]) == (FULL, f"{most}")
    assert (mira[PROJECT], jonas[PROJECT]) == ("9.0", "open")
    assert (mira["exercise_points"], mira["project_points"]) == (FULL, "9.0")
    page = course.read("students/jonas/feedback.html")
    assert "0 of 10" not in page
    assert "given by a person" not in page
    assert "nobody has marked it yet" in page
    assert "open" in course.read()


def test_a_student_reads_the_points_of_each_criterion_with_the_rubric(course, tmp_path):
    """The template is filled in, and comes back on every page."""
    course.put("sub/mira/class_counts.py")
    roster = course.put("c.csv", "student,name\nmira,Mira Okafor\n")
    command = [sys.executable, "-m", "fmnist", "marks", "template", PROJECT, "--roster", roster]
    path = tmp_path / "marks.csv"
    done = subprocess.run([*command, "--out", str(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    filled = path.read_text("utf-8-sig").replace(",,,,,,", ",1,2.5,1,2,1.5,well done")
    path.write_text(filled, "utf-8")
    done = course.grade("--roster", roster, "--marks", str(path))
    assert done.returncode == 0, done.stderr
    assert course.table()[0][PROJECT] == "8.0"
    for page in ("students/mira/feedback.html", "students/mira/feedback.md"):
        said = course.read(page)
        assert "well done" in said
        assert "Judging" in said
        assert "2.5 of 3" in said
        assert "a rule made before, candidates alone" in said
    assert "Judging: 2.5 of 3" in course.read("students/mira/results.json")


def test_moodle_gets_no_number_that_it_would_drop(course):
    """Where the worksheet's maximum is that of the exercises, it gets those."""
    course.put("sub/Mira Okafor_701_assignsubmission_file_/class_counts.py")
    course.put("sub/Jonas Weiss_702_assignsubmission_file_/class_counts.py")
    row = "Participant {},{},x@x.edu,Submitted for grading,,{},Yes,-,-,"
    marks = course.put("m.csv", f"student,item,points,reason\n701,{PROJECT},9,ok\n")
    grades = {}
    full = COUNTS.points
    exercises, both, projects, less = f"{full}.00", f"{full + 10}.00", "10.00", "0.50"
    for most in (exercises, both, projects, less):
        rows = [row.format(701, "Mira Okafor", most), row.format(702, "Jonas Weiss", most)]
        roster = course.put("w.csv", moodle(*rows))
        done = course.grade("--roster", roster, "--marks", marks)
        assert done.returncode == 0, done.stderr
        told = [line for line in done.stdout.splitlines() if "grades-moodle.csv" in line]
        there = (course.out / "grades-moodle.csv").exists()
        grades[most] = [one["Grade"] for one in course.table("grades-moodle.csv")] if there else ""
        assert told, most
    assert grades[exercises] == [f"{full}", f"{full}"]
    assert (grades[both], grades[projects]) == ([f"{full + 9}", ""], ["9", ""])
    assert grades[less] == ""
    done = course.grade("--roster", roster, "--marks", marks, "--scale")
    assert [one["Grade"] for one in course.table("grades-moodle.csv")] == ["0.5", "0.5"]


def test_marks_that_are_left_out_are_missed(course):
    """A mark is not lowered in silence."""
    course.put("sub/mira/class_counts.py", "def class_counts(labels, classes=10): return [1]\n")
    marks = course.put("m.csv", f"student,item,points,reason\nmira,class_counts,{FULL},talked\n")
    course.grade("--marks", marks)
    done = course.grade()
    assert "1 mark by hand" in done.stdout
    assert "--marks" in done.stdout
    (row,) = course.table("moved.csv")
    assert row["before"] == FULL
    assert "by hand" in row["why"]
    assert "--marks" in course.read()


def test_marks_of_a_spreadsheet_are_read_and_a_guess_is_said(course):
    """Semicolons, a decimal comma, cp1252, capitals, an empty line, a full name."""
    course.put("sub/mira/class_counts.py")
    roster = course.put("c.csv", "student,name,email\nmira,Mira Okafor,m@x.edu\n")
    marks = "Student; Item;Points;Reason\r\nMira Okafor;class_counts;0,5;schön\r\n;;;\r\n"
    done = course.grade("--roster", roster, "--marks", course.put("m.csv", marks.encode("cp1252")))
    assert done.returncode == 0, done.stderr
    assert course.table()[0]["class_counts"] == "0.5"
    for said in (done.stdout, course.read()):
        assert "cp1252 (Windows), as in" in said
        assert "schön" in said


def test_an_anonymous_worksheet_is_a_worksheet(course):
    """It has numbers and no names."""
    course.put("sub/Participant_40117_assignsubmission_file_/class_counts.py")
    header = (
        "Identifier,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade)\r\n"
    )
    row = f"Participant 40117,Submitted,,{COUNTS.points}.00,Yes,-,-"
    roster = course.put("w.csv", moodle(row, header=header))
    done = course.grade("--roster", roster)
    assert done.returncode == 0, done.stderr
    assert course.table("grades-moodle.csv")[0]["Grade"] == f"{COUNTS.points}"


def test_a_german_worksheet_is_read_and_comes_back(course):
    """With its own headers, as its Moodle wants them."""
    course.put("sub/Mira Okafor_501_assignsubmission_file_/class_counts.py")
    row = 'Teilnehmer/in501,Mira Okafor,m@x.edu,Zur Bewertung abgegeben,,"100,00",Ja,"{}",-,'
    row = row.format("Donnerstag, 3. Dezember 2026, 22:00")
    roster = course.put("w.csv", moodle(row, header=GERMAN))
    done = course.grade("--roster", roster, "--policy", course.put("late.toml", DEADLINE))
    assert done.returncode == 0, done.stderr
    assert course.table()[0]["days_late"] == "2"
    assert course.table("grades-moodle.csv")[0]["Bewertung"] == "0"


def test_an_extension_that_moodle_speaks_of_is_not_overlooked(course):
    """It is in the worksheet, and the rules are what counts: the instructor is told."""
    course.put("sub/Mira Okafor_701_assignsubmission_file_/class_counts.py")
    said = "Extension granted until: Friday, 4 December 2026, 11:59 PM"
    row = f'Participant 701,Mira Okafor,m@x.edu,"Submitted - {said}",,100.00,Yes,"{{}}",-,'
    roster = course.put("w.csv", moodle(row.format("Wednesday, 2 December 2026, 11:00 PM")))
    zone = 'zone = "Europe/Berlin"\n'
    rules = course.put("late.toml", zone + DEADLINE)
    done = course.grade("--roster", roster, "--policy", rules)
    assert f"Mira Okafor ({said})" in done.stdout
    assert said in course.read()
    rules = course.put("late.toml", f"{zone}{DEADLINE}[extensions]\n701 = 2026-12-04T23:59:00\n")
    done = course.grade("--roster", roster, "--policy", rules)
    assert "Moodle speaks of" not in done.stdout
    assert course.table()[0]["points"] == FULL


def test_an_extension_before_the_deadline_costs_nobody_a_point(course):
    """As where the deadline was moved, and the extensions were not."""
    course.put("sub/mira/class_counts.py")
    roster = course.put("c.csv", "student,submitted\nmira,2026-12-01T23:00+01:00\n")
    early = "[extensions]\nmira = 2026-11-20T23:59:00+01:00\n"
    done = course.grade("--roster", roster, "--policy", course.put("late.toml", DEADLINE + early))
    assert course.table()[0]["points"] == FULL
    assert "not the earlier one in [extensions], for: mira." in done.stdout
