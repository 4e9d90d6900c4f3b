"""The texts of a definition by their paths, and the same definition with those texts in another language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from protocols.definition import Definition
from protocols.kinds.step import Kind as Step
from protocols.kinds.translation import Kind as Translation
from protocols.lowering import lower
from protocols.yaml_source import Source

# The fields that people read, and the mappings whose values they read. All others hold keys and numbers.
TEXTS = frozenset(
    {
        "about", "ask", "body", "built", "done_when_message", "help", "label", "lapse_reason", "message",
        "must_be_message", "not", "of", "source", "text", "title", "to", "waits_for", "what", "whom", "why",
    }
)  # fmt: skip
MAPPINGS = frozenset({"answers", "checklist", "choices", "fixed", "items", "judgements", "parts", "times"})
_UNTOLD_SECTIONS = frozenset({"ladders", "translations"})


def texts_of(definition: Definition) -> dict[str, str]:
    """Every written text by its path, such as `steps.meet.questions.note.ask`, in the order of the file.

    What the kernel itself says in the steps it makes is not among them: that stands in its own catalogues.
    """
    return dict(_paths(definition, made=False))


def in_language(definition: Definition, language: str) -> Definition:
    """The definition with the texts that it has in the language; itself when it has none in it.

    The steps that it is made into are made again from the translated texts, with the kernel's own words of
    the language. Everything else is as it was.
    """
    translation = definition.elements.get("translations", {}).get(language)
    if not isinstance(translation, Translation) or language == definition.head.language:
        return definition
    tree = _as_tree(translation.texts)
    written = {
        section: {
            name: _replaced(element, _below(tree, section, name, type(element).single))
            for name, element in inside.items()
            if not (isinstance(element, Step) and element.made_from)
        }
        for section, inside in definition.elements.items()
    }
    nowhere = {section: Source(definition.file) for section in written}
    # They were made once without a complaint, so there is none to be had now.
    made = lower(written, nowhere, [], language=language)
    steps = {
        key: _replaced(step, _below(tree, "steps", key, False)) if getattr(step, "made_from", "") else step
        for key, step in made.get("steps", {}).items()
    }
    # In the order they had, which is the order they are shown in.
    ordered = {key: steps[key] for key in definition.steps if key in steps}
    return Definition({**made, "steps": ordered}, file=definition.file, original=definition)


def untranslated(definition: Definition) -> Iterator[tuple[str, str]]:
    """Each (language, path) of a text that a translation leaves out."""
    texts = texts_of(definition)
    for language, translation in definition.elements.get("translations", {}).items():
        assert isinstance(translation, Translation)
        yield from ((language, path) for path in texts if path not in translation.texts)


def all_paths(definition: Definition) -> frozenset[str]:
    """Every path that may be translated, also those of texts the kernel itself has made."""
    return frozenset(path for path, _ in _paths(definition, made=True))


def _paths(definition: Definition, *, made: bool) -> Iterator[tuple[str, str]]:
    names = {*definition.roles, *definition.contacts}
    for section, inside in definition.elements.items():
        if section in _UNTOLD_SECTIONS:
            continue
        for name, element in inside.items():
            if not made and isinstance(element, Step) and element.made_from:
                continue
            above = section if type(element).single else f"{section}.{name}"
            yield from ((path, text) for path, text in _texts(element, above) if text not in names)


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case BaseModel():
            for field, info in type(value).model_fields.items():
                name = info.alias or field
                inner = getattr(value, field)
                if isinstance(inner, str):
                    if name in TEXTS and inner and not (name == "source" and path != "head"):
                        yield f"{path}.{name}", inner
                elif name in MAPPINGS or not _is_plain(inner):
                    yield from _texts(inner, f"{path}.{name}")
        case Mapping():
            for key, inner in value.items():
                if isinstance(inner, str):
                    yield f"{path}.{key}", inner
                else:
                    yield from _texts(inner, f"{path}.{key}")


def _is_plain(value: object) -> bool:
    """Whether it is a mapping from one key to another, or to a condition, and so no text."""
    return isinstance(value, Mapping) and not any(isinstance(one, BaseModel) for one in value.values())


_Tree = dict[str, Any]


def _as_tree(texts: Mapping[str, object]) -> _Tree:
    tree: _Tree = {}
    for path, text in texts.items():
        *above, last = path.split(".")
        inside = tree
        for part in above:
            inside = inside.setdefault(part, {})
        inside[last] = text
    return tree


def _below(tree: _Tree, section: str, name: str, single: bool) -> _Tree:
    inside = tree.get(section, {})
    found = inside if single else inside.get(name, {})
    assert isinstance(found, dict)
    return found


def _replaced(value: Any, tree: object) -> Any:
    """The value with the texts of the tree in it; frozen elements are copied, not changed."""
    if isinstance(tree, str):
        return tree
    if not isinstance(tree, dict) or not tree:
        return value
    if isinstance(value, BaseModel):
        fields = {info.alias or name: name for name, info in type(value).model_fields.items()}
        changed = {
            fields[key]: _replaced(getattr(value, fields[key]), inner)
            for key, inner in tree.items()
            if key in fields
        }
        return value.model_copy(update=changed)
    if isinstance(value, Mapping):
        return {key: _replaced(inner, tree.get(key)) for key, inner in value.items()}
    return value
