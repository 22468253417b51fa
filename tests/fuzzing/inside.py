"""The process that libFuzzer takes over: python tests/fuzzing/inside.py TARGET [OPTION ...]."""

import resource
import shlex
import sys
import warnings
from pathlib import Path

import atheris

# With what our reader of archives leaves the headers to: without it no branch leads into one.
INSTRUMENTED = ["fmnist", "tarfile", "zipfile"]

sys.path.insert(0, str(Path(__file__).parents[1]))
with atheris.instrument_imports(include=INSTRUMENTED):
    from fuzzing import targets
    from fuzzing.run import MEMORY

_, name, *options = sys.argv


def within_memory(content: bytes) -> None:
    """Run the target; libFuzzer itself looks at the memory once a second and misses a peak."""
    targets.TARGETS[name](content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**10  # KiB on Linux
    if peak > MEMORY:
        raise MemoryError(f"{peak} MiB for the whole process, which may have {MEMORY}")


warnings.simplefilter("error")  # as pytest does
# To put inputs together, libFuzzer starts itself again, by a shell.
itself = shlex.join([sys.executable, __file__, name])
atheris.Setup([itself, *options], within_memory)
atheris.Fuzz()
