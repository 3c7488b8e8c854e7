"""A pytest plug-in for support.nbval: writes failed and passed cells of each notebook as JSON."""

import json
import os
from collections import defaultdict

counts = defaultdict(lambda: {"failed": 0, "passed": 0})


def pytest_runtest_logreport(report):
    if report.when == "call" or report.failed:
        name = report.nodeid.partition("::")[0].rsplit("/", 1)[-1]
        counts[name]["failed" if report.failed else "passed"] += 1


def pytest_sessionfinish():
    with open(os.environ["NBVAL_REPORT"], "w") as file:
        json.dump(counts, file)
