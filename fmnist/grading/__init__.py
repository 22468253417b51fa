"""Grading untrusted submissions: the checks run here, the answers come out of a sandbox.

Data flow of a class: `entries` finds each student's files and `submissions` reads them; `engine`
hands them out to graders; a `grader` has pytest collect the checks once and runs each of them once
a student, with an `answer` whose session (`workers`) asks a worker; workers are forks of a warm
`zygote` inside a sandbox (`isolation`, `seccomp`); verdicts become one record per student
(`records`), and these the gradebook.

No process outside the sandbox ever runs a student's code, and none that runs it knows an expected
value, a hidden check or a file of the project beyond ``fmnist.answer`` and the zygote's own.
"""
