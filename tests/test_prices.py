"""Prices of trainings, in multiplications."""

from dataclasses import replace

import pytest

from fmnist.evaluation import prices
from fmnist.training.recipes import Recipe

RECIPE = Recipe("small_cnn", epochs=10)


def test_a_training_costs_three_times_its_predictions():
    """One part forward and two back, for each image of each epoch."""
    assert prices.images_seen(RECIPE, 1_000) == 10_000
    assert prices.of_training(RECIPE, 7, 1_000) == 3 * 7 * 10_000


def test_easy_images_that_are_left_out_cost_nothing():
    """The first epoch and the last fifth see all; the other seven leave out half of six tenths."""
    skipping = replace(RECIPE, skipping=0.5)
    assert prices.images_seen(skipping, 1_000) == 3 * 1_000 + 7 * 700


@pytest.mark.keras
def test_small_images_cost_by_their_area():
    """20 by 20 pixels in half of the epochs."""
    small = replace(RECIPE, shrunk=0.5)
    assert prices.images_seen(small, 1_000) == pytest.approx(5_000 * (1 + (20 / 28) ** 2))


@pytest.mark.keras
def test_the_products_of_muon_are_counted():
    """Two with the whole matrix, and four with its squares in each of three rounds."""
    assert prices.of_muon([(3, 3, 4, 5)]) == 2 * 36 * 5**2 + 12 * 5**3
    assert prices.of_muon([(1, 1, 4, 50)]) == 2 * 50 * 4**2 + 12 * 4**3
