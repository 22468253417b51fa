"""Keras models behind a handle: the operations that a check may name.

The student's process is asked for `export` alone: configuration and weights as plain data. A
clean host that has loaded no student file makes the model again from layers on a list
(`rebuild`), and there predict, fit, evaluate and facts are asked.
"""

import json
import math
import sys
from typing import Any

KIND = "model"

# What may stand in a configuration that is rebuilt. Lambda and the wrappers of other libraries
# carry code, and anything registered by a student is unknown to the clean host.
MODELS = frozenset({"Sequential", "Functional"})
LAYERS = frozenset(
    "Activation Add Average AveragePooling2D BatchNormalization CenterCrop Concatenate Conv2D "
    "Dense DepthwiseConv2D Dropout ELU Flatten GaussianNoise GlobalAveragePooling2D "
    "GlobalMaxPooling2D GroupNormalization Identity InputLayer LayerNormalization LeakyReLU "
    "MaxPooling2D Multiply Normalization Permute PReLU RandomFlip RandomRotation "
    "RandomTranslation RandomZoom ReLU Rescaling Reshape SeparableConv2D Softmax "
    "SpatialDropout2D ZeroPadding2D".split()
)
MODULES_OF_MODELS = frozenset(
    "keras keras.models keras.src.models.functional keras.src.models.sequential".split()
)
# Classes by their module, one by one: a module also holds functions that make or load things.
PARTS = {
    "keras.constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
    "keras.initializers": "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity "
    "IdentityInitializer LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer "
    "RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros",
    "keras.losses": "BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy "
    "CategoricalFocalCrossentropy CategoricalHinge CosineSimilarity Hinge Huber KLDivergence "
    "LogCosh MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError "
    "MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge",
    "keras.metrics": "Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy "
    "CategoricalCrossentropy CosineSimilarity KLDivergence Mean MeanAbsoluteError "
    "MeanMetricWrapper MeanSquaredError Precision Recall RootMeanSquaredError "
    "SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy "
    "TopKCategoricalAccuracy",
    "keras.optimizers": "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lion Muon Nadam "
    "RMSprop SGD",
    "keras.optimizers.schedules": "CosineDecay CosineDecayRestarts ExponentialDecay "
    "InverseTimeDecay PiecewiseConstantDecay PolynomialDecay",
    "keras.regularizers": "L1 L1L2 L2 OrthogonalRegularizer",
}
CLASSES = frozenset((module, name) for module, names in PARTS.items() for name in names.split())
FUNCTIONS = frozenset(
    "binary_crossentropy categorical_accuracy categorical_crossentropy mean_absolute_error "
    "mean_squared_error sparse_categorical_accuracy sparse_categorical_crossentropy "
    "sparse_top_k_categorical_accuracy".split()
)
MAX_CONFIG = 200_000  # characters of JSON
NO_FUNCTIONS = (
    "{argument} is a function; give the name of one of Keras's, as in activation='relu' or "
    "loss='mse'"
)


class NotRebuilt(Exception):
    """A model that a clean host will not build; the message says why."""


def is_model(value: object) -> bool:
    """Return whether `value` is a Keras model; Keras is not imported to find out."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def predict(model: Any, images: Any, *, batch_size: int = 256) -> Any:
    """Return the model's outputs for `images`, an array with one row per image."""
    return model.predict(images, batch_size=batch_size, verbose=0)


def fit(
    model: Any, images: Any, labels: Any, *, epochs: int = 1, batch_size: int = 32
) -> dict[str, list[float]]:
    """Train the model as it is compiled; return one number per epoch for each metric."""
    history = model.fit(images, labels, epochs=epochs, batch_size=batch_size, verbose=0)
    return {name: [float(value) for value in values] for name, values in history.history.items()}


def evaluate(model: Any, images: Any, labels: Any, *, batch_size: int = 256) -> dict[str, float]:
    """Return loss and metrics of the compiled model, by name."""
    found = model.evaluate(images, labels, batch_size=batch_size, verbose=0, return_dict=True)
    return {name: float(value) for name, value in found.items()}


def export(model: Any) -> dict[str, Any]:
    """Return configuration (JSON) and weights, from which `rebuild` makes the same model."""
    compiled = model.get_compile_config() if model.compiled else None
    return {
        "config": model.to_json(),
        "compiled": json.dumps(compiled),
        "weights": [weight.copy() for weight in model.get_weights()],
    }


def rebuild(exported: dict[str, Any]) -> Any:
    """Return the model described by `export`, made of listed layers only.

    Raises:
        NotRebuilt: the description is not that of a model that we would build.
    """
    try:
        config = _parsed(exported["config"])
        compiled = _parsed(exported["compiled"])
        # Asked first: it is the more useful sentence for a subclassed model.
        if type(config) is not dict or config.get("class_name") not in MODELS:
            raise ValueError("build it with keras.Sequential or keras.Model(inputs, outputs)")
        _check_classes([config, compiled])
        # Of plain data: a handle would stand for any object of this host.
        if not all(type(weight).__name__ == "ndarray" for weight in exported["weights"]):
            raise ValueError("its weights are not arrays")
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise NotRebuilt(f"The model cannot be examined: {error}.") from None

    import keras

    try:
        model = _of_layers(config)
        model.set_weights(exported["weights"])
        if compiled is not None:
            # `compile_from_config` would also make what the optimiser remembers, if never used.
            model.compile(**keras.saving.deserialize_keras_object(compiled))
        # Checks train on a few hundred images: tracing a graph would take longer than all steps.
        model.run_eagerly = True
    except Exception as error:
        raise NotRebuilt(
            f"The model cannot be rebuilt from its layers: {type(error).__name__}."
        ) from None
    return model


def _of_layers(config: dict[str, Any]) -> Any:
    """Return the model of a configuration, with new weights."""
    import keras

    parts = config["config"]
    if config["class_name"] == "Sequential" and parts["layers"][0]["class_name"] == "InputLayer":
        # Keras would add the layers one by one, and build the whole model again with each.
        layers = [keras.saving.deserialize_keras_object(layer) for layer in parts["layers"]]
        return keras.Sequential(layers, name=parts["name"])
    return keras.models.model_from_json(json.dumps(config))


def _parsed(text: object) -> Any:
    """Return the JSON in `text`."""
    if type(text) is not str or len(text) > MAX_CONFIG:
        raise ValueError("its configuration is not text of a sensible length")
    return json.loads(text)


def _check_classes(tree: Any, argument: str = "") -> None:
    """Refuse a configuration that names a class which is not on a list.

    Args:
        tree: the configuration, or a part of it.
        argument: what the part is called.
    """
    if type(tree) is list:
        for branch in tree:
            _check_classes(branch, argument)
    elif type(tree) is dict:
        if "class_name" in tree:
            _check_class(tree, argument)
        elif tree.keys() == {"value"} and type(tree["value"]) is list:  # of a lambda: its code
            raise ValueError(NO_FUNCTIONS.format(argument=argument[:50]))
        for name, branch in tree.items():
            _check_classes(branch, str(name))


def _check_class(tree: dict[str, Any], argument: str) -> None:
    name, module = tree["class_name"], tree.get("module")
    known = (
        (module == "keras.layers" and name in LAYERS)
        or (module in MODULES_OF_MODELS and name in MODELS)
        or (module == "keras" and name == "DTypePolicy")
        or (module, name) in CLASSES
        # Keras's own functions, by their name: losses and metrics may be given so.
        or (name == "function" and module == "builtins" and tree.get("config") in FUNCTIONS)
        or (module is None and name == "__keras_tensor__")
    )
    if name in ("function", "__lambda__") and not known:
        raise ValueError(NO_FUNCTIONS.format(argument=argument[:50]))
    if not known or tree.get("registered_name") not in (None, name):
        raise ValueError(f"it contains {str(name)[:50]}, which is not on the list of layers")


def facts(model: Any) -> dict[str, Any]:
    """Return what is true of the model without running it.

    Returns:
        input_shape, output_shape: of one batch, None where any size will do.
        parameters, trainable_parameters: counts.
        layers: one dict per layer, in order: class, name, output_shape, parameters, config.
        loss, optimizer: None if not compiled; else name and config.
    """
    return {
        "input_shape": _plain(model.input_shape),
        "output_shape": _plain(model.output_shape),
        "parameters": int(model.count_params()),
        "trainable_parameters": sum(math.prod(weight.shape) for weight in model.trainable_weights),
        "layers": [
            {
                "class": type(layer).__name__,
                "name": layer.name,
                "output_shape": _plain(getattr(layer.output, "shape", None)),
                "parameters": int(layer.count_params()),
                "config": _plain(layer.get_config()),
            }
            for layer in model.layers
        ],
        "loss": _named(model.loss) if model.compiled else None,
        "optimizer": _named(model.optimizer) if model.compiled else None,
    }


def _named(part: Any) -> dict[str, Any] | None:
    if isinstance(part, list | tuple) and len(part) == 1:
        part = part[0]
    if part is None:
        return None
    if hasattr(part, "get_config"):
        return {"name": type(part).__name__, "config": _plain(part.get_config())}
    return {"name": getattr(part, "__name__", str(part)), "config": {}}


def _plain(value: Any) -> Any:
    """Return a configuration as lists, dicts, numbers and text; the rest by its name."""
    return json.loads(json.dumps(value, default=lambda part: getattr(part, "name", str(part))))


OPERATIONS = {
    operation.__name__: operation for operation in (predict, fit, evaluate, export, facts)
}
