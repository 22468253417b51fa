"""What leaves the course: copies for students, and what grading services need.

    student.py      exercises, notebooks and the installable package, without solutions
    template.py     the same as a template repository, with what runs the public checks
    classroom50.py  the public checks for Classroom 50
    gradescope.py   an autograder archive; it runs `autograder` on the service
    container.py    a machine to grade on, for those who have no Linux
    nbgrader.py     source assignments of nbgrader; their cells call `in_notebook`
    templates/      what these write in other languages

A release is made in memory, see `packing.Files`. One for students is looked through for lines of
solutions, see `proof`, before anything of it is written.
"""
