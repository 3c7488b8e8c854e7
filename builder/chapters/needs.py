"""Which cells of a chapter a cell needs, and which need it, by the names they use.

Names tell nearly all: what a cell binds, reads, and changes in place (``layer.set_weights(w)``, ``x[0] = 1``, and ``layer(x)``,
which gives a layer its weights). Whoever leaves out cells by them looks whether the rest still does what is recorded.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

BUILTINS = frozenset(dir(builtins))
SEED = "set_random_seed"  # stands for the state of the random numbers, which has no name


@dataclass(frozen=True)
class Names:
    """The names of a cell.

    Attributes:
        binds: what it assigns, imports or defines.
        reads: what it reads that it has not bound before.
        changes: whose value it changes in place, of what it has not bound before.
        later: what a function that it defines reads when it is called, and changes in place, by the name of the function.
        fixed: the modules and functions among what it binds, whose calls change nothing in them.
    """

    binds: frozenset[str]
    reads: frozenset[str]
    changes: frozenset[str]
    later: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    fixed: frozenset[str]


@cache
def names(source: str) -> Names:
    """The names of the code of a cell."""
    binds, reads, changes, fixed, later = set(), set(), set(), set(), {}
    for statement in one_by_one(ast.parse(source).body):
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        symbols = table.get_symbols()
        bound = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
        fixed |= {symbol.get_name() for symbol in symbols if symbol.is_imported() or symbol.is_namespace()}
        read = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
        if isinstance(statement, ast.AugAssign):
            read.add(root(statement.target))  # x += 1
        changed = {name for node in ast.walk(statement) for name in changed_by(node)}
        for child in table.get_children():
            inside = free(child)
            if child.get_name() in bound:
                later[child.get_name()] = frozenset(inside - BUILTINS), frozenset(changed & inside - BUILTINS)
                changed = set()  # until it is called
            else:
                read |= inside
        for name in read & later.keys():  # a function of this cell
            read, changed = read | later[name][0], changed | later[name][1]
        reads |= read - binds
        changes |= changed - binds
        binds |= bound
    if SEED in source:
        binds.add(SEED)
    return Names(
        frozenset(binds),
        frozenset(reads - BUILTINS),
        frozenset(changes - BUILTINS),
        tuple((name, *uses) for name, uses in later.items()),
        frozenset(fixed),
    )


def one_by_one(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a cell as they run, those within a loop or a condition behind what its head binds and reads."""
    for statement in body:
        if not isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.Try)):
            yield statement
            continue
        if isinstance(statement, ast.For):
            yield bind(statement.target, statement.iter)
        elif isinstance(statement, ast.With):
            yield from (bind(item.optional_vars, item.context_expr) for item in statement.items)
        elif isinstance(statement, (ast.While, ast.If)):
            yield ast.Expr(statement.test)
        yield from one_by_one(statement.body)
        for handler in getattr(statement, "handlers", ()):
            if handler.name:
                yield bind(ast.Name(handler.name, ast.Store()), handler.type)
            yield from one_by_one(handler.body)
        yield from one_by_one([*getattr(statement, "orelse", ()), *getattr(statement, "finalbody", ())])


def bind(target: ast.expr | None, value: ast.expr) -> ast.stmt:
    """The statement that gives a value to a target, if there is one."""
    return ast.Assign([target], value, lineno=0) if target else ast.Expr(value)


def free(table: symtable.SymbolTable) -> set[str]:
    """The names of the cell that a function reads, and what it has in it."""
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    for child in table.get_children():
        found |= free(child)
    return found


def changed_by(node: ast.AST) -> Iterable[str]:
    """The names whose values a node changes in place, or may."""
    if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield root(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        if isinstance(node.value.func, ast.Attribute):
            yield root(node.value.func)
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id.islower():
            yield node.func.id
        elif isinstance(node.func, ast.Attribute) and node.func.attr in ("fit", "build", "append"):
            yield root(node.func)


def root(node: ast.AST) -> str:
    """The name at the start of ``name.a[0].b``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


class Uses:
    """What each cell of a chapter reads and changes, by itself and by the functions of the chapter that it reads."""

    def __init__(self, cells: Sequence[str]):
        self.cells = [names(source) for source in cells]
        self.reads_of: dict[str, frozenset[str]] = {}
        self.changes_of: dict[str, frozenset[str]] = {}
        for cell in self.cells:
            for name, reads, changes in cell.later:
                self.reads_of[name], self.changes_of[name] = reads, changes
        self.fixed = frozenset().union(*(cell.fixed for cell in self.cells))

    def reached(self, found: Iterable[str]) -> set[str]:
        """Names, and those that they read when they are called."""
        reached, waiting = set(), list(found)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self.reads_of.get(name, ())
        return reached

    def changes(self, number: int) -> set[str]:
        """What the cell of a number changes in place."""
        cell = self.cells[number]
        by_functions = (self.changes_of.get(name, frozenset()) for name in self.reached(cell.reads))
        return cell.changes.union(*by_functions) - self.fixed


def needed(cells: Sequence[str], targets: Iterable[int]) -> list[int]:
    """The numbers of the cells that some cells need in order to run, and theirs, in order."""
    uses = Uses(cells)
    targets, wanted, found = set(targets), set(), []
    for number in range(max(targets, default=-1), -1, -1):
        here = uses.cells[number]
        if number in targets or (here.binds | uses.changes(number)) & wanted:
            found.append(number)
            wanted -= here.binds
            wanted |= uses.reached(here.reads)
    return found[::-1]


def dependent(cells: Sequence[str], number: int) -> list[int]:
    """The numbers of the cells behind a cell that something reaches which it binds or changes."""
    uses = Uses(cells)
    reached, found = set(uses.cells[number].binds | uses.changes(number)), []
    for place in range(number + 1, len(cells)):
        here = uses.cells[place]
        if uses.reached(here.reads) & reached:
            found.append(place)
            reached |= here.binds | uses.changes(place)
        else:
            reached -= here.binds
    return found
