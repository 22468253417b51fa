"""Grading untrusted submissions: the checks run here, the answers come out of a sandbox.

Data flow of a class: `submissions` finds each student's files; `run` has pytest run every check
once a student, with an `answer` whose session (`workers`) asks a worker; workers are forks of a
warm `zygote` inside a sandbox (`isolation`, `seccomp`); verdicts become one record per student and
the gradebook (`records`).

No process outside the sandbox ever runs a student's code, and none inside it knows an expected
value, a hidden check or a file of the project beyond ``fmnist.answer``.
"""
