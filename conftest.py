"""Settings for every test, also for a plain `pytest --nbval book`."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

from builder.chapters.record import QUIET

os.environ.update(QUIET)  # kernels inherit it


class FileOrRun(LoadScopeScheduling):
    """Send the cells of a notebook and the tests of a file to one worker, but each run of test_runs.py by itself."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file.endswith("test_runs.py") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> FileOrRun:
    return FileOrRun(config, log)
