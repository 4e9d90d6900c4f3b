"""What `protocol check` says: problems to mend, conflicts in the source, what nobody has confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from handlepligt.domain.deadlines import Basis
from handlepligt.domain.explanations import in_danish
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.explaining import explain_at
from protocols.kinds.deadline import Kind
from protocols.library import STAFF_LANGUAGE
from protocols.loader import DEFINITIONS, examine, examine_all
from protocols.problems import Problem
from protocols.reading import SHARED
from protocols.translating import untranslated

# Of the texts that lack a translation, so many are named.
_NAMED = 5


@dataclass(frozen=True)
class ExplainedCondition:
    """A condition where it stands, as it is written and in Danish sentences.

    `own` is the same in the language of the definition, empty when that is Danish.
    """

    definition: str
    where: str
    source: str
    sentence: str
    own: str = ""

    def __str__(self) -> str:
        told = "\n    ".join(one.replace("\n", "\n      ") for one in (self.sentence, self.own) if one)
        return f"{self.definition}: {self.where}: {self.source}\n    {told}"


@dataclass(frozen=True)
class CheckReport:
    """`problems` stop a definition from loading; `conflicts` and `notes` do not, but somebody should decide.

    Each conflict and note is one line that begins with the key of its definition.
    """

    problems: tuple[Problem, ...]
    conflicts: tuple[str, ...]
    notes: tuple[str, ...]
    conditions: tuple[ExplainedCondition, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.problems


def check(path: Path | None = None, *, explain: bool = False) -> CheckReport:
    """Checks one file, a folder of definitions, or with None those that ship with the product.

    A file that definitions share means nothing alone, so its whole folder is checked. With `explain` every
    condition of what could be built is said in words too.
    """
    target = path or DEFINITIONS
    if target.name in SHARED:
        target = target.parent
    if target.is_dir():
        definitions, problems = examine_all(target)
    else:
        definition, problems = examine(target)
        definitions = [definition] if definition is not None else []
    conflicts = [line for definition in definitions for line in _conflicts(definition)]
    notes = [line for definition in definitions for line in _notes(definition)]
    if target.is_dir() and not definitions and not problems:
        problems = [Problem(target.name, 1, 1, "there is no definition in this folder; name another")]
    return CheckReport(
        tuple(problems),
        tuple(conflicts),
        tuple(dict.fromkeys(notes)),
        tuple(one for definition in definitions for one in _explained(definition)) if explain else (),
    )


def _explained(definition: Definition) -> Iterator[ExplainedCondition]:
    languages = dict.fromkeys([STAFF_LANGUAGE, definition.head.language])
    for section, elements in definition.elements.items():
        for name, element in elements.items():
            if getattr(element, "made_from", ""):
                continue
            where = section if name == section else f"{section}.{name}"
            for path, condition in _conditions(element, where):
                said = [explain_at(path, condition, definition, one) for one in languages]
                yield ExplainedCondition(definition.key, path, str(condition), *said)


def _conditions(value: object, where: str) -> Iterator[tuple[str, Condition]]:
    """Every condition inside an element with the path it stands at."""
    match value:
        case Condition():
            yield where, value
        case BaseModel():
            for name, info in type(value).model_fields.items():
                yield from _conditions(getattr(value, name), f"{where}.{info.alias or name}")
        case Mapping():
            for key, one in value.items():
                yield from _conditions(one, f"{where}.{key}")
        case tuple():
            for position, one in enumerate(value, start=1):
                yield from _conditions(one, f"{where}.{position}")


def _conflicts(definition: Definition) -> Iterator[str]:
    for key, conflict in definition.conflicts.items():
        yield f"{definition.key}: {key}: {conflict.text} Bygget: {conflict.built}"


def _notes(definition: Definition) -> Iterator[str]:
    head = definition.key
    owned = [(key, one) for step in definition.steps.values() for key, one in step.deadlines.items()]
    for key, deadline in [*owned, *definition.case_deadlines.items()]:
        if not deadline.decided:
            yield f"{head}: frist {key}: {_length(deadline)}, standardværdi – ikke besluttet"
        # A reference that is missing or unknown is a problem and said as one.
        reference = definition.legal_references.get(deadline.reference)
        if deadline.basis is Basis.LAW and reference is not None and not reference.checked_by:
            yield f"{head}: frist {key}: lovhenvisningen {deadline.reference} er ikke efterprøvet"
    for key, cited in definition.legal_references.items():
        if cited.mapping_inferred:
            yield f"{head}: henvisning {key}: {cited.successor} er udledt af {cited.cited}"
    for key, contact in definition.contacts.items():
        for number in contact.numbers:
            if not number.hours_confirmed:
                yield f"{head}: kontakt {key}: åbningstiden {number.hours} er ikke bekræftet"
    missing: dict[str, list[str]] = {}
    for language, path in untranslated(definition):
        missing.setdefault(language, []).append(path)
    for language, paths in missing.items():
        more = f" og {len(paths) - _NAMED} andre" if len(paths) > _NAMED else ""
        yield f"{head}: oversættelse {language}: mangler {', '.join(paths[:_NAMED])}{more}"


def _length(deadline: Kind) -> str:
    offset = deadline.remind_after if deadline.at_once else deadline.within
    if offset is None:
        return "uden tal"
    return f"straks, påmindelse efter {in_danish(offset)}" if deadline.at_once else in_danish(offset)
