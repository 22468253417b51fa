"""Directives that show in the book what the catalogue says: one source, no text pasted twice.

{objectives}             what a reader can do after the phase whose chapter this is
{graded-exercise} NAME   task, stub and folded solution
{project}                the open task of the phase, with its rubric
{misconceptions}         the register, phase by phase
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from fmnist import course
from fmnist.exercises import catalog, misconceptions
from fmnist.tools import templates, wording
from fmnist.tools.toml_tables import TableError

TEMPLATES = "book/sphinxext/templates"


class Objectives(SphinxDirective):
    """The objectives of a chapter, as a list."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        _depend(self, catalog.CATALOG)
        here = self.env.docname
        texts = [goal.text for goal in catalog.read().objectives if goal.phase == here]
        if not texts:
            raise self.error(f"exercises.toml has no objective of {here}")
        listed = ";\n".join(f"- {text}" for text in texts)
        return self.parse_text_to_nodes(f"After this phase you can\n\n{listed}.")


class GradedExercise(SphinxDirective):
    """One exercise, and its solution unless the site is built without."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return both."""
        try:
            exercise = catalog.find(self.arguments[0])
        except TableError as error:
            raise self.error(str(error)) from None
        solution = self.env.config.fmnist_solutions
        _depend(self, catalog.CATALOG, exercise.stub)
        if solution:
            _depend(self, exercise.reference)
        return self.parse_text_to_nodes(box(exercise, solution=solution))


class ProjectTask(SphinxDirective):
    """The project of a chapter."""

    def run(self) -> list[nodes.Node]:
        """Return its task and rubric."""
        _depend(self, catalog.CATALOG)
        for project in catalog.read().projects:
            if project.phase == self.env.docname:
                _depend(self, project.task)
                head = (
                    f"**{project.title}** {wording.counted(project.points, 'point')}, "
                    f"about {project.minutes} minutes."
                )
                return self.parse_text_to_nodes(f"{head}\n\n{project.task.read_text('utf-8')}")
        raise self.error(f"exercises.toml has no project of {self.env.docname}")


class Misconceptions(SphinxDirective):
    """The register of misconceptions."""

    def run(self) -> list[nodes.Node]:
        """Return one entry each, by phase."""
        _depend(self, misconceptions.REGISTER)
        try:
            found = misconceptions.load().values()
        except TableError as error:
            raise self.error(str(error)) from None
        text = templates.filled(
            f"{TEMPLATES}/misconceptions.md.jinja", phases=course.PHASES, misconceptions=found
        )
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def box(exercise: catalog.Exercise, *, solution: bool) -> str:
    """Return an exercise as Markdown: what it asks, its stub, and the model answer or not."""
    return templates.filled(
        f"{TEMPLATES}/exercise.md.jinja",
        exercise=exercise,
        solution=solution,
        root=course.ROOT,
        counted=wording.counted,
    )


def _depend(directive: SphinxDirective, *files: Path) -> None:
    for file in files:
        directive.env.note_dependency(str(file))
