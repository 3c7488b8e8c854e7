"""The pictures of the book, drawn by code: ``make diagrams`` writes every figure to book/images/.

drawing.py has the vocabulary; the other modules compose figures from it, by what they show.
"""

from . import arrays, cells, models, sequences, steps  # noqa: F401  each module adds its figures to FIGURES
from .drawing import COLOURS, FIGURES, LAYERS, Drawing, Figure

__all__ = ["COLOURS", "FIGURES", "LAYERS", "Drawing", "Figure"]
