"""A definition as one typed value: everything a protocol says, by section, ready for the kernel."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from protocols.conditions import Condition
from protocols.element import Element, conditions_in
from protocols.kinds.caution import Kind as Caution
from protocols.kinds.conflict import Kind as Conflict
from protocols.kinds.contact import Kind as Contact
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.end import Kind as End
from protocols.kinds.entry import Kind as Entry
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.followup import Kind as Followup
from protocols.kinds.form import Kind as Form
from protocols.kinds.handover import Kind as Handover
from protocols.kinds.head import Kind as Head
from protocols.kinds.join import Kind as Join
from protocols.kinds.ladder import Kind as Ladder
from protocols.kinds.legal_reference import Kind as LegalReference
from protocols.kinds.question import Kind as Question
from protocols.kinds.relation import Kind as Relation
from protocols.kinds.role import Kind as Role
from protocols.kinds.rule import Kind as Rule
from protocols.kinds.step import Kind as Step
from protocols.kinds.sub_protocol import Kind as SubProtocol
from protocols.problems import UnknownStepError


@dataclass(frozen=True)
class Vocabulary:
    """Names by what stands before their dot (a name without a dot by itself), and functions."""

    names: Mapping[str, Collection[str]]
    functions: frozenset[str]


@dataclass(frozen=True, eq=False)
class Definition:
    """One published protocol. `elements` maps each section's key to its elements by name.

    A section that holds one thing only has it under the section's own name. `original` is what this one is
    a translation of, None for a definition in its own language.
    """

    elements: Mapping[str, Mapping[str, Element]]
    file: str = ""
    original: Definition | None = None

    def _section(self, name: str) -> Any:
        return self.elements.get(name, {})

    @property
    def head(self) -> Head:
        return cast(Head, self.elements["head"]["head"])

    @property
    def key(self) -> str:
        return self.head.key

    @property
    def version(self) -> str:
        return self.head.version

    @property
    def title(self) -> str:
        return self.head.title

    @property
    def raised_by(self) -> tuple[str, ...]:
        """Keys of the staff roles that may raise a concern on this track."""
        return self.head.raised_by

    @property
    def facts(self) -> Mapping[str, Fact]:
        return cast(Mapping[str, Fact], self._section("facts"))

    @property
    def relations(self) -> Mapping[str, Relation]:
        """How people can be linked to a case."""
        return cast(Mapping[str, Relation], self._section("relations"))

    @property
    def roles(self) -> Mapping[str, Role]:
        return cast(Mapping[str, Role], self._section("roles"))

    @property
    def steps(self) -> Mapping[str, Step]:
        """In the order of the file."""
        return cast(Mapping[str, Step], self._section("steps"))

    @property
    def joins(self) -> Mapping[str, Join]:
        return cast(Mapping[str, Join], self._section("joins"))

    @property
    def forms(self) -> Mapping[str, Form]:
        return cast(Mapping[str, Form], self._section("forms"))

    @property
    def sub_protocols(self) -> Mapping[str, SubProtocol]:
        """The cases of their own that this one raises, by the step that waits for them."""
        return cast(Mapping[str, SubProtocol], self._section("sub_protocols"))

    @property
    def rules(self) -> Mapping[str, Rule]:
        return cast(Mapping[str, Rule], self._section("rules"))

    @property
    def ends(self) -> Mapping[str, End]:
        return cast(Mapping[str, End], self._section("ends"))

    @property
    def entries(self) -> Mapping[str, Entry]:
        return cast(Mapping[str, Entry], self._section("entries"))

    @property
    def case_deadlines(self) -> Mapping[str, Deadline]:
        """The deadlines that belong to the case rather than to one step."""
        return cast(Mapping[str, Deadline], self._section("deadlines"))

    @property
    def cautions(self) -> Mapping[str, Caution]:
        return cast(Mapping[str, Caution], self._section("cautions"))

    @property
    def conflicts(self) -> Mapping[str, Conflict]:
        return cast(Mapping[str, Conflict], self._section("conflicts"))

    @property
    def legal_references(self) -> Mapping[str, LegalReference]:
        return cast(Mapping[str, LegalReference], self._section("legal_references"))

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """The shared contacts that this definition shows, each with only its numbers for this track."""
        return cast(Mapping[str, Contact], self._section("contacts"))

    @property
    def ladders(self) -> Mapping[str, Ladder]:
        return cast(Mapping[str, Ladder], self._section("ladders"))

    @property
    def handover(self) -> Handover | None:
        return cast(Handover | None, self._section("handover").get("handover"))

    @property
    def followup(self) -> Followup | None:
        return cast(Followup | None, self._section("followup").get("followup"))

    @functools.cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question that a step asks; keys are unique in the definition."""
        return {key: question for step in self.steps.values() for key, question in step.questions.items()}

    @functools.cached_property
    def asked_in(self) -> Mapping[str, str]:
        """The step that asks each question."""
        return {key: step.key for step in self.steps.values() for key in step.questions}

    @functools.cached_property
    def intake_facts(self) -> tuple[Fact, ...]:
        """The facts that are asked when a concern is raised."""
        return tuple(fact for fact in self.facts.values() if fact.ask and not fact.is_of_a_person)

    def person_facts(self, relation: str) -> tuple[Fact, ...]:
        """The facts that are asked when a person of this relation is linked, in the order of the file."""
        return tuple(fact for fact in self.facts.values() if fact.concerns(relation))

    @functools.cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that stands anywhere in the definition."""
        elements = [one for section in self.elements.values() for one in section.values()]
        return tuple(dict.fromkeys(found for one in elements for found in conditions_in(one)))

    @functools.cached_property
    def vocabulary(self) -> Vocabulary:
        """What any condition of the definition asks for, so that a world need not prepare what none does."""
        names: dict[str, set[str]] = {}
        for path in {path for one in self.conditions for path in one.names}:
            names.setdefault(path[0], set()).add(path[-1])
        functions = {call[0] for one in self.conditions for call in one.signatures}
        return Vocabulary(names, frozenset(functions))

    @functools.cached_property
    def _by_language(self) -> dict[str, Definition]:
        return {}

    def in_language(self, language: str) -> Definition:
        """The same definition with the texts it has in a language such as `da`; itself when it has none."""
        # A translation is a definition, so it can be known here only when it is asked for.
        from protocols.translating import in_language

        original = self.original or self
        if language not in original._by_language:
            original._by_language[language] = in_language(original, language)
        return original._by_language[language]

    def step(self, key: str) -> Step:
        """One step; UnknownStepError when the definition has none of that key."""
        try:
            return self.steps[key]
        except KeyError:
            raise UnknownStepError(f"{self.key} {self.version} has no step {key!r}") from None
