"""Which isolation holds on this machine, found out by trying to break it."""

from fmnist.answer.faults import Fault
from fmnist.answer.proxy import Answer
from fmnist.exercises import catalog
from fmnist.grading.isolation import LEVELS, PROBE, Level, NoSandbox
from fmnist.grading.workers import WorkerSession, Zygote

PROBE_SECONDS = 10


def strongest(*, least: str) -> Level:
    """Return the strongest level of isolation that holds here, if it is at least `least`.

    Args:
        least: letter of the weakest level that will do, "A" or "D".

    Raises:
        NoSandbox: no such level holds; the message says why and what to do.
    """
    try:
        return proved(LEVELS["A"])
    except NoSandbox:
        if least == "A":
            raise
    level = LEVELS[least]
    Zygote(level, preload=()).close()
    return level


def proved(level: Level) -> Level:
    """Return `level` after a worker at that level has failed to break out of it.

    Raises:
        NoSandbox: it does not start, or does not hold; the message names what got through.
    """
    zygote = Zygote(level, preload=())
    session = WorkerSession(
        "attempts",
        PROBE,
        imports=("fcntl", "mmap", "os", "socket"),
        zygote_=lambda: zygote,
        seconds=PROBE_SECONDS,
    )
    try:
        secret = catalog.EXERCISES / "exercises.toml"
        broken = Answer(session)(str(secret))
    except Fault as fault:
        raise NoSandbox(f"The self-test of isolation {level.letter} did not run: {fault}") from None
    finally:
        session.end()
        zygote.close()
    if broken != []:
        raise NoSandbox(f"Isolation {level.letter} does not hold here: a worker could {broken}.")
    return level
