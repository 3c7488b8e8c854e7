"""python -m builder: each command has its help, and a wrong call is one sentence."""

from __future__ import annotations

import argparse
import errno
import os
import re
import subprocess
import sys

import pytest

from builder.__main__ import COMMANDS, run
from support import ROOT, run_apart, run_builder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    done = run_builder(ROOT, command, "--help")
    assert done.returncode == 0
    assert "--root" in done.stdout and COMMANDS[command].action.__doc__.partition(":")[0][:40] in " ".join(
        done.stdout.split()
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sight"], "invalid choice: 'sight'"),
        (["site", "--fast"], "Unrecognized arguments: --fast"),
        (["serve", "many"], "'many' is not a port. Name a number from 1024 to 65535"),
        (["serve", "70000"], "'70000' is not a port"),
        (["audit", "--runs", "many"], "'many' is not 0 at least"),
        (["matrix", "oldest"], "invalid choice: 'oldest'"),
    ],
)
def test_a_wrong_call_is_one_sentence(arguments, words):
    done = run_builder(ROOT, *arguments)
    assert done.returncode != 0 and words in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.parametrize("command", ["site", "serve", "rules", "standins", "record", "audit"])
def test_without_its_packages_a_command_says_how_to_get_them(command):
    """As when somebody calls it with the Python of the machine; -S hides the packages of this one."""
    call = [sys.executable, "-S", "-m", "builder", command]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("This Python has no package "), done.stderr
    assert f"-m builder {command}\n" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOENT, "'git restore' with its name brings it back"),
        (errno.ENOSPC, "Make room"),
        (errno.EISDIR, "move it away"),
        (errno.ENAMETOOLONG, "shorter name"),
        (errno.EPIPE, "Mend what it names"),  # that of another program, not what this one prints
    ],
)
def test_what_the_system_refuses_has_its_own_remedy(capsys, number, remedy):
    def refused(options):
        raise OSError(number, os.strerror(number), "theme/a.css")

    assert run(COMMANDS["site"], refused, argparse.Namespace()) == 1
    said = capsys.readouterr().err
    assert "theme/a.css" in said and remedy in said and said.endswith("The site was not replaced.\n")
    assert ("Make room" in said) == (number == errno.ENOSPC)


def test_who_reads_no_further_ends_a_command_in_silence():
    """As head -1 does."""
    reading, writing = os.pipe()
    os.close(reading)
    done = run_apart(ROOT, "rules", capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert done.returncode == 141 and done.stderr == ""


def test_no_command_and_no_folder(tmp_path):
    done = run_builder(tmp_path / "nowhere", "site")
    assert done.returncode == 2 and f"there is no folder '{tmp_path / 'nowhere'}'" in done.stderr
    done = run_builder(tmp_path, "site")
    assert (
        done.returncode == 1 and done.stderr.startswith("_config.yml: cannot be read") and "not replaced" in done.stderr
    )


def test_the_rules_are_printed():
    done = run_apart(ROOT, "rules", env={"PYTHONIOENCODING": "ascii"})  # a terminal without Hangul
    assert done.returncode == 0 and len(re.findall(r"^  [a-z-]+: .*\.$", done.stdout, re.M)) > 25


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.ko.md"])
def test_contributing_holds_the_rules(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.search(r"<!-- make rules -->\n(.*?)\n<!-- end of make rules -->", text, re.S)
    expected = run_apart(ROOT, "rules", "--markdown").stdout.strip()
    assert found and found[1] == expected, "Put what 'python -m builder rules --markdown' prints between the two marks."


def test_make_prints_its_commands():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    assert targets == set(re.findall(r"^([a-z]+):.*## \w", makefile, re.M)), "each has a word of help behind ##"
    assert set(re.search(r"^\.PHONY: (.*)", makefile, re.M)[1].split()) == targets


def shown_by_make(words: str, *variables: str, **environment: str) -> str:
    """What a recipe of the Makefile would see."""
    command = ["make", "-s", "--no-print-directory", "-f", "Makefile", "-f", "-", "show", *variables]
    rule, around = f'show: ; @echo "{words}"\n', {**os.environ, **environment}
    done = subprocess.run(command, input=rule, cwd=ROOT, capture_output=True, text=True, env=around)
    assert not done.stderr
    return done.stdout


def test_make_takes_no_packages_from_elsewhere():
    """A yaml.py on somebody's PYTHONPATH is none of the book's."""
    assert shown_by_make("<$$PYTHONPATH>", PYTHONPATH="/mine") == "<>\n"


def test_make_asks_nothing_of_those_that_it_starts():
    """`make benchmark ARGS=house` times `make check`, whose ARGS are other words."""
    shown = shown_by_make("$(ARGS): <$$ARGS> <$$MAKEFLAGS>", "ARGS=house")
    assert shown.startswith("house: <> <") and shown.count("house") == 1
