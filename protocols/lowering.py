"""Turns what is made of steps into steps, so that the kernel and all who ask it know only steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from protocols.element import LONGEST_NAME, Element, Written
from protocols.kinds import sections
from protocols.kinds.head import Kind as Head
from protocols.kinds.step import Kind as Step
from protocols.problems import Problem
from protocols.reading import structural
from protocols.wording import UnknownLanguageError, Words, words_of
from protocols.yaml_source import Source, Where

Elements = Mapping[str, Mapping[str, Element]]
# Spoken while the language of the head is unknown, so that everything else can still be said at once.
_FALLBACK = "en"


def lower(
    elements: Elements, origins: Mapping[str, Source], problems: list[Problem], *, language: str = ""
) -> dict[str, dict[str, Element]]:
    """The elements with the steps that some of them are made of, behind the written ones.

    What cannot be made goes to `problems`, at the place of the element it would have been made from. The
    words are those of the definition's own language unless another is named.
    """
    words = words_of(language) if language else _words(elements, origins, problems)
    steps: dict[str, Element] = dict(elements.get("steps", {}))
    for section, inside in elements.items():
        for element in inside.values():
            above = section if sections()[section].single else f"{section}.{element.key}"
            for step in _made(element, above, words, origins[section], problems):
                if step.key in steps:
                    problems.append(_clash(step, steps[step.key], origins[section]))
                else:
                    steps[step.key] = step
    lowered = {section: dict(inside) for section, inside in elements.items()}
    return {**lowered, "steps": steps} if steps else lowered


def place_of(steps: Mapping[str, Step], where: Where) -> Where:
    """Where in the file to mend what is wrong at `where`: for a made step, the element it is made from."""
    step = steps.get(str(where[1])) if len(where) > 1 and where[0] == "steps" else None
    return _written_at(step.made_from, where[2:]) if step is not None and step.made_from else where


def _written_at(made_from: str, inside: Where) -> Where:
    above = tuple(made_from.split("."))
    written_as = sections()[above[0]].written_as
    return (*above, *((written_as.get(str(inside[0]), inside[0]), *inside[1:]) if inside else ()))


def _words(elements: Elements, origins: Mapping[str, Source], problems: list[Problem]) -> Words:
    head = elements.get("head", {}).get("head")
    try:
        return words_of(head.language if isinstance(head, Head) else _FALLBACK)
    except UnknownLanguageError as error:
        problems.append(origins["head"].problem(("head", "language"), str(error)))
        return words_of(_FALLBACK)


def _made(
    element: Element, above: str, words: Words, source: Source, problems: list[Problem]
) -> Iterator[Step]:
    """The steps an element is made of, each followed by those that it is made of in turn."""
    is_made = isinstance(element, Step) and element.made_from != ""
    for key, written in element.lowered(words).items():
        below = "" if is_made else str(written.get("made_from", ""))
        made_from = f"{above}.{below}" if below else above
        if too_long := _too_long(key, written):
            problems.append(source.problem(_written_at(made_from, ()), too_long, at_key=True))
            continue
        try:
            step = Step.model_validate({**written, "key": key, "made_from": made_from})
        except ValidationError as error:
            for one in error.errors():
                inside = tuple(part for part in one["loc"] if part != "[key]")
                problems.append(structural(source, Step, _written_at(made_from, inside), one))
            continue
        yield step
        yield from _made(step, made_from, words, source, problems)


def _too_long(key: str, written: Written) -> str:
    """What to say of a made name that the database cannot keep, empty when all can be kept."""
    questions = written.get("questions")
    names = [key, *(questions if isinstance(questions, Mapping) else ())]
    longest = max(names, key=len)
    if len(longest) <= LONGEST_NAME:
        return ""
    over = len(longest) - LONGEST_NAME
    return f"this makes '{longest}', a name that is too long; make the names it is made of {over} shorter"


def _clash(step: Step, other: Element, source: Source) -> Problem:
    taken = other.made_from if isinstance(other, Step) and other.made_from else f"steps.{step.key}"
    sentence = f"this makes a step '{step.key}', but {taken} makes one of that name already; rename one"
    return source.problem(_written_at(step.made_from, ()), sentence, at_key=True)
