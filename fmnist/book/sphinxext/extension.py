"""Connects the parts of this package to the events of a Sphinx build."""

import os
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from fmnist.book.sphinxext import (
    chapters,
    claim_marks,
    exercise_boxes,
    kernel,
    literature_role,
    page_keys,
    phase_cards,
    side_by_side,
    status_tables,
    theme_mends,
)
from fmnist.data import splits

STATIC = Path(__file__).with_name("static")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the events of a build."""
    app.add_config_value("fmnist_site", "", "env")
    app.add_config_value("fmnist_solutions", True, "env")
    app.add_node(status_tables.Placeholder)
    app.add_node(claim_marks.Mark)
    app.add_directive("build-report", status_tables.BuildReport)
    app.add_directive("phase-cards", phase_cards.PhaseCards)
    app.add_directive("objectives", exercise_boxes.Objectives)
    app.add_directive("graded-exercise", exercise_boxes.GradedExercise)
    app.add_directive("project", exercise_boxes.ProjectTask)
    app.add_directive("misconceptions", exercise_boxes.Misconceptions)
    app.add_role("literature", literature_role.LiteratureRole())
    app.add_role("claim", claim_marks.ClaimRole())
    app.add_role("either", claim_marks.ClaimRole())
    app.connect("config-inited", _prepare)
    app.connect("env-get-outdated", chapters.outdated)
    app.connect("env-before-read-docs", side_by_side.run)
    app.connect("source-read", chapters.prepare)
    app.connect("doctree-read", chapters.look_over, priority=900)
    app.connect("env-get-updated", status_tables.pages_with_reports)
    app.connect("doctree-resolved", status_tables.fill)
    app.connect("doctree-resolved", claim_marks.fill)
    app.connect("autodoc-process-docstring", theme_mends.mark_code)
    app.connect("viewcode-find-source", theme_mends.find_source)
    app.connect("html-page-context", theme_mends.offer_notebook, priority=400)
    app.connect("build-finished", _finish)
    app.add_css_file("book.css")
    app.add_js_file("figures.js", loading_method="defer")
    app.add_js_file("formulas.js", loading_method="defer")
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def _prepare(app: Sphinx, config: Any) -> None:
    os.environ.update(kernel.environment())
    # Our own files, and the parts from npm that `frontend` has put beside the site.
    config.html_static_path += [str(STATIC), str(Path(app.outdir).parent / "assets")]
    config.fmnist_site = page_keys.site_key()
    config.fmnist_solutions = os.environ.get("FMNIST_SOLUTIONS") != "no"
    if splits.is_smoke():
        config.html_theme_options["announcement"] = (
            "Smoke build: every cell ran, on a small part of the images. The numbers mean nothing."
        )


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Finish the pages, and write what was claimed beside them."""
    if error is None and app.builder.format == "html":
        theme_mends.finish(app)
        chapters.drop_old_caches(app)
        claim_marks.report(app)
