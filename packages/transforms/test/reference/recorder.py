"""Runs the reference implementation's pair generator and records every random factor it draws.

Imported by fixtures.py, statistics_of_pairs.py and tools/bench/transforms_reference.py.
"""
import importlib.util
import random

import numpy as np


def load(path):
    """The reference module (pytorch/utils.py of the Models Genesis repository)."""
    spec = importlib.util.spec_from_file_location("reference_utils", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Config:
    """The reference's default rates (pytorch/config.py)."""

    flip_rate = 0.4
    local_rate = 0.5
    nonlinear_rate = 0.9
    paint_rate = 0.9
    inpaint_rate = 0.2
    save_samples = None


class Recorder:
    """Stands in for the modules `random` and `numpy` of the reference, and keeps what they return."""

    def __init__(self, seed):
        self.python = random.Random(seed)
        self.numpy = np.random.RandomState(seed)
        self.events = []

    def install(self, module):
        recorder = self

        class Random:
            @staticmethod
            def random():
                return recorder.note("random", recorder.python.random())

            @staticmethod
            def randint(low, high):
                return recorder.note("randint", recorder.python.randint(low, high))

            @staticmethod
            def choice(values):
                return recorder.note("choice", recorder.python.choice(values))

            @staticmethod
            def shuffle(values):
                # The order of the crops in a batch: kept as it is.
                return None

        class NumpyRandom:
            @staticmethod
            def rand(*shape):
                return recorder.note("rand", recorder.numpy.rand(*shape))

            @staticmethod
            def shuffle(values):
                order = np.arange(len(values))
                recorder.numpy.shuffle(order)
                values[:] = values[order]
                recorder.note("shuffle", order)

        class Numpy:
            random = NumpyRandom

            def __getattr__(self, name):
                return getattr(np, name)

        module.random = Random
        module.np = Numpy()

    def note(self, kind, value):
        self.events.append((kind, value))
        return value


class Reader:
    """Reads recorded events back in order."""

    def __init__(self, events):
        self.events = events
        self.at = 0

    def take(self, kind):
        found, value = self.events[self.at]
        assert found == kind, f"expected {kind}, found {found}"
        self.at += 1
        return value

    def ints(self, n):
        return [self.take("randint") for _ in range(n)]


def read_flip(reader, rate):
    # The reference asks for a random number before it looks at the number of flips.
    axes = []
    count = 3
    while reader.take("random") < rate and count > 0:
        axes.append(reader.take("choice"))
        count -= 1
    return axes


def read_shuffling(reader, rate):
    if reader.take("random") >= rate:
        return None
    windows, orders = [], []
    for _ in range(10000):
        size = reader.ints(3)
        start = reader.ints(3)
        windows.append(start + size)
        orders.append(reader.take("shuffle"))
    return np.array(windows, np.int32), orders


def read_curve(reader, rate):
    if reader.take("random") >= rate:
        return None
    points = [reader.take("random") for _ in range(4)]
    return points, not reader.take("random") < 0.5


def read_inside(reader):
    boxes = []
    while len(boxes) < 5 and reader.take("random") < 0.95:
        size = reader.ints(3)
        start = reader.ints(3)
        boxes.append((start, size, reader.take("rand")))
    return boxes


def read_outside(reader, shape):
    noise = reader.take("rand")

    def box():
        size = [n - left for n, left in zip(shape, reader.ints(3))]
        return reader.ints(3), size

    boxes = [box()]
    while len(boxes) < 5 and reader.take("random") < 0.95:
        boxes.append(box())
    return boxes, noise


def read_pair(events, shape, config=Config):
    """The factors of one pair, from what was recorded."""
    reader = Reader(events)
    factors = {
        "flip": read_flip(reader, config.flip_rate),
        "shuffling": read_shuffling(reader, config.local_rate),
        "curve": read_curve(reader, config.nonlinear_rate),
        "inside": [],
        "outside": None,
    }
    if reader.take("random") < config.paint_rate:
        if reader.take("random") < config.inpaint_rate:
            factors["inside"] = read_inside(reader)
        else:
            factors["outside"] = read_outside(reader, shape)
    assert reader.at == len(events)
    return factors
