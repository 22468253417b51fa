"""Models behind a handle: what a check may ask, and what a clean host will not build."""

import json

import numpy as np
import pytest

from fmnist.answer import faults
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, ModelHandle, load
from fmnist.inside import codec, keras_models

DENSE = """
import keras
def f(compiled=True):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    if compiled:
        model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse", metrics=["mae"])
    return model
"""


def handle(source: str, **arguments) -> ModelHandle:
    """Return the handle that the function of a source gives."""
    session = DirectSession("f")
    load(session, source, filename="f.py", imports=("keras",))
    return Answer(session)(**arguments)


def test_facts_are_those_of_the_model():
    """Shapes, counts, layers, loss and optimiser."""
    facts = handle(DENSE).facts()
    assert facts["input_shape"] == [None, 4]
    assert facts["output_shape"] == [None, 3]
    assert facts["parameters"] == facts["trainable_parameters"] == 4 * 3 + 3
    assert [layer["class"] for layer in facts["layers"]] == ["Dense"]
    assert facts["loss"]["name"] == "mse"
    assert facts["optimizer"]["name"] == "SGD"
    assert facts["optimizer"]["config"]["learning_rate"] == 0.5


def test_a_model_that_is_not_compiled_has_no_loss():
    """Facts say None, and do not fail."""
    facts = handle(DENSE, compiled=False).facts()
    assert facts["loss"] is facts["optimizer"] is None


def test_behaviour_is_asked_with_plain_data():
    """Predict, fit and evaluate take arrays and give arrays and numbers."""
    model = handle(DENSE)
    inputs = np.eye(4, dtype=np.float32)
    targets = np.ones((4, 3), np.float32)
    assert model.predict(inputs).shape == (4, 3)
    before = model.evaluate(inputs, targets)
    history = model.fit(inputs, targets, epochs=20, batch_size=4)
    assert set(before) == {"loss", "mae"}
    assert len(history["loss"]) == 20
    assert model.evaluate(inputs, targets)["loss"] < before["loss"]


@pytest.mark.parametrize(
    "activation",
    ["keras.activations.relu", "keras.ops.relu", "keras.ops.log_sigmoid", "keras.layers.ReLU()"],
)
def test_an_activation_may_be_a_function_of_keras(activation):
    """It comes back as the one that it was."""
    model = handle(
        "import keras\ndef f():\n    return keras.Sequential([keras.Input((4,)), "
        f"keras.layers.Dense(3, activation={activation}, kernel_initializer='ones')])"
    )
    name = activation.rpartition(".")[2].removesuffix("()").lower()
    expected = {"relu": 0.0, "log_sigmoid": -4.0181}[name]
    assert model.predict(-np.ones((1, 4), np.float32)) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        pytest.param("keras.layers.Lambda(lambda x: x)", "contains Lambda", id="code"),
        pytest.param("Own()", "contains Own", id="a layer of the student's"),
    ],
)
def test_a_layer_that_is_not_on_the_list_is_named(layer, message):
    """The clean host builds nothing that could carry code."""
    source = (
        "import keras\nclass Own(keras.layers.Layer):\n    def call(self, x): return x\n"
        f"def f(): return keras.Sequential([keras.Input((4,)), {layer}])"
    )
    with pytest.raises(faults.Unusable, match=message):
        handle(source).facts()


def test_a_subclassed_model_is_asked_to_be_built_otherwise():
    """The sentence says how."""
    source = "import keras\nclass Own(keras.Model):\n    pass\ndef f(): return Own()"
    with pytest.raises(faults.Unusable, match=r"keras[.]Sequential or keras[.]Model"):
        handle(source).facts()


def config(**changes) -> dict:
    """Return an export of a small model with something else in its configuration."""
    import keras

    exported = keras_models.export(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]))
    tree = json.loads(exported["config"])
    tree["config"]["layers"][1] |= changes
    return exported | {"config": json.dumps(tree)}


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        pytest.param(lambda: config(class_name="Lambda"), "contains Lambda", id="class"),
        pytest.param(lambda: config(module="os"), "contains Dense", id="module"),
        *(
            pytest.param(
                lambda part={"module": module, "class_name": name, "config": {}}: config(
                    config={"units": 3, "activation": part}
                ),
                f"contains {name}",
                id=f"{module}.{name}",
            )
            for module, name in (
                *(("keras.losses", "get"), ("keras.losses", "deserialize")),
                *(("keras.optimizers", "get"), ("keras.metrics", "serialize")),
                *(("keras.initializers", "Dense"), ("keras.regularizers", "RegularizerL3")),
                *(("keras.saving", "Sequential"), ("keras.optimizers", "LossScaleOptimizer")),
            )
        ),
        *(
            pytest.param(
                lambda part={"module": module, "class_name": kind, "config": "x"}: config(
                    config={"units": 3, "activation": part}
                ),
                "activation is a function; give the name of one of Keras's",
                id=kind,
            )
            for module, kind in (("builtins", "function"), (None, "__lambda__"))
        ),
        pytest.param(
            lambda: config(config={"units": 3, "activation": {"value": ["4w==", None, None]}}),
            "activation is a function",
            id="code",
        ),
        pytest.param(
            lambda: config() | {"weights": [codec.Handle("model", 0)]}, "not arrays", id="handle"
        ),
        pytest.param(lambda: config() | {"weights": None}, "cannot be examined", id="no weights"),
        pytest.param(lambda: config(registered_name="x>Dense"), "contains Dense", id="registered"),
        pytest.param(lambda: config() | {"config": "{"}, "cannot be examined", id="not JSON"),
        pytest.param(lambda: config() | {"config": 3}, "sensible length", id="not text"),
        pytest.param(lambda: config() | {"config": "[]"}, "keras.Sequential or", id="no model"),
        pytest.param(dict, "cannot be examined", id="nothing"),
        pytest.param(
            lambda: config() | {"weights": [np.zeros(1)]}, "cannot be rebuilt", id="weights"
        ),
    ],
)
def test_a_forged_export_is_refused(forge, message):
    """Whatever a worker sends instead of a model is refused, and nothing of it runs."""
    with pytest.raises(keras_models.NotRebuilt, match=message):
        keras_models.rebuild(forge())


def test_every_part_on_the_list_is_there():
    """Each name is a class of its module, so that no honest model is refused for a slip of ours."""
    import importlib

    for module, name in keras_models.CLASSES:
        found = getattr(importlib.import_module(module), name, None)
        if found is None:  # of another version of Keras, or the name that a configuration has
            found = getattr(importlib.import_module(module), name.removesuffix("Initializer"))
        assert isinstance(found, type), (module, name)


@pytest.mark.parametrize("number", [0, 1, -1, 10**9, 2**200])
@pytest.mark.parametrize("kind", ["model", "kept", "x"])
def test_a_handle_that_is_not_there_is_a_fault(number, kind):
    """Of the request, told in a sentence: the host goes on, and nobody's object is taken."""
    session = DirectSession("f", lambda: 3)
    lost = ModelHandle(session, codec.Handle(kind, number))
    with pytest.raises(faults.Unusable, match="not there"):
        lost.facts()
    assert Answer(session)() == 3


@pytest.mark.parametrize(
    "forged",
    [
        codec.Handle("model", 0),
        [codec.Handle("model", 0)],
        {"config": "{}", "compiled": "null", "weights": [codec.Handle("model", 0)]},
        {"config": "{}", "compiled": codec.Handle("model", 0), "weights": []},
        {"config": "{}", "compiled": "null", "weights": [[np.zeros(1)]]},
        {"config": "{}", "compiled": "null", "weights": [], "more": 1},
        {"config": "{}", "compiled": "null"},
        None,
        3,
    ],
)
def test_an_export_with_a_handle_in_it_never_reaches_a_clean_host(forged):
    """A number that a student's process made up would name an object of another's."""

    class Forging(DirectSession):
        def ask(self, _):
            return {"returned": forged}

        def clean(self):
            raise AssertionError

    with pytest.raises(faults.Unusable, match="cannot be examined"):
        ModelHandle(Forging("f"), codec.Handle("model", 0)).facts()
