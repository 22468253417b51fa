"""Image classification with deep learning, on Fashion-MNIST.

fetch, data, seal         the images: got, verified, split, and the test set kept closed
preprocess, models        from pixels to networks
train, runs               from a recipe to a kept run
evaluate, results, plots  from a run to numbers and figures
exercises, answer         the exercises' checks, and the wall between a check and an answer
grading                   untrusted submissions in, marks out
cli, booktools, sphinxext the commands, and the building of the book

Importing this package, or any module that a student's NumPy exercise needs, never imports
TensorFlow.
"""
