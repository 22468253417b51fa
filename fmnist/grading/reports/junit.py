"""The verdicts of a submission as JUnit XML, which most systems that run tests can show."""

from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import templating, view
from fmnist.grading.reports.text import one_line


def text(row: Row) -> str:
    """Return the content of ``junit.xml``: a suite an exercise, a case a check.

    Args:
        row: what the student gets.
    """
    return templating.html(
        "junit.xml",
        row=row,
        verdicts=[verdict for part in row.record.exercises for verdict in part.verdicts],
        check_name=view.check_name,
        first_line=lambda message: one_line(message.partition("\n")[0], 200),
    )
