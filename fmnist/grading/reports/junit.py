"""The verdicts of a submission as JUnit XML, which most systems that run tests can show."""

import xml.etree.ElementTree as ET

from fmnist.exercises.verdicts import Outcome, Verdict
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import view
from fmnist.grading.reports.text import clean, one_line

# Of each outcome but "passed" the tag of a case, and the attribute that counts such cases.
TAGS = {
    Outcome.FAILED: ("failure", "failures"),
    Outcome.ERROR: ("error", "errors"),
    Outcome.SKIPPED: ("skipped", "skipped"),
}


def text(row: Row) -> str:
    """Return the content of ``junit.xml``: a suite an exercise, a case a check.

    Args:
        row: what the student gets.
    """
    root = ET.Element("testsuites", name=one_line(row.student.id))
    verdicts: list[Verdict] = []
    for part in row.record.exercises:
        suite = ET.SubElement(root, "testsuite", {"name": part.name} | _counts(part.verdicts))
        for place, verdict in enumerate(part.verdicts, 1):
            _case(suite, verdict, view.check_name(verdict, place))
        verdicts += part.verdicts
    root.attrib |= _counts(verdicts)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def _case(suite: ET.Element, verdict: Verdict, name: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=verdict.exercise, name=name)
    if not verdict.passed:
        message = clean(verdict.message)
        first_line = one_line(message.partition("\n")[0], 200)
        fault = ET.SubElement(case, TAGS[Outcome(verdict.outcome)][0], message=first_line)
        if verdict.outcome != Outcome.SKIPPED:
            fault.set("type", verdict.kind or verdict.outcome)
        fault.text = message


def _counts(verdicts: list[Verdict] | tuple[Verdict, ...]) -> dict[str, str]:
    counts = {
        name: str(sum(verdict.outcome == outcome for verdict in verdicts))
        for outcome, (_, name) in TAGS.items()
    }
    return {"tests": str(len(verdicts))} | counts
