"""Build the site: get its parts, run Jupyter Book, and look at what came out."""

import json
import os
import shutil
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

from fmnist.book import jupyter_book
from fmnist.book.jupyter_book import Say
from fmnist.book.sphinxext import claim_marks, frontend
from fmnist.course import ROOT
from fmnist.tools import keeping
from fmnist.tools.user_errors import UserError

FINISHED = "finished.txt"  # in the folder of a build, if it succeeded
LOG = "book.log"  # all that Jupyter Book said


class BuildError(UserError):
    """The book was not built; the message says what to look at."""


def build(
    *, smoke: bool, strict: bool = False, solutions: bool = True, say: Say = print
) -> tuple[Path, str]:
    """Build the site; return its folder and what to say of its claims.

    A cell that raises and any warning of Sphinx fail every build. A claim that does not hold on
    this machine is told on the page, and fails a strict build only.

    Args:
        smoke: whether to work with a small stratified part of the images.
        strict: whether claims must hold.
        solutions: whether the site shows them.
        say: is told each step.

    Raises:
        BuildError: Jupyter Book failed, a page is missing, or the solutions are not there.
        FrontendError: a part of the pages cannot be had.
        OSError: something cannot be written.
    """
    if solutions and not (ROOT / "solutions").is_dir():
        raise BuildError("solutions/ is missing. Type: fmnist book --no-solutions")
    tier = "smoke" if smoke else "full"
    parts = [
        name for name, differs in (("smoke", smoke), ("no-solutions", not solutions)) if differs
    ]
    target = ROOT / "_build" / "-".join(parts) if parts else ROOT
    arguments = ["--path-output", str(target)] if parts else []
    out = target / "_build"
    out.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "FMNIST_TIER": tier,
        "FMNIST_SOLUTIONS": "yes" if solutions else "no",
        "FMNIST_STRICT": "yes" if strict else "",
        "PYTHONUNBUFFERED": "1",
    }

    def wait() -> None:
        say(f"Another build of this book, of the {tier} tier, is at work here: waiting for its end")

    # Two builds at once would take each other's files away.
    with keeping.alone(ROOT / "_build" / f"building-{tier}.lock", on_wait=wait):
        frontend.install(out / "assets", say)
        if not (out / FINISHED).exists():
            # Sphinx would not warn again of what it warned of in a build that failed.
            shutil.rmtree(out / ".doctrees", ignore_errors=True)
        # Sphinx writes again what is missing there, and leaves what has moved away.
        shutil.rmtree(out / "html" / "_modules", ignore_errors=True)
        for mark in (FINISHED, claim_marks.LIST):
            (out / mark).unlink(missing_ok=True)
        if failure := jupyter_book.run(arguments, environment, say, out / LOG):
            raise BuildError(f"The book was not built: {failure}")
        site = out / "html"
        missing = [str(page) for page in map(site.joinpath, pages()) if not page.is_file()]
        if missing or not (out / claim_marks.LIST).is_file():
            raise BuildError(f"Jupyter Book reported success, but made no {missing or site}.")
        (out / FINISHED).touch()
    return site, _said_of_claims(json.loads((out / claim_marks.LIST).read_text("utf-8")))


def _said_of_claims(claims: list[dict]) -> str:
    """Return how many claims the book makes, and which do not hold here."""
    parts = [f"{len(claims)} claims" if len(claims) != 1 else "1 claim"]
    left = sum(not each["outcome"]["judged"] for each in claims)
    failing = [each for each in claims if each["fails"]]
    if left:
        parts.append(f"{left} not judged: they need all images")
    if failing:
        verb = "does" if len(failing) == 1 else "do"
        places = "; ".join(
            f"book/{each['chapter']}.md:{each['line']} {each['sentence']}" for each in failing
        )
        parts.append(f"{len(failing)} {verb} not hold here: {places}")
    else:
        parts.append("all others hold here" if left else "all hold here")
    return ", ".join(parts)


def pages() -> list[str]:
    """Return the names of the pages that the table of contents promises."""
    return [f"{name}.html" for name in parse_toc_yaml(ROOT / "book" / "_toc.yml")]
