"""Tensors and weights as grids of entries: what goes into a layer, what it keeps, and how the parts fit together."""

from collections.abc import Callable, Sequence

from .canvas import Box, Point
from .catalogue import figure
from .vocabulary import SYMBOL, Drawing, Node

SENTENCE = ((0.1, 4.2, 1.5, 1.1, 2.8), (1.0, 3.1, 2.5, 0.7, 1.1), (0.3, 2.1, 1.5, 2.1, 0.1), (2.2, 1.4, 0.5, 0.9, 1.1))
T, N, U = 4, 5, 3  # words, numbers for a word, units of the running example
AWAY = 0.25  # from a grid to the line that measures it


def _entries(d: Drawing, grid: Node, rows: Sequence[Sequence[float]], role: Callable[[int, int], str]) -> None:
    """The numbers of an array, each in the middle of its square."""
    cell = grid.height / len(rows)
    for row, numbers in enumerate(rows):
        for column, number in enumerate(numbers):
            at = Point(grid.box.left + (column + 0.5) * cell, grid.box.top - (row + 0.5) * cell)
            d.text(at, f"${number}$", role(row, column))


def _marked(d: Drawing, left: float, top: float, rows: int, row: int | None, cell: float, role: str = "ink") -> Node:
    """An array of N columns with one row marked, which is drawn last so that its border is whole."""
    grid = d.matrix(Point(left, top), rows, N, [role] * N, cell)
    if row is not None:
        d.matrix(Point(left, top - row * cell), 1, N, ["input"] * N, cell)
    return grid


def _rows(d: Drawing, grid: Node, text: str = "") -> None:
    """How many rows a grid has, measured on its left."""
    x = grid.box.left - AWAY
    d.bracket(Point(x, grid.box.bottom), Point(x, grid.box.top), text)


def _columns(d: Drawing, grid: Node, text: str = "") -> None:
    """How many columns a grid has, measured below it."""
    y = grid.box.bottom - AWAY
    d.bracket(Point(grid.box.right, y), Point(grid.box.left, y), text, away=0.36)


# --- a first look ----------------------------------------------------------------------------------------------------


@figure(
    "first-look",
    "A sentence, one line of Keras, and what comes back",
    "x of shape (1, 4, 5), four words of five numbers, goes into Bidirectional(LSTM(3, return_sequences=True)). y of shape (1, 4, 6) comes back: "
    "a row for each word, of which the left half is the forward hidden state and the right half the backward one.",
)
def first_look() -> Drawing:
    d = Drawing()
    cell, left = 0.9, 6.9
    x = d.matrix(Point(0, 0), T, N, ["input"] * N, cell)
    _entries(d, x, SENTENCE, lambda row, column: "input")
    tiles = {
        (way, t): d.tile(
            Point(left + (half + 0.5) * U * cell, -(t - 0.5) * cell), f"{way}{{h}}_{t}", "hidden", U * cell, cell
        )
        for half, way in enumerate((r"\overrightarrow", r"\overleftarrow"))
        for t in range(1, T + 1)
    }
    y = Box.around([corner for tile in tiles.values() for corner in tile.box.corners])
    d.wire(Point(x.box.right + 0.35, x.y), Point(y.left - 0.35, x.y))
    d.text(Point((x.box.left + y.right) / 2, 0.75), "Bidirectional(LSTM(3, return_sequences=True))")
    for name, box in (("x (1, 4, 5)", x.box), ("y (1, 4, 6)", y)):
        d.text(Point((box.left + box.right) / 2, box.bottom - 1.25), name)
    _columns(d, x, f"${N}$")
    _rows(d, x, f"${T}$")
    for half in (0, 1):
        start = y.left + half * U * cell
        d.bracket(Point(start + U * cell, y.bottom - AWAY), Point(start, y.bottom - AWAY), f"${U}$", away=0.36)
    return d


# --- the input -------------------------------------------------------------------------------------------------------


def _stack(d: Drawing, left: float, top: float, tables: int, cell: float, step: float, word: int | None = None) -> Node:
    """Tables of T rows and N columns one behind the other, up and to the right; the row of one word is marked. Gives the front one."""
    for back in reversed(range(tables)):
        front = _marked(d, left + back * step, top + back * step, T, word, cell)
    return front


@figure(
    "inputs-axes",
    "The three axes of the input",
    "A table of shape (4, 5) becomes a stack of one table, (1, 4, 5). In general B tables stand one behind the other; each has T rows, "
    "one for a word, and n columns. The second rows of all tables together are x_2.",
)
def axes() -> Drawing:
    d = Drawing()

    def deep(grid: Node, length: float, text: str = "") -> Point:
        """How many tables there are, measured along the slant; gives the middle of the line."""
        start = Point(grid.box.left - AWAY / 2, grid.box.top + AWAY / 2)
        d.bracket(start, start.moved(length, length), text, away=0.3)
        return start.moved(length / 2, length / 2)

    # the sentence, and a stack of it alone
    cell, step, second = 0.45, 0.32, 6.6
    flat, alone = (_stack(d, left, 0, 1, cell, step) for left in (0, second))
    for grid, name in ((flat, "sentence (4, 5)"), (alone, "x (1, 4, 5)")):
        _rows(d, grid, f"${T}$")
        _columns(d, grid, f"${N}$")
        d.text(Point(grid.x, grid.box.bottom - 1.25), name)
    deep(alone, step, "$1$")
    d.wire(Point(flat.box.right + 0.5, flat.y), Point(alone.box.left - 1.0, flat.y))
    d.text(Point((flat.box.right + alone.box.left - 0.5) / 2, flat.y + 0.4), "[np.newaxis]")
    # a stack of several
    left, top, cell, step, tables, word = 2.3, -5.3, 0.8, 0.5, 3, 1
    front = _stack(d, left, top, tables, cell, step, word)
    _entries(d, front, SENTENCE, lambda row, _: "input" if row == word else "ink")
    _rows(d, front)
    _columns(d, front)
    slant = deep(front, (tables - 1) * step)
    for at, symbol, name in (
        (slant.moved(-1.0, 0.45), "B", "batch"),
        (front.left().moved(-AWAY - 1.3, 0.25), "T", "timesteps"),
        (front.bottom().moved(up=-AWAY - 0.4), "n", "input_dim"),
    ):
        d.text(at, f"${symbol}$", size=SYMBOL)
        d.text(at.moved(up=-0.5), name)
    back = front.box.corners[1].moved((tables - 1) * step, (tables - 1) * step)
    d.value(back.moved(up=-(word + 0.5) * cell), f"x_{word + 1}", "(B, n)", "right")
    d.value(Point(front.x, front.box.bottom - AWAY - 1.7), "x", "(B, T, n)", beside=True)
    return d


@figure(
    "inputs-batch",
    "A batch of three sentences",
    "In each of three lanes the words x_1 to x_4 of one sentence are read in turn, starting from 0. "
    "The lanes use the same function F and no wire joins them. The last state of lane i is row i of the result.",
)
def batch() -> Drawing:
    d = Drawing()
    pitch, lane, rise = 2.0, 3.5, 1.7  # from step to step, from lane to lane, from word to state
    for number in range(1, 4):
        y = -number * lane
        frame = d.frame(Box(0.2, y - 0.7, T * pitch + 0.95, y + 0.7))
        d.text(Point(frame.box.left + 0.35, frame.box.top - 0.32), "$F$", size=SYMBOL)
        before = frame.left().moved(-0.4)
        d.value(before, "0", "", "left")
        for t in range(1, T + 1):
            state = d.box(Point(t * pitch, y), "", "hidden", 1.15, 0.95)
            word = d.tile(Point(t * pitch, y - rise), f"x_{t}^{{({number})}}", width=1.15, height=0.95)
            d.wire(word.top(), state.bottom(), role="input")
            d.wire(before, state.left(), role="hidden")
            before = state.right()
        end = frame.right().moved(0.5)
        d.wire(before, end, role="hidden")
        d.value(end, f"F(x)^{{({number})}}", "(u)", "right", role="hidden")
    return d


@figure(
    "inputs-lookup",
    "A one-hot vector takes a row out of E",
    "e_1 is 0, 1, 0: its 1 stands in place 1. So e_1 E is row 1 of the matrix E, written E_1. The other rows are multiplied by 0.",
)
def lookup() -> Drawing:
    d = Drawing()
    words, k, cell, gap = 3, 1, 0.62, 1.35
    one_hot = d.matrix(Point(0, 0), 1, words, ["none"] * words, cell)
    d.matrix(Point(k * cell, 0), 1, 1, ["input"], cell)
    _entries(d, one_hot, [[int(n == k) for n in range(words)]], lambda _, n: "input" if n == k else "ink")
    table = _marked(d, one_hot.box.right + gap, 0, words, k, cell, "none")
    level = table.box.top - (k + 0.5) * cell
    result = d.matrix(Point(table.box.right + gap, level + cell / 2), 1, N, ["input"] * N, cell)
    for n in range(words):
        colour = "input" if n == k else "muted"
        d.text(Point(one_hot.box.left + (n + 0.5) * cell, one_hot.box.top + 0.32), f"${n}$", colour)
        d.text(Point(table.box.left - 0.3, table.box.top - (n + 0.5) * cell), f"${n}$", colour)
    d.wire(one_hot.bottom(), Point(one_hot.x, level), Point(table.box.left - 0.5, level), role="input")
    d.wire(Point(table.box.right, level), result.left(), role="input")
    for grid, symbol, shape, above in (
        (one_hot, f"e_{k}", f"({words}{{,}})", 0.95),
        (table, "E", f"({words}, {N})", 0.4),
        (result, f"E_{k}", f"({N}{{,}})", 0.4),
    ):
        d.value(
            Point(grid.x, grid.box.top + above), symbol, shape, role="input" if grid is result else "ink", beside=True
        )
    d.equation(Point(table.x, table.box.bottom - 0.75), f"e_{k} E = E_{k}")
    return d


@figure(
    "inputs-error",
    "The message for an input with two axes, in pieces",
    "Input 0 is an arrow into the layer reader. expected ndim=3 are three axes, B, T and n; found ndim=2 are two. "
    "Full shape received: (4, 5) is a table of 4 by 5.",
)
def error() -> Drawing:
    d = Drawing()
    picture, axis, cell = 9.3, 1.2, 0.36  # where the pictures stand, the length of an axis, the side of an entry
    levels = {
        "Input 0 with name 'None'": 0.0,
        "of layer 'reader'": -1.4,
        "is incompatible with the layer:": -2.5,
        "expected ndim=3,": -4.2,
        "found ndim=2.": -6.5,
        "Full shape received: (4, 5)": -8.6,
    }
    given, layer, _, expected, found, received = levels.values()
    start = d.box(Point(picture, given), "0", "input", 0.7, 0.6)
    box = d.box(Point(picture, layer), "reader", width=2.0)
    d.wire(start.bottom(), box.top(), role="input")
    ends = {given: start.box.left, layer: box.box.left}
    for level, symbols in ((expected, "BTn"), (found, "Tn")):
        corner = Point(picture - axis / 2, level + axis / 2)
        slant = axis * 0.6
        ways = {"B": Point(slant, slant), "T": Point(0, -axis), "n": Point(axis, 0)}
        for symbol in symbols:
            end = corner + ways[symbol]
            d.wire(corner, end)
            if level == expected:
                d.value(end, symbol, side="below" if symbol == "T" else "right")
        ends[level] = corner.x
    grid = d.matrix(Point(picture - N * cell / 2, received + T * cell / 2), T, N, None, cell)
    _rows(d, grid, f"${T}$")
    _columns(d, grid, f"${N}$")
    ends[received] = grid.box.left - AWAY - 0.5
    for text, level in levels.items():
        label = d.text(Point(0, level), text, "ink" if level in ends else "muted", align="left")
        if level in ends:
            d.wire(
                Point(label.box.right + 0.2, level),
                Point(ends[level] - 0.2, level),
                role="muted",
                arrow=False,
                dash=True,
            )
    return d


# --- the weights -----------------------------------------------------------------------------------------------------


@figure(
    "simple-rnn-shapes",
    "The shapes in the equation of a SimpleRNN",
    "x_t of 1 by 5 times W of 5 by 3, h_(t-1) of 1 by 3 times U of 3 by 3, and b are three rows of 3 numbers. "
    "Their sum goes through tanh and is h_t, a row of 3.",
)
def simple_rnn_shapes() -> Drawing:
    d = Drawing()
    cell, gap, equals, space = 0.48, 0.5, 0.8, 1.1  # space: between one term and the next, and along the arrows
    matrices = N * cell + gap  # where they begin; the vectors end a gap before
    results = matrices + U * cell + equals
    below = -(N + U) / 2 * cell - space
    levels = [0.0, below, below - U / 2 * cell - space]
    for y, vector, matrix, rank, role in zip(
        levels, ("x_t", "h_{t-1}", "b"), ("W", "U", ""), (N, U, 0), ("input", "hidden", "ink")
    ):
        term = d.matrix(Point(results, y + cell / 2), 1, U, [role] * U, cell)
        d.value(
            term.right(),
            f"{vector} {matrix}".strip(),
            f"(1, {U})" if matrix else f"({U}{{,}})",
            "right",
            role=role,
            beside=True,
        )
        if matrix:
            row = d.matrix(Point(matrices - gap - rank * cell, y + cell / 2), 1, rank, [role] * rank, cell)
            weights = d.matrix(Point(matrices, y + rank * cell / 2), rank, U, [role] * U, cell)
            for grid, symbol, shape in ((row, vector, (1, rank)), (weights, matrix, (rank, U))):
                d.value(
                    Point(grid.x, grid.box.bottom - 0.4), symbol, f"({shape[0]}, {shape[1]})", role=role, beside=True
                )
            d.text(Point(results - equals / 2, y), "$=$", size=SYMBOL)
    for one, other in zip(levels, levels[1:]):
        d.text(Point(term.x, (one + other) / 2), "$+$", size=SYMBOL)
    # the sum
    line = term.box.bottom - 0.3
    d.wire(Point(term.box.left - gap, line), Point(term.box.right + gap, line), arrow=False)
    squash = d.activation(Point(term.x, line - space), role="hidden")
    state = d.matrix(Point(results, squash.box.bottom - space * 0.7), 1, U, ["hidden"] * U, cell)
    d.wire(Point(term.x, line), squash.top())
    d.wire(squash.bottom(), state.top(), role="hidden")
    d.value(state.right(), "h_t", f"(1, {U})", "right", beside=True)
    return d


def _blocks(parts: str, biases: str) -> Drawing:
    """Kernel, recurrent kernel and bias, one above the other, in blocks of U columns: one for each part."""
    d = Drawing()
    letters, heading, between = 0.4, 1.1, 1.2  # above a grid its letters and its heading, below it the next array
    count, cell, gap = len(parts), 0.55, 0.24
    width = U * cell + gap
    right, top = len(parts) * width - gap, 0.0
    bias = f"({count}u)" if len(biases) == 1 else f"({len(biases)}, {count}u)"
    arrays = [
        ("kernel", "W", N, f"(n, {count}u)", "n"),
        ("recurrent_kernel", "U", U, f"(u, {count}u)", "u"),
        ("bias", biases, len(biases), bias, ""),
    ]
    for name, symbols, rows, shape, measure in arrays:
        d.text(Point(0, top + heading), name, align="left")
        d.value(Point(right + 0.14, top + heading), ", ".join(symbols), shape, "left", beside=True)
        for number, part in enumerate(parts):
            role = "candidate" if part == "g" else "gate"
            grid = d.matrix(Point(number * width, top), rows, U, [role] * U, cell)
            for symbol, y in zip(symbols, (grid.box.top + letters, grid.box.bottom - letters)):
                d.value(Point(grid.x, y), f"{symbol}_{part}", role=role)
            if measure and not number:
                _rows(d, grid, f"${measure}$")
        top = grid.box.bottom - between - heading
    for number in range(count):
        begin, end = (f"{n}*u" if n > 1 else "u" * n for n in (number, number + 1))
        left, y = number * width, grid.box.bottom - AWAY - (0.6 if len(biases) > 1 else 0)
        d.bracket(Point(left + U * cell, y), Point(left, y), f"{begin}:{end if number < count - 1 else ''}")
    return d


@figure(
    "lstm-kernel-blocks",
    "The blocks of an LSTM's weights",
    "Kernel (n, 4u), recurrent kernel (u, 4u) and bias (4u) in four blocks of u columns: i, f, g, o from the left.",
)
def lstm_blocks() -> Drawing:
    return _blocks("ifgo", "b")


@figure(
    "gru-kernel-blocks",
    "The blocks of a GRU's weights",
    "Kernel (n, 3u), recurrent kernel (u, 3u) and bias (2, 3u) in three blocks of u columns: z, r, g from the left. "
    "The rows of the bias are b and d.",
)
def gru_blocks() -> Drawing:
    return _blocks("zrg", "bd")
