"""Every sentence that the kernel can complain with, found in its source, as texts around holes."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import protocols
from protocols.condition_syntax import ConditionSyntaxError, read_tree

ROOM = Path(protocols.__file__).parent
# What stands in a hole; no sentence is written with it.
HOLE = "\0"
# Modules that say nothing about a definition: they draw it, explain it, compare it, or speak Danish already.
SILENT = re.compile(
    r"(drawing\w*|explaining|change_words|comparing|condition_clauses|editor_schema|naming|complaint_words"
    r"|answers|form_answers|action_answers|times_ahead|rounds|library|published)\.py"
)
# Modules of other rooms that say what is wrong with a definition.
ELSEWHERE = (
    "handlepligt/domain/calendars.py",
    "handlepligt/domain/deadlines.py",
    "handlepligt/cases/definitions.py",
    "handlepligt/protocol_versions/drafting.py",
)
# Texts of other kinds, each of which looks like a sentence.
NO_SENTENCES = {
    # What is logged or raised beside a Danish sentence.
    "answers to \0 refused: \0",
    "condition '\0' failed: \0",
    "no such day: \0",
    "times in answers to \0 refused",
    "fields of the end \0 refused",
    "\0 opens and drops steps without end",
    "\0 \0 has no step \0",
    # What the notes of a check say, in Danish.
    "kun generelt, ikke om den enkelte sag",
    "om sagen, uden navn",
    "om den konkrete sag",
    "må ikke",
    "uden tal",
    "straks, påmindelse efter \0",
    "\0: \0: \0 Bygget: \0",
    " og \0 andre",
    # Lengths of time.
    "20 working days",
    "0 days",
    # Parts of what the reader of YAML says, by which its own sentences are known.
    "'\\t' that cannot start",
    "cannot start any token",
    "mapping values are not allowed",
    "sequence entries are not allowed",
    "could not find expected ':'",
    "expected ',' or '}'",
    "expected ',' or ']'",
    "did not find expected node",
    "expected the node content",
    "expected ':'",
    "expected ',' or",
    "expected key",
    "expected <block end>",
    "expected '-' indicator",
    "unknown escape character",
    "unexpected end of stream",
    "unexpected document separator",
    "expected alphabetic or numeric",
    "document start",
}


def texts_written() -> set[str]:
    """Every text of the kernel, and of what else can complain of a definition, by its shape."""
    modules = [*_modules(), *(ROOM.parent / name for name in ELSEWHERE)]
    return {_plain(text) for path in modules for _, text in _texts(path)}


def sentences_written() -> dict[str, str]:
    """Those that can be a complaint or a part of one, each with a place where it stands."""
    return {
        _plain(text): f"{path.relative_to(ROOM)}:{line}"
        for path in _modules()
        if not SILENT.fullmatch(path.name)
        for line, text in _texts(path)
        if _reads_as_words(text)
    }


def _modules() -> list[Path]:
    return sorted(ROOM.rglob("*.py"))


def shape(literals: Iterable[str]) -> str:
    """Words around holes as they look in the source, whatever the holes are called."""
    return _plain(HOLE.join(literals))


def _plain(text: str) -> str:
    # Two holes beside each other are one, and one at the end may be empty.
    return re.sub(f"{HOLE}+", HOLE, text).rstrip(HOLE)


def _reads_as_words(text: str) -> bool:
    if text in NO_SENTENCES or text[:1].isupper() or not re.search(r"[a-z]{2,}", text.replace(HOLE, "")):
        return False
    if " " not in text.strip() or re.search(r": (frist|kontakt|henvisning|oversættelse) |\\d", text):
        return False
    return not _is_condition(text)


def _is_condition(text: str) -> bool:
    """Whether it is written as a condition of a step that something is made into."""
    try:
        read_tree(text.replace(HOLE, "x"))
    except ConditionSyntaxError:
        return False
    return True


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside: set[int] = set()
    for node in ast.walk(tree):
        # The walk meets what is whole before its parts.
        if id(node) in docstrings | inside or not isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.JoinedStr | ast.Constant | ast.BinOp):
            inside.update(id(one) for one in _literal_parts(node))
            for text in _said_by(node):
                yield node.lineno, text


def _literal_parts(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.JoinedStr(values):
            yield from values
        case ast.BinOp(left, ast.Add(), right):
            for side in (left, right):
                yield side
                yield from _literal_parts(side)


def _said_by(node: ast.expr) -> tuple[str, ...]:
    """Everything a text can come to, with a hole wherever something is filled in."""
    match node:
        case ast.Constant(str(text)):
            return (text,)
        case ast.JoinedStr(values):
            return ("".join(str(one.value) if isinstance(one, ast.Constant) else HOLE for one in values),)
        case ast.BinOp(left, ast.Add(), right):
            pairs = itertools.product(_said_by(left), _said_by(right))
            return tuple(one + other for one, other in pairs)
        case ast.IfExp(_, body, orelse):
            return _said_by(body) + _said_by(orelse)
        case ast.BoolOp(_, values):
            return tuple(itertools.chain.from_iterable(map(_said_by, values)))
        case _:
            return (HOLE,)
