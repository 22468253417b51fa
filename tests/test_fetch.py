"""The right four files or none: against folders, a real HTTP server that misbehaves, and apt."""

import gzip
import hashlib
import http.server
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager

import filelock
import pytest
from click.testing import CliRunner

from fmnist.cli import commands
from fmnist.data import download, fetch, sources

QUICK = download.Limits(start=10, block=10, pause=0.01, redirects=3)
HASTY = download.Limits(start=1, block=0.6, pause=0.01)
NAMES = [f"part-{number}" for number in range(4)]
CONTENTS = {name: bytes([number]) * 1000 for number, name in enumerate(NAMES)}
TINY = tuple(
    sources.File(name, len(content), hashlib.sha256(content).hexdigest())
    for name, content in CONTENTS.items()
)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module", name="images")
def _images():
    """The folder with the four verified files."""
    return fetch.folder()


@pytest.fixture(name="tiny", autouse=True)
def _tiny(monkeypatch):
    """Four small files in the place of the real ones, and a machine without other sources."""
    monkeypatch.setattr(sources, "FILES", TINY)
    monkeypatch.setattr(sources, "SYSTEM_FOLDERS", ())
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Server:
    """A real HTTP server on loopback, which gives the four files, or does what it is told.

    Attributes:
        address: where it is.
        asked: the paths that were asked for, in their order.
        instead: path to a function of the handler that answers in place of the file.
        ended: set when the server goes away, so that answers that take for ever end.
    """

    def __init__(self):
        self.asked, self.instead, self.ended = [], {}, threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Answers one request; every answer ends its connection."""

            def do_GET(self):
                """Answer."""
                outer.asked.append(self.path)
                name = self.path.removeprefix("/").removesuffix(".gz")
                try:
                    if self.path in outer.instead:
                        outer.instead[self.path](self)
                    elif name in CONTENTS:
                        self.give(gzip.compress(CONTENTS[name]))
                    else:
                        self.give(b"no such file", status=404)
                except ConnectionError:
                    self.close_connection = True

            def give(self, body: bytes, *, status: int = 200, length: int | None = None, **more):
                """Send head and body; `length` is what the head says of the body."""
                self.send_response(status)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                for header, value in more.items():
                    self.send_header(header.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Log nothing."""

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"


@contextmanager
def serving():
    """Start a server and end it with all its answers."""
    server = Server()
    threading.Thread(target=server.http.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.ended.set()
        server.http.shutdown()
        server.http.server_close()


@pytest.fixture(name="server")
def _server():
    """A server with the four files."""
    with serving() as server:
        yield server


def get(server: Server, *, limits: download.Limits = QUICK, **more):
    """Fetch from a server alone, without long pauses."""
    return fetch.fetch(mirrors=(server.address,), limits=limits, **more)


def left(folder) -> list[str]:
    """Return the names of all files in a folder, but for the lock."""
    names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    return sorted(names - {fetch.LOCK})


def test_a_mirror_gives_the_files(empty_cache, server):
    """Downloaded, unpacked, verified, and nothing else left behind."""
    folder = get(server)
    assert {name: (folder / name).read_bytes() for name in left(folder)} == CONTENTS
    assert left(empty_cache) == ["data"]


def test_what_is_there_is_not_fetched_again(empty_cache, server):
    """A second call needs no source at all."""
    get(server)
    said = []
    fetch.fetch(said.append, mirrors=())
    assert said == [f"Already there, verified: {empty_cache / 'data'}"]
    assert len(server.asked) == 4


def test_progress_is_told_in_bytes(empty_cache, server):
    """Each file up to its size, and never back."""
    told = []
    get(server, progress=lambda *step: told.append(step))
    assert [step for step in told if step[1] == step[2]] == [(name, 1000, 1000) for name in NAMES]


def packed(content: bytes):
    """Answer with this content, packed."""
    return lambda handler: handler.give(gzip.compress(content))


def plain(body: bytes, **more):
    """Answer with this body."""
    return lambda handler: handler.give(body, **more)


BOMB = gzip.compress(bytes(50_000_000))
ENDLESS_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03" + b"a" * (2**20 + 2000)
TWICE = gzip.compress(CONTENTS["part-1"]) * 2


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(packed(b"\x09" * 1000), "another data set or a damaged", id="foreign"),
        pytest.param(packed(b"\x01" * 900), "expected 1,000 .*received 900", id="short"),
        pytest.param(packed(b"\x01" * 5000), "expected 1,000 .*received more", id="long"),
        pytest.param(plain(BOMB), "expected 1,000 .*received more", id="bomb"),
        pytest.param(plain(ENDLESS_NAME), "at most .* of gzip file, received more", id="header"),
        pytest.param(plain(TWICE), "received more after its end", id="two members"),
        pytest.param(
            plain(gzip.compress(b"\x01" * 1000)[:-9]), "received its first", id="truncated"
        ),
        pytest.param(
            plain(gzip.compress(os.urandom(900))[:-8] + bytes(8)), "a damaged one", id="damaged"
        ),
        pytest.param(plain(b"<html>Log in</html>"), "received a web page: b'<html>", id="page"),
        pytest.param(plain(b""), "received its first 0 bytes", id="empty"),
        pytest.param(plain(b"\0\0\x08\x01"), "received something else", id="unpacked"),
        pytest.param(plain(b"", status=404), "HTTP status 404", id="404"),
    ],
)
def test_a_wrong_file_is_refused_by_name(empty_cache, server, answer, message):
    """What is not the file is named with expected and received, asked for once, and not kept."""
    server.instead["/part-1.gz"] = answer
    with pytest.raises(fetch.FetchError, match=rf"{server.address}: part-1[.]gz: .*{message}"):
        get(server)
    assert left(fetch.folder()) == ["part-0"]
    assert server.asked == ["/part-0.gz", "/part-1.gz"]


def test_mnists_digits_are_recognised(empty_cache, server, monkeypatch):
    """The best known foreign file, of the same name and size, is called by its name."""
    digits = b"\x05" * 1000
    monkeypatch.setattr(sources, "DIGITS", {hashlib.sha256(digits).hexdigest()})
    server.instead["/part-0.gz"] = packed(digits)
    with pytest.raises(fetch.FetchError, match=r"received .*: the handwritten digits of MNIST"):
        get(server)


def test_the_sums_of_both_data_sets_are_different():
    """Four sums each, none in both."""
    published = {file.sha256 for file in sources.FILES}
    assert len(published) == len(sources.DIGITS) == 4
    assert not published & sources.DIGITS


def test_a_wrong_file_never_replaces_a_good_one(empty_cache, server, tmp_path, monkeypatch):
    """What stands in the cache is not even asked for, nor overwritten by a folder that is wrong."""
    folder = get(server)
    chosen = tmp_path / "chosen"
    shutil.copytree(folder, chosen)
    (chosen / "part-2").write_bytes(b"\x07" * 1000)
    monkeypatch.setenv("FMNIST_DATA", str(chosen))
    with pytest.raises(fetch.FetchError, match="part-2: expected SHA-256"):
        get(server)
    assert (folder / "part-2").read_bytes() == CONTENTS["part-2"]


def test_a_file_that_the_server_calls_packed_stays_packed(empty_cache, server):
    """Unpacking on the way, as browsers do, would give another file than the published one."""
    body = gzip.compress(CONTENTS["part-1"])
    server.instead["/part-1.gz"] = plain(body, Content_Encoding="gzip")
    get(server)


def then(*answers):
    """Answer each request in its own way, and the last way from then on."""
    waiting = list(answers)
    return lambda handler: (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler)


def cut(handler):
    """Promise a thousand bytes, send a few, and close."""
    handler.give(gzip.compress(CONTENTS["part-1"])[:10], length=1000)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_recovers_is_asked_again(empty_cache, server, status):
    """A status that passes costs a try, which is told, and nothing else."""
    good = packed(CONTENTS["part-1"])
    server.instead["/part-1.gz"] = then(plain(b"", status=status), plain(b"", status=status), good)
    said = []
    get(server, say=said.append)
    assert said[1:3] == [f"part-1.gz: HTTP status {status}; trying again ..."] * 2
    assert server.asked.count("/part-1.gz") == 3


def test_a_broken_connection_is_tried_again(empty_cache, server):
    """A file that ends before its length is not kept, and fetched anew."""
    server.instead["/part-1.gz"] = then(cut, packed(CONTENTS["part-1"]))
    get(server)
    assert server.asked.count("/part-1.gz") == 2


def test_a_server_that_never_recovers_is_given_up(empty_cache, server):
    """After as many tries as the limits say."""
    server.instead["/part-1.gz"] = plain(b"", status=500)
    with pytest.raises(fetch.FetchError, match="HTTP status 500, at each of 3 tries"):
        get(server)
    server.instead["/part-1.gz"] = cut
    with pytest.raises(fetch.FetchError, match=r"the connection broke: .*IncompleteRead"):
        get(server)


def slowly(server: Server, *, head: bool, seconds: float = 0.1):
    """Answer letter by letter for half a minute, from the head or from the body on."""

    def answer(handler):
        line = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n"
        if not head:
            handler.wfile.write(line + b"\r\n\x1f\x8b")
        for _ in range(round(30 / seconds)):
            if not server.ended.wait(seconds):
                handler.wfile.write(b"x")

    return answer


def nothing(server: Server):
    """Accept the question and never answer."""
    return lambda _: server.ended.wait(30)


def half(server: Server):
    """Send half of a file and then nothing."""

    def answer(handler):
        handler.give(ENDLESS_NAME[:20_000], length=50_000)
        server.ended.wait(30)

    return answer


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(nothing, "no answer within 1 s", id="silent"),
        pytest.param(lambda at: slowly(at, head=True), "no answer within 1 s", id="head drips"),
        pytest.param(
            lambda at: slowly(at, head=False),
            r"less than 16,384 bytes arrived in 0[.]6 s, at each of 3",
            id="body drips",
        ),
        pytest.param(half, r"less than 16,384 bytes arrived in 0[.]6 s", id="stalls"),
    ],
)
def test_a_server_that_takes_for_ever_is_given_up(empty_cache, server, answer, message):
    """However it delays, an answer is waited for no longer than the limits say."""
    server.instead["/part-0.gz"] = answer(server)
    started = time.monotonic()
    with pytest.raises(fetch.FetchError, match=message):
        get(server, limits=HASTY)
    assert time.monotonic() - started < 10  # the answers take 30 s, or have no end
    assert left(fetch.folder()) == []


def test_a_file_takes_no_longer_than_its_limit(empty_cache, server):
    """A server that is quick enough for each block and endless is given up, too."""

    def endless(handler):
        handler.give(gzip.compress(os.urandom(1000))[:10], length=10**9)
        for _ in range(600):
            if not server.ended.wait(0.05):
                handler.wfile.write(b"x" * 2 * download.BLOCK)

    server.instead["/part-0.gz"] = endless
    limits = download.Limits(start=1, block=1, whole=0.8)
    deadline = time.monotonic() + limits.whole
    with pytest.raises(download.DownloadError, match=r"not complete within 0[.]8 s"):
        for _ in download.blocks(f"{server.address}/part-0.gz", limits, deadline=deadline):
            pass


def test_no_thread_outlives_an_answer_that_was_left(empty_cache, server):
    """Whoever stops reading shuts the connection, and the thread that reads it ends."""
    server.instead["/part-0.gz"] = half(server)
    before = threading.active_count()
    blocks = download.blocks(
        f"{server.address}/part-0.gz", download.Limits(), deadline=time.monotonic() + 60
    )
    assert len(next(blocks)) == download.BLOCK
    blocks.close()
    readers = [thread for thread in threading.enumerate() if type(thread).__name__ == "_Reader"]
    assert readers == []
    assert threading.active_count() <= before + 1  # the server's own, which still waits


def redirect(to: str, status: int = 302):
    """Answer with a redirect."""
    return plain(b"", status=status, Location=to)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(empty_cache, server, status):
    """To another path, or to another server."""
    with serving() as other:
        server.instead["/part-0.gz"] = redirect("/there", status)
        server.instead["/there"] = redirect(f"{other.address}/part-0.gz", status)
        get(server)
        assert other.asked == ["/part-0.gz"]


def test_redirects_in_a_circle_are_given_up(empty_cache, server):
    """After as many as the limits allow."""
    server.instead["/part-0.gz"] = redirect("/there")
    server.instead["/there"] = redirect("/part-0.gz")
    with pytest.raises(fetch.FetchError, match="more than 3 redirects"):
        get(server)
    assert len(server.asked) == 4


@pytest.mark.parametrize("to", ["file:///etc/hostname", "ftp://127.0.0.1/x"])
def test_a_redirect_out_of_the_web_is_not_followed(empty_cache, server, to):
    """A mirror cannot make us read something else."""
    server.instead["/part-0.gz"] = redirect(to)
    with pytest.raises(fetch.FetchError, match=f"redirected to {to}, which is not followed"):
        get(server)


def test_no_redirect_leads_from_https_to_http(server):
    """What was asked over a safe connection is not taken over another."""

    class Pool:
        """Answers every question with a redirect to http."""

        def request(self, *_, **__):
            """Answer."""
            return self

        status = 302

        def get_redirect_location(self):
            """Return where to."""
            return f"{server.address}/part-0.gz"

        def close(self):
            """Do nothing."""

    with pytest.raises(download.DownloadError, match=r"redirected to http://.* not followed"):
        download._answer(Pool(), "https://example.org/part-0.gz", QUICK)
    assert server.asked == []


def test_a_proxy_of_the_environment_is_used(empty_cache, server, monkeypatch):
    """Where the web is behind a proxy, it is asked for the whole address."""
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "")
    for name in NAMES:
        server.instead[f"http://mirror.invalid/{name}.gz"] = packed(CONTENTS[name])
    fetch.fetch(mirrors=("http://mirror.invalid",), limits=QUICK)
    assert server.asked[0] == "http://mirror.invalid/part-0.gz"


def test_a_proxy_that_does_not_answer_is_told(empty_cache, monkeypatch):
    """The message blames the proxy, not the mirror."""
    monkeypatch.setenv("http_proxy", "http://name:word@127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(fetch.FetchError, match=r"the proxy does not answer: .*refused"):
        fetch.fetch(mirrors=("http://mirror.invalid",), limits=QUICK)


def test_without_a_network_it_fails_at_once(empty_cache):
    """A name that does not exist and a closed port cost no retries and no wait."""
    started = time.monotonic()
    with pytest.raises(fetch.FetchError, match=r"cannot be resolved.*no connection.*refused"):
        fetch.fetch(mirrors=("https://mirror.invalid", NOWHERE))
    assert time.monotonic() - started < 10


def test_a_network_that_swallows_everything_fails_in_seconds(empty_cache, monkeypatch):
    """Where even names get no answer, each mirror costs its time to start and no more."""
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(30) and [])
    started = time.monotonic()
    with pytest.raises(fetch.FetchError, match=r"no answer within 1 s.*no answer within 1 s"):
        fetch.fetch(mirrors=("https://a.invalid", "http://b.invalid"), limits=HASTY)
    assert time.monotonic() - started < 10
    ended.set()


def test_mirrors_that_swallow_everything_take_less_than_15_seconds():
    """What the limits in force add up to, with no retry where nothing answered."""
    assert len(sources.MIRRORS) * download.LIMITS.start < 15


def test_the_next_source_is_tried_for_what_is_still_missing(empty_cache, server):
    """A mirror that is not there, or has a part only, does not stop the search."""
    with serving() as other:
        other.instead["/part-2.gz"] = plain(b"", status=404)
        said = []
        mirrors = (NOWHERE, other.address, server.address)
        fetch.fetch(said.append, mirrors=mirrors, limits=QUICK)
        assert said[-1].startswith(f"Taken from {server.address}")
        assert server.asked == ["/part-2.gz", "/part-3.gz"]


def test_a_folder_of_the_system_is_tried_first(empty_cache, server, tmp_path, monkeypatch):
    """No mirror is asked for what lies on the disk."""
    for name, content in CONTENTS.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    monkeypatch.setattr(sources, "SYSTEM_FOLDERS", (tmp_path / "nowhere", tmp_path))
    get(server)
    assert server.asked == []


def test_a_damaged_file_in_the_cache_is_replaced(empty_cache, server):
    """Only the bad one is fetched again."""
    folder = get(server)
    (folder / "part-2").write_bytes(b"damaged")
    kept = (folder / "part-1").stat().st_mtime_ns
    get(server)
    assert (folder / "part-2").read_bytes() == CONTENTS["part-2"]
    assert (folder / "part-1").stat().st_mtime_ns == kept


@pytest.fixture(name="chosen")
def _chosen(tmp_path, monkeypatch):
    """A folder with the four files, named by FMNIST_DATA."""
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    for number, (name, content) in enumerate(CONTENTS.items()):
        if number % 2:
            (chosen / name).write_bytes(content)
        else:
            (chosen / f"{name}.gz").write_bytes(gzip.compress(content))
    monkeypatch.setenv("FMNIST_DATA", str(chosen))
    return chosen


def test_fmnist_data_is_the_only_source(empty_cache, server, chosen):
    """Its files may be packed or not; no mirror is asked."""
    assert left(get(server)) == NAMES
    assert server.asked == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(shutil.rmtree, "chosen is no folder", id="no folder"),
        pytest.param(
            lambda chosen: (chosen / "part-1").unlink(),
            "chosen has neither part-1.gz nor part-1",
            id="a file is missing",
        ),
        pytest.param(
            lambda chosen: (chosen / "part-3").write_bytes(b"\x07" * 1000),
            "part-3: expected SHA-256",
            id="a file is wrong",
        ),
        pytest.param(
            lambda chosen: (chosen / "part-3.gz").write_bytes(b"\x1f\x8b"),
            "part-3.gz: expected a whole gzip file",
            id="the packed one of two is wrong",
        ),
        pytest.param(
            lambda chosen: (chosen / "part-2").write_bytes(b"\x07" * 1000),
            "part-2: expected SHA-256",
            id="the unpacked one of two is wrong",
        ),
    ],
)
@pytest.mark.parametrize("there", [True, False], ids=["in the cache", "not in the cache"])
def test_anything_wrong_in_fmnist_data_is_an_error(
    empty_cache, server, chosen, change, message, there, monkeypatch
):
    """Nothing else is tried, and a cache that has the files is no excuse."""
    if there:
        fetch.fetch(mirrors=())
    change(chosen)
    wanted = rf"FMNIST_DATA is set, so nothing else is tried: .*{message}.* Mend that folder"
    with pytest.raises(fetch.FetchError, match=wanted):
        get(server)
    assert server.asked == []


def test_a_file_that_cannot_be_read_is_told(empty_cache, tmp_path, monkeypatch):
    """An error of the disk names the file."""
    monkeypatch.setattr(sources, "FILES", TINY[:1])
    monkeypatch.setenv("FMNIST_DATA", str(tmp_path))
    (tmp_path / "part-0").write_bytes(CONTENTS["part-0"])

    def broken(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sources.Path, "open", broken)
    with pytest.raises(fetch.FetchError, match="part-0 cannot be read: Input/output error"):
        fetch.fetch(mirrors=())


def test_a_cache_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    """The message says which folder, and what to set."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(fetch.FetchError, match=r"cannot be written: .*FMNIST_CACHE"):
        fetch.fetch(mirrors=())


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
def test_a_folder_without_permission_to_write_is_told(empty_cache, server, request):
    """One line that says which folder and what to set; as root, another user tries."""
    (empty_cache / "data").mkdir(parents=True)
    (empty_cache / "data").chmod(0o555)
    for folder in (empty_cache, *empty_cache.parents):
        if folder.stat().st_uid == os.getuid() and folder.name:
            folder.chmod(folder.stat().st_mode | 0o055)
    if os.getuid() == 0:
        os.seteuid(65534)
        request.addfinalizer(lambda: os.seteuid(0))
    with pytest.raises(fetch.FetchError, match=r"data cannot be written: Permission denied"):
        get(server)


def test_a_full_disk_is_seen_before_anything_is_written(empty_cache, server, monkeypatch):
    """The message says how much is needed, and how much there is."""
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(fetch.FetchError, match=r"disk is full: .* needs 17 MB, free are 1 MB"):
        get(server)
    assert server.asked == []


WRITER = """
    import hashlib, sys
    from fmnist.data import download, fetch, sources
    files = []
    for number in range(4):
        content = bytes([number]) * 1000
        files.append(sources.File(f"part-{number}", 1000, hashlib.sha256(content).hexdigest()))
    sources.FILES = tuple(files)
    sources.SYSTEM_FOLDERS = ()
    limits = download.Limits(block=30)
    BEFORE
    try:
        fetch.fetch(lambda line: print(line, flush=True), mirrors=sys.argv[1:], limits=limits)
    except fetch.FetchError as error:
        sys.exit(f"refused: {error}")
"""


@contextmanager
def writing(*mirrors: str, before: str = ""):
    """Start another process that fetches the small files."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER).replace("BEFORE", before), *mirrors],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
def test_a_disk_that_fills_up_is_told_and_nothing_is_lost(empty_cache, server):
    """A real failure to write: what was whole stays, what was not is gone."""
    folder = get(server)
    (folder / "part-2").unlink()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))"
    with writing(server.address, before=limit) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith(f"refused: {folder} cannot be written: File too large. Free some")
    assert errors.count("\n") == 1
    assert left(folder) == ["part-0", "part-1", "part-3"]


def until(condition, seconds: float = 30) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.skipif(os.name == "nt", reason="no kill -9 there")
def test_a_kill_leaves_nothing_half_written(empty_cache, server):
    """Killed in the middle of a file; the next fetch clears up and takes what is missing."""
    server.instead["/part-2.gz"] = then(half(server), packed(CONTENTS["part-2"]))
    folder = fetch.folder()
    with writing(server.address) as process:
        until(lambda: "/part-2.gz" in server.asked)
        until(lambda: len(left(folder)) == 3)
        process.send_signal(signal.SIGKILL)
        process.wait()
    whole, (half_written, *_) = left(folder)[1:], left(folder)
    assert whole == ["part-0", "part-1"]
    assert half_written.startswith(sources.TEMPORARY)
    (folder / f"{sources.TEMPORARY}apt-x" / "lists").mkdir(parents=True)
    get(server)
    assert left(folder) == NAMES
    assert server.asked.count("/part-0.gz") == 1


def test_two_processes_at_once_do_not_harm_each_other(empty_cache, server):
    """The second says that it waits, and then finds everything there."""
    go = threading.Event()

    def late(handler):
        assert go.wait(60)
        handler.give(gzip.compress(CONTENTS["part-1"]))

    server.instead["/part-1.gz"] = late
    with writing(server.address) as first:
        until(lambda: "/part-1.gz" in server.asked)
        with writing(server.address) as second:
            assert "Another process is fetching" in second.stdout.readline()
            go.set()
            assert second.wait(60) == 0
            assert "Fetched by another process, verified" in second.stdout.read()
        assert first.wait(60) == 0
    assert left(fetch.folder()) == NAMES
    assert len(server.asked) == 4


def test_a_process_that_never_ends_is_told(empty_cache, server, monkeypatch):
    """Whoever waits gives up at last, and says for what it waited."""
    monkeypatch.setattr(fetch, "WAIT", 0.1)
    fetch.folder().mkdir(parents=True)
    with (
        filelock.FileLock(fetch.folder() / fetch.LOCK),
        pytest.raises(fetch.FetchError, match=r"Another process has been .*its lock is .*[.]lock"),
    ):
        get(server)


def test_the_command_says_each_step_in_a_line(empty_cache, chosen):
    """Without a terminal: plain lines, no bar."""
    done = CliRunner().invoke(commands, ["fetch"])
    assert done.exit_code == 0
    assert done.output == f"Taken from FMNIST_DATA, verified: {chosen}\n"


def test_the_command_ends_a_failure_in_one_line(empty_cache, chosen):
    """Whatever the reason is."""
    (chosen / "part-1").unlink()
    done = CliRunner().invoke(commands, ["fetch"])
    assert done.exit_code == 1
    assert done.stderr.startswith("fmnist: FMNIST_DATA is set, so nothing else is tried")
    assert done.stderr.count("\n") == 1


def test_on_a_terminal_there_is_a_bar(empty_cache, chosen, monkeypatch):
    """Bytes done of bytes in all, for each file."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    done = CliRunner().invoke(commands, ["fetch"])
    assert done.exit_code == 0
    assert "part-3" in done.output
    assert "1.0/1.0 kB" in done.output


@pytest.fixture(name="apt")
def _apt(tmp_path, monkeypatch):
    """Programs of our own in the place of apt-get and dpkg-deb."""
    programs = tmp_path / "programs"
    programs.mkdir()

    def install(name: str, script: str) -> None:
        path = programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    monkeypatch.setattr(shutil, "which", lambda name: str(programs / name))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    install("dpkg-deb", "exit 0")
    install("apt-get", "exit 0")
    return install


def test_without_apt_the_last_source_says_so(empty_cache):
    """On a system that is no Debian."""
    with pytest.raises(fetch.FetchError, match="apt-get and dpkg-deb are not installed"):
        fetch.fetch(mirrors=())
    assert not sources.debian_offers()


@pytest.mark.skipif(os.name == "nt", reason="no apt there")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param("exit 0", "apt-get downloaded no package", id="no package"),
        pytest.param(
            "echo W: before >&2; echo E: no such package >&2; exit 100",
            "apt-get failed: E: no such package",
            id="fails",
        ),
        pytest.param("exit 100", "apt-get failed: no message", id="fails in silence"),
        pytest.param(
            "exec sleep 30", "apt-get update: nothing arrived in 1 s", id="hangs from the start"
        ),
        pytest.param(
            "echo x > x; exec sleep 30", "apt-get update: nothing arrived in 1 s", id="stalls"
        ),
        pytest.param(
            "while sleep 0.1; do echo x >> x; done",
            "apt-get update took longer than 2 s",
            id="endless",
        ),
    ],
)
def test_what_goes_wrong_with_apt_is_told(empty_cache, apt, monkeypatch, script, message):
    """In apt's own last line, or with how long was waited."""
    monkeypatch.setattr(sources, "APT_START", 1)
    monkeypatch.setattr(sources, "APT_STILL", 1)
    monkeypatch.setattr(sources, "APT_WHOLE", 2)
    apt("apt-get", script)
    with pytest.raises(fetch.FetchError, match=message):
        fetch.fetch(mirrors=())
    assert left(fetch.folder()) == []


def test_a_program_that_does_not_start_is_told(empty_cache, apt, monkeypatch):
    """Such as one without its interpreter."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(fetch.FetchError, match="apt-get does not start: No such file"):
        fetch.fetch(mirrors=())


def test_apt_needs_room(empty_cache, apt, monkeypatch):
    """Lists and package are large; that is said before, not found out."""
    usage = shutil.disk_usage("/")._replace(free=100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(fetch.FetchError, match=r"apt needs 210 MB in .*, free are 100 MB"):
        fetch.fetch(mirrors=())


@pytest.mark.skipif(not shutil.which("apt-get"), reason="only where there is apt")
def test_debians_package_gives_the_real_files(empty_cache, monkeypatch, images):
    """The package is downloaded without root's help, and the system stays as it is."""
    monkeypatch.undo()
    monkeypatch.setenv("FMNIST_CACHE", str(empty_cache))
    monkeypatch.setattr(sources, "SYSTEM_FOLDERS", ())
    told = []
    try:
        folder = fetch.fetch(mirrors=(), progress=lambda *step: told.append(step))
    except fetch.FetchError as error:
        if "apt-get failed" in str(error) or "nothing arrived" in str(error):
            pytest.skip(f"no package archive can be reached here: {error}")
        raise
    assert fetch.missing() == []
    for file in sources.FILES:
        assert (folder / file.name).read_bytes() == (images / file.name).read_bytes()
    assert left(empty_cache) == ["data"]
    assert left(folder) == sorted(file.name for file in sources.FILES)
    assert any(name == "apt-get update" and total is None for name, _, total in told)
