"""Composes whole definitions of any shape from parts, each of which is whole by the way it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.protocols.generated_files import LADDERS, contacts, head

T = TypeVar("T")
Doc = dict[str, Any]

# Names are words of the language of conditions and of YAML as often as any others; the number makes each new.
WORDS = ("a", "vis", "Kap", "_u", "x_y", "done", "is_open", "answer", "given", "fact", "all", "no", "null_")
# Whoever is named here is somebody else than the holder in the house of the tests.
OTHERS = ("leader", "deputy", "head", "in_charge", "consultant")


@dataclass(frozen=True)
class Generated:
    """One definition and those it raises cases on, as the files of a folder, by name."""

    docs: Mapping[str, Doc]
    contacts: Doc
    ladders: Doc

    @property
    def key(self) -> str:
        return next(iter(self.docs))

    @property
    def doc(self) -> Doc:
        return self.docs[self.key]

    def texts(self) -> dict[str, str]:
        shared = {"contacts.yaml": self.contacts, "ladders.yaml": self.ladders}
        own = {f"{key}.yaml": doc for key, doc in self.docs.items()}
        return {name: as_yaml(doc) for name, doc in {**own, **shared}.items()}

    @contextmanager
    def folder(self, **changed: str) -> Iterator[Path]:
        """A folder with the files; `changed` are texts that stand in place of a file's own, by key."""
        with TemporaryDirectory() as name:
            for file, text in self.texts().items():
                (Path(name) / file).write_text(changed.get(Path(file).stem, text), "utf-8")
            yield Path(name)

    def __repr__(self) -> str:
        return "\n".join(f"# {name}\n{text}" for name, text in self.texts().items())


def as_yaml(doc: Doc) -> str:
    """The text of a file. Through JSON first, for equal parts shall not become anchors and aliases."""
    written = StringIO()
    yaml = YAML(typ="safe")
    yaml.default_flow_style, yaml.sort_base_mapping_type_on_output = False, False  # type: ignore[assignment]
    yaml.allow_unicode, yaml.width = True, 4096
    yaml.dump(json.loads(json.dumps(doc)), written)
    return written.getvalue()


class Author:
    """Writes one definition; everything it decides is drawn."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], key: str, child: str = "") -> None:
        self._draw, self.child = draw, child
        self._count = 0
        self.doc: Doc = {"head": {}, "facts": {}, "roles": roles(), "steps": {}}
        # What later parts may speak of: steps that are settled for good where they are written, and the like.
        self.before: list[str] = []
        self.dates: list[str] = []
        self.has_interrupt = False
        self.relation = ""
        self.doc["head"] = head(self, key)

    # What is drawn. The first and the smallest are the plainest.

    def one_of(self, choices: Sequence[T]) -> T:
        found: T = self._draw(st.sampled_from(choices))
        return found

    def maybe(self) -> bool:
        return bool(self._draw(st.booleans()))

    def number(self, least: int, most: int) -> int:
        return int(self._draw(st.integers(least, most)))

    def some_of(self, choices: Sequence[T], least: int = 0) -> list[T]:
        return [one for nth, one in enumerate(choices) if nth < least or self.maybe()]

    def name(self) -> str:
        self._count += 1
        return f"{self.one_of(WORDS)}{self._count}"

    # What is written.

    def section(self, name: str) -> Doc:
        found: Doc = self.doc.setdefault(name, {})
        return found

    def add(self, section: str, written: Doc, key: str = "") -> str:
        key = key or self.name()
        self.section(section)[key] = written
        return key

    def step(self, opens_when: str, key: str = "", **more: Any) -> str:
        """A step with a title and a date of its own, and whatever else is said of it."""
        key = key or self.name()
        written = {
            "title": f"Titel {key}",
            "what": "Gør det: [her], og 'nu'.",
            "opens_when": opens_when,
            "modality": "must",
            "deadlines": {self.name(): self.date(key)},
        } | more
        return self.add("steps", written, key)

    def date(self, step: str, **more: Any) -> Doc:
        """A deadline of a step that always runs."""
        base = self.one_of((f'opened("{step}")', "receipt", "awareness"))
        length = f"{self.number(1, 40)} {self.one_of(('days', 'hours', 'working days', 'weeks', 'months'))}"
        return self.deadline(base, length) | more

    def deadline(self, base: str, within: str) -> Doc:
        basis = self.one_of(("local", "agreed", "statutory_guidance", "professional_standard", "law"))
        written: Doc = {"base": base, "within": within, "basis": basis, "ladder": self.one_of(list(LADDERS))}
        if basis == "law":
            written["reference"] = "act"
            self.section("legal_references").setdefault("act", {"about": "Alt", "successor": "Loven § 1"})
        elif basis == "local" and self.maybe():
            written["decided"] = False
        if self.maybe():
            written["extension"] = {
                "by": self.one_of(OTHERS), "why": "Ingen hjemme", "within": "3 days", "at_most": 2,
            } | ({"reference": "act"} if basis == "law" else {})  # fmt: skip
        return written

    def modality(self) -> Any:
        """Something that never keeps whoever waits for the step waiting for ever."""
        fact = self.fact(("yes_no",))
        by_fact = [{"when": f'fact.{fact} == "yes"', "then": "may"}, {"then": "must"}] if fact else "must"
        return self.one_of(("must", "should", "may", by_fact))

    def fact(self, types: tuple[str, ...]) -> str:
        """A fact of the case that is asked at intake, empty when there is none of these types."""
        asked = {
            key: one for key, one in self.section("facts").items() if "ask" in one and "scope" not in one
        }
        found = [key for key, one in asked.items() if one["type"] in types]
        return self.one_of(found) if found else ""

    def question(self, **more: Any) -> dict[str, Doc]:
        return {self.name(): {"ask": "Hvad?", "type": "yes_no"} | more}

    def questions(self) -> dict[str, Doc]:
        """Questions of any type that nobody looks at afterwards."""
        plain: list[Doc] = [
            {"type": "text"}, {"type": "long_text", "required": False}, {"type": "yes_no_unknown"},
            {"type": "number"}, {"type": "datetime"}, {"type": "contact", "contacts": ["night", "day"]},
            {"type": "choice", "choices": {"yes": "Ja", "no": "Nej", "x1": "Måske"}},
            {"type": "choices", "choices": {"on": "Til", "off": "Fra"}},
            {"type": "person", "roles": ["leader", "deputy"]},
            {"type": "date", "sets": {"next_followup": True}}, {"type": "datetime", "may_be_ahead": True},
        ]  # fmt: skip
        return {self.name(): {"ask": "Hvad?"} | one for one in self.some_of(plain) if self.maybe()}


def roles() -> Doc:
    """Everybody there can be, in every form a role has."""
    return {
        "keeper": {"title": "Den ansvarlige", "holder": True},
        "raiser": {"title": "Den, der meldte", "raiser": True},
        "leader": {"title": "Lederen", "superior_of": "keeper"},
        "deputy": {"title": "Stedfortræderen", "substitute_of": "leader"},
        "head": {"title": "Chefen", "superior_of": "leader"},
        "in_charge": {
            "title": "Den næste i rækken",
            "first_of": ["leader", "deputy", "head"],
            "bypass": ["absent", "no_answer", "disagrees", "is_the_concern"],
            "no_answer_within": "2 hours",
        },
        "consultant": {"title": "Konsulenten", "staff": {"role": "safety_consultant"}},
        "adviser": {"title": "Rådgiver", "staff": {"role": "adviser", "same_team": True}},
    }


@st.composite
def definitions(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Generated:
    """A whole definition; now and then with another one that it raises cases on."""
    from tests.protocols.generated_shape import write

    child = "child" if draw(st.booleans()) else ""
    docs = {"parent": write(Author(draw, "parent", child))}
    if child:
        docs[child] = write(Author(draw, child), most_parts=1, most_besides=1)
    return Generated(docs, contacts(), LADDERS_FILE)


LADDERS_FILE: Doc = {"ladders": LADDERS}
