"""Says of a value that does not fit its place how to write it, whatever YAML took it for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationInfo
from pydantic.fields import FieldInfo

_PLAIN = {bool: "true or false", int: "a whole number such as 3", float: "a number such as 1.5"}
_WORDS = re.compile(r"\^\(([\w|]+)\)\??\$")
_LOOKS_LIKE_NUMBER = re.compile(r"[-+]?(0[xob]?)?[0-9][0-9a-f_.:e+-]*|[-+]?\.(inf|nan)", re.IGNORECASE)


def as_meant(model: type[Any], value: object, info: ValidationInfo) -> object:
    """The value unchanged; ValueError where true, false or a number belongs and something else stands.

    Left alone, pydantic takes the words `no` and `off` for false and `017` for 17. Here a word is a word,
    because yes and no are answers in nearly every definition, and numbers have one way of being written.
    """
    field = model.model_fields.get(info.field_name or "")
    wanted = _plain_type(field) if field is not None else None
    if wanted is None or value is None:
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = isinstance(value, bool) if wanted is bool else is_number
    if not fits or (wanted is int and isinstance(value, float)):
        raise ValueError(f"{_taken_for(value)} cannot stand for '{info.field_name}'; write {_PLAIN[wanted]}")
    return value


def _plain_type(field: FieldInfo) -> type | None:
    """Which of bool, int and float a field is, also when it may be left out; None for all others."""
    annotation = field.annotation
    if annotation in _PLAIN:
        return annotation
    if annotation in (int | float, int | float | None):
        return float
    return next((one for one in _PLAIN if annotation == one | None), None)


def _taken_for(value: object) -> str:
    match value:
        case bool():
            return f"'{str(value).lower()}'"
        case int() | float():
            return f"the number {value}"
        case str() if _LOOKS_LIKE_NUMBER.fullmatch(value[:40]):
            return f"'{value}', which is read as a text,"
        case str():
            return f"the word '{value}'"
        case _:
            return "names and values" if isinstance(value, Mapping) else "a list"


def misfit(name: str, error: Mapping[str, Any], examples: Sequence[object] = ()) -> str:
    """One sentence for a complaint of the models about the value written for `name`."""
    value = error["input"]
    match error["type"]:
        case "string_type":
            return _no_text(name, value)
        case "tuple_type" | "list_type" | "set_type":
            return f"'{name}' is a list; write it as [first, second]" + _empty(value)
        case "dict_type" | "model_type" | "model_attributes_type":
            hint = "; write them as {first: ..., second: ...}" if isinstance(value, list) else ""
            return f"'{name}' must hold names and values{hint}" + _empty(value)
        case "enum" | "literal_error":
            return f"'{_shown(value)}' is not allowed for '{name}'; write {error['ctx']['expected']}"
        case "string_pattern_mismatch":
            return (
                f"'{value}' is not allowed for '{name}'; write {_allowed(error['ctx']['pattern'], examples)}"
            )
        case "too_short":
            return f"'{name}' is empty; name at least one"
        case _:
            said = str(error["msg"])
            return f"'{name}' is not right: {said[:1].lower()}{said[1:]}"


def _allowed(pattern: str, examples: Sequence[object]) -> str:
    """The words a pattern lists, or an example of what fits it."""
    if words := _WORDS.fullmatch(pattern):
        return " or ".join(words[1].split("|"))
    return f"for example {examples[0]}" if examples else f"what fits {pattern}"


def _no_text(name: str, value: object) -> str:
    match value:
        case None:
            return f"'{name}' is empty; write a text or remove the line"
        case bool() | int() | float():
            shown = _shown(value)
            return f"'{name}' is a text, and {shown} is not read as one; put it in quotes: \"{shown}\""
        case _:
            what = "names and values" if isinstance(value, Mapping) else "a list"
            return f"'{name}' is one text, not {what}; put a text that holds '{{', '[' or ': ' in quotes"


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _empty(value: object) -> str:
    return ", or remove the line" if value is None else ""
