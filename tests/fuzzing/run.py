"""Search for inputs that break a reader, guided by the branches that they reach.

python tests/fuzzing/run.py TARGET [--seconds 60] [--keep]

Starts from the inputs in tests/fuzzing/corpus/TARGET, and those that broke it once, in
tests/fuzzing/broken/TARGET. What breaks the target is printed, with what to type to see it again,
and the exit status is 1. --keep puts what reached new branches into the corpus, as few and as small
files as reach them all.
"""

import argparse
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
CORPUS, BROKEN = HERE / "corpus", HERE / "broken"
NAMES = ("frames", "archives", "notebooks", "folders", "rosters")
SEED = 1
# Bytes of an input.
LONGEST = {"frames": 1024, "archives": 8192, "notebooks": 4096, "folders": 800, "rosters": 2048}
TIMEOUT = 10  # seconds for one input
MEMORY = 384  # MiB for the whole process, of which 90 are Python, NumPy and the corpus
START = 60  # seconds until the search begins, at most


def main(arguments: Sequence[str] | None = None) -> int:
    """Search, and return the exit status."""
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fuzzing-") as folder:
        return search(asked.target, asked.seconds, Path(folder), keep=asked.keep)


def search(target: str, seconds: int, folder: Path, *, keep: bool) -> int:
    """Search for some time, and return the exit status.

    Args:
        target: its name.
        seconds: how long.
        folder: an empty one, for whatever is found.
        keep: whether to keep what reached new branches.
    """
    grown, found = folder / "grown", folder / "found"
    grown.mkdir()
    found.mkdir()
    begin = [one / target for one in (CORPUS, BROKEN) if (one / target).is_dir()]
    options = [
        f"-max_total_time={seconds}", f"-seed={SEED}", f"-timeout={TIMEOUT}",
        f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST[target]}", f"-dict={HERE / target}.dict",
        f"-artifact_prefix={found}/", "-use_value_profile=1", "-print_final_stats=1",
    ]  # fmt: skip
    within = seconds + START + TIMEOUT
    try:
        done = started(target, folder, *options, grown, *begin, within=within)
    except subprocess.TimeoutExpired:
        print(f"{target} did not end in time", file=sys.stderr)
        return 1
    for path in sorted(found.iterdir()):
        print(how_to_see_again(target, path.read_bytes()), file=sys.stderr)
    kept = minimised(target, grown, folder) if keep else True
    return int(done != 0 or not kept)


def started(target: str, folder: Path, *options: str | Path, within: float | None = None) -> int:
    """Start libFuzzer in a process of its own, which it takes over; return its exit status."""
    command = [sys.executable, HERE / "inside.py", target, *options]
    environment = os.environ | {"TMPDIR": str(folder)}  # it ends without tidying up
    return subprocess.run(command, check=False, timeout=within, env=environment).returncode


def minimised(target: str, grown: Path, folder: Path) -> bool:
    """Put as few files as reach all branches into the corpus; return whether that went well."""
    least = folder / "least"
    least.mkdir()
    # Without counters: that a branch is taken four times, not twice, is worth no file.
    options = [
        "-set_cover_merge=1",
        "-use_counters=0",
        f"-rss_limit_mb={MEMORY}",
        f"-timeout={TIMEOUT}",
    ]
    done = started(target, folder, *options, least, CORPUS / target, grown)
    if done != 0 or not any(least.iterdir()):
        return False
    shutil.rmtree(CORPUS / target)
    shutil.copytree(least, CORPUS / target)
    return True


def inputs(target: str) -> list[Path]:
    """Return the files that the repository holds for a target."""
    return sorted(path for folder in (CORPUS, BROKEN) for path in folder.glob(f"{target}/*"))


def name_of(content: bytes) -> str:
    """Return what libFuzzer calls an input."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def how_to_see_again(target: str, content: bytes) -> str:
    """Return the lines to type that keep an input and replay it."""
    folder, name = f"tests/fuzzing/broken/{target}", name_of(content)
    return (
        f"{target} broke on {len(content)} bytes; to see it again, type:\n"
        f"mkdir -p {folder}\n"
        f"echo {base64.b64encode(content).decode()} | base64 --decode > {folder}/{name}\n"
        f"python -m pytest tests/test_guided_fuzz.py -k {name}"
    )


if __name__ == "__main__":
    sys.exit(main())
