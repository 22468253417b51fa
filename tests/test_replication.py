"""Claims with other seeds and in other arithmetics: the table, and the job that fills it."""

import dataclasses
import os
import signal
import subprocess
import sys

import pytest

from fmnist.book import replication, replication_table
from fmnist.book.replication_table import Replication
from fmnist.data import seal
from fmnist.tools.user_errors import UserError
from fmnist.training import arithmetic, sweep

ROW = Replication(
    chapter="phase4_train",
    claim="train-gap",
    part=1,
    seeds="3,4,5",
    arithmetic=replication_table.USUAL,
    holds=True,
    margin=1.25,
    unit="percentage points",
    code="abc",
)


def test_the_table_comes_back_as_it_was_written(tmp_path):
    """Sorted by chapter and claim, with yes-or-no claims; without a file it is empty."""
    path = tmp_path / "replications.csv"
    rows = [ROW, dataclasses.replace(ROW, claim="a", holds=False, margin=None, unit="")]
    assert replication_table.read(path) == []
    replication_table.write(rows, path)
    assert replication_table.read(path) == rows[::-1]
    assert path.read_text("utf-8").splitlines()[0].startswith("chapter,claim,part,seeds,")


def test_the_summary_tells_seeds_and_arithmetics_apart():
    """In how many of each all conditions of a claim held, and the least margin of each."""
    rows = [
        ROW,
        dataclasses.replace(ROW, seeds="6,7,8", holds=False, margin=-0.5),
        dataclasses.replace(ROW, seeds="0,1,2", arithmetic="without oneDNN"),
        dataclasses.replace(ROW, claim="b", margin=None),
        dataclasses.replace(ROW, claim="c"),
        dataclasses.replace(ROW, claim="c", part=2, holds=False, margin=-2, unit=""),
        dataclasses.replace(ROW, claim="c", seeds="6,7,8", margin=1),
        dataclasses.replace(ROW, claim="c", seeds="6,7,8", part=2, margin=3, unit=""),
    ]
    assert replication_table.summary(rows) == {
        "train-gap": "1 of 2 draws of seeds; 1 of 1 other arithmetics; "
        "least margin \N{MINUS SIGN}0.5 percentage points",
        "b": "1 of 1 draws of seeds",
        "c": "1 of 2 draws of seeds; least margins 1 percentage points and \N{MINUS SIGN}2",
    }


def test_the_kept_table_speaks_of_claims_that_there_are():
    """A claim that was renamed takes its rows with it."""
    text = "".join((replication.ROOT / "book" / f"{name}.md").read_text("utf-8")
                   for name in replication.CHAPTERS)  # fmt: skip
    assert [row.claim for row in replication_table.read() if f"`{row.claim}`" not in text] == []


@pytest.fixture(name="job")
def _job(tmp_path, monkeypatch):
    """A job with a table of its own, whose chapters do not really run; what it was asked for."""
    asked = []

    def replicated(chapter: str, seeds: str, name: str, code: str) -> list[Replication]:
        assert os.environ[sweep.SEEDS] == seeds
        assert os.environ[seal.REDRAWN] == "1"
        asked.append((chapter, seeds, name))
        if len(asked) == 3:
            raise replication.ChapterFailed("book/phase3_design.md: NameError")
        return [dataclasses.replace(ROW, chapter=chapter, seeds=seeds, arithmetic=name, code=code)]

    monkeypatch.setattr(replication, "_replicated", replicated)
    monkeypatch.setattr(replication_table, "FILE", tmp_path / "replications.csv")
    monkeypatch.setattr(replication_table.read, "__defaults__", (tmp_path / "replications.csv",))
    monkeypatch.setattr(replication_table.write, "__defaults__", (tmp_path / "replications.csv",))
    for name in (arithmetic.CAP, arithmetic.ONEDNN, sweep.SEEDS):
        monkeypatch.delenv(name, raising=False)
    return asked


def test_a_job_that_was_stopped_goes_on(job):
    """What was kept is not run again, until its code changes; the environment is left alone."""
    two = replication.CHAPTERS[:2]
    draws = (
        replication.Draw("3,4,5"),
        replication.Draw("0,1,2", ((arithmetic.CAP, "SSE41"),), two),
    )
    before = dict(os.environ)
    with pytest.raises(replication.ChapterFailed):
        replication.run(say=lambda _: None, chapters=two, draws=draws)
    replication.run(say=lambda _: None, chapters=two, draws=draws)
    assert job == [
        (two[0], "3,4,5", "oneDNN, AVX2"),
        (two[1], "3,4,5", "oneDNN, AVX2"),
        (two[0], "0,1,2", "oneDNN, SSE41"),
        (two[0], "0,1,2", "oneDNN, SSE41"),
        (two[1], "0,1,2", "oneDNN, SSE41"),
    ]
    assert dict(os.environ) == before
    rows = replication_table.read()
    assert len(rows) == 4
    replication_table.write([dataclasses.replace(row, code="old") for row in rows])
    replication.run(say=lambda _: None, chapters=two[:1], draws=draws[:1])
    assert job[5:] == [(two[0], "3,4,5", "oneDNN, AVX2")]
    assert len(replication_table.read()) == 4


CHAPTER = """
```{code-cell} ipython3
import os
from fmnist.evaluation import claims

told = claims.true(os.environ["FMNIST_CHAPTER"] == "it")
claims.certain("told", claims.above(3, 1, "images"), told)
```
"""


def test_a_chapter_is_run_in_the_environment_of_the_draw(monkeypatch):
    """Its claims come back condition by condition; of a cell that raises the message says why."""
    monkeypatch.setattr(
        replication, "_text", {"it": CHAPTER, "other": "```{code-cell}\n1 / 0\n```"}.get
    )
    rows = replication._replicated("it", "3,4,5", "oneDNN, AVX2", "abc")
    assert [(row.claim, row.part, row.holds, row.margin) for row in rows] == [
        ("told", 1, True, 2),
        ("told", 2, True, None),
    ]
    with pytest.raises(replication.ChapterFailed, match=r"(?s)book/other.md: .*ZeroDivisionError"):
        replication._replicated("other", "3,4,5", "oneDNN, AVX2", "abc")


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_chapter_ends_with_the_job(ending):
    """Whatever ends the job, also where nothing can be tidied up: nobody waits for the chapter."""
    cell = "import os, time\nos.write(1, b'ready\\n')\ntime.sleep(600)"
    program = (
        "from fmnist.book import replication; "
        f"replication._text = lambda _: '```{{code-cell}}\\n' + {cell!r} + '\\n```'; "
        "replication._replicated('it', '3,4,5', '', '')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=replication.ROOT,
    ) as job:
        assert job.stdout.readline() == "ready\n"
        job.send_signal(ending)
        job.communicate(timeout=60)  # the kernel holds the other ends
        assert job.returncode == -ending


@pytest.mark.parametrize("given", ["3,4", "3,4,4", "a,b,c", "3,4,5,6", "3,,5"])
def test_seeds_that_are_no_three_are_refused(given, monkeypatch):
    """The message says what was expected and received."""
    monkeypatch.setenv(sweep.SEEDS, given)
    with pytest.raises(UserError, match="must be 3 different whole numbers"):
        sweep.seeds()


def test_other_seeds_stand_in_for_those_of_the_book(monkeypatch):
    """Repeated recipes take all three, recipes that are trained once the first."""
    monkeypatch.delenv("FMNIST_TIER", raising=False)
    monkeypatch.setenv(sweep.SEEDS, "3, 4, 5")
    assert sweep.seeds() == (3, 4, 5)
    assert {recipe.seed for recipe in sweep.of_the_book()} == {3, 4, 5}
