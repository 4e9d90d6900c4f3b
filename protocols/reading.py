"""Builds the elements of a definition from what a file holds, and says in sentences what does not fit."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from protocols.element import Element, read_name
from protocols.kinds import sections
from protocols.misfits import misfit
from protocols.problems import MOST_PROBLEMS, Problem
from protocols.yaml_source import Source, Where
from protocols.yaml_values import CUT

# Files that all definitions of a folder share, and the one section each may hold.
SHARED = {"contacts.yaml": "contacts", "ladders.yaml": "ladders"}
# The sections without which there is no definition.
NEEDED = ("head", "roles", "steps", "ends")
_MADE = "made_from"


def read_sections(source: Source, problems: list[Problem]) -> dict[str, dict[str, Element]]:
    """The elements of one file, section by section; what is wrong goes to `problems`."""
    if not isinstance(source.values, Mapping):
        problems.append(source.problem((), "expected sections such as head, steps and ends"))
        return {}
    only = SHARED.get(source.file)
    found: dict[str, dict[str, Element]] = {}
    for section, written in source.values.items():
        kind = sections().get(section)
        if kind is None or (only is not None and section != only):
            allowed = [only] if only else list(sections())
            sentence = _unknown_key(section, allowed)
            if only is None and isinstance(written, Mapping) and "title" in written:
                sentence = f"unknown section '{section}'; if it belongs to the one above, indent it"
            problems.append(source.problem((section,), sentence, at_key=True))
        elif not isinstance(written, Mapping):
            problems.append(source.problem((section,), f"the section '{section}' must hold names and values"))
        elif kind.single:
            entry = _element(source, kind, (section,), written, problems)
            found[section] = {section: entry} if entry is not None else {}
        else:
            found[section] = {}
            for name, entry_written in written.items():
                if len(problems) >= MOST_PROBLEMS:
                    return found
                entry = _entry(source, kind, section, name, entry_written, problems)
                if entry is not None:
                    found[section][name] = entry
    return found


def _entry(
    source: Source, kind: type[Element], section: str, name: str, written: object, problems: list[Problem]
) -> Element | None:
    where: Where = (section, name)
    try:
        read_name(name)
    except ValueError as error:
        problems.append(source.problem(where, str(error), at_key=True))
        return None
    if not isinstance(written, Mapping):
        problems.append(source.problem(where, f"'{name}' must hold names and values"))
        return None
    if _MADE in written:
        # Only the loader says what a step is made from.
        problems.append(
            source.problem((*where, _MADE), _unknown_key(_MADE, _known_keys(kind, ())), at_key=True)
        )
        return None
    return _element(source, kind, where, {**written, "key": name}, problems)


def _element(
    source: Source, kind: type[Element], where: Where, written: Mapping[str, Any], problems: list[Problem]
) -> Element | None:
    try:
        return kind.model_validate(written)
    except ValidationError as error:
        for one in error.errors(include_url=False)[:MOST_PROBLEMS]:
            place = where + tuple(part for part in one["loc"] if part != "[key]")
            if place not in source.unread:
                problems.append(structural(source, kind, place, one))
        return None


def structural(source: Source, kind: type[Element], where: Where, error: Mapping[str, Any]) -> Problem:
    """One complaint of the models as a sentence that says how to mend it."""
    name = _named(source, where)
    if where in source.cut and where[-1] not in _known_keys(kind, _inside(kind, where)):
        return Problem(source.file, *source.cut[where], CUT)
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(kind, _inside(kind, where))
            return source.problem(where, _unknown_key(str(where[-1]), known), at_key=True)
        case "missing":
            return source.problem(where[:-1], f"'{where[-1]}' is missing; add it", at_key=True)
        case "value_error":
            return source.problem(where, str(error["ctx"]["error"]))
        case _:
            field = kind.model_fields.get(name) if len(where) <= 3 else None
            examples = (field.examples if field is not None else None) or ()
            return source.problem(where, misfit(name, error, examples))


def _named(source: Source, where: Where) -> str:
    """What the file calls the place: its key, or that of the list it stands in, never a name of ours."""
    while len(where) > 1 and (isinstance(where[-1], int) or where not in source.places):
        where = where[:-1]
    return str(where[-1])


def _inside(kind: type[Element], where: Where) -> Where:
    """The path from the element of that kind to what holds the place."""
    return where[1:-1] if kind.single else where[2:-1]


def _known_keys(kind: type[BaseModel], inside: Where) -> list[str]:
    """The keys that the model found along a path may have."""
    model = kind
    for part in inside:
        field = next((f for n, f in model.model_fields.items() if (f.alias or n) == part), None)
        below = _model_in(field.annotation) if field is not None else None
        model = below or model
    return [info.alias or name for name, info in model.model_fields.items() if name not in ("key", _MADE)]


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model inside a type such as dict[str, Question] or Question | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)


def _unknown_key(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"unknown key '{name}'; did you mean '{close[0]}'?"
    return f"unknown key '{name}'; known here: {', '.join(sorted(known))}"
