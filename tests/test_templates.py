"""Texts in other languages: each template can be read, and is where the package is installed."""

import io
import subprocess
import zipfile

import jinja2
import pytest

from fmnist.course import PACKAGE
from fmnist.release import packing
from fmnist.tools import templates

FILES = sorted(path for path in PACKAGE.rglob("templates/*") if path.is_file())
NAMES = [path.relative_to(PACKAGE).as_posix() for path in FILES]


@pytest.fixture(name="folder")
def _folder(tmp_path, monkeypatch):
    """A folder of templates in the place of the package."""
    environment = templates._ENVIRONMENT.overlay(loader=jinja2.FileSystemLoader(tmp_path))
    monkeypatch.setattr(templates, "_ENVIRONMENT", environment)
    return tmp_path


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".jinja")])
def test_a_template_can_be_read(name):
    """Whatever it becomes, its own marks are those of Jinja."""
    assert templates._ENVIRONMENT.get_template(name)


@pytest.mark.parametrize(
    "path", [path for path in FILES if ".sh" in path.suffixes], ids=lambda path: path.name
)
def test_a_script_is_bash_even_before_it_is_filled(path):
    """Bash reads it where it stands."""
    done = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_only_a_page_has_its_values_escaped(folder):
    """What is text stays as it is; line ends are those of the file."""
    for name in ("page.html.jinja", "text.md.jinja"):
        (folder / name).write_text("{% if value %}\n<b>{{ value }}\n{% endif %}\n")
    assert templates.filled("page.html.jinja", value="<&>") == "<b>&lt;&amp;&gt;\n"
    assert templates.filled("text.md.jinja", value="<&>") == "<b><&>\n"


def test_a_value_that_is_not_given_is_no_empty_text(folder):
    """A typing mistake in a name is an error."""
    (folder / "text.md.jinja").write_text("{{ value }}")
    with pytest.raises(jinja2.UndefinedError, match="'value' is undefined"):
        templates.filled("text.md.jinja", other=1)


def test_the_wheel_has_every_template():
    """A course that is installed writes what a checkout writes."""
    _, content = packing.wheel()
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        packed = {name: wheel.read(f"fmnist/{name}") for name in NAMES}
    assert packed == {name: (PACKAGE / name).read_bytes() for name in NAMES}
