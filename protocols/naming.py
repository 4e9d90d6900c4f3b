"""What the things of a definition are called in a language, where a condition or a drawing speaks of them."""

from __future__ import annotations

from handlepligt.domain.deadlines import Offset
from protocols.definition import Definition
from protocols.durations import in_words, read_offset
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.wording import words_of

_YES_NO = ("yes", "no", "unknown")


class Naming:
    """Titles instead of keys; a thing without a title is called by its key with spaces for underscores.

    Raises UnknownLanguageError when there is no catalogue of words for the language.
    """

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition.in_language(language)
        self.words = words_of(language)
        ends = self.definition.ends.values()
        self._asked = {key: one for end in ends for key, one in end.questions.items()}
        self._asked |= self.definition.questions

    def quoted(self, text: str) -> str:
        """The text in the quotation marks of the language."""
        return self.words("explain.quoted", text=text)

    def step(self, key: str) -> str:
        return self._title("steps", key)

    def role(self, key: str) -> str:
        return self._title("roles", key)

    def contact(self, key: str) -> str:
        return self._title("contacts", key)

    def relation(self, key: str) -> str:
        return self._title("relations", key)

    def question(self, key: str) -> str:
        question = self._asked.get(key)
        return question.ask if question is not None else _plain(key)

    def asked(self, key: str) -> str:
        """The question, with the step it is asked in where others are worded the same."""
        text = self.question(key)
        alike = sum(one.ask == text for one in self._asked.values())
        step = self.definition.asked_in.get(key, "")
        return f"{text} ({self.step(step)})" if alike > 1 and step else text

    def fact(self, key: str) -> str:
        """The title, else the question that is asked for it."""
        fact = self.definition.facts.get(key)
        return (fact.title or fact.ask if fact is not None else "") or _plain(key)

    def deadline(self, step: str, key: str) -> str:
        owner = self.definition.steps.get(step)
        deadline = owner.deadlines.get(key) if owner is not None else None
        return (deadline.title if deadline is not None else "") or _plain(key)

    def actor(self, key: str) -> str:
        """A role, a contact, or whoever else is written out in words."""
        if key in self.definition.roles:
            return self.role(key)
        return self.contact(key) if key in self.definition.contacts else key

    def answer(self, key: str, value: str) -> str:
        """The label of one answer to a question."""
        question = self._asked.get(key)
        if question is None:
            return _plain(value)
        if question.type is QuestionType.PERSON:
            return self.role(value)
        if question.type is QuestionType.CONTACT:
            return self.contact(value)
        if question.type in (QuestionType.YES_NO, QuestionType.YES_NO_UNKNOWN) and value in _YES_NO:
            return self.words(f"answers.{value}")
        return question.choices.get(value) or self._judgement(question, value) or value

    def fact_value(self, key: str, value: str) -> str:
        """The label of one value of a fact."""
        fact = self.definition.facts.get(key)
        if fact is not None and fact.type.value == "yes_no" and value in _YES_NO:
            return self.words(f"answers.{value}")
        return fact.choices.get(value, value) if fact is not None else value

    def length(self, written: str | Offset) -> str:
        """`90 days` or an offset as `90 dage`."""
        return in_words(read_offset(written), self.words)

    def _judgement(self, question: Question, value: str) -> str:
        """What the result of a filled-in form is called: the title of its band, or its overall answer."""
        form = self.definition.forms.get(question.form)
        return form.outcomes.get(value, "") if form is not None else ""

    def _title(self, section: str, key: str) -> str:
        element = self.definition.elements.get(section, {}).get(key)
        return str(getattr(element, "title", "")) or _plain(key)


def _plain(key: str) -> str:
    return key.replace("_", " ")
