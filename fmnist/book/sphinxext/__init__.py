"""The part of the book's build that is ours; Jupyter Book loads `extension` (see _config.yml).

extension        connects everything below to the events of a build
chapter_text     the text of a chapter: its fences, cells and front matter
page_keys        what a chapter's outputs depend on
chapters         caches, the head of a chapter, its failing cells
side_by_side     chapters that must run, several at once before any page is read
kernel           the environment of the kernels
claim_marks      claims beside their sentences: the roles {claim} and {either}
frontend         parts from npm
phase_cards      the six phases at a glance: the directive {phase-cards}
exercise_boxes   the directives {objectives}, {graded-exercise}, {project}, {misconceptions}
literature_role  published figures: the role {literature}
status_tables    the tables of the status page: the directive {build-report}
theme_mends      what is wrong with the theme's pages
"""
