"""Pages that need nothing but themselves: one style, no script, no request, all text escaped."""

import base64
import functools
import hashlib
import urllib.parse
from pathlib import Path

import markupsafe

from fmnist.grading.reports import text
from fmnist.tools import templates, wording

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "style.css").read_text("utf-8")
# Nothing may be loaded or run; the one style that may apply is known by its hash.
POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'"
)


class Plain(str):
    """Markdown that is to stand as it is."""

    __slots__ = ()


def _link(student: str) -> str:
    """Return the address of a student's feedback, relative to the folder of the class."""
    return f"students/{urllib.parse.quote(student, safe='')}/feedback.html"


def _escaped(value: object) -> object:
    return value if isinstance(value, Plain | int) else Plain(text.markdown(str(value)))


_FILTERS = {
    "clean": text.clean,
    "one_line": text.one_line,
    "points": text.number,
    "percent": text.percent,
    "counted": functools.partial(wording.counted, nothing="0"),
    "link": _link,
}
_HTML = templates.environment(TEMPLATES, autoescape=True)
_HTML.filters |= _FILTERS
_HTML.globals |= {"style": markupsafe.Markup(STYLE), "policy": POLICY}  # noqa: S704 (our own file)
# The counterpart of autoescape: whatever a template shows is escaped, unless a filter made it.
_MARKDOWN = templates.environment(TEMPLATES, autoescape=False, finalize=_escaped)
_MARKDOWN.filters |= _FILTERS | {
    "fenced": lambda value: Plain(text.fenced(value)),
    "address": lambda value: Plain(f"<{value}>"),  # of a site, which `reading.site` has looked at
}


def html(template: str, **values: object) -> str:
    """Return a page made from a template in which every value is escaped."""
    return _HTML.get_template(template).render(values)


def markdown(template: str, **values: object) -> str:
    """Return a Markdown file made from a template in which every value is escaped."""
    return _MARKDOWN.get_template(template).render(values)
