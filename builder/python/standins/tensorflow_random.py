"""TensorFlow's random numbers in NumPy: a seed gives the weights and the dropout here that it gives in the recorded outputs.

Needed because Keras on NumPy draws from NumPy's generator. Unnecessary for a book whose outputs are recorded on that backend.
This is TensorFlow's stateless generator (Philox 4x32-10, Salmon et al., 2011), for ``uniform``, ``normal`` and ``dropout``.
``tests/python/test_standins.py`` compares it with TensorFlow.
"""

import numpy as np

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
STEPS = (0x9E3779B9, 0xBB67AE85)
KEY_OF_SEEDS = (0x3EC8F720, 0x02461E29)  # with which TensorFlow makes key and counter from two seeds
WORD, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def philox(counter, key):
    """Ten rounds: four words of a counter and two of a key to four random words."""
    c = [np.atleast_1d(np.asarray(word, dtype=np.uint64)) for word in counter]
    k = [int(word) for word in key]
    for _ in range(10):
        p, q = c[0] * np.uint64(MULTIPLIERS[0]), c[2] * np.uint64(MULTIPLIERS[1])
        c = [(q >> WORD) ^ c[1] ^ np.uint64(k[0]), q & LOW, (p >> WORD) ^ c[3] ^ np.uint64(k[1]), p & LOW]
        k = [(word + step) & 0xFFFFFFFF for word, step in zip(k, STEPS)]
    return c


def words(seed, count):
    """``count`` random words, or up to three more."""
    first, second = (int(value) % (2**31 - 2) for value in np.asarray(seed).astype("int64"))
    mixed = [int(word[0]) for word in philox((first, 0, second, 0), KEY_OF_SEEDS)]
    blocks = np.arange((count + 3) // 4, dtype=np.uint64)
    counter = (blocks & LOW, blocks >> WORD, np.full_like(blocks, mixed[2]), np.full_like(blocks, mixed[3]))
    return np.stack(philox(counter, mixed[:2]), axis=1).reshape(-1)


def fractions(random_words):
    """Words to numbers from 0 up to 1: the lower 23 bits become those of a float32 between 1 and 2."""
    bits = (random_words.astype("uint32") & np.uint32(0x7FFFFF)) | np.uint32(127 << 23)
    return bits.view("float32") - np.float32(1)


def uniform(seed, shape, low=0.0, high=1.0):
    count = int(np.prod(shape, dtype=int))
    low, high = np.float32(low), np.float32(high)
    return fractions(words(seed, count)[:count]).reshape(shape) * (high - low) + low


def normal(seed, shape, mean=0.0, deviation=1.0):
    count = int(np.prod(shape, dtype=int))
    first, second = fractions(words(seed, count)).reshape(-1, 2).T
    radius = np.sqrt(np.float32(-2) * np.log(np.maximum(first, np.float32(1e-7))))  # Box and Muller
    angle = np.float32(2 * np.pi) * second
    drawn = np.stack([np.sin(angle) * radius, np.cos(angle) * radius], axis=1).reshape(-1)[:count].reshape(shape)
    return drawn * np.float32(deviation) + np.float32(mean)


def dropout(seed, values, rate, shape):
    """Values of which some are 0, and the others larger for it; ``shape`` is that of what is drawn."""
    kept = uniform(seed, shape) >= np.float32(rate)
    return np.where(kept, values * values.dtype.type(1 / (1 - rate)), values.dtype.type(0))


def install():
    from keras.src.backend.config import floatx
    from keras.src.backend.numpy import random
    from keras.src.random.seed_generator import draw_seed

    def keras_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
        return uniform(draw_seed(seed), shape, minval, maxval).astype(dtype or floatx())

    def keras_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        return normal(draw_seed(seed), shape, mean, stddev).astype(dtype or floatx())

    def keras_dropout(inputs, rate, noise_shape=None, seed=None):
        if rate in (0, 1):
            return np.zeros_like(inputs) if rate else inputs
        shape = [own if given is None else given for own, given in zip(inputs.shape, noise_shape or inputs.shape)]
        return dropout(draw_seed(seed), inputs, rate, shape)

    random.uniform, random.normal, random.dropout = keras_uniform, keras_normal, keras_dropout
