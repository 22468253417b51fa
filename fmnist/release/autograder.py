"""What runs on a grading service: one submission in, one ``results.json`` out, in a sandbox.

``python -m fmnist.release.autograder [ASSIGNMENT]`` is started by ``run_autograder``, see
`gradescope`. The environment tells where everything lies, ``AUTOGRADER``, by default /autograder,
the seed of the class, ``AUTOGRADER_SEED``, and when students see what hidden checks say,
``HIDDEN_VISIBILITY``. How strong the sandbox is, it does not tell: that is the strongest that
holds, at least C.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from fmnist import course
from fmnist.exercises.verdicts import State
from fmnist.grading import class_plan, class_run
from fmnist.grading.judging import store
from fmnist.grading.reports import gradescope_results
from fmnist.tools.user_errors import UserError

ROOT = "/autograder"
STUDENT = "submission"  # the service knows who it is; we need not
MINUTES = 30  # for the submission; the service has a limit of its own
LEAST = "C"
FAILURE = course.PACKAGE / "release" / "templates" / "grader-error.json"


def failure() -> dict[str, Any]:
    """Return the content of ``results.json`` if there is no result."""
    return json.loads(FAILURE.read_text("utf-8"))


def grade(submission: Path, assignment: str, secrets: tuple[Path, ...]) -> dict[str, Any]:
    """Return the content of ``results.json``; see `failure` if the grader failed on any check.

    Args:
        submission: folder of what was handed in.
        assignment: whose exercises count; empty for the whole course.
        secrets: what else no answer may read.

    Raises:
        UserError: nothing can be graded so.
    """
    with tempfile.TemporaryDirectory() as folder:
        plan = class_plan.plan(
            submission,
            Path(folder, "out"),
            minutes=MINUTES,
            least=LEAST,
            student=STUDENT,
            assignments=[assignment] if assignment else [],
            workers=1,
            seed=int(os.environ.get("AUTOGRADER_SEED", "0")),
            secrets=secrets,
        )
        run = class_run.ClassRun(plan)
        with store.Store(plan.out).alone():
            run.grade(lambda _: None)
        summary = run.summary()
    row = summary.rows[0]
    if summary.grader_errors:
        for part in row.record.exercises:
            for verdict in part.verdicts:
                if verdict.kind == State.GRADER_ERROR:
                    print(f"{part.name}: {verdict.check}: {verdict.message}", file=sys.stderr)
        return failure()
    hidden_visibility = os.environ.get("HIDDEN_VISIBILITY") or gradescope_results.NO_ORACLE
    if hidden_visibility not in gradescope_results.VISIBILITIES:
        raise UserError(
            f"HIDDEN_VISIBILITY is {hidden_visibility!r}; choose one of: "
            f"{', '.join(gradescope_results.VISIBILITIES)}."
        )
    results = gradescope_results.results(row, plan.exercises, hidden_visibility=hidden_visibility)
    graded_in = f"Graded in isolation {plan.level.letter}: {plan.level.meaning}."
    results["output"] = f"{results['output']}\n{graded_in}".lstrip()
    return results


def main() -> int:
    """Grade what lies in the service's folder; return the exit status.

    Whatever happens, there is a ``results.json`` in the end, and no 0 that looks like a mark.
    """
    root = Path(os.environ.get("AUTOGRADER", ROOT))
    target = root / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    store.write_whole(target, _json(failure()))  # stands if we are ended on the way
    submission = root / "submission"
    secrets = [target.parent, submission, course.SOLUTIONS, root / "submission_metadata.json"]
    try:
        present = tuple(path for path in secrets if path.exists())
        if os.getuid() == 0:  # another user, as at level C, then finds everything closed
            for path in present:
                path.chmod(0o700 if path.is_dir() else 0o600)
        results = grade(submission, "".join(sys.argv[1:2]), present)
    except Exception:  # for the instructor; the student gets the failure
        traceback.print_exc()
        results = failure()
    store.write_whole(target, _json(results))
    if os.getuid() == 0:  # no answer runs any more, and the service may read as another user
        target.parent.chmod(0o755)
    target.chmod(0o644)
    return results["extra_data"]["state"] == State.GRADER_ERROR


def _json(results: dict[str, Any]) -> str:
    return json.dumps(results, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
