"""What a page does with this Python: start it, and run one cell after the other in one namespace."""

import ast
import re
import sys
import time
import traceback
import warnings

import absent
import in_line

LONGEST = 100_000  # characters of what one cell prints that are shown
OFTEN = 2_000  # characters after which they are handed on
SOON = 0.1  # seconds after which a line is, so that a slow cell shows how far it is
CELL = "<cell>"

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# WebAssembly counts bytes with 32 bits: of more than that Python and NumPy say that nothing can be so large.
TOO_LARGE = re.compile(
    "array is too big|Maximum allowed (dimension|size)|byte string is too large|cannot fit 'int' into an index-sized integer"
    "|Python int too large to convert to C ssize_t"
)
MAGIC = "%"  # how a line begins that is for the display of a notebook


class Printed:
    """Hands on what is printed, piece by piece, and no more than a page can show."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, say):
        self.say, self.parts, self.waiting, self.left, self.dropped = say, [], 0, LONGEST, 0
        self.last = time.monotonic()

    def write(self, text):
        if self.left <= 0:
            self.dropped += len(text)
            return len(text)
        kept = text[: self.left]
        self.dropped += len(text) - len(kept)
        self.left -= len(kept)
        self.parts.append(kept)
        self.waiting += len(kept)
        if self.waiting >= OFTEN or ("\n" in kept and time.monotonic() - self.last > SOON):
            self.flush()
        return len(text)

    def flush(self):
        if self.parts:
            self.say("".join(self.parts))
            self.parts, self.waiting, self.last = [], 0, time.monotonic()

    def isatty(self):
        return False


namespace = {}
print_options = {}


def start():
    """Load Keras, as the first cell of a chapter finds it."""
    absent.install()
    in_line.install()
    import numpy as np
    import tensorflow_random

    tensorflow_random.install()
    absent.install_tensorflow()
    warnings.simplefilter("ignore")
    print_options.update(np.get_printoptions())
    forget()


def forget():
    """Begin a chapter: nothing is defined."""
    import keras
    import numpy as np

    keras.utils.clear_session()
    np.set_printoptions(**print_options)
    namespace.clear()
    namespace.update(__name__="__main__", __builtins__=__builtins__)


def run(source, say):
    """Run a cell; what it prints goes to ``say`` in pieces.

    Returns:
        A dictionary: ``error`` (what it says, or ""), ``line`` of the cell where it came up (or 0), its ``kind`` (see ``kind_of``,
        or ""), ``dropped`` characters of what was printed, and ``draws``, whether it wanted to draw.
    """
    out = Printed(say)
    kept = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = out
    absent.Drawing.asked = False
    error, line, kind = "", 0, ""
    try:
        tree = tree_of(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, CELL, "exec"), namespace)
        if last is not None:  # a notebook shows the value of the last line
            value = eval(compile(ast.Expression(last.value), CELL, "eval"), namespace)
            if value is not None and not isinstance(value, absent.Drawing):
                print(repr(value))
    except BaseException as found:
        error, line, kind = said(found), line_of(found), kind_of(found)
        found.__traceback__ = None  # else what the cell made stays in memory
    finally:
        out.flush()
        sys.stdout, sys.stderr = kept
    return {"error": error, "line": line, "kind": kind, "dropped": out.dropped, "draws": absent.Drawing.asked}


def tree_of(source):
    """A cell without the lines for the display, at which Python stumbles: a line of a string may begin like them."""
    lines = source.split("\n")
    while True:
        try:
            return ast.parse("\n".join(lines), CELL)
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not "".join(lines[place : place + 1]).startswith(MAGIC):
                raise
            lines[place] = ""


def said(error):
    """What an error says, without the colours of a terminal."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return COLOURS.sub("", f"{type(error).__name__}: {text}" if text else type(error).__name__)


def line_of(error):
    """The line of the cell in which an error came up; of a cell before it, none."""
    if isinstance(error, SyntaxError) and error.filename == CELL:
        return error.lineno or 0
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == CELL]
    return lines[0] if lines else 0


def kind_of(error):
    """Why a cell does not run: for want of what this Python does not have, of memory, or by a mistake of its own."""
    text = str(error)
    if isinstance(error, MemoryError) or (isinstance(error, (ValueError, OverflowError)) and TOO_LARGE.match(text)):
        return "memory"
    if "not implemented for NumPy backend" in text:
        return "training"
    if isinstance(error, (absent.NotInThisPage, ImportError)) or "is not available in this page" in text:
        return "absent"
    return "error"
