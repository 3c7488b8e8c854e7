"""Sphinx extension: makes pages of this book out of chapters.

Each chapter of an edition brings the names of its anchors, the same in every language, and the configuration of an edition
says which language it is in (``book_edition``). A plain ``jupyter-book build .`` has neither, and its pages get no language
switch. The configuration also says which pages are no chapters (``book_live_pages``).
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import (
    anchors,
    answers,
    assets,
    cells,
    chapters,
    closing_map,
    figures,
    fonts,
    formulas,
    lab,
    landing,
    lines,
    opening,
    page,
    predict,
    questions,
    review,
    run,
    sidebar,
    small,
    tables,
    teachers,
)


def setup(app: Sphinx) -> dict:
    app.add_config_value("book_edition", "", "html")
    app.add_config_value("book_live_pages", [], "html")

    anchors.setup(app)  # the names that lead to sections, the same in every language
    figures.setup(app)  # pictures with captions and sizes
    cells.setup(app)  # what is folded, cards, the mark of assertions
    questions.setup(app)  # their cards
    lines.setup(app)  # where a line must not break
    formulas.setup(app)  # rendered while the book is built, refused when KaTeX does not understand them
    page.setup(app)  # what a page says of itself, its other languages, its notebook
    chapters.setup(app)  # their order and numbers, and the way from one to the next
    opening.setup(app)  # the first screen of a chapter
    landing.setup(app)  # what the first page has beside its text
    closing_map.setup(app)  # links to all chapters
    tables.setup(app)  # which a phone sets row by row
    sidebar.setup(app)  # the list of chapters
    lab.setup(app)  # the page on which the reader changes a line of code
    run.setup(app)  # code cells that run in the page
    predict.setup(app)  # what the page asks
    answers.setup(app)  # fields for exercises that can be answered in the page
    review.setup(app)  # the page of cards, made of the questions and the glossary
    teachers.setup(app)  # the page of ready exercises
    assets.setup(app)  # style sheets and scripts
    fonts.setup(app)  # cut to the letters that the pages show
    small.setup(app)  # pages, styles, programs and pictures, as they are sent

    return {"parallel_read_safe": True, "parallel_write_safe": True}
