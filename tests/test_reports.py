"""Reports of a class: right in every format, and harmless whatever a student wrote."""

import dataclasses
import html
import html.parser
import json
import re
import xml.etree.ElementTree as ET
from contextlib import closing

import jsonschema
import markdown_it
import pytest
from bs4 import BeautifulSoup

import examples
from examples import worth
from fmnist.exercises import misconceptions, scores
from fmnist.exercises.sentences import TO_STUDENT
from fmnist.exercises.verdicts import NO_POINTS, State, Verdict
from fmnist.grading import reports
from fmnist.grading.hand_ins.roster import Roster, Student
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.grader import Grader
from fmnist.grading.judging.records import ExerciseRecord, Record
from fmnist.grading.marks import gradebook
from fmnist.grading.marks.by_hand import Mark
from fmnist.grading.marks.mark_changes import MarkChange
from fmnist.grading.marks.policy import Policy
from fmnist.grading.reports import (
    class_page,
    gradescope_results,
    junit,
    model_copies,
    student_pages,
    templating,
    text,
    tried,
)

EXERCISES = COUNTS, OTHER = worth(2, examples.COUNTS), worth(2, examples.ANOTHER)
HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": "\" autofocus onfocus=alert(1) x='",
    "end of CDATA": "]]><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "formula": "=cmd()|' /C calc'!A0",
    "escapes": "\x1b[2J\x1b]0;title\x07\x08\x00\r\n\x85\u2028",
    "surrogates": "\ud800 \udfff \uffff \ufffe \ufdd0",
    "directions": "\u202egnp.exe\u2066\u200f",
    "Markdown": "# h\n![i](http://x.example/i.png) [l](javascript:alert(1)) <b>x</b> `a` *b* __c__",
    "fence": "```\n# out\n````\n~~~\n<script>alert(1)</script>\n",
    "list": "- item",
    "numbered list": "12. item",
    "rule": "--- ---",
    "addresses": "http://x.example www.x.example a@x.example https://x.example/?q=1",
    "template": "{{ 7 * 7 }}{% include '/etc/passwd' %}${7*7}",
    "long": "A" * 100_000,
}
# The only wrong answer to which its check says just this.
ZERO = next(one for one in COUNTS.wrong_answers if one.misconception == "zero-is-no-label")
LOUD = "def class_counts(labels, classes=10):\n    raise ValueError('<script>\x1b')\n"
# "Output format" on https://gradescope-autograders.readthedocs.io/en/latest/specs/
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["score", "max_score", "status", "name", "output", "visibility"],
                "properties": {
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "exclusiveMinimum": 0},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string", "minLength": 1},
                    "name_format": FORMAT,
                    "number": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)*$"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}

# --- rows ---


def part(exercise, passed: int, failed: int, *, state="graded", message="no", hidden=1):
    """Return the record of an exercise; the last `hidden` checks are hidden."""
    count = passed + failed
    kind = "wrong" if state == "graded" else state
    verdicts = [
        Verdict(exercise.name, f"test_{place}[a case]", place >= count - hidden, "passed", "", "")
        if place < passed
        else Verdict(
            exercise.name, f"test_{place}[a case]", place >= count - hidden, "failed", kind, message
        )
        for place in range(count)
    ]
    earned = 0.0 if state in NO_POINTS else round(exercise.points * scores.share(verdicts), 2)
    return ExerciseRecord(exercise.name, state, earned, exercise.points, tuple(verdicts))


def row(*parts, name="Ada", marks=(), state="graded", ignored=(), **changes) -> gradebook.Row:
    """Return a row as the gradebook makes it."""
    parts = parts or (part(COUNTS, 3, 0), part(OTHER, 1, 3))
    points, most = sum(one.points for one in parts), sum(one.max_points for one in parts)
    record = Record("ada", 1, state, round(points, 2), most, "A", tuple(parts), tuple(ignored))
    student = Student("ada", name)
    exercises = tuple(one for one in EXERCISES if one.name in {part.name for part in parts})
    (made,) = gradebook.rows(
        {"ada": [gradebook.Attempt(record)]}, [student], exercises, policy=Policy(), marks=marks
    )
    return dataclasses.replace(made, **changes)


def results(of: gradebook.Row) -> dict:
    """Return what Gradescope reads of a row; it follows the schema."""
    found = json.loads(json.dumps(gradescope_results.results(of, EXERCISES), allow_nan=False))
    jsonschema.validate(found, SCHEMA)
    return found


def hundredths(tests: list[dict], key: str) -> int:
    """Return a sum of points without rounding errors."""
    return sum(round(100 * one[key]) for one in tests)


# --- Gradescope ---


@pytest.mark.parametrize("failed", range(8))
@pytest.mark.parametrize("passed", range(8))
def test_points_are_shared_out_to_the_hundredth(passed, failed):
    """Tests add up to the points that were earned and to those that could be."""
    if not passed + failed:
        return
    shuffled = part(OTHER, passed, failed)
    shuffled = dataclasses.replace(shuffled, verdicts=shuffled.verdicts[::-1])
    for one in (part(OTHER, passed, failed), shuffled):
        shares = gradescope_results.shared_out(one)
        earned = [
            share
            for share, verdict in zip(shares, one.verdicts, strict=True)
            if verdict.outcome == "passed"
        ]
        assert sum(shares) == 100 * OTHER.points
        assert sum(earned) == round(100 * one.points)
        for share, weight in zip(shares, scores.weights(one.verdicts), strict=True):
            assert abs(share - 100 * OTHER.points * weight) <= 1


@pytest.mark.parametrize("state", list(State))
def test_results_follow_gradescopes_schema_in_every_state(state):
    """Tests add up to the score, and where the state earns nothing, none does."""
    of = row(part(COUNTS, 2, 1, state=state), part(OTHER, 4, 0))
    found = results(of)
    assert found["score"] == of.total
    assert hundredths(found["tests"], "score") == round(100 * of.total)
    assert hundredths(found["tests"], "max_score") == 100 * of.max_total
    assert "execution_time" not in found
    assert found["extra_data"]["exercises"]["class_counts"]["state"] == state


def test_a_submission_of_which_nothing_came_has_its_points_shown():
    """No check has a verdict, and the maximum is right."""
    parts = [dataclasses.replace(part(one, 0, 0, state="missing")) for one in EXERCISES]
    found = results(row(*parts, state="missing"))
    assert found["score"] == 0
    assert hundredths(found["tests"], "max_score") == 100 * sum(one.points for one in EXERCISES)
    assert all(one["status"] == "failed" for one in found["tests"])


def test_a_hidden_check_shows_its_message_and_not_its_name():
    """The case would give the data away."""
    shown, secret = results(row(part(COUNTS, 0, 2, message="The idea.")))["tests"]
    assert shown["name"] == "class_counts: test_0[a case]"
    assert secret["name"] == "class_counts: hidden check 2"
    assert secret["output"] == "The idea."
    assert (shown["tags"][2], secret["tags"][2]) == ("public", "hidden")
    assert (shown["number"], secret["number"]) == (f"{COUNTS.number}.1", f"{COUNTS.number}.2")


def test_what_people_and_rules_changed_is_in_the_score_and_told():
    """Tests say what the checks gave; the score is what counts."""
    of = row(marks=[Mark("ada", OTHER.name, 1.5, "right idea"), Mark("ada", OTHER.phase, 7, "")])
    found = results(of)
    assert found["score"] == of.total == 10.5
    assert "right idea" in found["output"]
    assert f"{OTHER.name}: 1.5 of 2 points count; the checks gave 0.13." in found["output"]
    assert found["tests"][-1]["name"].startswith("Project: ")
    assert (found["tests"][-1]["score"], found["tests"][-1]["max_score"]) == (7, 10)


# --- JUnit ---


def parsed(written: str) -> ET.Element:
    """Return the root of an XML file that we wrote."""
    return ET.fromstring(written.encode())  # noqa: S314


def test_junit_counts_what_it_holds():
    """Suites are exercises; failures, errors and skipped checks are told apart."""
    mixed = part(COUNTS, 1, 3)
    outcomes = ("passed", "failed", "error", "skipped")
    verdicts = [
        dataclasses.replace(one, outcome=outcome)
        for one, outcome in zip(mixed.verdicts, outcomes, strict=True)
    ]
    root = parsed(junit.text(row(dataclasses.replace(mixed, verdicts=tuple(verdicts)))))
    suite = root.find("testsuite")
    counts = {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert root.attrib == {"name": "ada"} | counts
    assert suite.attrib == {"name": "class_counts"} | counts
    assert [[child.tag for child in case] for case in suite] == [
        [],
        ["failure"],
        ["error"],
        ["skipped"],
    ]
    assert suite[1][0].attrib == {"message": "no", "type": "wrong"}
    assert suite[3].get("name") == "hidden check 4"


# --- what a student reads ---


def soup(page: str) -> BeautifulSoup:
    """Return a parsed page."""
    return BeautifulSoup(page, "html.parser")


def words(page: str) -> str:
    """Return what a page says, in one line."""
    return " ".join(soup(page).get_text(" ").split())


def test_feedback_names_the_first_fault_its_idea_and_where_to_read():
    """The last line of a message is the idea; others are counted."""
    message = "f(1)\n  came back: 2\n  expected:  3\n  Count from nought."
    of = row(part(COUNTS, 3, 0), part(OTHER, 1, 3, message=message))
    page = student_pages.html(of, EXERCISES)
    card = soup(page).select_one(f"#{OTHER.name}")
    assert card.select_one("pre").text == "f(1)\n  came back: 2\n  expected:  3"
    assert card.select_one(".idea").text == "Count from nought."
    said = " ".join(card.text.split())
    assert "0.13 of 2 points" in said
    assert "1 of 3 public checks and 0 of 1 hidden check passed." in said
    assert "Begin with test_1[a case]" in said
    assert "2 other checks did not pass either" in said
    assert re.search(r"Where to read: in the book, phase 1, section \u201c.+?\u201d\.", said)
    assert card.select("a") == []
    solved = soup(page).select_one("#class_counts")
    assert "Solved" in solved.text
    assert solved.select("pre, .idea") == []


def test_of_a_hidden_check_a_student_reads_the_idea_alone():
    """No message that could show data, no name."""
    page = student_pages.html(row(part(COUNTS, 2, 1, message="The idea.")), EXERCISES)
    card = soup(page).select_one("#class_counts")
    assert card.select("pre") == []
    assert card.select_one(".idea").text == "The idea."
    assert "hidden check 3" in card.text
    assert "a case" not in card.text


@pytest.mark.parametrize("state", list(TO_STUDENT))
def test_every_state_is_said_in_words(state):
    """In both formats, and never only by a colour."""
    of = row(part(COUNTS, 0, 3, state=state), part(OTHER, 4, 0))
    assert TO_STUDENT[state] in words(student_pages.html(of, EXERCISES))
    assert TO_STUDENT[state] in student_pages.markdown(of, EXERCISES)


def test_a_file_that_does_not_load_is_one_fault():
    """Not one a check."""
    message = "class_counts.py, line 1: this is no Python."
    page = student_pages.html(
        row(part(COUNTS, 0, 5, state="not gradable", message=message)), EXERCISES
    )
    card = soup(page).select_one("#class_counts").text
    assert message in card
    assert "other check" not in card
    assert "Begin with" not in card


def test_an_untouched_stub_is_not_started():
    """And no fault of anybody."""
    stub = part(COUNTS, 0, 3)
    verdicts = tuple(dataclasses.replace(one, kind="not started") for one in stub.verdicts)
    page = student_pages.html(row(dataclasses.replace(stub, verdicts=verdicts)), EXERCISES)
    assert "Not started" in soup(page).select_one("#class_counts").text


def test_notes_projects_and_ignored_files_are_in_both_formats():
    """What people and rules changed is told; of very many files, some."""
    of = row(
        marks=[Mark("ada", OTHER.name, 2, "right idea"), Mark("ada", OTHER.phase, 7.5, "")],
        ignored=[f"extra{number}.py" for number in range(30)],
    )
    for said in (words(student_pages.html(of, EXERCISES)), student_pages.markdown(of, EXERCISES)):
        assert f"{OTHER.name}: 2 points, given by a person: right idea." in said
        assert "The checks gave 0.13" in said
        assert "7.5 of 10" in said
        assert "extra19.py" in said
        assert "extra20.py" not in said
        assert "10 other files" in said


# --- hostile text ---


def hostile_row(text_: str) -> gradebook.Row:
    """Return a row in which a student has written everywhere where they can."""
    return row(
        part(COUNTS, 0, 3, message=text_),
        part(OTHER, 1, 3, message=f"a\n{text_}\n{text_}"),
        name=text_,
        ignored=(text_,),
        notes=(text_,),
    )


class Tags(html.parser.HTMLParser):
    """Collects the tags of a page, and what could run or load."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Look at a tag and its attributes."""
        self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "style", "srcdoc", "action", "data"):
                self.bad.append(f"{tag} {name}")
            if name == "href" and not re.match(
                r"#|[\w.-]+\.(html|csv)$|students/[\w%.~-]+/", value
            ):
                self.bad.append(f"{tag} {name}={value}")


def tags(page: str) -> list[str]:
    """Return the tags of a page in which nothing can run or load."""
    parser = Tags()
    parser.feed(page)
    assert parser.bad == []
    assert not {"script", "img", "iframe", "object", "embed", "link", "form"} & {*parser.found}
    return parser.found


def assert_no_control_characters(written: str) -> None:
    """Line feeds and tabs are the only ones that reach a file."""
    odd = {one for one in written if not one.isprintable() and one not in "\n\t\u00a0\u2007"}
    assert odd == set()
    written.encode("utf-8")


@pytest.mark.parametrize("text_", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_text_in_a_page(text_):
    """The same tags as with a harmless one, and its own characters for people to read."""
    page = student_pages.html(hostile_row(text_), EXERCISES)
    harmless = student_pages.html(hostile_row("harmless"), EXERCISES)
    # One paragraph more or less: of several lines of a message the last is its idea.
    ours = [[tag for tag in tags(one) if tag not in ("pre", "p")] for one in (page, harmless)]
    assert ours[0] == ours[1]
    assert_no_control_characters(page)
    assert len(page) < 60_000
    assert "49" not in words(page)


@pytest.mark.parametrize("text_", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_text_in_markdown(text_):
    """No HTML, link, image, heading or list item comes of it, in CommonMark and on GitHub."""
    written = student_pages.markdown(hostile_row(text_), EXERCISES)
    assert_no_control_characters(written)
    for parser in (markdown_it.MarkdownIt("commonmark"), markdown_it.MarkdownIt("gfm-like")):
        tokens = parser.parse(written)
        inline = [child for token in tokens for child in token.children or []]
        kinds = {token.type for token in (*tokens, *inline)}
        assert not {"html_block", "html_inline", "link_open", "image", "code_block"} & kinds
        assert not {"em_open", "code_inline", "hr", "table_open", "ordered_list_open"} & kinds
        headings = [
            tokens[place + 1].content
            for place, token in enumerate(tokens)
            if token.type == "heading_open"
        ]
        assert len(headings) == 6
        assert sum(token.type == "list_item_open" for token in tokens) == 2
        shown = "".join(token.content for token in (*tokens, *inline) if not token.children)
        assert text.one_line(text_, 40).rpartition(" … ")[0] in shown


@pytest.mark.parametrize("text_", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_text_in_junit_and_results(text_):
    """Valid XML 1.0 and JSON that any decoder takes."""
    of = hostile_row(text_)
    written = junit.text(of)
    assert_no_control_characters(written)
    root = parsed(written)
    assert {one.tag for one in root.iter()} == {"testsuites", "testsuite", "testcase", "failure"}
    assert root.find(".//failure").text == text.clean(text_)
    found = results(of)
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    assert_no_control_characters(found["output"])


@pytest.mark.parametrize("text_", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_text_on_the_class_page(text_):
    """And ids lead to their folder, whatever they are."""
    of = hostile_row(text_)
    id_ = "a&b?c#d%2f\"'<i>"
    of = dataclasses.replace(
        of,
        student=Student(id_, text_),
        record=dataclasses.replace(of.record, student=id_),
    )
    moved = [MarkChange(id_, "class_counts", 1, 2, text_, ("a",))]
    page = class_page.html([of], EXERCISES, moved=moved, notes=[text_])
    tags(page)
    assert_no_control_characters(page)
    links = {tag["href"] for tag in soup(page).select("a[href^=students]")}
    assert links == {"students/a%26b%3Fc%23d%252f%22%27%3Ci%3E/feedback.html"}
    tags(class_page.times_html([of], {id_: {text_[:100]: 1.0}}))


def test_names_in_other_scripts_stay_as_they_are():
    """Only what steers is escaped, not what is foreign."""
    for name in (
        "Nguyễn Thị Minh Khai",
        "محمد علي",
        "李\u3000明",
        "\u06a9\u06cc\u0627\u0646\u200c\u0646\u0627\u0645",
        "👩\u200d🔬",
        "Zoë",
    ):
        assert text.clean(name) == name
        assert text.one_line(name) == " ".join(name.split())


def test_long_text_is_cut_and_that_is_said():
    """A page stays a page."""
    assert text.clean("a" * 5000, 10) == "aaaaaaaaaa … (4,990 characters more)"


# --- the class ---


@pytest.fixture(scope="module", name="graded")
def _graded(sandbox):
    """Rows, sources and seconds of four submissions that were really graded."""
    right = {one.name: one.reference.read_text("utf-8") for one in EXERCISES}
    handed_in = {
        "right": right,
        "partly": right | {"class_counts": ZERO.path.read_text("utf-8")},
        "=cmd()": {"class_counts": "def class_counts(:\n", OTHER.name: right[OTHER.name]},
        "<b>loud": {"class_counts": LOUD},
    }
    attempts, seconds = {}, {}
    with closing(Grader(EXERCISES, sandbox)) as grader:
        for student, sources in handed_in.items():
            made = grader.grade(Submission(student, sources, {}, ("odd\x1b.py",)))
            attempts[student] = [gradebook.Attempt(made.record)]
            seconds[student] = made.seconds
    students = [Student(name) for name in handed_in]
    rows = gradebook.rows(attempts, students, EXERCISES, policy=Policy())
    return rows, handed_in, seconds


def write(graded, out, **changes) -> None:
    """Write the reports of the graded class."""
    rows, sources, seconds = graded
    settings = {"exercises": EXERCISES, "roster": None, "moved": []}
    settings |= {"seconds": seconds, "sources": sources} | changes
    reports.write(rows, out, **settings)


def test_every_student_and_the_class_get_their_files(graded, tmp_path):
    """Readable by their owner only."""
    write(graded, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("students", "index.html", "similarity.html", "times.html", "feedback.csv", "tried.csv")
    }
    for row_ in graded[0]:
        folder = tmp_path / "students" / row_.student.id
        assert {path.name for path in folder.iterdir()} == {
            *("feedback.html", "feedback.md", "junit.xml", "results.json")
        }
        jsonschema.validate(json.loads((folder / "results.json").read_text("utf-8")), SCHEMA)
        parsed((folder / "junit.xml").read_text("utf-8"))
    for path in tmp_path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_real_verdicts_read_as_they_should(graded):
    """A wrong answer, one that does not load, and one that raises."""
    pages_ = {one.student.id: words(student_pages.html(one, EXERCISES)) for one in graded[0]}
    assert "2 of 2 exercises solved" in pages_["right"]
    assert ZERO.sentence in pages_["partly"]
    assert "Your file could not be loaded" in pages_["=cmd()"]
    assert "ValueError" in pages_["<b>loud"]
    assert "No file with an answer was handed in." in pages_["<b>loud"]


def test_the_class_page_shows_what_an_instructor_asks_first(graded):
    """Numbers, what a person should look at, misconceptions by name, the worst check, links."""
    rows = graded[0]
    moved = [MarkChange("partly", "class_counts", 2, 1, "other checks", ("test_a",))]
    page = class_page.html(rows, EXERCISES, moved=moved)
    said = words(page)
    assert "4 students 4 handed in" in said
    assert "Not gradable: 1 submission" in said
    assert "Missing: 1 submission" in said
    belief = misconceptions.load()[ZERO.misconception].belief
    assert f"{belief} ({ZERO.misconception})" in said
    assert "other checks (1 check)" in said
    label = soup(page).select_one("svg.bars")["aria-label"]
    assert re.search(r"90\xa0% to 100\xa0%: 1 student", label)
    links = [tag["href"] for tag in soup(page).select("a[href$='feedback.html']")]
    assert "students/%3Cb%3Eloud/feedback.html" in links


def test_bars_are_as_high_as_their_counts():
    """The highest has all the room, and each its number above it."""
    full = row(part(COUNTS, 3, 0), part(OTHER, 4, 0))
    fifth = row(part(COUNTS, 1, 1), part(OTHER, 1, 1))
    svg = soup(class_page.html([full, full, fifth], EXERCISES, moved=[])).select_one("svg.bars")
    heights = [float(bar["height"]) for bar in svg.select("rect")]
    assert heights == [0, 0, 67, 0, 0, 0, 0, 0, 0, 134]
    feet = {float(bar["y"]) + float(bar["height"]) for bar in svg.select("rect")}
    assert feet == {float(svg.select_one("line")["y1"])}
    assert [text.string for text in svg.select("text")][:2] == ["1", "2"]
    nobody = soup(class_page.html([], EXERCISES, moved=[]))
    assert {float(bar["height"]) for bar in nobody.select("svg.bars rect")} == {0}


def test_the_slowest_come_first_and_no_others_than_twenty():
    """Checks by what they take of the class, submissions by all their checks."""
    rows = [dataclasses.replace(row(), student=Student(f"s{number:02}")) for number in range(25)]
    seconds = {f"s{number:02}": {"a": 0.1, f"b{number}": 1.0 * number} for number in range(24)}
    page = soup(class_page.times_html(rows, seconds))
    assert page.main.p.string.startswith("278.4 s of checks for 24 submissions")
    checks, students = (
        [tag.get_text() for tag in table.select("th[scope=row]")] for table in page.select("table")
    )
    assert checks[:2] == ["b23", "b22"]
    assert students[:2] == ["s23", "s22"]
    assert len(checks) == len(students) == 20


def test_the_same_input_gives_the_same_bytes_but_for_times(graded, tmp_path):
    """Whenever it is written, and however long the checks took."""

    def files(name: str, factor: float) -> dict[str, bytes]:
        out = tmp_path / name
        out.mkdir()
        slower = {
            student: {check: factor * spent for check, spent in times.items()}
            for student, times in graded[2].items()
        }
        write(graded, out, seconds=slower)
        paths = [path for path in out.rglob("*") if path.is_file()]
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}

    first, second = files("first", 1), files("second", 7)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == ["times.html"]


def test_what_lies_beside_the_reports_stays(graded, tmp_path):
    """A teacher's own files, and a link with what it leads to."""
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    gone = tmp_path / "out" / "students" / "gone"
    gone.mkdir(parents=True)
    (gone / "feedback.html").write_text("old")
    (gone.parent / "link").symlink_to(kept)
    write(graded, tmp_path / "out")
    assert {path.name for path in gone.parent.iterdir()} == {*graded[1], "gone", "link"}
    assert (gone / "feedback.html").read_text() == "old"
    assert (kept / "mine.txt").read_text() == "mine"


def test_a_class_of_nobody_has_a_page(tmp_path):
    """No division by zero."""
    reports.write([], tmp_path, exercises=EXERCISES, roster=None, seconds={}, sources={}, moved=[])
    assert "0 students" in words((tmp_path / "index.html").read_text("utf-8"))


def test_a_file_for_the_system_of_the_roster_comes_with_its_notes(graded, tmp_path):
    """What the instructor must know of it stands on the class page."""
    rows = graded[0]
    columns = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    roster = Roster(tuple(one.student for one in rows), columns, "canvas")
    write(graded, tmp_path, roster=roster)
    assert (tmp_path / "grades-canvas.csv").is_file()
    assert "grades-canvas.csv has the points" in words((tmp_path / "index.html").read_text("utf-8"))


def test_pages_forbid_everything_but_their_own_style(graded, tmp_path):
    """The policy names the style by its hash, and comes before it."""
    write(graded, tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = path.read_text("utf-8")
        tags(page)
        policy = soup(page).select_one("meta[http-equiv='Content-Security-Policy']")["content"]
        assert policy == templating.POLICY
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.index("Content-Security-Policy") < page.index("<style>")
        assert "url(" not in page
        assert "@import" not in page


# --- in a browser ---


@pytest.fixture(scope="module", name="shown")
def _shown(graded, tmp_path_factory):
    """The folder of a class in which something of everything is to be seen."""
    out = tmp_path_factory.mktemp("shown")
    rows, sources, seconds = graded
    copied = (
        sources["right"][OTHER.name]
        + "\n\ndef more(a, b):\n"
        + "".join(
            f"    a = [b.pop({place}) for b in sorted(a, key={place})]\n" for place in range(9)
        )
    )
    sources = sources | {name: {OTHER.name: copied} for name in ("right", "partly")}
    hostile = "".join(HOSTILE.values())[:2000]
    rows = [
        *rows[:3],
        dataclasses.replace(
            rows[3], student=Student(rows[3].student.id, hostile), notes=(hostile,)
        ),
    ]
    moved = [MarkChange("partly", "class_counts", 2, 1, "other checks", ("test_a",))]
    write((rows, sources, seconds), out, moved=moved)
    return out


NAMES = (
    "index",
    "similarity",
    "times",
    *(f"students/{name}/feedback" for name in ("partly", "<b>loud")),
)


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_works_by_itself(browser, barriers, shown, name, scheme, width):
    """No request, no console message, nothing cut off, open to everyone, its style applied."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    complaints, requests = [], []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    address = (shown / f"{name}.html").as_uri()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    styled = page.evaluate("getComputedStyle(document.body).maxWidth")
    found = barriers(page)
    page.close()
    assert (complaints, requests) == ([], [address])
    assert not wide
    assert styled in ("864px", "1344px")
    assert found == []


def test_similarity_has_a_pair_to_look_at(shown):
    """So that the browser looked at one."""
    assert (shown / "similarity.html").read_text("utf-8").count("<mark>") > 1


def test_an_unusually_long_answer_is_not_looked_through():
    """Python takes seconds to read some texts, and reports have no clock."""
    long = f"x = f'{'{a}' * 87_000}'\n"
    assert model_copies._plain(long) == ""
    (told,) = tried._written(COUNTS, long)
    assert told == "more than 20,000 characters, which are not looked through"
