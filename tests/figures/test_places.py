"""Figures where they stand in the chapters: the symbols of the chapter, the equation of the cell, each figure shown."""

from functools import cache
from pathlib import Path

from figures import catalogue
from figures.colours import ROLES, SYMBOL_PATTERN
from support import the_book


@cache
def placed() -> list[tuple[str, str, set[str], list[str]]]:
    """Each place of a figure: (figure, cell, letters in the formulas of the chapter, display formulas of the cell)."""
    places, everything = [], set()
    for chapter in reversed(the_book().chapters):  # the map, in the index, looks ahead
        texts = {cell.id: cell.text for cell in chapter.all_cells if cell.is_markdown}
        formulas = " ".join(formula for text in texts.values() for formula in [*text.formulas, *text.display_formulas])
        letters = {symbol[0] for symbol in SYMBOL_PATTERN.findall(formulas)}
        letters |= {name for text in texts.values() for name in text.inline_code if len(name) == 1}
        everything |= letters
        for cell, text in texts.items():
            for source in text.figures:
                known = everything if "map" in source else letters
                places.append((Path(source).stem, f"{chapter.name}: {cell}", known, text.display_formulas))
    return places


def test_symbols_of_a_figure_are_those_of_its_chapter():
    for name, where, letters, _ in placed():
        for label in catalogue()[name].draw().labels:
            if label.text.startswith("$"):
                strange = {symbol[0] for symbol in SYMBOL_PATTERN.findall(label.text.strip("$"))} - letters
                assert not strange, (
                    f"{where}: no formula of the chapter has the letters {strange} of {label.text} in {name}"
                )


def test_lit_part_has_its_equation_beside_it_and_its_symbols():
    seen = 0
    for name, where, _, formulas in placed():
        drawing = catalogue()[name].draw()
        if drawing.lit is None or not drawing.equations:
            continue
        seen += 1
        (equation,) = drawing.equations
        assert equation in formulas, f"{where}: {name} shows {equation}, the cell has {formulas}"
        vectors = {s for s in SYMBOL_PATTERN.findall(equation) if s[0] in ROLES}
        lit = [label.text.strip("$") for label in drawing.labels if not label.muted]
        lit_symbols = {s for text in lit if text != equation for s in SYMBOL_PATTERN.findall(text) if s[0] in ROLES}
        assert lit_symbols == vectors, f"{name}: lit are {sorted(lit_symbols)}, the equation has {sorted(vectors)}"
    assert seen
