"""The figures of the book, drawn by code: ``make figures`` writes every one of them to book/images/.

A new figure is a function of about twenty lines in cells.py, arrays.py, sequences.py or models.py, or in a new module
in this folder, which is found by itself:

    @figure("lstm-gate", "A gate", "x_t goes in, f_t comes out.")   # file, title, description for who cannot see it
    def gate() -> Drawing:
        d = Drawing()
        box = d.gate(Point(0, 0), r"\\sigma")                        # words stand in vocabulary.py; up is positive
        d.inputs([box], "x_t")                                      # wires and values go to the sides of a box
        d.wire(box.top(), box.top().moved(up=0.6), role="gate")     # a colour is given by its meaning, see colours.py
        return d

In a figure stand only formulas and names of the code. ``make figures`` draws it and _build/gallery.html shows it on light
and dark ground and as wide as a phone; the tests find what overlaps or is too small. Commit the file in book/images/, and
figures/typeset.json if it has changed: it holds how texts are set (typesetting.py). Show the figure in both twins.

Layers, each of which uses only those before it: colours, canvas, typesetting, vocabulary, catalogue, the sentences.
"""

from .catalogue import Figure, Trouble, catalogue, stale, unused

__all__ = ["Figure", "Trouble", "catalogue", "stale", "unused"]
