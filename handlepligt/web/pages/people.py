"""The people linked to a case (tilknyttede personer): linked, what is known of them corrected, unlinked."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.correct_person import correct_person
from handlepligt.cases.definitions import definition_of
from handlepligt.cases.fact_values import facts_of_person
from handlepligt.cases.link_person import link_person
from handlepligt.cases.unlink_person import unlink_person
from handlepligt.domain.access import Action
from handlepligt.errors import NotAllowedError, NotFoundError
from handlepligt.web.fact_fields import read_fact
from handlepligt.web.forms import Form
from handlepligt.web.pages.acts import Act
from handlepligt.web.pages.cases import record_look
from handlepligt.web.rendering import render
from handlepligt.web.row_forms import LINK_FACT, PERSON_FACT, link_fields
from models import Case, LinkedPerson
from models.session import reading
from protocols.definition import Definition

router = APIRouter(prefix="/sager/{reference}/personer")


@router.post("")
def link(act: Act) -> Response:
    """Links a person to the case."""

    def verb(session: Session, case_id: str) -> None:
        case = session.get(Case, case_id)
        link_person(
            session,
            case_id=case_id,
            relation=act.form.line("link.relation"),
            name=act.form.text("link.name"),
            facts=_typed(definition_of(case), LINK_FACT, act.form) if case else {},
            by=act.by,
            now=act.now,
        )

    fields = {"relation": "link.relation", "name": "link.name"}
    return act.carry_out(verb, name="link", done="person", prefix=LINK_FACT, fields=fields)


@router.post("/felter")
def redraw(act: Act) -> Response:
    """The fields of the form as they are for the relation that is chosen; for htmx."""
    look = record_look(act.engine, act.reference, act.visitor, act.now)
    if not look.may(Action.LINK_PERSON):
        raise NotAllowedError(f"staff {act.by.id} links nobody to case {look.case.id}")
    with reading(act.engine) as session:
        definition = definition_of(session.get_one(Case, look.case.id))
    return render(act.request, "cases/_fields.html", {"fields": link_fields(definition, act.form, {})})


@router.post("/{person_id}/ret")
def correct(person_id: str, act: Act) -> Response:
    """Corrects what is known of a person."""

    def verb(session: Session, case_id: str) -> None:
        person = _person(session, person_id, case_id)
        definition = definition_of(session.get_one(Case, case_id))
        asked = facts_of_person(definition, person.relation)
        typed = _typed(definition, PERSON_FACT, act.form)
        correct_person(
            session,
            person_id=person_id,
            # A field that was emptied takes the answer back.
            facts={key: typed.get(key, "") for key in asked},
            reason=act.form.text("person.reason"),
            by=act.by,
            now=act.now,
        )

    fields = {"reason": "person.reason", "facts": "person.reason"}
    name = f"person:{person_id}"
    return act.carry_out(verb, name=name, done="person-rettet", prefix=PERSON_FACT, fields=fields)


@router.post("/{person_id}/fjern")
def unlink(person_id: str, act: Act) -> Response:
    """Takes the person's link to the case away."""

    def verb(session: Session, case_id: str) -> None:
        _person(session, person_id, case_id)
        reason = act.form.text("unlink.reason")
        unlink_person(session, person_id=person_id, reason=reason, by=act.by, now=act.now)

    return act.carry_out(verb, name=f"unlink:{person_id}", done="person-fjernet", prefix="unlink.")


def _typed(definition: Definition, prefix: str, form: Form) -> dict[str, object]:
    typed = {key: form.line(prefix + key) for key in definition.facts}
    return {key: read_fact(definition.facts[key], value) for key, value in typed.items() if value}


def _person(session: Session, person_id: str, case_id: str) -> LinkedPerson:
    # The address names one case and the person may be another's: whoever wrote that did not use our page.
    row = session.get(LinkedPerson, person_id) if person_id.isalnum() else None
    if row is None or row.case_id != case_id:
        raise NotFoundError("nobody of that id is linked to the case")
    return row
