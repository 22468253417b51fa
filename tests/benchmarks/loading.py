"""Loading all 70,000 images, verified and split, against Keras's loader on the same files.

python tests/benchmarks/loading.py
"""

import gzip
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fmnist.data import fetch, sources, splits

PAIRS = 7


def seconds(load: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    started = time.perf_counter()
    load()
    return time.perf_counter() - started


def ours() -> None:
    """Read, verify and split everything."""
    splits.train_and_validation()
    splits.read_test()


def main() -> None:
    """Time both in turn, so that whatever else the machine does befalls both."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["KERAS_HOME"] = home
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        folder = Path(home, "datasets", "fashion-mnist")
        folder.mkdir(parents=True)
        for file in sources.FILES:
            content = (fetch.folder() / file.name).read_bytes()
            (folder / f"{file.name}.gz").write_bytes(gzip.compress(content))
        from keras.datasets import fashion_mnist

        ours()
        fashion_mnist.load_data()  # both are warm now
        pairs = [(seconds(ours), seconds(fashion_mnist.load_data)) for _ in range(PAIRS)]
    mine, rival = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"fmnist: {mine:.3f} s, verified and split; Keras: {rival:.3f} s; medians of {PAIRS}")
    print(f"ratio: {ratio:.2f}")


if __name__ == "__main__":
    main()
