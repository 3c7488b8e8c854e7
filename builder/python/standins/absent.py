"""Stand-in for modules that this Python does not have: they can be imported, and say so when something of them is used.

Needed because Keras's backend for NumPy imports jax and scipy for operations that no recurrent layer uses, and because chapters
import tensorflow and matplotlib beside what they compute. Unnecessary for a module once the bundle holds it. Keras itself asks
whether tensorflow can be imported; it is told that it cannot, and does without.
"""

import importlib.abc
import importlib.machinery
import sys
import types

MODULES = ("jax", "scipy", "keras.src.backend.jax")
QUIET = ("matplotlib",)  # draws nothing, and lets a cell go on that also computes


class NotInThisPage(NotImplementedError):
    """Something was used that this Python does not have."""


class Absent:
    """Something of a module that is not there."""

    def __init__(self, name):
        self.__name__ = self.__qualname__ = name
        self.__module__ = name.rpartition(".")[0]

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")

    def __call__(self, *arguments, **options):
        raise NotInThisPage(f"{self.__name__} is not available in this page")

    def __mro_entries__(self, bases):
        raise NotInThisPage(f"{self.__name__} is not available in this page")

    def __enter__(self):
        self()

    def __exit__(self, *error):
        pass


class Drawing:
    """Takes every order to draw, and draws nothing. A page asks ``asked`` whether a cell wanted to draw."""

    asked = False

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments, **options):
        Drawing.asked = True
        return self

    def __iter__(self):
        return iter((Drawing(), Drawing()))  # figure, axes = plt.subplots()

    def __getitem__(self, place):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] in QUIET:
            return Drawing()
        return Absent(f"{self.__name__}.{name}")


class TensorFlow(Module):
    @property
    def keras(self):
        return importlib.import_module("keras._tf_keras.keras")  # as in the true one


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules that are not there."""

    answered = set()  # which were asked for

    def find_spec(self, name, path=None, target=None):
        if any(name == module or name.startswith(f"{module}.") for module in MODULES + QUIET):
            self.answered.add(name)
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        module.__path__ = []


def install():
    sys.meta_path.insert(0, Finder())


def install_tensorflow():
    """Let cells import tensorflow: they go on up to the line that uses it, and what they make above it is there."""
    from keras.src.utils import module_utils

    assert not module_utils.tensorflow.available  # Keras asks once, and remembers the answer
    sys.modules["tensorflow"] = TensorFlow("tensorflow")
