"""The bytes behind a web address, with a limit on everything that could take for ever.

urllib3 makes the connection and checks it. It works in a thread of its own, because time limits
of a socket bound one silence each: not the resolution of a name, not a head of an answer that
comes letter by letter, not a body that drips. The caller waits for whole blocks instead, for
each a bounded time, and shuts the connection when one does not come.
"""

import queue
import threading
import time
import urllib.request
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import exceptions

BLOCK = 16 * 1024  # bytes; with Limits.block the pace below which a server is given up
QUEUED = 64  # blocks that may wait for a slow disk
PASSING = frozenset({429, 500, 502, 503, 504})  # HTTP statuses that may be gone at the next try


@dataclass(frozen=True)
class Limits:
    """How long, and how often.

    Attributes:
        start: seconds from the question to the head of the answer, with name and redirects.
        block: seconds in which each block of `BLOCK` bytes must arrive.
        whole: seconds for one file, with all tries.
        tries: of one file, where another may help.
        pause: seconds before the second try; twice as long before each further one.
        redirects: that are followed.
    """

    start: float = 7
    block: float = 15
    whole: float = 600
    tries: int = 3
    pause: float = 0.5
    redirects: int = 5


LIMITS = Limits()


class DownloadError(Exception):
    """An address does not give its bytes; the message says why."""


class Interrupted(DownloadError):
    """The same, but another try may help."""


def blocks(address: str, limits: Limits, *, deadline: float) -> Generator[bytes, None, None]:
    """Yield what an address gives, in blocks of `BLOCK` bytes; the last may be shorter.

    Proxies named in the environment or the system's settings are used.

    Args:
        address: beginning with "http:" or "https:"; from "https:" no redirect leads to "http:".
        limits: see there; `tries` and `pause` are the caller's.
        deadline: of the whole file, by `time.monotonic()`, in seconds.

    Raises:
        DownloadError: it is not there, refuses, answers too late, or leads astray.
        Interrupted: it broke off, or became too slow.
    """
    reader = _Reader(address, limits)
    reader.start()
    wait, late = limits.start, DownloadError(f"no answer within {limits.start:g} s")
    try:
        while True:
            left = deadline - time.monotonic()
            try:
                block = reader.arrived.get(timeout=max(0, min(wait, left)))
            except queue.Empty:
                if left > wait:
                    raise late from None
                left = 0
            if left <= 0:
                raise DownloadError(f"not complete within {limits.whole:g} s")
            if isinstance(block, Exception):
                raise block
            if block is None:
                return
            if block:
                yield block
            wait = limits.block
            late = Interrupted(f"less than {BLOCK:,} bytes arrived in {limits.block:g} s")
    finally:
        reader.leave()


class _Reader(threading.Thread):
    """Puts the blocks of one answer into a queue: first an empty one, when its head is there.

    Attributes:
        arrived: bytes; then None at the end, or the error that ended it.
    """

    def __init__(self, address: str, limits: Limits):
        super().__init__(daemon=True)  # what cannot be interrupted must not keep the program
        self.arrived: queue.Queue[bytes | Exception | None] = queue.Queue(QUEUED)
        self._address, self._limits = address, limits
        self._left = threading.Event()
        self._response: urllib3.BaseHTTPResponse | None = None

    def run(self) -> None:
        """Read until the end, an error, or the caller's leaving."""
        try:
            with _connections(self._address) as pool:
                self._response = _answer(pool, self._address, self._limits)
                try:
                    self._give(b"")
                    # As sent: a file that is packed stays packed, whatever the server calls it.
                    while not self._left.is_set() and (
                        block := self._response.read(BLOCK, decode_content=False)
                    ):
                        self._give(block)
                finally:
                    self._response.close()
            last = None
        except DownloadError as error:
            last = error
        except (exceptions.HTTPError, OSError, ValueError) as error:
            last = _in_words(error)
        self._give(last)

    def _give(self, block: bytes | Exception | None) -> None:
        while not self._left.is_set():
            with suppress(queue.Full):
                return self.arrived.put(block, timeout=0.2)
        return None

    def leave(self) -> None:
        """End the thread; one that waits for the body of an answer is woken."""
        self._left.set()
        if self._response is not None:
            with suppress(OSError, RuntimeError, ValueError):  # closed in the meantime
                self._response.shutdown()
            self.join(1)


def _connections(address: str) -> urllib3.PoolManager:
    """Return where connections for an address come from: direct, or through a proxy."""
    parts = urlsplit(address)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if not proxy or urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager()
    user = urllib3.util.parse_url(proxy).auth
    headers = urllib3.make_headers(proxy_basic_auth=user) if user else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers)


def _answer(pool: urllib3.PoolManager, address: str, limits: Limits) -> urllib3.BaseHTTPResponse:
    """Return an answer of status 200, its body yet to be read; follow redirects to it."""
    followed = {"https"} if urlsplit(address).scheme == "https" else {"http", "https"}
    # Longer than the caller waits: this ends the thread, not the download.
    timeout = urllib3.Timeout(connect=limits.start, read=limits.start + limits.block)
    for _ in range(limits.redirects + 1):
        response = pool.request(
            "GET", address, redirect=False, retries=False, preload_content=False, timeout=timeout
        )
        if response.status == 200:
            return response
        location = response.get_redirect_location()
        response.close()
        if not location:
            kind = Interrupted if response.status in PASSING else DownloadError
            raise kind(f"HTTP status {response.status}")
        address = urljoin(address, location)
        if urlsplit(address).scheme not in followed:
            raise DownloadError(f"redirected to {address}, which is not followed")
    raise DownloadError(f"more than {limits.redirects} redirects")


def _in_words(error: Exception) -> DownloadError:
    """Return what urllib3 says, shorter."""
    if isinstance(error, exceptions.ProxyError):
        return DownloadError(f"the proxy does not answer: {error.original_error}")
    if isinstance(error, exceptions.NameResolutionError):
        return DownloadError("its name cannot be resolved")
    if isinstance(error, exceptions.NewConnectionError):
        return DownloadError(f"no connection: {error.__cause__ or error}")
    if isinstance(error, exceptions.ConnectTimeoutError):
        return DownloadError("no connection in time")
    if isinstance(error, exceptions.ProtocolError | exceptions.ReadTimeoutError | OSError):
        return Interrupted(f"the connection broke: {error}")
    return DownloadError(str(error))
