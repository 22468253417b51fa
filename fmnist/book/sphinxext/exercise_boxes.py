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
from fmnist.tools import wording
from fmnist.tools.toml_tables import TableError

STEPS = {
    "worked": "after a worked example",
    "faded": "with gaps to fill",
    "free": "from the signature alone",
}


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
        parts = []
        for phase in course.PHASES:
            parts.append(f"## {phase.partition('_')[0].replace('phase', 'Phase ')}\n")
            parts += [
                f"(misconception-{one.id})=\n"
                f"**{one.belief}**\\\n{one.truth}\nSee {{ref}}`{one.read}`.\n"
                for one in found
                if one.phase == phase
            ]
        return self.parse_text_to_nodes("\n".join(parts), allow_section_headings=True)


def box(exercise: catalog.Exercise, *, solution: bool) -> str:
    """Return an exercise as Markdown: what it asks, its stub, and the model answer or not."""
    uses = " and ".join(
        {"keras": "Keras", "numpy": "NumPy", "tensorflow": "TensorFlow"}.get(name, name)
        for name in exercise.imports
    )
    before = ", ".join(f"{{ref}}`{name} <ex-{name}>`" for name in exercise.after)
    lines = [
        f"(ex-{exercise.name})=",
        f"``````{{admonition}} Exercise {exercise.number}: {exercise.title}",
        ":class: exercise",
        f"{wording.counted(exercise.points, 'point')}, about {exercise.minutes} minutes, "
        f"{STEPS[exercise.ladder]}, "
        f"{uses or 'plain Python'}.{f' After {before}.' if before else ''}",
        "",
        f"Complete the function in `exercises/{exercise.phase}/{exercise.name}.py`, "
        f"then type `fmnist check {exercise.name}`.",
        "",
        _folded("The stub", exercise.stub),
    ]
    if solution:
        lines.append(_folded("Solution", exercise.reference))
    return "\n".join([*lines, "``````", ""])


def _folded(title: str, path: Path) -> str:
    # From the root of the sources, book/, whatever page asks.
    place = f"/../{path.relative_to(course.ROOT).as_posix()}"
    code = f"````{{literalinclude}} {place}\n:language: python\n````"
    return f"`````{{dropdown}} {title}\n{code}\n`````"


def _depend(directive: SphinxDirective, *files: Path) -> None:
    for file in files:
        directive.env.note_dependency(str(file))
