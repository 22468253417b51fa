"""Image classification with deep learning, on Fashion-MNIST.

sources, download, fetch, data, seal          the images: got, verified, split; the test set closed
recipes, preprocess, pipeline, models         every choice of a training; from pixels to networks
train, train_worker, sweep, executors         from a recipe to a trained network, in other processes
runs, arithmetic, keeping, paths              trained networks, kept under what decides them
evaluate, compare, calibration, ensembles     from runs to results
results, wording, claims, literature          numbers that may be printed, and what is said of them
redraws, redrawing                            the claims with other seeds and in other arithmetics
analysis, neighbours, features, saliency      what stands behind a number: images, labels, pixels
plots, photos                                 figures; a user's own pictures
exercises, answer                             checks, and the wall between a check and an answer
grading, release                              submissions in, marks out; what teachers hand out
cli, doctor, booktools, notebooks, sphinxext  the commands, and the building of the book

Importing this package, or any module that a student's NumPy exercise needs, never imports
TensorFlow.
"""
