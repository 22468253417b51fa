"""Image classification with deep learning, on Fashion-MNIST.

The course, in the order in which images pass through it:

data         raw files fetched and verified, splits, preprocessing, photos; the test set sealed
training     recipes, models, batches, training, and runs kept under what decides them
evaluation   metrics with intervals, comparisons, calibration, ensembles, claims
analysis     what stands behind a number: images, errors, neighbours, features, saliency
plots        figures; what they show is computed elsewhere

The machinery:

inside       all of the project that exists where a student's code runs
answer       the wall between a check and an answer: the check's side
exercises    the catalogue, the checks, a student's folder
grading      a class: hand-ins, sandbox, judging, marks, reports
release      what teachers hand out
book         the site: chapters, notebooks, figures of the literature
cli          the commands, and the doctor
tools        what every room may use: whole files, processes, words for numbers
course       where things lie, and the phases

Importing this package, or any module that a student's NumPy exercise needs, never imports
TensorFlow.
"""
