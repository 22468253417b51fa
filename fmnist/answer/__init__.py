"""The wall between a check and a student's code: only plain data crosses it.

A check calls ``answer(...)`` (`proxy`). The call travels as plain data (`plain`) to a host
(`host`) that holds the student's file, and plain data comes back. Locally the host lives in
the same process (`direct`); in grading it lives in a sandboxed worker behind a socket
(`wire`). What cannot be plain data, a Keras model, stays with the host, and the check holds
a handle with named operations (`models`).

This folder and `grading.zygote` are all of ``fmnist`` that a worker can see, though the host's side
of it alone (`plain`, `wire`, `host`, `models`, and `preload` before a fork) has anything to do
there. So nothing in it may import from the rest of the package.
"""
