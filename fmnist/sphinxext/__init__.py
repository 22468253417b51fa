"""The part of the book's build that is ours; Jupyter Book loads `extension` (see _config.yml).

extension   connects everything below to the events of a build
sources     the text of a chapter: its fences, cells and front matter
keys        what a chapter's outputs depend on
chapters    caches, the head of a chapter, its failing cells
figures     live figures: what the kernel writes and `static/figures.js` draws
frontend    parts from npm
cards       the six phases at a glance, on the front page
literature  the role for published figures
reports     the tables of the status page
pages       what is wrong with the theme's pages

This file stays empty: a chapter's kernel imports `figures` from here.
"""
