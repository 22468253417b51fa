"""Texts in other languages, each a file in the folder ``templates`` of the room that fills it."""

from pathlib import Path
from typing import Any

import jinja2

from fmnist import course


def environment(folder: Path, **settings: Any) -> jinja2.Environment:
    """Return what fills the templates in a folder.

    Args:
        folder: of the files, which are read once.
        settings: of Jinja, such as what is escaped.
    """
    return jinja2.Environment(  # noqa: S701 (what is escaped is said by whoever calls)
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # it would look at the template's file for every page
        **settings,
    )


_ENVIRONMENT = environment(course.PACKAGE, autoescape=jinja2.select_autoescape(["html.jinja"]))


def filled(template: str, **values: object) -> str:
    """Return the text of a template; in one of HTML every value is escaped.

    Args:
        template: file in Jinja's language, relative to the package.
        values: what it shows, by name.

    Raises:
        jinja2.TemplateNotFound: there is no such file.
        jinja2.UndefinedError: it shows what is not given.
    """
    return _ENVIRONMENT.get_template(template).render(values)
