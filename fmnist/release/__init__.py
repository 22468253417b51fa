"""What leaves the course: copies for students, and what grading services need.

    student.py      exercises, notebooks and the installable package, without solutions
    classroom.py    the same as a template of GitHub Classroom
    gradescope.py   an autograder archive; it runs `autograder` on the service
    nbgrader.py     source assignments of nbgrader; their cells call `in_notebook`
    templates/      what these write in other languages

A release is made in memory, see `packing.Files`. One for students is looked through for lines of
solutions, see `proof`, before anything of it is written.
"""
