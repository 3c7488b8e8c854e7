"""Stand-in for ml_dtypes: NumPy's own ``finfo`` and ``iinfo``, without the number types of 8 and 4 bits.

Needed because Keras asks it for the limits of number types, and its wheel is compiled. Unnecessary once PyPI has a wheel of it
for WebAssembly.
"""

from numpy import finfo, iinfo  # noqa: F401
