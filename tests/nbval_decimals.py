"""A pytest plug-in for `make test`: nbval compares decimals too, with a tolerance (see builder/quality/comparison.py)."""

import nbformat
from nbval.plugin import IPyNbCell

from builder.quality.comparison import EXEMPT, other_decimals

compare_masked = IPyNbCell.compare_outputs


def compare_outputs(cell, test, ref, skip_compare=None):
    if not compare_masked(cell, test, ref, skip_compare):
        return False
    if EXEMPT & set(cell.cell.metadata.get("tags", [])):
        return True
    recorded, new = ([nbformat.from_dict(output) for output in outputs] for outputs in (ref, test))
    cell.comparison_traceback = list(other_decimals(recorded, new))
    return not cell.comparison_traceback


def pytest_configure():
    IPyNbCell.compare_outputs = compare_outputs
