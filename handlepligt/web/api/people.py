"""The people linked to a case, and the cases raised from it."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.correct_person import correct_person
from handlepligt.cases.link_person import link_person
from handlepligt.cases.unlink_person import unlink_person
from handlepligt.domain.access import Action
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.known_replies import People, PersonReceipt, SubCases
from handlepligt.web.api.known_views import parent_line, people_lines, relation_lines, sub_case_lines
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import case_id_of, look, open_steps, usable_id
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import NewPerson, PersonCorrection, Reason
from models import Case, LinkedPerson, Staff

router = APIRouter(route_class=ApiRoute, tags=["people"])

_NEW = {"relation": "relation", "name": "name"}
_CORRECTED = {"reason": "reason", "facts": "facts"}


@router.get("/cases/{reference}/people", response_model=People)
def list_people(reference: str, asks: Asks) -> Response:
    """The people linked to a case and who can be. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> People:
        case = look(session, reference, by=by, now=now, action=Action.SEE_CASE).case
        return People(
            reference=case.reference, items=people_lines(session, case), relations=relation_lines(case)
        )

    return asks.looks(work)


@router.post("/cases/{reference}/people", status_code=201, response_model=PersonReceipt)
def link(reference: str, body: NewPerson, write: Writes) -> Response:
    """Links a person to the case; steps about them open in the same instant."""

    def work(session: Session, by: Staff, now: datetime) -> PersonReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.LINK_PERSON)
        with fields_named(_NEW, others_under="facts."):
            person = link_person(
                session,
                case_id=case_id,
                relation=body.relation,
                name=body.name,
                facts=body.facts,
                by=by,
                now=now,
            )
        return _receipt(session, person)

    return write.once(work, status=201)


@router.post("/people/{person_id}/correct", response_model=PersonReceipt)
def correct(person_id: str, body: PersonCorrection, write: Writes) -> Response:
    """Corrects what is known of a person; facts that are not named stay as they are."""

    def work(session: Session, by: Staff, now: datetime) -> PersonReceipt:
        wanted = usable_id(person_id, by=by, now=now, action=Action.LINK_PERSON)
        with fields_named(_CORRECTED, others_under="facts."):
            person = correct_person(
                session, person_id=wanted, facts=body.facts, reason=body.reason, by=by, now=now
            )
        return _receipt(session, person)

    return write.once(work)


@router.post("/people/{person_id}/unlink", response_model=PersonReceipt)
def unlink(person_id: str, body: Reason, write: Writes) -> Response:
    """Takes a person's link to the case away; the open rounds about them fall away."""

    def work(session: Session, by: Staff, now: datetime) -> PersonReceipt:
        wanted = usable_id(person_id, by=by, now=now, action=Action.LINK_PERSON)
        person = unlink_person(session, person_id=wanted, reason=body.reason, by=by, now=now)
        return _receipt(session, person)

    return write.once(work)


@router.get("/cases/{reference}/sub-cases", response_model=SubCases)
def list_sub_cases(reference: str, asks: Asks) -> Response:
    """The cases raised from a case, and the one it was raised from. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> SubCases:
        case = look(session, reference, by=by, now=now, action=Action.SEE_CASE).case
        return SubCases(
            reference=case.reference,
            items=sub_case_lines(session, case, by, now),
            parent=parent_line(session, case, by, now),
        )

    return asks.looks(work)


def _receipt(session: Session, person: LinkedPerson) -> PersonReceipt:
    case = session.get_one(Case, person.case_id)
    return PersonReceipt(
        id=person.id,
        reference=case.reference,
        relation=person.relation,
        linked_at=person.linked_at,
        unlinked_at=person.unlinked_at,
        open_steps=open_steps(session, case),
    )
