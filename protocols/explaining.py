"""Says a condition in whole sentences of a language, from its tree and with titles instead of keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from protocols.condition_clauses import Clause, Clauses
from protocols.condition_functions import FUNCTIONS, Yields
from protocols.condition_syntax import Call, Literal, Node, Operation
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.naming import Naming
from protocols.wording import Words

# More than this in one sentence is a list instead.
_MOST_CLAUSES = 3
_LONGEST = 230


@dataclass(frozen=True)
class _Group:
    """Clauses and smaller groups of which all, or at least one, hold. No parts: always, or never."""

    needs_all: bool
    parts: tuple[Clause | _Group, ...] = ()


_Said = Clause | _Group
_ALWAYS, _NEVER = _Group(needs_all=True), _Group(needs_all=False)


def explain_condition(condition: Condition, definition: Definition, language: str = "da") -> str:
    """The condition as one or more sentences; a long one is a line with a colon and a list of lines below.

    Titles are in the language where the definition has them in it. Raises UnknownLanguageError when there is
    no catalogue of words for the language.
    """
    return Speaker(definition, language).sentence(condition)


def explain_asked(condition: Condition, definition: Definition, language: str = "da") -> str:
    """When a question is asked, said to whoever fills the form in: `Kun hvis du svarer “Ja” til “...”.`"""
    speaker = Speaker(definition, language)
    said = speaker.said(condition.tree)
    speaks_of_form = all(clause.is_addressed for clause in _clauses(said)) or not _is_flat(said)
    key = "explain.only_if" if speaks_of_form else "explain.only_if_holds"
    return _sentence(speaker.words(key, text=speaker.text(said)))


def explain_at(where: str, condition: Condition, definition: Definition, language: str = "da") -> str:
    """The condition as it is said of the field it stands in, the last name of the path `where`."""
    of_a_question = where.rpartition(".")[2] in ("asked_when", "required_when")
    return (explain_asked if of_a_question else explain_condition)(condition, definition, language)


class Speaker:
    """Says parts of a definition's conditions in one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.naming = Naming(definition, language)
        self.words: Words = self.naming.words
        self.clauses = Clauses(self.naming)

    def sentence(self, condition: Condition) -> str:
        """The whole condition; see `explain_condition`."""
        tree = condition.tree
        if isinstance(tree, Operation) and tree.operator == "?:" and not _is_truth(tree):
            return self.choice(tree)
        if isinstance(tree, Call) and tree.function in FUNCTIONS and not _is_truth(tree):
            return _sentence(self.clauses.subjects.of(tree))
        return _sentence(self.text(self.said(tree)))

    def clause(self, node: Node, negated: bool = False) -> str:
        """One comparison, name or call as a clause without a full stop."""
        return self._clause(self.clauses.of(node, negated))

    def said(self, node: Node, negated: bool = False) -> _Said:
        """The condition as groups of clauses, with every "not" pushed in to the clauses."""
        match node:
            case Operation("!", (inner,)):
                return self.said(inner, not negated)
            case Operation(("&&" | "||") as operator, operands):
                parts = [self.said(one, negated) for one in operands]
                return _grouped(parts, needs_all=(operator == "&&") is not negated)
            case Operation("?:", (condition, then, otherwise)):
                yes = _grouped([self.said(condition), self.said(then, negated)], needs_all=True)
                no = _grouped([self.said(condition, True), self.said(otherwise, negated)], needs_all=True)
                return _grouped([yes, no], needs_all=False)
            case Literal(value=bool(value)):
                return _ALWAYS if value is not negated else _NEVER
            case _:
                return self.clauses.of(node, negated)

    def choice(self, node: Node) -> str:
        """What an expression with `?` and `:` yields, and when."""
        if not (isinstance(node, Operation) and node.operator == "?:"):
            return _sentence(self.words("explain.otherwise", value=self._value(node)))
        condition, then, otherwise = node.operands
        text = self.text(self.said(condition))
        first = _sentence(self.words("explain.when_true", value=self._value(then), text=text))
        separator = "\n" if "\n" in first else " "
        return f"{first}{separator}{self.choice(otherwise)}"

    def _value(self, node: Node) -> str:
        if isinstance(node, Literal) and node.value in ("yes", "no", "unknown"):
            return self.naming.quoted(self.words(f"answers.{node.value}"))
        if isinstance(node, Literal):
            return self.naming.quoted(str(node.value))
        return self.words("explain.other")

    def text(self, said: _Said) -> str:
        """The clauses in a row, or as a list when that would be hard to read."""
        if isinstance(said, Clause):
            return self._clause(said)
        if not said.parts:
            return self.words("explain.always" if said.needs_all else "explain.never")
        if (line := self._line(said)) is not None:
            return line
        return "\n".join(self._listed(said, 0))

    def _line(self, group: _Group) -> str | None:
        if not _is_flat(group) or len(group.parts) > _MOST_CLAUSES:
            return None
        said = [self._clause(part) for part in group.parts if isinstance(part, Clause)]
        last = self.words("explain.and_then" if group.needs_all else "explain.or_else")
        line = _in_a_row(said, ", ", last)
        return line if len(line) <= _LONGEST else None

    def _listed(self, group: _Group, depth: int) -> Iterator[str]:
        yield self.words("explain.all_of" if group.needs_all else "explain.any_of") + ":"
        indent = "  " * depth
        for part in group.parts:
            if isinstance(part, Clause):
                yield f"{indent}– {self._clause(part)}"
            elif (line := self._line(part)) is not None:
                yield f"{indent}– {line}"
            else:
                first, *rest = self._listed(part, depth + 1)
                yield f"{indent}– {first}"
                yield from rest

    def _clause(self, clause: Clause) -> str:
        values, key = dict(clause.values), clause.key
        if clause.slot:
            last = self.words("explain.and" if clause.needs_all else "explain.or")
            values[clause.slot] = _in_a_row(clause.parts, ", ", last)
            if clause.slot == "titles" and len(clause.parts) > 1:
                key += "_all" if clause.needs_all else "_any"
        return self.words(key, **values)


def _grouped(parts: Sequence[_Said], *, needs_all: bool) -> _Said:
    """One group of everything that is joined the same way, with what belongs together said once."""
    flat: list[_Said] = []
    for part in parts:
        if isinstance(part, _Group) and (part.needs_all is needs_all or len(part.parts) == 1):
            flat += part.parts
        elif isinstance(part, _Group) and not part.parts:
            return part  # "Never" among what is all needed, "always" among what is enough.
        else:
            flat.append(part)
    gathered: dict[object, _Said] = {}
    for part in flat:
        kin = part.kin(needs_all=needs_all) if isinstance(part, Clause) else part
        before = gathered.get(kin)
        if isinstance(part, Clause) and isinstance(before, Clause) and part.slot:
            gathered[kin] = before.with_parts([*before.parts, *part.parts], needs_all=needs_all)
        else:
            gathered[kin] = part
    kept = _without_the_obvious(tuple(gathered.values())) if needs_all else tuple(gathered.values())
    return kept[0] if len(kept) == 1 else _Group(needs_all, kept)


def _without_the_obvious(parts: tuple[_Said, ...]) -> tuple[_Said, ...]:
    """The parts without "is answered" where the answer itself is spoken of too."""
    compared = {one.about for one in parts if isinstance(one, Clause) and not one.only_knows}
    return tuple(
        one for one in parts if not (isinstance(one, Clause) and one.only_knows and one.about in compared)
    )


def _is_flat(said: _Said) -> bool:
    return isinstance(said, Clause) or all(isinstance(part, Clause) for part in said.parts)


def _clauses(said: _Said) -> Iterator[Clause]:
    if isinstance(said, Clause):
        yield said
    else:
        for part in said.parts:
            yield from _clauses(part)


def _is_truth(node: Node) -> bool:
    """Whether an expression with `?` and `:` yields true or false."""
    match node:
        case Operation("?:", (_, then, otherwise)):
            return _is_truth(then) and _is_truth(otherwise)
        case Literal(value=value):
            return isinstance(value, bool)
        case Call(function=function):
            return function not in FUNCTIONS or FUNCTIONS[function].yields is Yields.BOOLEAN
        case Operation(operator=operator):
            return operator not in ("+", "-")
        case _:
            return False


def _in_a_row(said: Sequence[str], between: str, last: str) -> str:
    return between.join(said[:-1]) + last + said[-1] if len(said) > 1 else "".join(said)


def _sentence(text: str) -> str:
    text = text.rstrip(",")
    end = "" if "\n" in text or text.endswith(".") else "."
    return text[:1].upper() + text[1:] + end
