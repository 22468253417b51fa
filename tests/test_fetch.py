"""The right four files or none: against folders, a real HTTP server, and apt."""

import gzip
import hashlib
import http.server
import shutil
import threading

import pytest

from fmnist import fetch


@pytest.fixture(scope="module", name="images")
def _images():
    """The folder with the four verified files."""
    return fetch.folder()


@pytest.fixture(name="tiny", autouse=True)
def _tiny(monkeypatch):
    """Four small files in the place of the real ones, by content."""
    contents = {f"part-{number}": bytes([number]) * 1000 for number in range(4)}
    files = tuple(
        fetch.File(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    )
    monkeypatch.setattr(fetch, "FILES", files)
    monkeypatch.setattr(fetch, "SYSTEM_FOLDERS", ())
    return contents


@pytest.fixture(name="served")
def _served(tmp_path, tiny):
    """A folder of gzip files behind a real HTTP server on loopback, and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    for name, content in tiny.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        """Serves that folder and logs nothing."""

        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *_):
            """Log nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def no_debian(monkeypatch):
    """Take the last source away."""
    monkeypatch.setattr(shutil, "which", lambda _: None)


def left(folder) -> list[str]:
    """Return the names of all files in a folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_mirror_gives_the_files(empty_cache, served, tiny):
    """Downloaded, unpacked, verified, and nothing else left behind."""
    folder = fetch.fetch(mirrors=(served[1],))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == tiny


def test_what_is_there_is_not_fetched_again(empty_cache, served, monkeypatch):
    """A second call needs no source at all."""
    fetch.fetch(mirrors=(served[1],))
    no_debian(monkeypatch)
    said = []
    fetch.fetch(said.append, mirrors=())
    assert said[0].startswith("Already there")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(gzip.compress(b"\x09" * 1000), "another data set or a damaged", id="foreign"),
        pytest.param(gzip.compress(b"\x01" * 900), "expected 1,000 .*received 900", id="short"),
        pytest.param(gzip.compress(b"\x01" * 5000), "received more", id="long"),
        pytest.param(gzip.compress(b"\x01" * 1000)[:-9], "not a whole gzip file", id="truncated"),
        pytest.param(b"<html>Not found</html>", "not a whole gzip file", id="a page"),
        pytest.param(None, "HTTP status 404", id="404"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name(empty_cache, served, monkeypatch, content, message):
    """What is not the file is named with expected and received, and leaves nothing."""
    folder, address = served
    no_debian(monkeypatch)
    if content is None:
        (folder / "part-1.gz").unlink()
    else:
        (folder / "part-1.gz").write_bytes(content)
    with pytest.raises(fetch.FetchError, match=message):
        fetch.fetch(mirrors=(address,))
    assert left(fetch.folder()) == ["part-0"]


def test_the_next_source_is_tried(empty_cache, served):
    """A mirror that is not there does not stop the search."""
    said = []
    fetch.fetch(said.append, mirrors=("http://127.0.0.1:9", served[1]))
    assert said[-1].startswith(f"Taken from {served[1]}")


def test_a_damaged_file_in_the_cache_is_replaced(empty_cache, served, tiny):
    """Only the bad one is fetched again."""
    folder = fetch.fetch(mirrors=(served[1],))
    (folder / "part-2").write_bytes(b"damaged")
    kept = (folder / "part-1").stat().st_mtime_ns
    fetch.fetch(mirrors=(served[1],))
    assert (folder / "part-2").read_bytes() == tiny["part-2"]
    assert (folder / "part-1").stat().st_mtime_ns == kept


def test_fmnist_data_is_the_only_source(empty_cache, served, tmp_path, monkeypatch):
    """If it is set and lacks a file, that is an error, and no mirror is asked."""
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    monkeypatch.setenv("FMNIST_DATA", str(chosen))
    with pytest.raises(fetch.FetchError, match=r"nothing else is tried: .* has neither part-0"):
        fetch.fetch(mirrors=(served[1],))
    for path in served[0].iterdir():
        shutil.copy(path, chosen)
    (chosen / "part-3.gz").write_bytes(gzip.compress(b"\x07" * 1000))
    with pytest.raises(fetch.FetchError, match=r"part-3[.]gz: expected SHA-256"):
        fetch.fetch(mirrors=(served[1],))


def test_fmnist_data_may_be_packed_or_not(empty_cache, served, tiny, tmp_path, monkeypatch):
    """Unpacked files are as good as packed ones."""
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    for name, content in tiny.items():
        (chosen / name).write_bytes(content)
    monkeypatch.setenv("FMNIST_DATA", str(chosen))
    assert left(fetch.fetch(mirrors=())) == sorted(tiny)


def test_a_cache_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    """The message says which folder, and what to set."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(fetch.FetchError, match=r"cannot be made.*FMNIST_CACHE"):
        fetch.fetch(mirrors=())


@pytest.mark.skipif(not shutil.which("apt-get"), reason="only where there is apt")
def test_debians_package_gives_the_real_files(empty_cache, monkeypatch, request, images):
    """The package is downloaded without root's help, and the system stays as it is."""
    monkeypatch.undo()
    monkeypatch.setenv("FMNIST_CACHE", str(empty_cache))
    monkeypatch.setattr(fetch, "SYSTEM_FOLDERS", ())
    try:
        folder = fetch.fetch(mirrors=())
    except fetch.FetchError as error:
        if "apt-get failed" in str(error):
            pytest.skip(f"no package archive can be reached here: {error}")
        raise
    for file in fetch.FILES:
        assert fetch.verified(folder / file.name, file) == (images / file.name).read_bytes()
    assert left(empty_cache) == ["data"]
