"""A condition as the separate ways in which it can come true."""

from __future__ import annotations

from protocols.condition_syntax import Listed, Literal, Name, Node, Operation

# More ways than this are not told apart: then everything the condition looks at counts as one way.
MOST = 64
_FLIPPED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

# What must hold together: a comparison, name or call, and whether its opposite is meant.
Atom = tuple[Node, bool]
Way = tuple[Atom, ...]


def ways_of(tree: Node) -> tuple[Way, ...]:
    """Each way the condition can hold, as the atoms it needs: an empty way for "always", none for "never"."""
    found = _ways(tree, False)
    if len(found) <= MOST:
        return tuple(found)
    return (tuple(dict.fromkeys(atom for way in found for atom in way)),)


def _ways(node: Node, negated: bool) -> list[Way]:
    match node:
        case Literal(value=bool(value)):
            return [()] if value is not negated else []
        case Operation("!", (inner,)):
            return _ways(inner, not negated)
        case Operation(("&&" | "||") as operator, (left, right)):
            if (operator == "||") is not negated:
                return _ways(left, negated) + _ways(right, negated)
            return _together(_ways(left, negated), _ways(right, negated))
        case Operation("?:", (condition, then, otherwise)):
            return _together(_ways(condition, False), _ways(then, negated)) + _together(
                _ways(condition, True), _ways(otherwise, negated)
            )
        case Operation(("==" | "!=") as operator, (Name() as name, Literal(value=bool(value)))):
            return _ways(name, ((operator == "==") is not value) is not negated)
        case Operation("in", (Name() as name, Listed(items=items))) if not negated:
            return [((Operation("==", (name, item), node.at), False),) for item in items]
        case Operation(operator, operands) if negated and operator in _FLIPPED:
            return [((Operation(_FLIPPED[operator], operands, node.at), False),)]
        case _:
            return [((node, negated),)]


def _together(these: list[Way], those: list[Way]) -> list[Way]:
    """Every way of the one with every way of the other; too many are left as one."""
    if len(these) * len(those) > MOST:
        return [tuple(dict.fromkeys(atom for way in [*these, *those] for atom in way))]
    return [(*this, *that) for this in these for that in those]
