"""The check's side of the wall: `answer(...)` and the handle of a model.

Both talk through a session, which is anything with

    name                   of the exercise, and of the function that it asks for
    ask(request) -> reply  both dicts of plain data; raises a `Fault` if there is no reply
    clean() -> session     of a host that has loaded no student file

`direct.DirectSession` is one in this process, `grading.sandbox.workers.WorkerSession` one in a
sandbox.
"""

from typing import Any, Protocol

from fmnist.answer import faults
from fmnist.answer.describe import describe_call
from fmnist.inside import codec

FAULTS = {
    fault.kind: fault
    for fault in (
        faults.NotStarted,
        faults.Unusable,
        faults.Crashed,
    )
}  # those that a host may report of a call; how a process ended is for the session to say
EXPORTED = {"config": str, "compiled": str, "weights": list}  # of a model, see `keras_models`
MAX_SENTENCE = 1000  # characters that are believed of a host's sentence


class Session(Protocol):
    """What `Answer` needs of the way to a host."""

    name: str

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the host's reply."""

    def clean(self) -> "Session":
        """Return a session with a host that has loaded no student file."""


class Answer:
    """The student's function, as a check sees it.

    Calling it gives plain data or a `ModelHandle`, never an object of the student's making,
    and raises a `Fault` where an answer cannot be judged. An exception of the student's
    function comes as `faults.Raised`, which is a ValueError if that is what was raised.
    """

    def __init__(self, session: Session):
        self._session = session

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function with copies of plain data and of handles."""
        returned = _ask(self._session, {"do": "call"}, args, kwargs)
        return _with_proxies(returned, self._session)

    def describe(self, args: tuple, kwargs: dict[str, Any]) -> str:
        """Return the call as a student would write it."""
        return describe_call(self._session.name, args, kwargs)


class ModelHandle:
    """A Keras model, examined on the far side of the wall.

    The student's side is asked for one thing, configuration and weights. A clean host, which has
    loaded no student file, rebuilds the model from layers on a list, and all that a check asks is
    asked of that model: a student's process could answer for another one.
    """

    IN_WORDS = "a Keras model"  # see `describe`

    def __init__(self, session: Session, handle: codec.Handle):
        self._session = session
        self._handle = handle
        self._examined: tuple[Session, codec.Handle] | None = None

    def predict(self, images: Any, **options: Any) -> Any:
        """Return the outputs, an array with one row per image."""
        return self._operate("predict", images, **options)

    def fit(self, images: Any, labels: Any, **options: Any) -> dict[str, list[float]]:
        """Train; return one number per epoch for each metric."""
        return self._operate("fit", images, labels, **options)

    def evaluate(self, images: Any, labels: Any, **options: Any) -> dict[str, float]:
        """Return loss and metrics by name."""
        return self._operate("evaluate", images, labels, **options)

    def facts(self) -> dict[str, Any]:
        """Return shapes, parameters, layers, loss and optimiser, see `keras_models.facts`."""
        return self._operate("facts")

    def describe(self, args: tuple, kwargs: dict[str, Any]) -> str:
        """Return how a message should name this model."""
        return describe_call(self._session.name, args, kwargs)

    def _operate(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        clean, rebuilt = self._examined = self._examined or self._rebuild()
        return _ask(clean, {"do": "operate", "operation": operation, "on": rebuilt}, args, kwargs)

    def _rebuild(self) -> tuple[Session, codec.Handle]:
        export = {"do": "operate", "operation": "export", "on": self._handle}
        exported = _ask(self._session, export, (), {})
        if not _is_export(exported):
            raise faults.Unusable("The model cannot be examined: it is not what Keras exports.")
        clean = self._session.clean()
        try:
            return clean, _ask(clean, {"do": "rebuild", "model": exported})
        except codec.NotPlain as error:
            raise faults.Unusable(f"The model cannot be examined: {error}.") from None


def load(session: Session, source: str, *, filename: str, imports: tuple[str, ...]) -> None:
    """Have the host load a student's file.

    Args:
        session: with the host.
        source: text of the file.
        filename: what messages call it.
        imports: names of the packages that the exercise allows.

    Raises:
        faults.NotLoaded: the file gives no function to call; the message says why.
    """
    _ask(
        session,
        {"do": "load", "source": source, "filename": filename, "imports": list(imports)},
    )


def _ask(
    session: Session,
    request: dict[str, Any],
    args: tuple | None = None,
    kwargs: dict[str, Any] | None = None,
) -> Any:
    """Return what the host returned, or raise the fault that it reported."""
    request |= {"name": session.name}
    if args is not None:
        plain_args = [arg._handle if type(arg) is ModelHandle else arg for arg in args]
        request |= {"args": plain_args, "kwargs": kwargs or {}}
    reply = session.ask(request)
    if type(reply) is dict and set(reply) == {"returned"}:
        return reply["returned"]
    fault = reply.get("fault") if type(reply) is dict and set(reply) == {"fault"} else None
    if (
        type(fault) is not dict
        or set(fault) != {"kind", "sentence", "error"}
        or not all(type(text) is str for text in fault.values())
    ):
        raise faults.Tampering("The answer's process sent a reply that no honest one sends.")
    sentence = fault["sentence"][:MAX_SENTENCE]
    if request["do"] == "load":
        raise faults.NotLoaded(sentence)
    if fault["kind"] in FAULTS:
        raise FAULTS[fault["kind"]](sentence)
    raise faults.raised(fault["error"][:50], sentence)


def _is_export(exported: Any) -> bool:
    """Return whether this is configuration and weights; a handle would be another's object."""
    return (
        type(exported) is dict
        and {name: type(part) for name, part in exported.items()} == EXPORTED
        and all(type(weight).__name__ == "ndarray" for weight in exported["weights"])
    )


def _with_proxies(value: Any, session: Session) -> Any:
    if type(value) is codec.Handle:
        return ModelHandle(session, value)
    if type(value) in (list, tuple):
        return type(value)(_with_proxies(part, session) for part in value)
    if type(value) is dict:
        return {key: _with_proxies(part, session) for key, part in value.items()}
    return value
