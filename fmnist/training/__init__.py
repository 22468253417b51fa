"""From a recipe to a kept run: models, batches, training, worker processes."""
