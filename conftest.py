"""Settings for every test, also for a plain `pytest --nbval book`."""

import os
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from builder.site import fast_start

fast_start.skip_packages()  # before nbformat looks for them, in each worker

from builder.chapters.record import QUIET

os.environ.update(QUIET)  # kernels inherit it
# The workers share the cores already; with threads of its own TensorFlow takes a quarter more time of them for these sizes.
os.environ.update({"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"})

# Within a git hook these name this repository, and git would take those that the tests make for it.
for name in (
    "DIR",
    "COMMON_DIR",
    "WORK_TREE",
    "INDEX_FILE",
    "OBJECT_DIRECTORY",
    "ALTERNATE_OBJECT_DIRECTORIES",
    "PREFIX",
):
    os.environ.pop(f"GIT_{name}", None)


class FileOrRun(LoadScopeScheduling):
    """Send the cells of a notebook and the tests of a file to one worker, but each run of test_runs.py by itself.

    What only reads the editions there shares the worker that wrote them. Those of the live figures go to one worker
    together, so that only this one loads Keras for them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith("tests/live/"):
            return "tests/live"
        runs = file.endswith("test_runs.py") and "::test_all_editions" not in nodeid
        return nodeid if runs else file


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores, for a worker often waits for a browser or a kernel; with two more they hinder each other.

    In `make check` none waits long.
    """
    return (os.cpu_count() or 1) + (not config.getoption("--check"))


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> FileOrRun:
    return FileOrRun(config, log)


# What `make check` leaves to `make test`: it needs TensorFlow, a browser or PDF readers, or starts programs and kernels.
BEYOND_CHECK = ("book", "browser", "live", "pdf", "publish", "python", "quality", "theme", "chapters/test_fuzz.py", "chapters/test_record.py",
                "site/test_build.py", "site/test_fast_start.py", "site/test_root_pages.py", "site/test_serve.py", "test_packages.py")  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--check", action="store_true", help="leave out what `make check` leaves to `make test`")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    tests = config.rootpath / "tests"
    if config.getoption("--check") and any(collection_path == tests / place for place in BEYOND_CHECK):
        return True
    return None
