"""What came out of the recipes, as it is written down beside them."""

import dataclasses

import numpy as np
import pytest

from fmnist.data import preprocess, splits
from fmnist.evaluation import comparison, metrics, recipe_results, recording, results
from fmnist.training import recipes, runs, sweep
from fmnist.training.experiments import EXPERIMENTS, Experiment, Joint

VALIDATION = splits.Split(
    "validation", np.zeros((400, 28, 28), np.uint8), np.arange(400, dtype=np.uint8) % 10
)
TWO = {"plain": recipes.PLAIN, "mirror": recipes.ABLATION["mirror"]}
SEEDS = (0, 1, 2, 3)


def kept_run(recipe: recipes.Recipe, right: np.ndarray) -> runs.Run:
    """Keep a run that is right about some of the validation images."""
    logits = np.eye(10, dtype=np.float32)[(VALIDATION.labels + ~right) % 10]
    trained = runs.Trained(
        weights=[],
        history=[{"val_loss": 1.0, "val_accuracy": float(right.mean())}],
        validation_logits=logits,
        parameters=1,
        validation=VALIDATION.digest,
        standardiser=preprocess.Standardiser(0.0, 1.0),
        train_images=7,
        seconds=10.0 + recipe.seed,
    )
    return runs.keep(runs.key(recipe), recipe, trained)


@pytest.fixture(name="tables")
def _tables(empty_cache, tmp_path, monkeypatch):
    """An experiment of two recipes and four seeds, recorded in empty tables; and what was right."""
    monkeypatch.setattr(recipe_results, "RESULTS", tmp_path / "results.csv")
    monkeypatch.setattr(recipe_results, "GAINS", tmp_path / "gains.csv")
    both = {"two": Experiment(TWO, SEEDS), "half": Experiment(TWO, SEEDS, half=True)}
    monkeypatch.setattr(recipe_results, "ALL", both)
    draw = np.random.default_rng(0)
    right = {
        name: draw.random((4, 400)) < share for name, share in (("plain", 0.7), ("mirror", 0.8))
    }
    kept = [
        kept_run(recipe.with_seed(seed), right[name][seed])
        for name, recipe in TWO.items()
        for seed in SEEDS
    ]
    for name in both:
        recording.record(name, kept[::-1], VALIDATION)  # their order decides nothing
    return right


def test_a_result_is_measured_on_the_kept_runs(tables):
    """Mean, interval, accuracies by seed and half, price; as `metrics` has them."""
    row = recipe_results.of("two")["mirror"]
    hits = tables["mirror"]
    here = results.accuracy(hits, split="validation", seeds=SEEDS, runs=("",) * 4)
    assert str(row.measured) == str(here)
    assert row.by_seed.split() == [f"{share:.4f}" for share in hits.mean(axis=1)]
    half = splits.first_half(VALIDATION)
    assert row.first_half == pytest.approx(hits[:, half].mean(), abs=1e-5)
    assert row.second_half == pytest.approx(hits[:, ~half].mean(), abs=1e-5)
    assert (row.seconds, row.multiplications) == (11.5, 1_317_760)


def test_what_was_chosen_on_one_half_is_reported_with_the_other(tables):
    """The accuracy of such an experiment is that of the images that chose nothing."""
    row = recipe_results.of("half")["plain"]
    assert row.images == 200
    assert row.accuracy == row.second_half != row.first_half
    assert recipe_results.gains("half", seeds=4)["mirror"].images == 200


def test_gains_are_those_of_the_first_seeds_and_of_all(tables):
    """With the share of the choices of so many seeds in which the gain is real."""
    for count in (3, 4):
        (row,) = recipe_results.gains("two", seeds=count).values()
        first = range(count)
        here = comparison.paired(
            tables["plain"][first],
            tables["mirror"][first],
            split="validation",
            seeds=SEEDS[:count],
            runs=(),
        )
        assert str(row.measured) == str(here)
        assert row.p == pytest.approx(here.p, rel=1e-2)
        assert row.reference == "plain"
    of_three = [
        comparison.paired(
            np.delete(tables["plain"], left_out, axis=0),
            np.delete(tables["mirror"], left_out, axis=0),
            split="validation",
            seeds=SEEDS[:3],
            runs=(),
        ).p
        for left_out in range(4)
    ]
    share = np.mean(np.array(of_three) < 0.05)
    assert recipe_results.gains("two", seeds=3)["mirror"].real == pytest.approx(share, abs=1e-5)


def test_rows_of_other_experiments_stay(tables):
    """Recording one again writes its own rows alone."""
    before = recipe_results.RESULTS.read_text("utf-8"), recipe_results.GAINS.read_text("utf-8")
    kept = [sweep.run(recipe) for recipe in recipe_results.ALL["half"].wanted()]
    recording.record("half", kept, VALIDATION)
    after = recipe_results.RESULTS.read_text("utf-8"), recipe_results.GAINS.read_text("utf-8")
    assert after == before


def test_a_row_says_when_the_code_behind_it_has_changed(tables, monkeypatch):
    """The page and a strict build are told, by name; another recipe's code counts for nothing."""
    assert recipe_results.old("two") == []
    assert recipe_results.all_old() == ""
    assert "has changed" not in recipe_results.origin("two")
    assert recipe_results.origin("two").startswith(
        "From the table of results that comes with the course: 8 trainings, 0.0 hours of one core"
    )
    code = runs.code
    monkeypatch.setattr(
        runs, "code", lambda recipe: code(recipe) if recipe.mirror == "never" else "other"
    )
    assert recipe_results.old("two") == ["mirror"]
    assert recipe_results.origin("two").endswith("has changed since for 1 of its 2 rows.")
    assert recipe_results.all_old() == (
        "The kept results are older than the code that decides them: two (1 of 2), half (1 of 2). "
        "Renew them with: fmnist runs record two half"
    )


def test_a_row_says_when_its_recipe_or_its_seeds_have_changed(tables, monkeypatch):
    """What stands in the table is then of another training."""
    longer = TWO | {"mirror": dataclasses.replace(TWO["mirror"], epochs=99)}
    changes = {
        "recipe": (Experiment(longer, SEEDS), ["mirror"]),
        "seeds": (Experiment(TWO, SEEDS[:3]), ["plain", "mirror"]),
        "new": (Experiment(TWO | {"shift": recipes.ABLATION["shift"]}, SEEDS), ["shift"]),
    }
    for experiment, expected in changes.values():
        monkeypatch.setitem(recipe_results.ALL, "two", experiment)
        assert recipe_results.old("two") == expected
    monkeypatch.delitem(recipe_results.ALL, "half")  # its rows go when others are written
    kept = [sweep.run(recipe) for recipe in Experiment(TWO, SEEDS).wanted()]
    monkeypatch.setitem(recipe_results.ALL, "two", Experiment(TWO, SEEDS))
    recording.record("two", kept, VALIDATION)
    assert recipe_results.of("half") == {}
    with pytest.raises(KeyError):
        recording.record("two", kept[1:], VALIDATION)


def test_several_trainings_give_one_result(tables, monkeypatch):
    """The mean answer of all members, or the network that the first half likes best."""
    joint = {
        "mean": Joint(("plain",), members=2),
        "search": Joint(("plain", "mirror"), chosen=True),
    }
    experiment = Experiment(TWO, (0, 1), joint=joint, half=True)
    assert experiment.seeds_of("plain") == (0, 1, 2, 3)
    assert experiment.seeds_of("mirror") == (0, 1)
    monkeypatch.setitem(recipe_results.ALL, "joint", experiment)
    kept = [sweep.run(recipe) for recipe in experiment.wanted()]
    recording.record("joint", kept, VALIDATION)
    rows = recipe_results.of("joint")
    half = splits.first_half(VALIDATION)

    plain, mirror = tables["plain"], tables["mirror"]
    # Two members that agree are right or wrong together; of two that differ, the lower label wins.
    both = [plain[seed] & plain[seed + 2] for seed in (0, 1)]
    either = [plain[seed] | plain[seed + 2] for seed in (0, 1)]
    assert np.mean(both) < rows["mean"].accuracy < np.mean(either)
    best = [max((plain[seed], mirror[seed]), key=lambda hits: hits[half].mean()) for seed in (0, 1)]
    assert rows["search"].accuracy == pytest.approx(np.mean(best, axis=0)[~half].mean(), abs=1e-5)
    assert rows["mean"].multiplications == 2 * rows["plain"].multiplications
    assert rows["search"].multiplications == rows["plain"].multiplications
    assert rows["mean"].seconds == 23.0  # 10 and 12 s, or 11 and 13
    assert recipe_results.trainings("joint") == 6
    assert recipe_results.old("joint") == []
    monkeypatch.setitem(
        recipe_results.ALL,
        "joint",
        dataclasses.replace(experiment, joint=joint | {"mean": Joint(("mirror",), members=2)}),
    )
    assert recipe_results.old("joint") == ["mean"]


def test_an_experiment_without_rows_says_so(tables, monkeypatch):
    """And how they are made."""
    monkeypatch.setitem(recipe_results.ALL, "new", Experiment(TWO, SEEDS))
    assert recipe_results.origin("new").startswith("The table of results has no row of new")


def test_the_tables_are_of_the_experiments():
    """Every experiment stands in them, whole, with numbers that can be."""
    for name, experiment in recipe_results.ALL.items():
        rows = recipe_results.of(name)
        assert tuple(rows) == experiment.names, name
        for row in rows.values():
            assert 0 < row.low < row.accuracy < row.high < 1, row
            assert len(row.by_seed.split()) == len(experiment.seeds), row
        compared = recipe_results.gains(name, seeds=len(experiment.seeds))
        assert list(compared) == [one for one in experiment.names if experiment.reference(one)]
        for gain in compared.values():
            assert gain.low < gain.gain < gain.high, gain
            assert gain.reference in experiment.recipes, gain


def test_kept_runs_lie_in_the_intervals_that_are_written_down():
    """What was trained here, with the present code, says the same of each recipe."""
    _, validation = splits.train_and_validation()
    half = splits.first_half(validation)
    compared = 0
    for name, experiment in recipe_results.ALL.items():
        scored = ~half if experiment.half else np.ones(len(half), bool)
        rows = recipe_results.of(name)
        for recipe in experiment.recipes:
            row = rows[recipe]
            wanted = [experiment.recipes[recipe].with_seed(seed) for seed in experiment.seeds]
            if not sweep.missing(wanted):
                hits = metrics.correct([sweep.run(one) for one in wanted], validation)
                assert row.low <= hits[:, scored].mean() <= row.high, (name, recipe)
                compared += 1
    if not compared:
        pytest.skip("No run of a whole build is kept here. To compare, type: fmnist book")


def test_experiments_compare_what_differs_in_few_fields():
    """Each recipe with one that is there; a rung differs from the one before in its idea alone."""
    for name, experiment in EXPERIMENTS.items():
        for recipe in [*experiment.recipes][1:]:
            assert experiment.reference(recipe) in experiment.recipes, (name, recipe)
    fields = {
        name: {
            field
            for field, value in vars(recipe).items()
            if value != vars(recipes.RUNGS[EXPERIMENTS["rungs"].reference(name)])[field]
        }
        for name, recipe in [*recipes.RUNGS.items()][1:]
    }
    assert fields == {name: set(idea) for name, idea in recipes.IDEAS.items()}
