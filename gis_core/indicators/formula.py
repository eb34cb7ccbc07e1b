"""Formulas: indicators that follow from others by + - * / and parentheses. Pure.

A formula names others by their keys. Where one of them has no value, or a divisor is zero, the result is unknown:
nothing is taken for zero.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext

KEY = re.compile(r"[a-z][a-z0-9_]*")
MOST_CHARACTERS = 300
# An area and a period.
Place = tuple[int, str]
# Further than this, a figure is a mistake of the formula; the column for values holds no more either.
MOST = Decimal(10) ** 16
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class BadFormula(ValueError):
    """``code`` says what is wrong, ``params`` with what."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


class Circle(BadFormula):
    """Indicators that need one another: ``names`` in the order in which they do, the first one again at the end."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("circle", names=" → ".join(names))
        self.names = names


@dataclass(frozen=True)
class Formula:
    text: str
    tree: ast.expr
    names: frozenset[str]

    def of(self, values: Mapping[str, Decimal | None]) -> Decimal | None:
        """The result; None where something it needs is unknown, a divisor is zero, or it is beyond ``MOST``."""
        with localcontext(prec=40):
            try:
                found = _result(self.tree, values)
            except (ZeroDivisionError, InvalidOperation, ArithmeticError):
                return None
        return found if found is not None and abs(found) < MOST else None


def parse(text: str) -> Formula:
    """Raises BadFormula for anything but numbers, keys, + - * / and parentheses."""
    if not text.strip():
        raise BadFormula("empty")
    if len(text) > MOST_CHARACTERS:
        raise BadFormula("too_long", most=str(MOST_CHARACTERS))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise BadFormula("not_readable") from error
    return Formula(text.strip(), tree, frozenset(_names(tree)))


def _names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if not KEY.fullmatch(node.id):
            raise BadFormula("not_a_key", name=node.id)
        yield node.id
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield from _names(node.left)
        yield from _names(node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        yield from _names(node.operand)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        if not abs(_number(node)) < MOST:
            raise BadFormula("too_large")
    else:
        raise BadFormula("not_allowed", part=ast.unparse(node)[:40])


def _number(node: ast.Constant) -> Decimal:
    return Decimal(str(node.value))


def _result(node: ast.expr, values: Mapping[str, Decimal | None]) -> Decimal | None:
    if isinstance(node, ast.Name):
        return values.get(node.id)
    if isinstance(node, ast.Constant):
        return _number(node)
    if isinstance(node, ast.UnaryOp):
        inner = _result(node.operand, values)
        return -inner if inner is not None and isinstance(node.op, ast.USub) else inner
    assert isinstance(node, ast.BinOp)
    left, right = _result(node.left, values), _result(node.right, values)
    if left is None or right is None:
        return None
    sign = _OPERATORS[type(node.op)]
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    return left * right if sign == "*" else left / right


def in_order(formulas: Mapping[str, Formula]) -> list[str]:
    """Keys of formulas, each after those it needs. Raises Circle."""
    done: list[str] = []

    def visit(key: str, above: list[str]) -> None:
        if key in above:
            raise Circle([*above[above.index(key) :], key])
        if key in formulas and key not in done:
            for needed in sorted(formulas[key].names):
                visit(needed, [*above, key])
            done.append(key)

    for key in sorted(formulas):
        visit(key, [])
    return done


def needed_by(key: str, formulas: Mapping[str, Formula]) -> frozenset[str]:
    """The keys from which this one follows, itself included. Circles are passed over."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += formulas[each].names if each in formulas else ()
    return frozenset(found)


def compute(
    formulas: Mapping[str, Formula], entered: Mapping[str, Mapping[Place, Decimal]]
) -> dict[str, dict[Place, Decimal]]:
    """Values of every indicator by place (an area and a period): those entered, and those that follow from them.

    Raises Circle.
    """
    found = {key: dict(values) for key, values in entered.items()}
    for key in in_order(formulas):
        formula = formulas[key]
        places = {place for name in formula.names for place in found.get(name, ())}
        results = {
            place: formula.of({name: found.get(name, {}).get(place) for name in formula.names}) for place in places
        }
        found[key] = {place: value for place, value in results.items() if value is not None}
    return found
