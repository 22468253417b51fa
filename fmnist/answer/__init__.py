"""The wall between a check and a student's code: only plain data crosses it.

A check calls ``answer(...)`` (`proxy`). The call travels as plain data (`inside.codec`) to a host
(`inside.host`) that holds the student's file, and plain data comes back. Locally the host lives in
the same process (`direct`); in grading it lives in a sandboxed worker behind a socket
(`inside.wire`). What cannot be plain data, a Keras model, stays with the host, and the check holds
a handle with named operations (`inside.keras_models`).

This folder is the check's side; the host's side is `fmnist.inside`, which is all of the package
that a worker can see.
"""
