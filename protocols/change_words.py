"""What is compared between two versions, in Danish; kinds and fields without a word are said by their key."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from pydantic import BaseModel

from handlepligt.domain.deadlines import Offset
from handlepligt.domain.explanations import in_danish
from protocols.conditions import Condition
from protocols.deadline_base import Base, BaseKind
from protocols.definition import Definition
from protocols.explaining import explain_condition
from protocols.kinds.step import ModalityCase
from protocols.yaml_source import read_yaml

NOTHING = "–"


@functools.cache
def _table(name: str) -> Mapping[str, str]:
    """One of the tables of words beside this file."""
    written = read_yaml(Path(__file__).with_suffix(".yaml")).values
    assert isinstance(written, Mapping)
    return {str(key): str(word) for key, word in written[name].items()}


def kind_of(field: str) -> str:
    """What an entry under this key of a file is: `step`, `gate`; a kind not listed keeps its key."""
    return _table("kinds").get(field, field)


def kind_word(kind: str) -> str:
    """The kind in Danish."""
    return _table("kind_words").get(kind, kind.replace("_", " "))


def field_word(field: str) -> str:
    """A field in Danish."""
    known = _table("fields").get(field) or _table("kind_words").get(kind_of(field))
    return known or field.replace("_", " ")


def title_of(definition: Definition, section: str, key: str) -> str:
    """What staff call an element; its key when it has no title."""
    element = definition.elements.get(section, {}).get(key)
    said = next((text for name in ("title", "about", "text") if (text := getattr(element, name, ""))), "")
    return shortened(str(said)) or key


def shortened(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:87]}…"


def said(definition: Definition, value: object, field: str = "") -> str:
    """A value in words; keys of steps, roles, contacts and the like are their titles."""
    match value:
        case None | "" | () | []:
            return NOTHING
        case bool():
            return "ja" if value else "nej"
        case Condition():
            return " ".join(explain_condition(value, definition, "da").split())
        case Offset():
            return in_danish(value)
        case Base():
            return _base(definition, value)
        case Enum():
            return str(getattr(value, "danish", None) or _table("words").get(value.value, value.value))
        case ModalityCase():
            when = f", når dette gælder: {said(definition, value.when)}" if value.when else ""
            return f"{value.then.danish}{when}"
        case BaseModel():
            return _fields_said(definition, value)
        case Mapping():
            listed = [
                f"{_named(definition, str(key), field)}: {said(definition, one)}"
                for key, one in value.items()
            ]
            return "; ".join(listed)
        case list() | tuple():
            apart = "; " if any(isinstance(one, BaseModel) for one in value) else ", "
            return apart.join(said(definition, one, field) for one in value)
        case str():
            return _named(definition, value, field)
        case _:
            return str(value)


def _named(definition: Definition, name: str, field: str) -> str:
    section = _table("declared").get(field, field)
    if name in definition.elements.get(section, {}):
        return title_of(definition, section, name)
    if field == "owner":
        return title_of(definition, "contacts", name)
    if field == "questions" and name in definition.questions:
        return definition.questions[name].ask
    return _table("words").get(name, name) if name.isascii() and name.islower() else name


def _base(definition: Definition, base: Base) -> str:
    if base.name in definition.questions and base.kind in (BaseKind.ANSWER, BaseKind.ACTION):
        title = definition.questions[base.name].ask
    else:
        section = {BaseKind.FACT: "facts", BaseKind.MEETING: "meetings"}.get(base.kind, "steps")
        title = title_of(definition, section, base.name)
    if base.kind is BaseKind.BIRTHDAY:
        return f"{base.name} års fødselsdag" if base.name else "fødslen"
    return _table("bases")[base.kind.value].format(name=f"“{title}”")


def _fields_said(definition: Definition, value: BaseModel) -> str:
    """What was written in an element, field by field; the entries inside it are said on their own."""
    parts: list[str] = []
    for name, info in type(value).model_fields.items():
        inside = getattr(value, name)
        if name in ("key", "made_from") or inside == info.get_default(call_default_factory=True):
            continue
        if isinstance(inside, Mapping) and any(isinstance(one, BaseModel) for one in inside.values()):
            continue
        field = info.alias or name
        parts.append(f"{field_word(field)}: {said(definition, inside, field)}")
    return "; ".join(parts) or NOTHING
