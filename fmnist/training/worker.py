"""A worker process: reads recipes from standard input, trains them, writes what happens.

Lines of JSON in both directions. In: the fields of a recipe. Out: {"epoch": number, "row": row of
the history}, and at the end of each {"kept": key} or {"failed": sentence}. `fmnist.training.sweep`
is at the other end; when it is gone, the worker ends, and removes its folder of temporary files.
"""

import json
import os
import sys

from fmnist.tools import processes
from fmnist.training.recipes import Recipe


def main() -> None:
    """Train until there is no further recipe."""
    processes.end_with_caller(os.environ.get(processes.SCRATCH, ""))
    out = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what TensorFlow prints is no message

    from fmnist.data import splits
    from fmnist.training import fit, runs

    def say(**message: object) -> None:
        out.write(json.dumps(message) + "\n")

    for line in sys.stdin:
        try:
            run = fit.train(
                Recipe(**json.loads(line)), on_epoch=lambda epoch, row: say(epoch=epoch, row=row)
            )
        except (splits.DataMissing, runs.StoreError) as error:
            say(failed=str(error))
        else:
            say(kept=run.key)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)  # nobody is left to be told
