"""A worker needs no file: what one has read, the next could find out by the time that it takes."""

import contextlib
import ctypes
import mmap
import os
import resource
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from fmnist.answer.proxy import Answer
from fmnist.exercises import catalog
from fmnist.grading.sandbox import zygotes
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import Zygote
from fmnist.inside import preload
from fmnist.inside.host import ALWAYS_ALLOWED

USED = ("ctypes", "mmap", "os", "select", "socket")
# Whatever names a file, and whatever the kernel numbers for all processes alike.
TRIES = """
import ctypes, mmap, os, select, socket

libc = ctypes.CDLL(None, use_errno=True)
place = os.fsencode(os.__file__)
space = ctypes.create_string_buffer(4096)

def call(name, *args):
    if getattr(libc, name)(*args) < 0:
        raise OSError(ctypes.get_errno(), name)

TRIES = {
    "open": lambda: open(os.__file__),
    "open a folder": lambda: os.open("/", os.O_RDONLY | os.O_DIRECTORY),
    "open a path": lambda: os.open(os.__file__, os.O_PATH),
    "open without flags": lambda: call("open", place, 0),
    "open for no wait": lambda: call("open", place, os.O_NONBLOCK),
    "open to append": lambda: call("open", place, os.O_APPEND),
    "openat": lambda: call("openat", -100, place, os.O_NOFOLLOW),
    "status": lambda: os.stat(os.__file__),
    "status of a link": lambda: os.lstat(os.__file__),
    "status of a descriptor": lambda: os.fstat(0),
    "access": lambda: call("access", place, 0),
    "link": lambda: os.readlink("/lib"),
    "list": lambda: os.listdir("/"),
    "scan": lambda: next(os.scandir("/")),
    "file system": lambda: os.statvfs("/"),
    "pipe": os.pipe,
    "pair of sockets": socket.socketpair,
    "poll": select.epoll,
    "event": lambda: os.eventfd(0),
    "anonymous file": lambda: os.memfd_create("x"),
    "processors": lambda: os.sched_setaffinity(0, os.sched_getaffinity(0)),
    "read ahead": lambda: call("readahead", 0, 0, 4096),
    "advise": lambda: os.posix_fadvise(0, 0, 0, os.POSIX_FADV_DONTNEED),
    "merge memory": lambda: mmap.mmap(-1, 4096, 34).madvise(12),
    "put memory out": lambda: mmap.mmap(-1, 4096, 34).madvise(21),
    "what is in memory": lambda: call("mincore", ctypes.c_void_p(id(space) & -4096), 4096, space),
}

def f():
    return [name for name, attempt in TRIES.items() if succeeds(attempt)]

def succeeds(attempt):
    try:
        attempt()
    except OSError:
        return False
    return True
"""


def ask(zygote: Zygote, source: str, *imports: str) -> object:
    """Return what the function `f` of a file returns in a worker."""
    session = WorkerSession(
        "f", textwrap.dedent(source), imports=imports, worker=Worker(lambda: zygote), seconds=60
    )
    with contextlib.closing(session):
        return Answer(session)()


@pytest.mark.parametrize("threads", [False, True], ids=["plain", "with threads"])
def test_no_call_reaches_a_file(level, threads):
    """Nor is anything made that is numbered; hidden inputs were handed on by either."""
    with contextlib.closing(Zygote.start(level, preload=USED, threads=threads)) as zygote:
        assert ask(zygote, TRIES, *USED) == []


def test_threads_of_tensorflow_get_their_random_numbers(level):
    """The one file that a worker may open; one without threads may open none."""
    source = """
    import ctypes
    def f():
        return ctypes.CDLL(None).open(b"/dev/urandom", 0) >= 0
    """
    for threads in (False, True):
        with contextlib.closing(Zygote.start(level, preload=USED, threads=threads)) as zygote:
            assert ask(zygote, source, *USED) == threads


def test_who_opens_a_file_is_told_that_there_is_none(level):
    """The sentence that a student knows, and no talk of what is not permitted."""
    source = """
    def f():
        told = []
        for mode in ("r", "w"):
            try:
                open("data.csv", mode)
            except OSError as error:
                told.append(type(error).__name__)
        return told
    """
    with contextlib.closing(Zygote.start(level, preload=zygotes.PLAIN)) as zygote:
        assert ask(zygote, source) == ["FileNotFoundError", "PermissionError"]


# What Python, NumPy, TensorFlow and Keras import only when a function wants it.
PLAIN = """
import collections, dataclasses, enum, fractions, functools, random, statistics, string, typing
import numpy as np
import numpy.linalg, numpy.fft, numpy.ma, numpy.polynomial, numpy.random, numpy.testing
from numpy.lib import stride_tricks

@dataclasses.dataclass(frozen=True, order=True)
class Point:
    größe: int = 0

@functools.singledispatch
def shown(value):
    return str(value)

def f():
    np.testing.assert_allclose(np.ones(3), 1)
    np.testing.assert_array_equal(np.ma.masked_array([1, 2], [0, 1]).filled(0), [1, 0])
    rng = np.random.default_rng(np.random.SeedSequence(1))
    rng.choice(5, p=[0.2] * 5), rng.dirichlet([1, 2]), np.random.RandomState(1).rand()
    for bits in ("MT19937", "PCG64DXSM", "Philox", "SFC64"):
        np.random.Generator(getattr(np.random, bits)(1)).normal(size=3)
    texts = [np.array2string(np.arange(2000) / 7), repr(np.ones((2, 2), "complex64")),
             repr(np.array(["2026-01-01"], "datetime64[D]")), str(np.float32(0.1)),
             np.datetime_as_string(np.datetime64("2026-01-01T00:00"), timezone="UTC")]
    np.zeros(3, [("a", "f4"), ("b", "U3")])["b"] = "x"
    np.einsum("ij,jk,kl->il", *[np.ones((2, 2))] * 3, optimize=True)
    np.polynomial.Polynomial.fit([0, 1, 2], [1, 2, 3], 1)(0.5)
    np.linalg.lstsq(np.ones((3, 2)), np.ones(3), rcond=None), np.unique([1, 1], return_counts=True)
    np.histogram([1, 2, 3], bins="auto"), np.percentile([1, 2], 50), np.fft.rfft(np.ones(4))
    np.apply_along_axis(sum, 0, np.ones((2, 2))), np.vectorize(float, otypes=[float])([1])
    np.block([[np.ones(1)]]), np.pad(np.ones(2), 1, mode="reflect"), np.cov(np.ones((2, 3)))
    np.errstate(all="ignore").__enter__()
    np.ones(1) / 0, np.nanmean([np.nan]), np.matrix([[1]]), np.genfromtxt(["1 2"])
    statistics.NormalDist(0, 1).inv_cdf(0.9), statistics.fmean([1]), fractions.Fraction("1/3")
    flags = enum.Flag("A", "x y")
    flags.x | flags.y
    for code in ("latin-1", "utf-16", "cp1252", "idna", "punycode", "shift_jis", "rot13"):
        "".encode(code) if code != "rot13" else __import__("string")
    typing.get_type_hints(Point), shown(Point()), string.Template("$x").substitute(x=1)
    random.Random(1).sample(range(10), 2), collections.Counter("aab").most_common()
    return [*texts, "\\N{DEGREE SIGN}", f"{1e6:n}"][-2]
"""
KERAS = """
import keras
import numpy as np
import tensorflow as tf

@keras.saving.register_keras_serializable()
class Twice(keras.layers.Layer):
    def call(self, x):
        return x * 2

@tf.function
def stepped(x):
    return tf.reduce_sum(tf.where(x > 0, x, 0.0))

def f():
    keras.utils.set_random_seed(1)
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.RandomFlip()(inputs)
    x = keras.layers.RandomTranslation(0.1, 0.1)(x)
    for layer in (keras.layers.SeparableConv2D(4, 3), keras.layers.Conv2D(4, 3, padding="same"),
                  keras.layers.BatchNormalization(), keras.layers.LayerNormalization(),
                  keras.layers.Activation("gelu"), keras.layers.MaxPooling2D(), Twice(),
                  keras.layers.Dropout(0.2), keras.layers.GlobalAveragePooling2D(),
                  keras.layers.Dense(3, kernel_regularizer="l2", activation="softmax")):
        x = layer(x)
    model = keras.Model(inputs, x)
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10, warmup_steps=2, warmup_target=0.2)
    images, labels = np.zeros((16, 8, 8, 1), "float32"), np.zeros(16, "int32")
    data = tf.data.Dataset.from_tensor_slices((images, labels))
    data = data.shuffle(16, seed=1).repeat(2).map(lambda a, b: (tf.image.flip_left_right(a), b))
    data = data.batch(4, drop_remainder=True).prefetch(1)
    for optimiser in ("sgd", "adam", keras.optimizers.AdamW(schedule), "rmsprop", "lion"):
        model.compile(optimizer=optimiser, loss=keras.losses.SparseCategoricalCrossentropy(),
                      metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)])
        model.fit(data.take(2), verbose=0, callbacks=[
            keras.callbacks.EarlyStopping(monitor="loss", restore_best_weights=True),
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9)
            if isinstance(optimiser, str) else keras.callbacks.TerminateOnNaN()])
    model.evaluate(images, labels, verbose=0), model.predict(images, verbose=0)
    keras.models.clone_model(model), keras.Model.from_config(model.get_config())
    lines = []
    model.summary(print_fn=lambda line, **_: lines.append(line))
    for data in (tf.data.Dataset.range(9).window(3).flat_map(lambda w: w.batch(3)),
                 tf.data.Dataset.zip((tf.data.Dataset.range(3), tf.data.Dataset.range(3))),
                 tf.data.Dataset.range(3).concatenate(tf.data.Dataset.range(2)).cache(),
                 tf.data.Dataset.from_generator(lambda: iter([1, 2]), output_types=tf.int32),
                 tf.data.Dataset.range(4).interleave(lambda i: tf.data.Dataset.range(i)),
                 tf.data.Dataset.range(9).filter(lambda i: i > 2).enumerate().skip(1)):
        list(data)
    with tf.GradientTape() as tape:
        weights = tf.Variable([1.0, 2.0])
        loss = tf.reduce_sum(tf.nn.relu(weights) ** 2) + stepped(weights)
    tape.gradient(loss, weights)
    tf.keras.utils.to_categorical([1, 2]), keras.utils.to_categorical([0, 1])
    tf.random.stateless_uniform([2], [1, 2]), tf.einsum("ij,jk->ik", tf.eye(2), tf.eye(2))
    tf.map_fn(lambda v: v + 1, tf.range(3)), tf.ragged.constant([[1], [2, 3]]), str(weights)
    return "".join(lines).count("\\n") > 3
"""


def test_what_numpy_wants_later_is_there(level):
    """Answers use the whole of it, and of the standard library that they may import."""
    with contextlib.closing(Zygote.start(level, preload=zygotes.PLAIN)) as zygote:
        assert ask(zygote, PLAIN, "numpy") == "°"


def test_what_keras_wants_later_is_there(level):
    """Layers, losses, optimisers, callbacks, pipelines and functions that are traced."""
    with contextlib.closing(Zygote.start(level, preload=zygotes.KERAS)) as zygote:
        assert ask(zygote, KERAS, "numpy", "keras", "tensorflow") is True


def test_every_module_that_an_exercise_allows_is_imported_wholly():
    """A package that a new exercise allows needs to say what it imports later."""
    allowed = {name for exercise in catalog.load() for name in exercise.imports}
    assert allowed - ALWAYS_ALLOWED == set(preload.PARTS)


def test_no_page_of_a_library_is_left_to_the_first_who_uses_it(tmp_path):
    """All of it is in memory then, as the kernel tells of each page."""
    beside = Path(np.__file__).parents[1] / "numpy.libs"
    largest = max(beside.rglob("*.so*"), key=lambda path: path.stat().st_size)
    copied = tmp_path / largest.name
    shutil.copyfile(largest, copied)
    program = f"""
    import ctypes
    from fmnist.inside import mapped_files
    ctypes.CDLL({str(copied)!r})
    print(mapped_files.read_in())
    """
    _evict(copied)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=os.environ | {"LD_LIBRARY_PATH": str(beside)},
        stdout=subprocess.PIPE,
        check=True,
    )
    if int(done.stdout) == 0:
        pytest.skip("this kernel cannot read in what is mapped")
    inside, pages = _pages_in_memory(copied)
    assert inside > 0.99 * pages  # but for what no segment holds


def _evict(path: Path) -> None:
    """Have the kernel forget a file."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _pages_in_memory(path: Path) -> tuple[int, int]:
    """Return how many pages of a file the kernel has in memory, and how many there are."""
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        pages = -(-len(mapped) // resource.getpagesize())
        told = ctypes.create_string_buffer(pages)
        start = ctypes.c_char.from_buffer(mapped)
        size = ctypes.c_size_t(len(mapped))
        assert ctypes.CDLL(None).mincore(ctypes.byref(start), size, told) == 0
        del start
        return sum(one & 1 for one in told.raw), pages
