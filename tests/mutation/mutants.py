"""The mutants of a function: its module with one small fault each, made in the syntax tree."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE,),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE,),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
PAIRS = (
    ("min", "max"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("floor", "ceil"),
    ("any", "all"),
)
OPPOSITES = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
NEVER_REMOVED = (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Pass, ast.Return)
NOT_NEGATED = (ast.Dict, ast.DictComp, ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)
STRICT = "strict"  # of zip: our linter wants it said, and no task has lists that differ in length
REMOVED = "(removed)"
WIDTH = 80  # characters of a description, where a part of the code is small enough

Path = tuple[tuple[str, int | None], ...]  # fields, and positions in those that are lists


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        line: of the source where it is.
        was: the largest part around the fault that fits into a line, as it was; where a function
            has the same fault at several places, from the second on with their number.
        becomes: the same part with the fault, or `REMOVED`.
        text: of the whole module with the fault.
    """

    line: int
    was: str
    becomes: str
    text: str


def mutants(source: str, function: str) -> Iterator[Mutant]:
    """Yield the mutants of the body of a function at the top of a module, always in one order."""
    module = ast.parse(source)
    at = [getattr(node, "name", None) for node in module.body].index(function)
    seen = {ast.unparse(module)}
    described: Counter[tuple[str, str]] = Counter()
    for path, node in _places(module.body[at], (("body", at),)):
        for new in _variants(node):
            mutated = _put(module, path, new)
            text = ast.unparse(mutated)
            if text in seen:
                continue
            seen.add(text)
            was, becomes = _described(module, mutated, path, removed=new is None)
            described[was, becomes] += 1
            number = described[was, becomes]
            yield Mutant(_line(module, path), was + f" ({number})" * (number > 1), becomes, text)


# --- where something can be changed ---


def _places(function: ast.AST, path: Path) -> Iterator[tuple[Path, ast.AST]]:
    """Yield the nodes of a function's body, from outside inwards, but for docstrings."""
    for index, statement in enumerate(function.body):
        if index or not _is_text(statement):
            yield from _below(statement, (*path, ("body", index)))


def _below(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.AST]]:
    yield path, node
    if isinstance(node, ast.JoinedStr):  # what a message says is no one's task
        return
    if isinstance(node, ast.keyword) and node.arg == STRICT:
        return
    if isinstance(node, ast.FunctionDef):
        yield from _places(node, path)
        return
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _below(value, (*path, (field, None)))
        elif isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, ast.AST):
                    yield from _below(one, (*path, (field, index)))


def _is_text(statement: ast.AST) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


# --- what it is changed to ---


def _variants(node: ast.AST) -> Iterator[ast.AST | None]:
    """Yield what a node may become; None is nothing."""
    for operator in OPERATORS.get(type(node), ()):
        yield operator()
    if isinstance(node, ast.stmt) and not isinstance(node, NEVER_REMOVED):
        yield None
    if isinstance(node, ast.Constant):
        yield from _numbers(node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Return) and node.value is not None:
        yield from _returns(node, node.value)
    elif isinstance(node, ast.Slice):
        yield _with(node, lower=_plus(node.lower, 1) if node.lower else ast.Constant(1))
        yield _with(node, upper=_plus(node.upper, -1) if node.upper else ast.Constant(-1))
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _numbers(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, float):
        yield ast.Constant(2 * value or 1.0)


def _returns(node: ast.Return, value: ast.expr) -> Iterator[ast.Return]:
    if isinstance(value, ast.Compare | ast.BoolOp):
        yield _with(node, value=ast.UnaryOp(ast.Not(), value))
    elif not isinstance(value, NOT_NEGATED):
        yield _with(node, value=ast.UnaryOp(ast.USub(), value))
    yield _with(node, value=ast.Constant(None))


def _calls(call: ast.Call) -> Iterator[ast.expr]:
    """Yield a call with another function, other bounds, the other order, or one keyword less."""
    function = call.func
    field = "id" if isinstance(function, ast.Name) else "attr"
    name = getattr(function, field, "")
    if name in OPPOSITES:
        yield _with(call, func=_with(function, **{field: OPPOSITES[name]}))
    if name == "range":
        first, *rest = call.args
        start, end, *step = call.args if rest else (ast.Constant(0), first)
        yield _with(call, args=[_plus(start, 1), end, *step])
        yield _with(call, args=[*([start] if rest else []), _plus(end, -1), *step])
    if name == "sorted" or (name == "sort" and not call.args):
        if "reverse" not in {keyword.arg for keyword in call.keywords}:
            keyword = ast.keyword("reverse", ast.Constant(True))
            yield _with(call, keywords=[*call.keywords, keyword])
    elif name in ("sort", "argsort", "lexsort"):
        yield ast.Subscript(call, ast.Slice(step=ast.Constant(-1)), ast.Load())
    for index, keyword in enumerate(call.keywords):
        if keyword.arg not in (None, STRICT):
            yield _with(call, keywords=call.keywords[:index] + call.keywords[index + 1 :])


def _plus(node: ast.expr, number: int) -> ast.expr:
    """Return the expression plus a number, which is added at once where that can be done."""
    try:
        return ast.Constant(ast.literal_eval(node) + number)
    except ValueError:
        operator = ast.Add() if number > 0 else ast.Sub()
        return ast.BinOp(node, operator, ast.Constant(abs(number)))


# --- trees are never changed: a mutant shares what is equal with the original ---


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


def _put(node: ast.AST, path: Path, new: ast.AST | None) -> ast.AST | None:
    """Return the tree with another node at a place, or with none in a list of statements."""
    if not path:
        return new
    (field, index), *rest = path
    value = getattr(node, field)
    if index is None:
        return _with(node, **{field: _put(value, tuple(rest), new)})
    inner = _put(value[index], tuple(rest), new)
    some = [*value[:index], *([] if inner is None else [inner]), *value[index + 1 :]]
    return _with(node, **{field: some or [ast.Pass()]})


def _along(node: ast.AST, path: Path) -> list[ast.AST]:
    """Return the nodes from the root to a place."""
    found = [node]
    for field, index in path:
        value = getattr(found[-1], field)
        found.append(value if index is None else value[index])
    return found


# --- how it is told ---


def _described(module: ast.AST, mutated: ast.AST, path: Path, *, removed: bool) -> tuple[str, str]:
    nodes = _along(module, path)
    if removed:
        return _shown(nodes[-1]), REMOVED
    inner = max(index for index, node in enumerate(nodes) if isinstance(node, ast.stmt))
    parts = [
        (_shown(one), _shown(other))
        for one, other in list(zip(nodes, _along(mutated, path), strict=True))[inner:]
        if isinstance(one, ast.stmt | ast.expr)
    ]
    return next((part for part in parts if len(part[0]) <= WIDTH), parts[-1])


def _shown(node: ast.AST) -> str:
    """Return the text of a node; of a statement with statements inside, its head."""
    if hasattr(node, "body") and isinstance(node, ast.stmt):
        head = _with(node, body=[ast.Pass()], orelse=[])
        return ast.unparse(head).removesuffix("\n    pass")
    return ast.unparse(node)


def _line(module: ast.AST, path: Path) -> int:
    """Return the line of a place: an operator has none of its own, but what it stands in has."""
    return next(node.lineno for node in reversed(_along(module, path)) if hasattr(node, "lineno"))
