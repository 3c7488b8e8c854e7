"""Each layer of figures/ uses only those before it, so that one can be read and changed without those that follow."""

import ast

from support import ROOT

FOLDER = ROOT / "figures"
LAYERS = ["errors", "colours", "canvas", "typesetting", "vocabulary", "catalogue"]


def uses(module: str) -> set[str]:
    """The modules of figures/ that a module imports, also inside a function."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    return {node.module or alias.name for node in froms for alias in node.names}


def test_a_layer_uses_only_those_before_it():
    for number, layer in enumerate(LAYERS):
        assert uses(layer) <= set(LAYERS[:number]), layer


def test_a_module_of_figures_uses_no_other_one():
    sentences = {path.stem for path in FOLDER.glob("*.py")} - {*LAYERS, "__init__", "__main__"}
    assert sentences >= {"cells", "arrays", "sequences", "models", "book_map"}
    for module in sentences:
        assert uses(module) <= set(LAYERS), module
