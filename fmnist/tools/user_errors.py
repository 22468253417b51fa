"""What a person can mend, as an exception."""


class UserError(Exception):
    """Something that a person can mend; the text says what, and how.

    Whatever is raised of this kind is told by the command line in one line, with exit status 1.
    """
