"""The grammar of the closed condition language, a small part of CEL, read into a tree for checking.

CEL's own library evaluates; this tree exists because it can say *where* a name is wrong and *which*
values a condition tells apart. What is not in this grammar is refused, also when CEL itself would take it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 2_000
DEEPEST = 40
# Operations in a row nest too, and whoever reads the tree goes down it.
MOST_OPERATIONS = 150


@dataclass(frozen=True)
class Literal:
    value: str | int | float | bool | None
    at: int


@dataclass(frozen=True)
class Name:
    """A dotted name such as `answer.acute` or `age`."""

    path: tuple[str, ...]
    at: int

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    at: int


@dataclass(frozen=True)
class Listed:
    items: tuple[Node, ...]
    at: int


@dataclass(frozen=True)
class Operation:
    """`!` and `-` have one operand, `?:` has three, all others two."""

    operator: str
    operands: tuple[Node, ...]
    at: int


Node = Literal | Name | Call | Listed | Operation


class ConditionSyntaxError(ValueError):
    """A condition that cannot be read; `at` is the offset of the character that surprised."""

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.at = at


_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<name>[A-Za-z_]\w*)
    |(?P<sign>\|\||&&|==|!=|<=|>=|[<>!+\-()\[\],.?:]))""",
    re.VERBOSE | re.ASCII,
)
# What people write who have never seen such a language, and what it is here.
_MEANT = {
    **dict.fromkeys(("=", "er", "is"), "write '=='"),
    **dict.fromkeys(("&", "and", "og", "och", "und"), "write '&&'"),
    **dict.fromkeys(("|", "or", "eller", "oder"), "write '||'"),
    **dict.fromkeys(("not", "ikke", "inte", "nicht"), "write '!' before what is not to hold"),
    **dict.fromkeys("“”„«»‘’", 'use the straight quotes "'),
}
_WORDS = {"true": True, "false": False, "null": None}
_LEVELS = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            at += len(source[at:]) - len(source[at:].lstrip())
            raise ConditionSyntaxError(f"'{source[at]}' cannot stand in a condition{_hint(source[at])}", at)
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*found, _Token("end", "", end)]


def _hint(*written: str) -> str:
    """How to write what cannot stand there, where that is known: the first that is."""
    meant = next((_MEANT[one.lower()] for one in written if one.lower() in _MEANT), "")
    return f"; {meant}" if meant else ""


class _Reader:
    """Recursive descent over the tokens, one method per level of binding."""

    def __init__(self, source: str) -> None:
        self.tokens = _tokens(source)
        self.position = 0
        self.depth = 0
        self.operations = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    @property
    def hint(self) -> str:
        """What was meant by the token that surprises, or by the one before it that was taken for a name."""
        return _hint(self.next.text, *(one.text for one in self.tokens[: self.position][-1:]))

    def take(self, *signs: str) -> _Token | None:
        if self.next.kind in ("sign", "name") and self.next.text in signs:
            self.position += 1
            return self.tokens[self.position - 1]
        return None

    def expect(self, sign: str) -> None:
        if self.take(sign) is None:
            found = f"'{self.next.text}'" if self.next.text else "the end"
            raise ConditionSyntaxError(f"expected '{sign}' but found {found}{self.hint}", self.next.at)

    def whole(self) -> Node:
        node = self.ternary()
        if self.next.kind != "end":
            raise ConditionSyntaxError(f"'{self.next.text}' was not expected here{self.hint}", self.next.at)
        return node

    def ternary(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionSyntaxError(f"nested more than {DEEPEST} deep; split it", self.next.at)
        node = self.binary(0)
        if mark := self.take("?"):
            then = self.ternary()
            self.expect(":")
            node = Operation("?:", (node, then, self.ternary()), mark.at)
        self.depth -= 1
        return node

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.unary()
        node = self.binary(level + 1)
        while sign := self.take(*_LEVELS[level]):
            self.operations += 1
            if self.operations > MOST_OPERATIONS:
                raise ConditionSyntaxError(
                    f"more than {MOST_OPERATIONS} operations; split it into facts", sign.at
                )
            node = Operation(sign.text, (node, self.binary(level + 1)), sign.at)
        return node

    def unary(self) -> Node:
        signs: list[_Token] = []
        while sign := self.take("!", "-"):
            signs.append(sign)
        if len(signs) > DEEPEST:
            raise ConditionSyntaxError(f"more than {DEEPEST} signs in a row; remove some", signs[0].at)
        node = self.primary()
        for sign in reversed(signs):
            node = Operation(sign.text, (node,), sign.at)
        return node

    def several(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.take(closing):
            if items:
                self.expect(",")
            items.append(self.ternary())
        return tuple(items)

    def primary(self) -> Node:
        token = self.next
        if token.kind == "end":
            raise ConditionSyntaxError("the condition stops too early", token.at)
        self.position += 1
        match token.kind:
            case "number":
                return Literal(float(token.text) if "." in token.text else int(token.text), token.at)
            case "text":
                return Literal(token.text[1:-1], token.at)
            case "name":
                return self.name_or_call(token)
        if token.text == "(":
            node = self.ternary()
            self.expect(")")
            return node
        if token.text == "[":
            return Listed(self.several("]"), token.at)
        raise ConditionSyntaxError(f"'{token.text}' was not expected here", token.at)

    def name_or_call(self, token: _Token) -> Node:
        if token.text in _WORDS:
            return Literal(_WORDS[token.text], token.at)
        if self.take("("):
            return Call(token.text, self.several(")"), token.at)
        path = [token.text]
        while self.take("."):
            if self.next.kind != "name":
                raise ConditionSyntaxError("a name must follow the dot", self.next.at)
            path.append(self.next.text)
            self.position += 1
        return Name(tuple(path), token.at)


def read_tree(source: str) -> Node:
    """The tree of a condition; ConditionSyntaxError says what cannot be read and where."""
    if len(source) > LONGEST:
        raise ConditionSyntaxError(f"longer than {LONGEST} characters; split it into facts", 0)
    return _Reader(source).whole()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    below: tuple[Node, ...] = ()
    match node:
        case Call(arguments=below) | Listed(items=below) | Operation(operands=below):
            pass
    for child in below:
        yield from walk(child)


def signatures(node: Node) -> frozenset[tuple[str, ...]]:
    """Every call in it with its arguments as texts, such as ("done", "discuss"); `size` is none."""
    return frozenset(
        (call.function, *(str(one.value) for one in call.arguments if isinstance(one, Literal)))
        for call in walk(node)
        if isinstance(call, Call) and call.function != "size"
    )


def written(node: Node) -> str:
    """A tree as text that reads as the same tree; every operation inside another has brackets."""
    match node:
        case Literal(value=str() as text):
            return f"'{text}'" if '"' in text else f'"{text}"'
        case Literal(value=None):
            return "null"
        case Literal(value=bool() as truth):
            return "true" if truth else "false"
        case Literal(value=number):
            return str(number)
        case Name():
            return str(node)
        case Call(function, arguments):
            return f"{function}({', '.join(written(one) for one in arguments)})"
        case Listed(items):
            return f"[{', '.join(written(one) for one in items)}]"
    inner = [f"({written(one)})" if isinstance(one, Operation) else written(one) for one in node.operands]
    if node.operator == "?:":
        return f"{inner[0]} ? {inner[1]} : {inner[2]}"
    return f"{node.operator}{inner[0]}" if len(inner) == 1 else f" {node.operator} ".join(inner)
