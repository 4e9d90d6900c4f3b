"""The kind *question*: something a person is asked in a step, and what the answer may be."""

from __future__ import annotations

from enum import StrEnum

from protocols.element import Element, Names, When


class QuestionType(StrEnum):
    """How a question is answered; the form is drawn from it."""

    YES_NO = "yes_no"
    YES_NO_UNKNOWN = "yes_no_unknown"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    PERSON = "person"
    CONTACT = "contact"


_FIXED = {
    QuestionType.YES_NO: {"yes": "Ja", "no": "Nej"},
    QuestionType.YES_NO_UNKNOWN: {"yes": "Ja", "no": "Nej", "unknown": "Ved ikke"},
}


class Sets(Element):
    """What an answer does beyond being kept.

    `acute` and `acute_over` name the answer that presses acute or ends it; `next_followup` says that the
    answer, a date, is the next follow-up.
    """

    acute: str = ""
    acute_over: str = ""
    next_followup: bool = False


class Kind(Element):
    """One question. `choices` maps each answer's key to its Danish label, in order."""

    ask: str
    help: str = ""
    type: QuestionType
    choices: dict[str, str] = {}
    required: bool = True
    required_when: When | None = None
    asked_when: When | None = None
    roles: Names = ()
    contacts: Names = ()
    sets: Sets = Sets()
    must_be: str = ""
    must_be_message: str = ""
    not_at_case_level: bool = False

    def model_post_init(self, _context: object) -> None:
        if not self.choices and self.type in _FIXED:
            object.__setattr__(self, "choices", dict(_FIXED[self.type]))
