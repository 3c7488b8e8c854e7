"""The sources of the book, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from ..github import Repository, find_repository
from ..messages import Problem, refuse
from .formulas import Formulas
from .images import Images
from .notebook import DEEP, Chapter, deeper_than, normalise, read_notebook

CHAPTERS = "book/"  # the folder of the chapters, with which the contents name them

# A chapter as the contents name it. Its name stands in addresses, in messages and in the names of files.
CHAPTER = re.compile(rf"{CHAPTERS}[a-z][a-z0-9_]{{0,60}}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Language:
    """A language of the book, as ``_config.yml`` describes it.

    Attributes:
        code: that of BCP 47, which tags, folders and ``<html lang>`` use.
        name: what the language calls itself.
        title, description: those of its edition.
        missing: what the 404 page says in it.
    """

    code: str
    name: str
    title: str
    description: str
    missing: str = ""


@dataclass(frozen=True, eq=False)
class Book:
    """The sources of the book; nothing here changes after reading.

    Attributes:
        root: the folder of the book.
        config: the content of ``_config.yml``.
        toc: the content of ``_toc.yml``.
        languages: in the order in which their cells stand in a chapter.
        anchor_language: the one whose headings name the anchors.
        contents: the chapters that the contents name, in order, as they name them (``book/lstm``).
        chapters: those of them that could be read.
        unreadable: what is wrong with the others.
        repository: where the site will be published and its sources are, or None when it is not known.
        images: draws the figures in the background.
        formulas: knows which formulas can be set.
    """

    root: Path
    config: dict[str, Any]
    toc: dict[str, Any]
    languages: tuple[Language, ...]
    anchor_language: Language
    contents: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    unreadable: tuple[Problem, ...]
    repository: Repository | None
    images: Images
    formulas: Formulas

    def chapter(self, name: str) -> Chapter | None:
        """The chapter of this name, or None when there is none or it could not be read."""
        return next((chapter for chapter in self.chapters if chapter.name == name), None)

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of the chapters, counted from 1; those of the last of several parts, for looking up, have none."""
        parts = parse_toc_data(self.toc).root.subtrees
        names = [str(item).removeprefix(CHAPTERS) for part in parts[:-1] or parts for item in part.items]
        return {name: number for number, name in enumerate(names, 1)}

    @property
    def site(self) -> str | None:
        """The address at which the site will be published, with a slash at its end; None when it is not known."""
        return self.repository.site if self.repository else None


def load_book(root: Path) -> Book:
    """Read the sources of the book below ``root``; what is wrong with single chapters stands in the book.

    Raises:
        Refused: ``_config.yml`` or ``_toc.yml`` cannot be read.
    """
    config, toc = read_yaml(root, "_config.yml"), read_yaml(root, "_toc.yml")
    languages, anchor_language = read_languages(config)
    contents = read_contents(toc)
    chapters, unreadable = [], []
    for entry in contents:
        path = root / f"{entry}.ipynb"
        if not (CHAPTER.fullmatch(entry) and path.is_file()):
            continue
        try:
            notebook = read_notebook(path.read_bytes())
        except ValueError as error:
            file = f"{entry}.ipynb"
            unreadable.append(Problem(file, f"is not a readable notebook ({error})", f"'git diff {file}' shows why."))
            continue
        chapters.append(Chapter(entry.removeprefix(CHAPTERS), normalise(notebook), anchor_language.code))
    return Book(
        root=root,
        config=config,
        toc=toc,
        languages=languages,
        anchor_language=anchor_language,
        contents=contents,
        chapters=tuple(chapters),
        unreadable=tuple(unreadable),
        repository=find_repository(root),
        images=Images(root),
        formulas=Formulas(chapters),
    )


def read_yaml(root: Path, name: str) -> dict[str, Any]:
    """The content of a file of settings.

    Raises:
        Refused: it cannot be read, or holds no settings.
    """
    try:
        content = yaml.safe_load((root / name).read_text(encoding="utf-8"))
        if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
            raise ValueError("it holds no settings")
        if deeper_than(DEEP, content):
            raise ValueError("it has too many brackets within brackets, or a part of it holds itself")
    except (OSError, ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        refuse([Problem(name, f"cannot be read: {error or type(error).__name__}", "Restore or mend it.")])
    return content


def read_languages(config: dict[str, Any]) -> tuple[tuple[Language, ...], Language]:
    """The languages of the book, and the one that names the anchors.

    Raises:
        Refused: they are missing or incomplete.
    """
    try:
        settings = config["sphinx"]["config"]
        languages = tuple(language(code, words) for code, words in settings["book_languages"].items())
        anchor_language = next(one for one in languages if one.code == settings["book_anchor_language"])
    except (KeyError, TypeError, AttributeError, ValueError, StopIteration):
        refuse(
            [
                Problem(
                    "_config.yml",
                    "the languages of the book are missing, or one of them is incomplete",
                    "List them under sphinx: config: book_languages, each with its code, such as ko, and with words for name, "
                    "title and description, and name one of them as book_anchor_language.",
                )
            ]
        )
    return languages, anchor_language


def language(code: object, words: Mapping[str, object]) -> Language:
    """A language, as the configuration lists it.

    Raises:
        ValueError: its code is none, or its words are no words.
    """
    found = [words["name"], words["title"], words["description"], words.get("missing", "")]
    if not (isinstance(code, str) and LANGUAGE.fullmatch(code) and all(isinstance(word, str) for word in found)):
        raise ValueError(code)
    return Language(code, *found)


def read_contents(toc: dict[str, Any]) -> tuple[str, ...]:
    """The documents that the contents name, in order.

    Raises:
        Refused: they are not in the form of Jupyter Book.
    """
    try:
        contents = tuple(parse_toc_data(toc))
    except (MalformedError, LookupError, TypeError, ValueError, AttributeError) as error:
        said = str(error) or type(error).__name__
        refuse([Problem("_toc.yml", f"is no table of contents: {said}", "Each chapter is a line '- file: book/NAME'.")])
    return contents
