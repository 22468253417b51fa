"""Claims in the pages: at each sentence whether it holds here, all of them on the status page.

The cells of a chapter leave the outcomes among their glued outputs (`fmnist.evaluation.claims`);
the roles ``{claim}`` and ``{either}`` say where each stands. Both must agree, name by name.
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from fmnist.book.sphinxext import chapters
from fmnist.evaluation.claims import GLUED, Outcome

logger = logging.getLogger(__name__)

STRICT = "FMNIST_STRICT"  # set by `build`: a claim that does not hold is an error
LIST, SUMMARY = "claims.json", "claims.md"  # of all claims of a build, beside its site
TEXT = "application/papermill.record/text/plain"
ROLE = re.compile(r"\{(?:claim|either)\}`([^`]+)`")
SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\)))\s+")


class Mark(nodes.Inline, nodes.TextElement):
    """Stands at the sentence of a claim until pages are written."""


class ClaimRole(SphinxRole):
    """Marks the sentence before it as that of a claim; as ``{either}`` it is the sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the mark."""
        return [Mark(self.rawtext, claim=self.text, chosen=self.name)], []


@dataclass(frozen=True)
class Standing:
    """A claim where it stands.

    Attributes:
        chapter: name of its page.
        title: of that page.
        line: of the page's source.
        sentence: as a reader sees it.
        outcome: of this build.
    """

    chapter: str
    title: str
    line: int
    sentence: str
    outcome: Outcome


def anchor(name: str) -> str:
    """Return the anchor of a claim in its page."""
    return nodes.make_id(f"claim-{name}")


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the marks of a page: by nothing but an anchor, a box, or the sentence chosen."""
    marks = list(doctree.findall(Mark))
    if not marks:
        return
    known = outcomes(app, docname)
    last: dict[nodes.Node, nodes.Node] = {}  # box below a paragraph
    for mark in marks:
        outcome = known.get(mark["claim"])
        place = nodes.inline(ids=[anchor(mark["claim"])], classes=["claim"])
        if outcome is not None and mark["chosen"] == "either":
            place += nodes.Text(outcome.sentence)
        if outcome is not None and outcome.fails:
            paragraph = _paragraph_of(mark)
            box = _box(sentence_of(mark), outcome.condition.numbers)
            above = last.get(paragraph, paragraph)
            paragraph.parent.insert(paragraph.parent.index(above) + 1, box)
            last[paragraph] = box
        mark.replace_self(place)


def _box(sentence: str, numbers: str) -> nodes.container:
    text = (
        "On the machine that built this page this does not hold: "
        f"\N{LEFT DOUBLE QUOTATION MARK}{sentence}\N{RIGHT DOUBLE QUOTATION MARK} Here {numbers}. "
        "The status page lists every claim of the book."
    )
    return nodes.container("", nodes.paragraph("", text), classes=["claim-fails"])


def outcomes(app: Sphinx, docname: str) -> dict[str, Outcome]:
    """Return the outcomes that a chapter's cells left, by name; empty if a cell failed."""
    notebook = chapters.notebook(app, docname)
    return of_notebook(notebook) if notebook else {}


def of_notebook(notebook: nbformat.NotebookNode) -> dict[str, Outcome]:
    """Return the outcomes among the outputs of an executed notebook, by name.

    Raises:
        ValueError: two claims have one name.
    """
    found: dict[str, Outcome] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name", "")
            if name.startswith(GLUED):
                outcome = Outcome.from_json(ast.literal_eval(output["data"][TEXT]))
                if outcome.name in found:
                    raise ValueError(f"two claims are called {outcome.name!r}")
                found[outcome.name] = outcome
    return found


def standing(app: Sphinx, env: BuildEnvironment, *, warn: bool = False) -> Iterator[Standing]:
    """Yield every claim of the book in the order of its pages.

    Args:
        app: of the build.
        env: of the build.
        warn: of claims without a sentence and sentences without a claim.
    """
    tell = logger.warning if warn else logger.debug
    first = app.config.master_doc
    for docname in (first, *env.toctree_includes.get(first, [])):
        known = outcomes(app, docname)
        doctree = env.get_doctree(docname)
        marks = {mark["claim"]: mark for mark in doctree.findall(Mark)}
        ran = bool(known) or not marks
        for name in known.keys() - marks.keys():
            tell("claim %r stands at no sentence", name, location=(docname, 1))
        for name, mark in marks.items():
            line = _line(env, docname, mark)
            place = (docname, line)
            if name in known:
                outcome = known[name]
                if bool(outcome.sentence) != (mark["chosen"] == "either"):
                    tell("claim %r has the other role", name, location=place)
                said = outcome.sentence or sentence_of(mark)
                title = env.titles[docname].astext()
                yield Standing(docname, title, line, said, outcome)
            elif ran:
                tell("no cell states claim %r", name, location=place)


def _line(env: BuildEnvironment, docname: str, mark: Mark) -> int:
    """Return the line of a mark in its page's source; a parser knows that of its paragraph."""
    lines = Path(env.doc2path(docname)).read_text("utf-8").splitlines()
    role = f"{{{mark['chosen']}}}`{mark['claim']}`"
    return next((n for n, line in enumerate(lines, 1) if role in line), 1)


def _paragraph_of(mark: nodes.Node) -> nodes.Node:
    while isinstance(mark, nodes.Inline):
        mark = mark.parent
    return mark


def sentence_of(mark: nodes.Node) -> str:
    """Return the sentence that ends at a mark."""
    text = ""
    for node in _paragraph_of(mark).findall():
        if node is mark:
            break
        if isinstance(node, nodes.Text):
            text += node.astext()
    return SENTENCE_END.split(" ".join(text.split()))[-1]


def report(app: Sphinx) -> None:
    """Write the list of all claims beside the site; in a strict build, warn of those that fail."""
    claims = list(standing(app, app.env, warn=True))
    failing = [claim for claim in claims if claim.outcome.fails]
    out = Path(app.outdir).parent
    entries = [
        asdict(each) | {"fails": each.outcome.fails, "anchor": anchor(each.outcome.name)}
        for each in claims
    ]
    out.joinpath(LIST).write_text(json.dumps(entries, indent=1) + "\n", "utf-8")
    lines = [f"- {each.title}: {each.sentence} ({each.outcome.condition.numbers})"
             for each in failing]  # fmt: skip
    told = "\n".join(lines) or "Every claim that was judged holds."
    head = "## Claims that do not hold in this build"
    out.joinpath(SUMMARY).write_text(f"{head}\n\n{told}\n", "utf-8")
    for claim in failing if os.environ.get(STRICT) else ():
        logger.warning(
            "claim %r does not hold: %s (%s)",
            claim.outcome.name,
            claim.sentence,
            claim.outcome.condition.numbers,
            location=(claim.chapter, claim.line),
        )
