"""The tables of the status page: what a build was made of, and what it took.

The directive ``{build-report} NAME`` leaves a placeholder, which is filled when pages are
written: by then every chapter has run. Only pages with a report change from build to build.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Callable, Iterable
from importlib import metadata

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from fmnist import course
from fmnist.book import replication_table
from fmnist.book.sphinxext import chapters, claim_marks
from fmnist.data import seal, sources, splits
from fmnist.evaluation import recipe_results
from fmnist.evaluation.claims import Condition
from fmnist.tools import wording
from fmnist.training import arithmetic, runs, sweep

PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "matplotlib", "plotly", "jupyter-book")
OPENINGS = "openings.jsonl"  # beside a chapter's outputs
MARK = "fmnist_report"  # in what Sphinx knows of a page that has a table
Rows = Iterable[tuple[str | nodes.Node, ...]]


class Placeholder(nodes.General, nodes.Element):
    """Stands for a report until pages are written."""


class BuildReport(SphinxDirective):
    """Puts a table with facts about this build into a page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the placeholder.

        Raises:
            docutils.parsers.rst.DirectiveError: there is no such report.
        """
        name = self.arguments[0]
        if name not in REPORTS:
            raise self.error(f"no report {name!r}; choose one of {', '.join(REPORTS)}")
        self.env.metadata[self.env.docname][MARK] = True
        return [Placeholder(name=name)]


def fill(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Replace the placeholders of a page by their tables."""
    for placeholder in list(doctree.findall(Placeholder)):
        header, report = REPORTS[placeholder["name"]]
        rows = list(report(app))
        placeholder.replace_self(_table(header, rows) if rows else nodes.paragraph("", "None yet."))


def pages_with_reports(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that must be written again whatever else changed."""
    return sorted(docname for docname, facts in env.metadata.items() if MARK in facts)


def _chapters(app: Sphinx) -> Rows:
    total = 0.0
    first = app.config.master_doc
    for docname in (first, *app.env.toctree_includes.get(first, [])):
        run = NbMetadataCollector.get_exec_data(app.env, docname)
        if not run:
            continue
        minutes = chapters.minutes_of(app.env, docname)
        total += run["runtime"]
        yield (
            app.env.titles[docname].astext(),
            f"{minutes['read']:g}" if "read" in minutes else "",
            f"{minutes['run']:g}" if "run" in minutes else "",
            f"{run['runtime']:.0f}",
            chapters.key_of(app.env, docname) or "",
        )
    yield "All chapters", "", "", f"{total:.0f}", ""


def _claims(app: Sphinx) -> Rows:
    replicated = replication_table.summary()
    for each in claim_marks.standing(app, app.env):
        condition = each.outcome.condition
        page = app.builder.get_relative_uri("status", each.chapter)
        anchor = claim_marks.anchor(each.outcome.name)
        link = nodes.reference("", each.sentence, refuri=f"{page}#{anchor}")
        if not each.outcome.judged:
            here = "not judged: few images"
        elif each.outcome.sentence:
            here = (
                "the first of two sentences" if condition.holds else "the second of two sentences"
            )
        else:
            here = "holds" if condition.holds else f"does not hold: {condition.numbers}"
        yield each.title, link, here, _margin(condition), replicated.get(each.outcome.name, "")


def _margin(condition: Condition) -> str:
    """Return a margin in its unit and in standard errors, as far as it has them."""
    if condition.margin is None:
        return "yes or no"
    sign = "+" if condition.margin > 0 else ""
    text = f"{sign}{wording.rough(condition.margin)} {condition.unit}".strip()
    if condition.error:
        text += f", {wording.number(condition.margin / condition.error)} standard errors"
    return text


def _machine(app: Sphinx) -> Rows:
    yield "Tier", "smoke: a small part of the images" if splits.is_smoke() else "full"
    yield "Solutions", "shown" if app.config.fmnist_solutions else "left out"
    yield "Machine", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    yield "Arithmetic of networks", arithmetic.name()
    yield "Python", ".".join(str(number) for number in sys.version_info[:3])
    for package in PACKAGES:
        yield package, metadata.version(package)
    digest = hashlib.sha256()
    for file in sorted(course.PACKAGE.rglob("*.py")):
        digest.update(file.relative_to(course.PACKAGE).as_posix().encode() + file.read_bytes())
    yield "fmnist", f"{metadata.version('fmnist')}, SHA-256 of its sources {digest.hexdigest()}"


def _data(_app: Sphinx) -> Rows:
    for file in sources.FILES:
        yield file.name, f"{file.size:,}", file.sha256


def _openings(app: Sphinx) -> Rows:
    for docname in sorted(app.env.found_docs):
        outputs = chapters.cache_of(app, docname)
        if outputs is not None and outputs.is_dir():
            seal.keep_with_outputs(docname, outputs / OPENINGS)
    for opening in seal.ledger():
        if opening.where in {seal.COMMAND, *app.env.found_docs}:
            yield (
                opening.where,
                opening.reason,
                opening.run,
                f"{opening.when[:16]} UTC".replace("T", " ", 1),
            )


def _runs(_app: Sphinx) -> Rows:
    recipes = dict.fromkeys(map(sweep.in_this_tier, sweep.of_the_book()))
    current = [run for recipe in recipes if (run := runs.find(runs.key(recipe)))]
    for run in current:
        yield (
            str(run.recipe),
            f"{run.train_images:,}",
            f"{run.parameters:,}",
            f"{run.seconds:.0f}",
            run.machine,
            run.key,
        )
    if current:
        yield (
            f"All {len(current)} runs",
            "",
            "",
            f"{sum(run.seconds for run in current):.0f}",
            "",
            "",
        )


def _experiments(_app: Sphinx) -> Rows:
    for name, experiment in recipe_results.ALL.items():
        rows = [*recipe_results.of(name).values()]
        old = recipe_results.old(name)
        every = len(old) == len(experiment.names)
        yield (
            name,
            f"{len(experiment.recipes)}",
            f"{recipe_results.trainings(name)}",
            wording.number(recipe_results.core_hours(name)),
            "; ".join(sorted({f"{row.machine}, {row.arithmetic}" for row in rows})),
            "all" if every else "; ".join(old) or "none",
        )


REPORTS: dict[str, tuple[tuple[str, ...], Callable[[Sphinx], Rows]]] = {
    "chapters": (
        ("Chapter", "Minutes to read", "Minutes to run, stated", "Seconds, measured", "Key"),
        _chapters,
    ),
    "claims": (("Chapter", "Claim", "Here", "Margin", "Seeds and arithmetics"), _claims),
    "machine": (("What", "Which"), _machine),
    "data": (("File", "Bytes", "SHA-256"), _data),
    "openings": (("Where", "Reason", "Run", "First time"), _openings),
    "experiments": (
        ("Experiment", "Recipes", "Trainings", "Core hours", "Machine", "Missing or old"),
        _experiments,
    ),
    "runs": (("Recipe", "Images", "Parameters", "Seconds", "Machine", "Run"), _runs),
}


def _table(header: tuple[str, ...], rows: list[tuple[str | nodes.Node, ...]]) -> nodes.container:
    """Return a table that scrolls by itself where it is wider than the page."""
    group = nodes.tgroup(cols=len(header))
    group.extend(nodes.colspec(colwidth=1) for _ in header)
    group += nodes.thead("", _row(header))
    group += nodes.tbody("", *map(_row, rows))
    table = nodes.table("", group, classes=["build-report"])
    return nodes.container("", table, classes=["pst-scrollable-table-container"])


def _row(cells: tuple[str | nodes.Node, ...]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        content = nodes.Text(cell) if isinstance(cell, str) else cell
        long = any(len(word) > 40 for word in content.astext().split())
        row += nodes.entry("", nodes.paragraph("", "", content), classes=["long"] if long else [])
    return row
