"""What a definition must satisfy as a whole: every element's own check, and what no element sees alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from protocols.definition import Definition
from protocols.element import Element
from protocols.kinds import sections
from protocols.lowering import place_of
from protocols.problems import MOST_PROBLEMS, Problem
from protocols.scope import Complaint, Scope
from protocols.yaml_source import Source, Where


def check_elements(
    definition: Definition, origins: Mapping[str, Source], *, thorough: bool = True
) -> list[Problem]:
    """Every problem of every element, at its place in the file it came from."""
    scope = Scope(definition, _declared(definition, origins), _raw_questions(origins), thorough)
    problems: list[Problem] = []
    for section, elements in definition.elements.items():
        source = origins[section]
        for name, element in elements.items():
            above: Where = (section,) if sections()[section].single else (section, name)
            for inside, said in element.check(scope):
                where = place_of(definition.steps, (*above, *inside))
                problems.append(origins.get(str(where[0]), source).problem(where, said))
            if len(problems) > MOST_PROBLEMS:
                return problems
    for where, sentence in _together(definition):
        problems.append(origins[str(where[0])].problem(where, sentence))
    return problems


def _together(definition: Definition) -> Iterator[Complaint]:
    if definition.roles and not any(role.holder for role in definition.roles.values()):
        yield ("roles",), "the holder is missing; give one role 'holder: true', for it has the duty"


def _declared(definition: Definition, origins: Mapping[str, Source]) -> dict[str, frozenset[str]]:
    """The names in the files, also of elements that could not be built, so that one error is said once."""
    declared: dict[str, frozenset[str]] = {}
    for section, source in origins.items():
        written = source.values.get(section) if isinstance(source.values, Mapping) else None
        declared[section] = frozenset(written) if isinstance(written, Mapping) else frozenset()
    declared["contacts"] = frozenset(definition.contacts)
    declared["steps"] = frozenset(definition.steps).union(
        declared.get("steps", ()), *(declared[section] for section in origins if _makes_steps(section))
    )
    return declared


def _makes_steps(section: str) -> bool:
    """Whether what stands here is made into steps, most of which bear its own name."""
    return sections()[section].lowered is not Element.lowered


def _raw_questions(origins: Mapping[str, Source]) -> frozenset[str]:
    source = origins.get("steps")
    steps = source.values.get("steps") if source and isinstance(source.values, Mapping) else None
    if not isinstance(steps, Mapping):
        return frozenset()
    asked = [step.get("questions") for step in steps.values() if isinstance(step, Mapping)]
    return frozenset(key for questions in asked if isinstance(questions, Mapping) for key in questions)
