"""Texts in other languages, each a file in the folder ``templates`` of the room that fills it."""

import jinja2

from fmnist import course

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(course.PACKAGE),
    autoescape=jinja2.select_autoescape(["html.jinja"]),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


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
