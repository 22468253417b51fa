"""Which isolation holds on this machine, found out by trying to break it."""

import contextlib
import os
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from fmnist.answer.faults import Fault
from fmnist.answer.proxy import Answer
from fmnist.exercises import catalog
from fmnist.grading.sandbox.isolation import LEVELS, Level, NoSandbox
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import WANTED, Zygote

PROBE = Path(__file__).with_name("probe.py")
PROBE_SECONDS = 20
TOO_FEW = "start only"  # so the probe begins what it says of too few threads
TRIED = ("/dev/shm", "/tmp", "/")  # noqa: S108 (where it tries to write)
USED = ("ctypes", "errno", "fcntl", "mmap", "os", "socket", "threading")  # by the probe


class TooFewProcesses(NoSandbox):
    """This user, or the group that this process is in, may not have the threads of a worker."""


def strongest(*, least: str, secrets: tuple[Path, ...] = ()) -> Level:
    """Return the strongest level of isolation that holds here, if it is at least `least`.

    Args:
        least: letter of the weakest level that will do, from "A", the strongest, to "D".
        secrets: files and folders that no worker may read, besides hidden checks and references.

    Raises:
        NoSandbox: no such level holds; the message says why and what to do.
    """
    reasons = []
    for level in LEVELS.values():
        if level.letter > least:
            break
        try:
            return proved(level, secrets)
        except TooFewProcesses:  # a weaker level has no more
            raise
        except NoSandbox as error:
            reasons.append(str(error))
    weaker = [letter for letter in LEVELS if letter > least]
    hint = f" A weaker level must be asked for: --isolation {weaker[0]}." if weaker else ""
    raise NoSandbox(" ".join(reasons) + hint)


def proved(level: Level, secrets: tuple[Path, ...] = ()) -> Level:
    """Return `level` after a worker at that level has failed to break out of it.

    Level D has nothing to prove: it promises no wall, and what is tried would succeed.

    Raises:
        NoSandbox: it does not start, or does not hold; the message names what got through.
    """
    if level.letter == "D":
        with closing(Zygote.start(level, preload=())) as zygote:
            return replace(level, bounds=zygote.bounds)
    broken, bounds = [], ""
    for threads in (True, False):  # workers with TensorFlow, and those without
        found, bounds = _broken(level, secrets, threads=threads)
        broken += found
    if broken and all(one.startswith(TOO_FEW) for one in broken):
        raise TooFewProcesses(
            f"Isolation {level.letter} needs more processes: a worker could {broken[0]}. Allow "
            "this user more: ulimit -u, or what bounds the container or the service."
        )
    if broken:
        hint = " Close what is read to others: chmod -R go= FOLDER." if level.letter == "C" else ""
        could = ", ".join(dict.fromkeys(broken))
        raise NoSandbox(
            f"Isolation {level.letter} does not hold here: a worker could {could}.{hint}"
        )
    return replace(level, bounds=bounds)


def _broken(level: Level, secrets: tuple[Path, ...], *, threads: bool) -> tuple[list[str], str]:
    """Return what a worker could do, and by what it is bounded in words.

    Raises:
        NoSandbox: it does not start.
    """
    zygote = Zygote.start(level, preload=USED, threads=threads)
    session = WorkerSession(
        "attempts",
        PROBE.read_text("utf-8"),
        imports=USED,
        worker=Worker(lambda: zygote),
        seconds=PROBE_SECONDS,
    )
    # Of a name that nobody else has: what another user left there could not be written either.
    name = f"fmnist-{uuid.uuid4().hex}"
    least, most = (WANTED, zygote.tasks) if threads else (0, 1)
    try:
        exercise = catalog.load()[0]
        closed = [exercise.hidden_checks, exercise.reference, *secrets]
        if level.landlock == "required":
            closed.append(Path(os.__file__))  # which the worker itself was started from
        places = [str(path.resolve()) for path in closed]
        return Answer(session)(places, name, least, most), zygote.bounds
    except Fault as fault:
        raise NoSandbox(f"The self-test of isolation {level.letter} did not run: {fault}") from None
    finally:
        session.close()
        zygote.close()
        _remove(name)


def _remove(name: str) -> None:
    """Remove what a worker could make after all."""
    for folder in TRIED:
        Path(folder, name).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            Path(folder, f"{name}-folder").rmdir()
