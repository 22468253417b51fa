"""Connects the parts of this package to the events of a Sphinx build."""

import os
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from fmnist.book.sphinxext import (
    FINISHED,
    ahead,
    chapters,
    claim_marks,
    exercise_boxes,
    frontend,
    kernel,
    keys,
    literature_role,
    pages,
    phase_cards,
    reports,
)
from fmnist.data import splits

STATIC = Path(__file__).with_name("static")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the events of a build."""
    app.add_config_value("fmnist_site", "", "env")
    app.add_config_value("fmnist_solutions", True, "env")
    app.add_node(reports.Placeholder)
    app.add_node(claim_marks.Mark)
    app.add_directive("build-report", reports.BuildReport)
    app.add_directive("phase-cards", phase_cards.PhaseCards)
    app.add_directive("objectives", exercise_boxes.Objectives)
    app.add_directive("graded-exercise", exercise_boxes.GradedExercise)
    app.add_directive("project", exercise_boxes.ProjectTask)
    app.add_directive("misconceptions", exercise_boxes.Misconceptions)
    app.add_role("literature", literature_role.LiteratureRole())
    app.add_role("claim", claim_marks.ClaimRole())
    app.add_role("either", claim_marks.ClaimRole())
    app.connect("config-inited", _prepare)
    app.connect("builder-inited", _add_assets)
    app.connect("env-get-outdated", chapters.outdated)
    app.connect("env-purge-doc", chapters.forget)
    app.connect("env-purge-doc", reports.forget)
    app.connect("env-before-read-docs", ahead.run)
    app.connect("source-read", chapters.prepare)
    app.connect("doctree-read", chapters.look_over, priority=900)
    app.connect("env-get-updated", reports.pages_with_reports)
    app.connect("doctree-resolved", reports.fill)
    app.connect("doctree-resolved", claim_marks.fill)
    app.connect("autodoc-process-docstring", pages.mark_code)
    app.connect("viewcode-find-source", pages.find_source)
    app.connect("html-page-context", pages.offer_notebook, priority=400)
    app.connect("html-page-context", pages.leave_out_thebe, priority=900)
    app.connect("build-finished", _finish)
    app.add_css_file("book.css")
    app.add_js_file("figures.js", loading_method="defer")
    app.add_js_file("formulas.js", loading_method="defer")
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def _prepare(_app: Sphinx, config: Any) -> None:
    os.environ.update(kernel.environment())
    config.fmnist_site = keys.site_key()
    config.fmnist_solutions = os.environ.get("FMNIST_SOLUTIONS") != "no"
    if splits.is_smoke():
        config.html_theme_options["announcement"] = (
            "Smoke build: every cell ran, on a small part of the images. The numbers mean nothing."
        )


def _add_assets(app: Sphinx) -> None:
    """Show Sphinx our static files and the parts from npm."""
    assets = Path(app.outdir).parent / "assets"
    try:
        frontend.unpack(assets)
    except frontend.FrontendError as error:
        raise ExtensionError(str(error)) from None
    app.config.html_static_path += [str(STATIC), str(assets)]


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Finish the pages, and leave a mark that they are whole."""
    if error is not None or app.builder.format != "html":
        return
    pages.finish(app)
    chapters.drop_old_caches(app)
    claim_marks.report(app)
    if not app._warncount:  # Sphinx decides on its exit status only after this event
        (Path(app.outdir).parent / FINISHED).write_text(f"{app.config.fmnist_site}\n", "utf-8")
