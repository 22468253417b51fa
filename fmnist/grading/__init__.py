"""Grading untrusted submissions: the checks run here, the answers come out of a sandbox.

Data flow of a class (`class_plan`, `class_run`): `hand_ins` finds each student's files and reads
them; `judging` hands them out to graders, which have the checks collected once and call each of
them once a student, with an `answer` whose session asks a worker; workers are forks of a warm
zygote inside a `sandbox`; verdicts become one record per student, which is kept; `marks` makes the
gradebook of these; `reports` writes what people and services read.

No process outside the sandbox ever runs a student's code, and none that runs it knows an expected
value, a hidden check or a file of the project beyond ``fmnist.inside``.
"""
