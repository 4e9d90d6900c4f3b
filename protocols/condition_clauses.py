"""One comparison or call of a condition as a clause in words, said of titles instead of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from protocols.condition_subjects import Subjects
from protocols.condition_syntax import Call, Listed, Literal, Name, Node, Operation
from protocols.kinds.question import QuestionType
from protocols.naming import Naming

_PICKED = (QuestionType.PERSON, QuestionType.CONTACT)
_FLIPPED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TIMES = {"<": "earlier", ">": "later", ">=": "earliest", "<=": "latest"}
# Functions said of one step, whose clauses are gathered into one when several steps are asked about.
_OF_STEPS = {"done": "done", "is_open": "open", "settled": "settled"}
_OF_TWO = {"later": "opened_later", "settled_later": "settled_later"}


@dataclass(frozen=True)
class Clause:
    """A clause before it is put into words: a key of the catalogue and what fills it.

    Clauses that differ in `parts` only are said as one. `parts` go to the placeholder `slot`; `needs_all`
    says whether all of them hold, or at least one. `about` is the name that is compared; a clause that
    `only_knows` says no more of it than that it is known.
    """

    key: str
    values: tuple[tuple[str, str], ...] = ()
    slot: str = ""
    parts: tuple[str, ...] = ()
    needs_all: bool = True
    about: tuple[str, ...] = ()
    only_knows: bool = False

    def with_parts(self, parts: Sequence[str], *, needs_all: bool) -> Clause:
        return replace(self, parts=tuple(dict.fromkeys(parts)), needs_all=needs_all)

    def kin(self, *, needs_all: bool) -> object:
        """What it has in common with the clauses it can be said together with in such a group."""
        may_join = len(self.parts) == 1 or (self.parts and self.needs_all is needs_all)
        return (self.key, self.values, self.slot) if may_join else self

    @property
    def is_addressed(self) -> bool:
        """Whether it speaks to the reader of what they answer just now."""
        return self.about[:1] == ("given",)


class Clauses:
    """Makes the clauses of one definition in one language."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.words = naming.words
        self.subjects = Subjects(naming)

    def of(self, node: Node, negated: bool) -> Clause:
        """The clause that a leaf of a condition says, or its opposite."""
        match node:
            case Call():
                return self._call(node, negated)
            case Name():
                return self._flag(node, negated)
            case Operation("in", (left, right)):
                return self._within(left, right, negated)
            case Operation(("==" | "!=" | "<" | "<=" | ">" | ">=") as operator, (left, right)):
                return self._comparison(left, _FLIPPED[operator] if negated else operator, right)
            case _:
                return Clause("explain.other")

    def _said(self, key: str, negated: bool, about: tuple[str, ...] = (), **values: str) -> Clause:
        return Clause(f"explain.{key}{'_not' * negated}", tuple(values.items()), about=about)

    def _call(self, node: Call, negated: bool) -> Clause:
        names = [str(one.value) for one in node.arguments if isinstance(one, Literal)]
        quoted = self.naming.quoted
        match node.function, names:
            case (("done" | "is_open" | "settled") as function, [step]):
                return self._of_step(_OF_STEPS[function], negated, step)
            case (("later" | "settled_later") as function, [step, other]):
                title, after = quoted(self.naming.step(step)), quoted(self.naming.step(other))
                return self._said(_OF_TWO[function], negated, title=title, other=after)
            case "differs", [step]:
                return self._said("differs", negated, title=quoted(self.naming.step(step)))
            case "bypassed", [role]:
                return self._said("bypassed", negated, title=quoted(self.naming.role(role)))
            case "reached", [contact]:
                return self._said("reached", negated, title=quoted(self.naming.contact(contact)))
            case "expired", [deadline]:
                step, _, key = deadline.partition(".")
                title = quoted(self.naming.deadline(step, key))
                return self._said("expired", negated, title=title, other=quoted(self.naming.step(step)))
            case "joined", [join]:
                return self._joined(join, negated)
            case _:
                return Clause("explain.other")

    def _of_step(self, key: str, negated: bool, step: str) -> Clause:
        title = self.naming.quoted(self.naming.step(step))
        return Clause(f"explain.{key}{'_not' * negated}", slot="titles", parts=(title,))

    def _joined(self, key: str, negated: bool) -> Clause:
        join = self.naming.definition.elements.get("joins", {}).get(key)
        titles = [self.naming.quoted(self.naming.step(step)) for step in getattr(join, "of", ())]
        need = getattr(join, "need", "all")
        kind = str(need) if str(need) in ("all", "any") else "some"
        said = (
            ", ".join(titles[:-1]) + self.words("explain.and") + titles[-1] if titles[1:] else "".join(titles)
        )
        return self._said(f"joined_{kind}", negated, titles=said, n=str(need))

    def _flag(self, node: Name, negated: bool) -> Clause:
        keys = {
            ("acute", "on"): "acute",
            ("handover", "accepted"): "handed_over",
            ("birth_date_known",): "birth_date",
        }
        return self._said(keys[node.path], negated) if node.path in keys else Clause("explain.other")

    def _within(self, left: Node, right: Node, negated: bool) -> Clause:
        match left, right:
            case Literal(value=str(value)), Name(path=(("answer" | "given") as group, question)):
                key = f"{'given_' * (group == 'given')}chosen{'_not' * negated}"
                title = self.naming.quoted(self.naming.asked(question))
                label = self.naming.quoted(self.naming.answer(question, value))
                return Clause(f"explain.{key}", (("title", title),), "is", (label,), about=(group, question))
            case Name(), Listed(items=items):
                equal = [self._comparison(left, "!=" if negated else "==", item) for item in items]
                if len({one.kin(needs_all=negated) for one in equal}) == 1 and equal[0].slot:
                    parts = [part for one in equal for part in one.parts]
                    return equal[0].with_parts(parts, needs_all=negated)
        return Clause("explain.other")

    def _comparison(self, left: Node, operator: str, right: Node) -> Clause:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            return self._comparison(right, _MIRRORED.get(operator, operator), left)
        if isinstance(right, Literal) and isinstance(right.value, bool) and operator in ("==", "!="):
            return self.of(left, (operator == "==") is not right.value)
        if isinstance(left, Name) and isinstance(right, Literal) and right.value in (None, ""):
            return self._known(left, operator == "!=")
        if isinstance(left, Call) and isinstance(right, Literal) and right.value is None:
            return self._counts(left, operator == "!=")
        if special := self._counted(left, operator, right):
            return special
        if isinstance(left, Name) and left.path[0] == "given" and operator in ("==", "!="):
            return self._given(left.path[1], operator, right)
        about = left.path if isinstance(left, Name) else _about(left)
        predicate = self._predicate(left, operator, right)
        return Clause("explain.is", (("subject", self.subjects.of(left)),), "is", (predicate,), about=about)

    def _known(self, name: Name, is_known: bool) -> Clause:
        group, key = name.path[0], name.path[-1]
        if group == "age":
            word = self.words("explain.known" if is_known else "explain.unknown")
            return Clause(
                "explain.is", (("subject", self.subjects.of(name)),), "is", (word,), about=name.path
            )
        asked = {"answer": "answered", "given": "given_answered"}.get(group, "fact_known")
        text = self.naming.asked(key) if group in ("answer", "given") else self.naming.fact(key)
        said = self._said(asked, not is_known, name.path, title=self.naming.quoted(text))
        return replace(said, only_knows=is_known)

    def _counts(self, call: Call, is_known: bool) -> Clause:
        word = self.words("explain.known" if is_known else "explain.unknown")
        subject = (("subject", self.subjects.of(call)),)
        return Clause("explain.is", subject, "is", (word,), about=_about(call), only_knows=is_known)

    def _given(self, question: str, operator: str, right: Node) -> Clause:
        asked = self.naming.definition.questions.get(question)
        picked = asked is not None and asked.type in _PICKED
        value = self.subjects.value(("given", question), right)
        part = value if operator == "==" else self.words("explain.besides", **{"is": value})
        title = self.naming.quoted(self.naming.asked(question))
        key = "explain.given_picked" if picked else "explain.given_is"
        return Clause(key, (("title", title),), "is", (part,), about=("given", question))

    def _counted(self, left: Node, operator: str, right: Node) -> Clause | None:
        """Counts compared with none, which are said without a number."""
        match left, right:
            case Name(path=("acute", "presses")), Call(
                function="rounds", arguments=(Literal(value=str(step)),)
            ):
                if operator in (">", "<="):
                    title = self.naming.quoted(self.naming.step(step))
                    return self._said("pressed", operator == "<=", title=title)
        none = _compares_with_none(operator, right)
        if none is None:
            return None
        match left:
            case Call(function="rounds", arguments=(Literal(value=str(step)),)):
                return self._of_step("opened_before", none, step)
            case Call(function="size", arguments=(Name(path=(("answer" | "given") as group, question)),)):
                title = self.naming.quoted(self.naming.asked(question))
                key = f"{'given_' * (group == 'given')}anything"
                return self._said(key, none, (group, question), title=title)
        return None

    def _predicate(self, left: Node, operator: str, right: Node) -> str:
        value = self.subjects.value(left.path if isinstance(left, Name) else (), right)
        if operator in ("==", "!="):
            return value if operator == "==" else self.words("explain.is_not", **{"is": value})
        if isinstance(right, Literal) and isinstance(right.value, str):
            return self.words(f"explain.{_TIMES[operator]}", n=value)
        counts = isinstance(left, Call) or (
            isinstance(left, Name)
            and (left.path[0] == "acute" or self.subjects.counts_actions(left.path[-1]))
        )
        if counts and isinstance(right, Literal) and isinstance(right.value, int) and operator in "<>":
            # A count over 1 is at least 2, which is easier to read.
            value = str(right.value + (1 if operator == ">" else -1))
            operator += "="
        key = {">=": "at_least", "<=": "at_most", ">": "over", "<": "under"}[operator]
        return self.words(f"explain.{key}", n=value)


def _about(node: Node) -> tuple[str, ...]:
    """A call with its arguments, as one name that two clauses can share; nothing for what is no call."""
    if not isinstance(node, Call):
        return ()
    return (node.function, *(str(one.value) for one in node.arguments if isinstance(one, Literal)))


def _compares_with_none(operator: str, right: Node) -> bool | None:
    """True for "there is none", False for "there is some", None for any other comparison."""
    match operator, right:
        case ("==", Literal(value=0)) | ("<=", Literal(value=0)) | ("<", Literal(value=1)):
            return True
        case ("!=", Literal(value=0)) | (">", Literal(value=0)) | (">=", Literal(value=1)):
            return False
        case _:
            return None
