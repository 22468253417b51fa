"""Where independent work runs: in processes of this machine, or on a cluster.

Both are a `concurrent.futures.Executor`, so that whoever hands work out need not know which.
"""

import importlib.util
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fmnist.tools import wording
from fmnist.tools.user_errors import UserError

if TYPE_CHECKING:
    from distributed import Client

LOOPBACK = ("127.0.0.1", "::1", "localhost")
CONNECT_SECONDS = 20
WORKER_SECONDS = 25
# Names in Dask's configuration, and in its environment.
CERTIFICATES = {
    "ca-file": "DASK_DISTRIBUTED__COMM__TLS__CA_FILE",
    "client.cert": "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT",
    "client.key": "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY",
}
LOGGERS = ("distributed", "distributed.client", "tornado.application", "asyncio")
SAFE_PATH = "PYTHONSAFEPATH"
SCHEMES = ("tls", "tcp")


class NoCluster(UserError):
    """The cluster cannot be used; the message says why and what to do."""


class Lost(Exception):
    """The cluster has gone while work was in hand."""


@dataclass(frozen=True)
class Place:
    """Somewhere to run work.

    Attributes:
        address: of a cluster's scheduler; empty for this machine.
        workers: processes, if it is this machine; of a cluster as many as are kept busy.
    """

    address: str = ""
    workers: int = 1

    @contextmanager
    def open(self, begin: Callable[[], None] | None = None) -> Iterator[Executor]:
        """Yield an executor that ends with the context; with an exception also what it is at.

        Args:
            begin: called in each process of this machine before its first work; a cluster's
                processes are begun already.

        Raises:
            NoCluster: there is no scheduler at the address, or no safe way to it.
        """
        if self.address:
            with _cluster(self.address) as executor:
                yield executor
        else:
            # Not forks: the caller has threads, and a fork copies whatever lock one of them holds.
            context = multiprocessing.get_context("spawn")
            ended, end = context.Pipe(duplex=False)
            with ended, end, safe_path():
                executor = ProcessPoolExecutor(
                    self.workers, mp_context=context, initializer=_begin, initargs=(begin, ended)
                )
                try:
                    yield executor
                except BaseException:
                    end.close()
                    raise
                finally:
                    executor.shutdown(cancel_futures=True)


@contextmanager
def safe_path() -> Iterator[None]:
    """Have processes that are started here look for no module in the current folder."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = before


def _begin(begin: Callable[[], None] | None, ended: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for the caller to see to
    threading.Thread(target=_end_when_done, args=(ended,), daemon=True).start()
    if begin is not None:
        begin()


def _end_when_done(ended: Connection) -> None:
    """End this process when its caller is done, or was killed: it would wait for work for ever."""
    ended.poll(None)
    os._exit(1)


def cores() -> int:
    """Return how many cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(usable(0)) if usable else os.cpu_count() or 1


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """Yield an executor on a Dask cluster; its certificates are those of Dask's configuration."""
    _refuse_unsafe(address)
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise NoCluster(
            "--cluster needs Dask, which is not installed. Type: pip install 'fmnist[cluster]'"
        ) from None
    # What goes wrong is told by whoever asked, in one line and not in Dask's many.
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    class Quiet(Client):
        def __del__(self) -> None:
            """Do nothing: one that never connected would wait once more, and fail."""

    try:
        client = Quiet(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise NoCluster(
            f"There is no scheduler to be had at {address}: {reason}.{_on_certificates(address)}"
        ) from None
    with client:
        _refuse_unready(client, address)
        # What it is given is not pure: a submission that ended its process is given again.
        yield client.get_executor(pure=False)


def _on_certificates(address: str) -> str:
    """Return which certificates Dask was told of, as a further sentence; empty without TLS."""
    if not address.startswith("tls"):
        return ""
    import dask.config

    told = {name: dask.config.get(f"distributed.comm.tls.{name}", None) for name in CERTIFICATES}
    missing = [CERTIFICATES[name] for name, path in told.items() if not path]
    if missing:
        return f" Dask knows no certificate: set {wording.listed(missing)}."
    gone = [path for path in told.values() if not Path(path).is_file()]
    if gone:
        return f" There is no file {gone[0]}, which Dask was told of."
    return f" Its certificate must be of the authority in {told['ca-file']}."


def _refuse_unready(client: "Client", address: str) -> None:
    """Refuse a cluster without workers, or with one that cannot do what it will be given.

    One that comes later and cannot is told of by its scheduler alone.
    """
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError:
        raise NoCluster(
            f"The scheduler at {address} has no worker, {WORKER_SECONDS} s after it was asked. "
            f"Type on each machine: dask worker {address} --nthreads 1"
        ) from None
    # A module of Python, so that a worker without our package says so, and shows nothing of ours.
    found = client.run(importlib.util.find_spec, "fmnist", on_error="return")
    for worker, spec in sorted(found.items()):
        if not spec or isinstance(spec, BaseException):
            raise NoCluster(
                f"The worker at {worker} has no package fmnist. Install the version that is here "
                "there, or stop that worker."
            )


def _refuse_unsafe(address: str) -> None:
    """Refuse a way on which others could speak: a scheduler unpickles what it is sent."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in SCHEMES and parts.hostname and parts.port
    except ValueError:  # a port that is no number
        known = False
    if not known:
        raise NoCluster(f"{address!r} is no address of a scheduler; give one like tls://host:8786.")
    if parts.scheme == "tcp" and parts.hostname not in LOOPBACK:
        raise NoCluster(
            f"{address} is not encrypted. Use tls://, or tcp:// on this machine alone: a scheduler "
            "runs what it is sent."
        )


def process_ended(error: Exception) -> bool:
    """Return whether an exception says that the process that had the work has ended."""
    if isinstance(error, BrokenExecutor):
        return True
    dask = sys.modules.get("distributed")  # not imported for the sake of this
    return dask is not None and isinstance(error, dask.KilledWorker)
