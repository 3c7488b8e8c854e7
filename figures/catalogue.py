"""Every figure of the book, and whether book/images/ holds what the code draws."""

import pkgutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, TypeVar

from .errors import FigureError
from .typesetting import typeset
from .vocabulary import Drawing

ROOT = Path(__file__).resolve().parent.parent
RECORD = f"figures/{typeset.path.name}"
DRAW = "Draw the figures: make figures."

Draw = TypeVar("Draw", bound=Callable[..., Drawing])


@dataclass(frozen=True)
class Figure:
    """What a file of book/images/ shows: how it is drawn, the title and description it carries, and where its code is."""

    draw: Callable[[], Drawing]
    title: str
    description: str
    source: str

    def svg(self) -> str:
        return self.draw().canvas.svg(self.title, self.description)


class Trouble(NamedTuple):
    """A file (one without a folder is an image), what is wrong with it, and what to do."""

    name: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}. {self.remedy}"


_registered: dict[str, Figure] = {}  # by the name of the file, without .svg


def figure(name: str, title: str, description: str) -> Callable[[Draw], Draw]:
    """Make the function below, called without arguments, draw book/images/<name>.svg.

    Raises:
        FigureError: another function draws this file already.
    """

    def register(draw: Draw) -> Draw:
        source = f"{_module(draw).replace('.', '/')}.py"
        if name in _registered:
            raise FigureError(f"Two figures have the name {name}, in {_registered[name].source} and in {source}.")
        _registered[name] = Figure(draw, title, description, source)
        return draw

    return register


def _module(draw: Callable[..., Drawing]) -> str:
    return _module(draw.func) if isinstance(draw, partial) else draw.__module__


@cache
def catalogue() -> dict[str, Figure]:
    """Every figure by the name of its file, without .svg: those of all modules that lie in this folder."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name != "__main__":
            import_module(f"{__package__}.{module.name}")
    return dict(sorted(_registered.items()))


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, FigureError) else f"{type(error).__name__}: {error}"


def stale(images: Path) -> list[Trouble]:
    """What in a folder of images is not what the code draws; needs neither Matplotlib nor TensorFlow.

    A figure that no chapter shows is not asked for here; see `unused`.
    """
    try:
        figures, recorded = catalogue(), typeset.recorded
    except Exception as error:  # whatever stands in a module of figures
        return [Trouble("figures/", f"cannot be read: {_told(error)}", "Mend it; 'make figures' shows where.")]
    troubles, failed = [], False
    with typeset.watched() as texts:
        for name, drawn in figures.items():
            path = images / f"{name}.svg"
            try:
                svg = drawn.svg()
            except Exception as error:  # whatever the code of a figure does: the others are looked at all the same
                troubles.append(Trouble(path.name, f"{drawn.source} cannot draw it: {_told(error)}", DRAW))
                failed = True
                continue
            try:
                file = path.read_bytes()
            except FileNotFoundError:
                troubles.append(Trouble(path.name, f"is missing, though {drawn.source} draws it", DRAW))
                continue
            except OSError as error:
                troubles.append(Trouble(path.name, f"cannot be read: {error.strerror}", "Restore it."))
                continue
            if file != svg.encode():
                troubles.append(Trouble(path.name, f"is not what {drawn.source} draws", DRAW))
    troubles += strangers(images)
    if new := texts - recorded:
        troubles.append(Trouble(RECORD, f"lacks texts of figures: {', '.join(sorted(new))}", DRAW))
    if not failed and (old := recorded - texts):
        troubles.append(Trouble(RECORD, f"has texts of no figure: {', '.join(sorted(old))}", DRAW))
    return troubles


def strangers(images: Path) -> list[Trouble]:
    """The files in a folder of images that no code draws."""
    remedy = "Draw it with code in figures/, see figures/__init__.py, or remove it."
    known = {f"{name}.svg" for name in catalogue()}
    names = sorted(path.name for path in images.iterdir()) if images.is_dir() else []
    return [
        Trouble(name, "no code draws it", remedy) for name in names if name not in known and not name.startswith(".")
    ]


def unused(shown: Collection[str]) -> list[Trouble]:
    """The figures that nobody shows. shown: the names, without .svg, of those that chapters show."""
    return [
        Trouble(
            f"{name}.svg", "no chapter shows it", f"Show it in a chapter, or remove its function from {drawn.source}."
        )
        for name, drawn in catalogue().items()
        if name not in shown
    ]
