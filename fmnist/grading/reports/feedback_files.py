"""The pages of a class as an archive that Moodle hands out: "Upload multiple feedback files".

Whose a file is, Moodle reads from its name: what stands between the first two underscores is the
number of the participant, and behind the fourth one stands what the file is to be called. Source:
`is_valid_filename_for_import` in mod/assign/feedback/file/importziplib.php of moodle/moodle.
"""

import re
from collections.abc import Mapping

from fmnist.grading.hand_ins.roster import Student
from fmnist.tools import zips

FILE = "feedback-moodle.zip"
HOW = (
    f"{FILE} has the feedback pages: upload it in Moodle with "
    '"Upload multiple feedback files in a zip"; the assignment needs the feedback type '
    '"Feedback files".'
)
PAGE = "assignsubmission_file_feedback.html"
NOT_IN_NAMES = re.compile(r"[^\w .'-]|_|\.{2,}")  # an underscore is what Moodle splits at
MAX_NAME = 60  # characters of a person's name


def name_of(student: Student) -> str:
    """Return what the file of a student of Moodle is called: no name leads out of a folder."""
    name = " ".join(NOT_IN_NAMES.sub(" ", student.name).split()).strip(" .-'")[:MAX_NAME]
    return f"{name or 'Participant'}_{student.id}_{PAGE}"


def archive(pages: Mapping[str, str], students: Mapping[str, Student]) -> bytes:
    """Return the archive; the same pages give the same bytes.

    Args:
        pages: content of each ``feedback.html``, by student.
        students: by id.
    """
    files = {
        name_of(students[id_]): page.encode("utf-8", "backslashreplace")
        for id_, page in pages.items()
    }
    return zips.zipped(files)
