"""What `protocol check` says: problems to mend, conflicts in the source, what nobody has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handlepligt.domain.deadlines import Basis
from handlepligt.domain.explanations import in_danish
from protocols.definition import Definition
from protocols.kinds.deadline import Kind
from protocols.loader import DEFINITIONS, examine, examine_all
from protocols.problems import Problem
from protocols.reading import SHARED


@dataclass(frozen=True)
class CheckReport:
    """`problems` stop a definition from loading; `conflicts` and `notes` do not, but somebody should decide.

    Each conflict and note is one line that begins with the key of its definition.
    """

    problems: tuple[Problem, ...]
    conflicts: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.problems


def check(path: Path | None = None) -> CheckReport:
    """Checks one file, a folder of definitions, or with None those that ship with the product.

    A file that definitions share means nothing alone, so its whole folder is checked.
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
    return CheckReport(tuple(problems), tuple(conflicts), tuple(dict.fromkeys(notes)))


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


def _length(deadline: Kind) -> str:
    offset = deadline.remind_after if deadline.at_once else deadline.within
    if offset is None:
        return "uden tal"
    return f"straks, påmindelse efter {in_danish(offset)}" if deadline.at_once else in_danish(offset)
