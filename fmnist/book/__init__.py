"""The book: its pages, its notebooks, its figures from the literature, its claims tried again.

build              gets the parts of the site, and looks at what came out
jupyter_book       Jupyter Book 1.x: how it is started, and what its lines mean
sphinxext          what is ours in the pages: roles, directives, tables of the status page
notebooks          the notebooks for students
literature         what others published, from ``book/literature.toml``
replication        the chapters with other seeds and in other arithmetics
replication_table  the table of what became of the claims there
"""
