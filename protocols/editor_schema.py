"""A JSON Schema of what a definition may hold, made from the kinds, for editors that complete and warn."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Mapping
from datetime import time
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from handlepligt.domain.deadlines import Offset, Unit
from protocols.conditions import Condition
from protocols.deadline_base import Base, BaseKind
from protocols.element import LONGEST_NAME, read_name
from protocols.kinds import sections
from protocols.reading import NEEDED, SHARED

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_NAME = f"^[A-Za-z_][A-Za-z0-9_]{{0,{LONGEST_NAME - 1}}}$"
# What every element has for the machinery; nobody writes it.
_UNWRITTEN = ("key", "made_from")
_UNITS = "|".join(unit.value.removesuffix("s").replace("_", "[ _]") for unit in Unit)
_ALONE = ("receipt", "awareness", "deed", "handover", "birthday")
# Types that are no plain JSON, as a definition writes them.
_WRITTEN: Mapping[type, Schema] = {
    Condition: {
        "type": ["string", "boolean"],
        "maxLength": 2000,
        "description": 'A condition, such as done("meet") && answer.worried == "yes".',
    },
    Offset: {
        "type": "string",
        "pattern": rf"^\s*[+-]?\d{{1,4}} ({_UNITS})s?( before)?\s*$",
        "examples": ["24 hours", "2 working days", "3 months", "1 working day before"],
    },
    Base: {
        "type": "string",
        "pattern": rf"""^\s*({"|".join(BaseKind)})(\(\s*(\d{{1,3}}|"\w+"|'\w+')\s*\))?\s*$""",
        "examples": [f'{kind}("...")' if kind not in _ALONE else str(kind) for kind in BaseKind],
    },
    time: {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["08:00"]},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
}
_PROBES = ("probe", "all")


def editor_schema() -> Schema:
    """The schema of a definition's file and of the files that definitions share, draft 2020-12.

    Every kind found by folder is in it. It says what an editor can know of one file alone: names that nobody
    declared, types of conditions and ways through the protocol are for `protocol check`.
    """
    making = _Making()
    properties: Schema = {}
    for section, kind in sections().items():
        reference = making.model(kind)
        about = {"title": section, "description": _about(kind)}
        properties[section] = {**about, **reference} if kind.single else {
            **about,
            "type": "object",
            "propertyNames": {"pattern": _NAME},
            "additionalProperties": reference,
        }  # fmt: skip
    return {
        "$schema": DRAFT,
        "title": "Handlepligt: a protocol as data",
        "description": "One definition, or one of the files that the definitions of a folder share.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "anyOf": [
            {"required": list(NEEDED)},
            *({"required": [section], "maxProperties": 1} for section in SHARED.values()),
        ],
        "$defs": dict(sorted(making.made.items())),
    }


class _Making:
    """Makes each model's schema once, under a name of its own."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}

    def model(self, model: type[BaseModel]) -> Schema:
        # Every kind's class is called Kind, so it is known by its file.
        file = model.__module__.rpartition(".")[2]
        name = file if model.__name__ == "Kind" else f"{file}_{model.__name__}"
        if name not in self.made:
            self.made[name] = {}
            self.made[name] = self._model(model)
        return {"$ref": f"#/$defs/{name}"}

    def _model(self, model: type[BaseModel]) -> Schema:
        about = {"description": _about(model)}
        validators = model.__pydantic_decorators__.model_validators.values()
        if any(one.info.mode == "before" for one in validators):
            # What is written there is rewritten as a whole before it is read.
            return {**about, "type": "object"}
        fields = {name: info for name, info in model.model_fields.items() if name not in _UNWRITTEN}
        # The key of the head is written; all others are the names things stand under.
        if model.model_fields["key"].is_required():
            fields = {"key": model.model_fields["key"], **fields}
        return {
            **about,
            "type": "object",
            "properties": {
                info.alias or name: self._field(model, info.alias or name, info)
                for name, info in fields.items()
            },
            "required": [info.alias or name for name, info in fields.items() if info.is_required()],
            "additionalProperties": False,
        }

    def _field(self, model: type[BaseModel], name: str, info: FieldInfo) -> Schema:
        schema = {**self._type(info.annotation, tuple(info.metadata))}
        if said := _about_field(model, name):
            schema["description"] = said
        if info.examples:
            schema["examples"] = list(info.examples)
        if isinstance(info.default, bool | str | int) and info.default != "":
            schema["default"] = info.default
        return schema

    def _type(self, annotation: Any, metadata: tuple[Any, ...] = ()) -> Schema:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._type(arguments[0], (*arguments[1:], *metadata))
        if origin in (Union, types.UnionType):
            # YAML may leave a value empty, but there is never a reason to.
            several = [self._type(one) for one in arguments if one is not type(None)]
            plain = several[0] if len(several) == 1 else {"anyOf": several}
        elif origin is Literal:
            plain = {"enum": list(arguments)}
        elif origin is tuple:
            plain = {"type": "array", "items": self._type(arguments[0])}
        elif origin is dict:
            plain = {
                "type": "object",
                "additionalProperties": self._type(arguments[1]),
                **_names(arguments[0]),
            }
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            plain = self.model(annotation)
        elif isinstance(annotation, type) and issubclass(annotation, Enum):
            plain = {"enum": [one.value for one in annotation]}
        else:
            plain = _WRITTEN.get(annotation, {})
        for one in metadata:
            plain = {**plain, **_bounds(one)}
        also = [
            schema
            for one in metadata
            if isinstance(one, BeforeValidator) and annotation not in _WRITTEN
            for schema in self._other_ways(one.func, annotation)
        ]
        return {"anyOf": [*also, plain]} if also else plain

    def _other_ways(self, rewriting: Callable[..., Any], annotation: Any) -> list[Schema]:
        """Shorter ways of writing a value, found by trying what the reader of the file makes of them."""
        for probe in _PROBES:
            match _tried(rewriting, probe):
                case (dict(one),):
                    # One word stands for a list of one thing, of which it is one field.
                    item: type[BaseModel] = get_args(annotation)[0]
                    field = next(str(name) for name, value in one.items() if value == probe)
                    return [self._field(item, field, item.model_fields[field])]
                case (str(),) if probe == _PROBES[0]:
                    return [self._type(get_args(annotation)[0])]
                case str() | None:
                    continue
                case _:
                    return [{"type": "string"} if probe == _PROBES[0] else {"const": probe}]
        if isinstance(annotation, type) and _tried(rewriting, {"probe": "text"}) not in (
            None,
            {"probe": "text"},
        ):
            return [{"type": "object", "additionalProperties": {"type": "string"}}]
        return []


def _tried(rewriting: Callable[..., Any], value: object) -> Any:
    """What a value is rewritten as, None when it is refused."""
    try:
        return rewriting(value)
    except ValueError:
        return None


def _names(annotation: Any) -> Schema:
    checks = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    named = any(isinstance(one, AfterValidator) and one.func is read_name for one in checks)
    return {"propertyNames": {"pattern": _NAME}} if named else {}


def _bounds(metadata: Any) -> Schema:
    """A pattern, or a least number of entries."""
    pattern, least = getattr(metadata, "pattern", None), getattr(metadata, "min_length", None)
    return ({"pattern": pattern} if pattern else {}) | ({"minItems": least} if least else {})


def _about(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "")


def _about_field(model: type[BaseModel], name: str) -> str:
    """The sentences of the class's docstring that speak of a field."""
    sentences = re.split(r"(?<=[.])\s+", " ".join(_about(model).split()))
    return " ".join(one for one in sentences if f"`{name}`" in one or f"`{name}:" in one)
