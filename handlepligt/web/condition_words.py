"""Says in Danish under which answers a question is asked, for the page that shows it to everybody."""

import re
from collections.abc import Mapping

from protocols.kinds.question import Kind as Question

_EQUALS = re.compile(r'given\.(\w+)\s*==\s*"(\w*)"')
_DIFFERS = re.compile(r'given\.(\w+)\s*!=\s*"(\w*)"')
_CONTAINS = re.compile(r'"(\w+)"\s+in\s+given\.(\w+)')
_ANY = re.compile(r"size\(given\.(\w+)\)\s*>\s*0")
FALLBACK = "Besvares kun, hvis det følger af dine svar ovenfor."


def asked_only_when(condition: object, questions: Mapping[str, Question]) -> str:
    """`Kun hvis du svarer “Ja” til “Er I bekymrede?”.`; a general sentence for what is harder to say."""
    alternatives = re.split(r"\s*\|\|\s*", str(condition).strip())
    parts = [_part(each.strip().strip("()"), questions) for each in alternatives]
    if any(part is None for part in parts):
        return FALLBACK
    return f"Kun hvis du {' eller '.join(dict.fromkeys(part for part in parts if part))}."


def _part(text: str, questions: Mapping[str, Question]) -> str | None:
    if match := _EQUALS.fullmatch(text):
        return _answer(match[1], match[2], questions, "svarer")
    if match := _CONTAINS.fullmatch(text):
        return _answer(match[2], match[1], questions, "vælger")
    if (match := _DIFFERS.fullmatch(text)) and match[1] in questions and match[2]:
        return _answer(match[1], match[2], questions, "svarer andet end")
    if (match := _ANY.fullmatch(text)) and match[1] in questions:
        return f"har valgt noget under “{questions[match[1]].ask}”"
    return None


def _answer(key: str, value: str, questions: Mapping[str, Question], verb: str) -> str | None:
    question = questions.get(key)
    if question is None or value not in question.choices:
        return None
    return f"{verb} “{question.choices[value]}” til “{question.ask}”"
