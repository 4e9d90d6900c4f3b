"""Sets the day of the next follow-up (næste opfølgning). An open case always has one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlepligt.cases.arm_followup import arm_followup
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.open_case import case_for
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import Case, Staff

# A date further away than this is a slip of the pen, and a case nobody looks at.
FURTHEST = timedelta(days=366)


def set_followup(
    session: Session, *, case_id: str, by: Staff, now: datetime, on: date, note: str = ""
) -> Case:
    """The case with its next follow-up on the local day `on`, today at the earliest, a year ahead at most.

    Raises NotFoundError, NotAllowedError, CaseClosedError, InvalidInputError.
    """
    case = case_for(session, case_id, by=by, action=Action.SET_FOLLOWUP, now=now)
    note = wording.tidied(note)
    problem = wording.problem_with(note, limit=wording.LETTER, required=False)
    if problem:
        raise InvalidInputError(problems={"note": problem})
    move_followup(session, case, on=on, by=by, now=now, note=note)
    bring_up_to_date(session, case, now)
    return case


def move_followup(
    session: Session, case: Case, *, on: date, by: Staff, now: datetime, note: str = ""
) -> None:
    """Moves the date and its reminders; for the verbs that change a case in other ways as well."""
    today = now.astimezone(ZoneInfo(definition_of(case).head.zone)).date()
    if on < today:
        raise InvalidInputError(
            problems={"on": "Næste opfølgning kan ikke ligge i fortiden. Vælg en senere dag."}
        )
    if on > today + FURTHEST:
        raise InvalidInputError(
            problems={"on": "Næste opfølgning kan højst ligge et år frem. Vælg en tidligere dag."}
        )
    case.next_followup_on = on
    session.add(case)
    arm_followup(session, case, now=now)
    record(session, case, EventKind.FOLLOWUP_SET, at=now, by_id=by.id, detail=note, on=on)
