"""Says in Danish under which answers a question is asked, for the page that shows it to everybody."""

import re
from collections.abc import Mapping

from protocols.kinds.question import Kind as Question

_EQUALS = re.compile(r'given\.(\w+)\s*==\s*"(\w*)"')
_DIFFERS = re.compile(r'(?:given\.(\w+)\s*!=\s*null\s*&&\s*)?given\.(\w+)\s*!=\s*"(\w*)"')
_ANY = re.compile(r"size\(given\.(\w+)\)\s*>\s*0")
FALLBACK = "Besvares kun, hvis det følger af dine svar ovenfor."


def asked_only_when(
    condition: object, questions: Mapping[str, Question], roles: Mapping[str, str] | None = None
) -> str:
    """`Kun hvis du svarer “Ja” til “Er I bekymrede?”.`; a general sentence for what is harder to say.

    `roles` are the Danish titles of roles, for questions that ask for a person.
    """
    text = str(condition).strip()
    if (match := _ANY.fullmatch(text)) and match[1] in questions:
        return f"Kun hvis du har valgt noget under “{questions[match[1]].ask}”."
    if match := _DIFFERS.fullmatch(text):
        return _sentence(match[2], [match[3]], questions, roles or {}, "andet end ")
    found = [_EQUALS.fullmatch(each.strip()) for each in text.split("||")]
    keys = {match[1] for match in found if match}
    if len(keys) != 1 or not all(found):
        return FALLBACK
    return _sentence(keys.pop(), [match[2] for match in found if match], questions, roles or {}, "")


def _sentence(
    key: str, values: list[str], questions: Mapping[str, Question], roles: Mapping[str, str], besides: str
) -> str:
    question = questions.get(key)
    words = question.choices if question and question.choices else roles
    if question is None or any(value not in words for value in values):
        return FALLBACK
    said = " eller ".join(f"“{words[value]}”" for value in values)
    if question.choices:
        return f"Kun hvis du svarer {besides}{said} til “{question.ask}”."
    return f"Kun hvis du vælger {besides}{said} under “{question.ask}”."
