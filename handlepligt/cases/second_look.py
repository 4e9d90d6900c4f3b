"""Which answers somebody does not see yet: a second assessor assesses without knowing what the first said."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.people import owners_of
from handlepligt.domain.vocabulary import StepStatus
from models import Case, CaseStep, Staff
from protocols.definition import Definition

_MADE_FOR_A_SECOND = ".second_assessor"


def hidden_from(
    session: Session,
    case: Case,
    definition: Definition,
    steps: Sequence[CaseStep],
    *,
    by: Staff,
    now: datetime,
) -> frozenset[str]:
    """Ids of the rounds whose answers `by` may not see yet: theirs to assess again, and not done so.

    Whoever gave the first answers knows them already.
    """
    hidden: set[str] = set()
    for row in steps:
        step = definition.steps.get(row.key)
        if row.settled_at is not None or step is None or not step.made_from.endswith(_MADE_FOR_A_SECOND):
            continue
        if by.id not in {one.id for one in owners_of(session, definition, row.key, case, now)}:
            continue
        hidden |= {
            one.id
            for one in steps
            if one.key == step.not_same_person_as
            and one.status == StepStatus.DONE
            and one.settled_by_id != by.id
        }
    return frozenset(hidden)
