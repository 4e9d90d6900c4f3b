"""What a definition must satisfy as a whole: every element's own check, and what no element sees alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from protocols.definition import Definition
from protocols.element import Element
from protocols.kinds import sections
from protocols.kinds.step import Kind as Step
from protocols.lowering import place_of
from protocols.problems import MOST_PROBLEMS, Problem
from protocols.scope import Complaint, Scope
from protocols.yaml_source import Source, Where


def check_elements(
    definition: Definition, origins: Mapping[str, Source], *, thorough: bool = True
) -> list[Problem]:
    """Every problem of every element, at its place in the file it came from."""
    scope = Scope(definition, _declared(definition, origins), _raw_questions(definition, origins), thorough)
    problems: list[Problem] = []
    made: list[tuple[Where, str]] = []
    broken: set[Where] = set()
    for section, elements in definition.elements.items():
        for name, element in elements.items():
            above: Where = (section,) if sections()[section].single else (section, name)
            for inside, said in element.check(scope):
                where = place_of(definition.steps, (*above, *inside))
                if isinstance(element, Step) and element.made_from:
                    made.append((where, said))
                else:
                    broken.add(where[:2])
                    problems.append(origins[section].problem(where, said))
            if len(problems) + len(made) > MOST_PROBLEMS:
                break
    for where, said in made:
        source = origins[str(where[0])]
        # What is wrong with an element shows again in the step made of it, but not at a line of its own.
        if where in source.places or where[:2] not in broken:
            problems.append(source.problem(where, said))
    whole_roles = set(_written(origins, "roles")) == set(definition.roles)
    for where, sentence in _together(definition, whole_roles=whole_roles):
        problems.append(origins[str(where[0])].problem(where, sentence))
    return problems


def _together(definition: Definition, *, whole_roles: bool) -> Iterator[Complaint]:
    """`whole_roles`: every role could be read, so that none of the others can be the holder."""
    holders = [role.key for role in definition.roles.values() if role.holder]
    if definition.roles and not holders and whole_roles:
        yield ("roles",), "the holder is missing; give one role 'holder: true', for it has the duty"
    for key in holders[1:]:
        sentence = f"'{holders[0]}' has the duty already; say who '{key}' is in another way"
        yield ("roles", key, "holder"), sentence


def _declared(definition: Definition, origins: Mapping[str, Source]) -> dict[str, frozenset[str]]:
    """The names in the files, also of elements that could not be built, so that one error is said once."""
    declared = {section: frozenset(_written(origins, section)) for section in origins}
    # Those of another protocol are no contacts of this one.
    declared["contacts"] = declared.get("contacts", frozenset()) - _of_others(definition, origins)
    declared["steps"] = frozenset(definition.steps).union(
        declared.get("steps", ()), *(declared[section] for section in origins if _makes_steps(section))
    )
    return declared


def _of_others(definition: Definition, origins: Mapping[str, Source]) -> set[str]:
    """The contacts that could be read and that another protocol keeps to itself."""
    return {
        key
        for key, one in _written(origins, "contacts").items()
        if isinstance(one, Mapping) and one.get("tracks") and key not in definition.contacts
    }


def _makes_steps(section: str) -> bool:
    """Whether what stands here is made into steps, most of which bear its own name."""
    return sections()[section].lowered is not Element.lowered


def _raw_questions(definition: Definition, origins: Mapping[str, Source]) -> frozenset[str]:
    """The questions of the written steps, and those of whatever could not be made into a step."""
    steps = [one for one in _written(origins, Step.section).values() if isinstance(one, Mapping)]
    asked = [one.get("questions") for one in steps]
    found = {key for questions in asked if isinstance(questions, Mapping) for key in questions}
    for section in origins:
        if section != Step.section and _makes_steps(section):
            # What is made into a step asks at least one question of its own name.
            found |= set(_written(origins, section)) - set(definition.elements.get(section, {}))
    return frozenset(found)


def _written(origins: Mapping[str, Source], section: str) -> Mapping[str, object]:
    source = origins.get(section)
    inside = source.values.get(section) if source and isinstance(source.values, Mapping) else None
    return inside if isinstance(inside, Mapping) else {}
