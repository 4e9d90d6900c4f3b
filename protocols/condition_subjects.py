"""What a clause of a condition speaks of, an answer or a count say, and what that is compared with."""

from __future__ import annotations

from protocols.condition_syntax import Call, Literal, Name, Node, Operation
from protocols.kinds.question import QuestionType
from protocols.naming import Naming


class Subjects:
    """Says them for one definition in one language."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.words = naming.words

    def of(self, node: Node) -> str:
        """A name, count or sum as the subject of a clause: `svaret på “...”`, `antallet af ...`."""
        quoted = self.naming.quoted
        match node:
            case Name(path=("age",)):
                return self.words("explain.age")
            case Name(path=("answer" | "given", key)) if self.counts_actions(key):
                return self.words("explain.actions_count", title=quoted(self.naming.asked(key)))
            case Name(path=("answer", key)):
                return self.words("explain.the_answer", title=quoted(self.naming.asked(key)))
            case Name(path=("given", key)):
                return self.words("explain.your_answer", title=quoted(self.naming.asked(key)))
            case Name(path=("fact", key)):
                return self.words("explain.the_fact", title=quoted(self.naming.fact(key)))
            case Name(path=("person", key)):
                return self.words("explain.the_persons_fact", title=quoted(self.naming.fact(key)))
            case Name(path=("acute", "presses")):
                return self.words("explain.presses")
            case Call():
                return self._count(node)
            case Operation(("+" | "-") as sign, (left, right)):
                key = "explain.plus" if sign == "+" else "explain.minus"
                return self.words(key, a=self.value((), left), b=self.value((), right))
            case _:
                return self.words("explain.other")

    def _count(self, node: Call) -> str:
        naming, quoted = self.naming, self.naming.quoted
        match node.function, node.arguments:
            case "rounds", (Literal(value=str(step)),):
                return self.words("explain.rounds", title=quoted(naming.step(step)))
            case "count_within", (Literal(value=str(step)), Literal(value=str(length))):
                title = quoted(naming.step(step))
                return self.words("explain.count_within", title=title, length=naming.length(length))
            case "people", (Literal(value=str(relation)),):
                if relation not in naming.definition.elements.get("relations", {}):
                    return self.words("explain.people_any")
                return self.words("explain.people", title=naming.relation(relation))
            case "people_with", (Literal(value=str(fact)), Literal(value=str(value))):
                title, label = quoted(naming.fact(fact)), quoted(naming.fact_value(fact, value))
                return self.words("explain.people_with", title=title, value=label)
            case "unanswered", (Literal(value=str(contact)),):
                return self.words("explain.unanswered", title=quoted(naming.contact(contact)))
            case "score", (Literal(value=str(question)),):
                return self.words("explain.score", title=quoted(naming.asked(question)))
            case "size", (Name(path=(group, question)),):
                key = "choices_count" if self._has_choices(group, question) else "the_length"
                return self.words(f"explain.{key}", title=quoted(naming.asked(question)))
            case _:
                return self.words("explain.other")

    def _has_choices(self, group: str, key: str) -> bool:
        question = self.naming.definition.questions.get(key)
        return group in ("answer", "given") and question is not None and bool(question.choices)

    def counts_actions(self, key: str) -> bool:
        """Whether a question is answered with agreed actions, of which a condition sees the number."""
        question = self.naming.definition.questions.get(key)
        return question is not None and question.type is QuestionType.ACTIONS

    def value(self, path: tuple[str, ...], node: Node) -> str:
        """What a name is compared with: the label of an answer, a number, or another name."""
        match node:
            case Literal(value=str(value)):
                if path[:1] in (("answer",), ("given",)):
                    value = self.naming.answer(path[1], value)
                elif path[:1] in (("fact",), ("person",)):
                    value = self.naming.fact_value(path[1], value)
                return self.naming.quoted(value)
            case Literal(value=None):
                return self.words("explain.unknown")
            case Literal(value=bool(value)):
                return self.words(f"answers.{'yes' if value else 'no'}")
            case Literal(value=value):
                if path != ("age",):
                    return str(value)
                return self.words("durations.years_one" if value == 1 else "explain.years", n=value)
            case Operation("-", (Literal(value=value),)):
                return f"−{value}"
            case _:
                return self.of(node)
