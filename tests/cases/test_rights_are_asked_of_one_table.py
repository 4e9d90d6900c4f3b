"""Every verb asks domain/access.py: whoever the table turns away is turned away, and nobody else is."""

import ast
import inspect
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

import handlepligt.cases
from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.correct_fact import correct_fact
from handlepligt.cases.correct_person import correct_person
from handlepligt.cases.extend_deadline import extend_deadline
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.link_person import link_person
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.override_form import override_form
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reject_handover import reject_handover
from handlepligt.cases.relations import relations_to
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.revoke_handover import revoke_handover
from handlepligt.cases.set_followup import set_followup
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.take_up_again import take_up_again
from handlepligt.cases.tick_item import tick_item
from handlepligt.cases.unlink_person import unlink_person
from handlepligt.cases.withdraw_close_request import withdraw_close_request
from handlepligt.domain.access import Action, Relation, is_allowed, is_visible
from handlepligt.domain.vocabulary import OfferStatus
from handlepligt.errors import HandlepligtError, NotAllowedError, NotFoundError
from models import Case, CloseRequest, Deadline, HandoverOffer, LinkedPerson, Staff
from models.session import reading
from tests.cases.acting import NOTE, Stage
from tests.make import DAY, WEEK

FILES = sorted(Path(handlepligt.cases.__file__).parent.glob("*.py"))
Given = Callable[[Stage, Case], dict[str, Any]]


def of_case(**given: Any) -> Given:
    return lambda stage, case: {"case_id": case.id} | given


def of(table: Any, name: str, **given: Any) -> Given:
    def made(stage: Stage, case: Case) -> dict[str, Any]:
        rows = stage.rows(select(table).where(table.case_id == case.id))
        # Nora's own offer was accepted; the one that waits is asked about.
        waiting = (row.id for row in rows if getattr(row, "status", "") != OfferStatus.ACCEPTED)
        return {name: next(waiting)} | given

    return made


VERBS: dict[Callable[..., Any], tuple[Action, Given]] = {
    complete_step: (Action.COMPLETE_OWN_STEP, of_case(step_key="examine", answers={})),
    tick_item: (Action.COMPLETE_OWN_STEP, of_case(step_key="examine", item="x", done=True)),
    skip_step: (Action.COMPLETE_STEP, of_case(step_key="examine", reason="Nej.")),
    take_up_again: (Action.COMPLETE_STEP, of_case(step_key="talk")),
    press_acute: (Action.PRESS_ACUTE, of_case()),
    log_call: (Action.LOG_CALL, of_case(contact_key="hotline", outcome="answered")),
    offer_handover: (Action.OFFER_HANDOVER, of_case(note=NOTE, to_pool="under_18")),
    hand_to_authority: (Action.OFFER_HANDOVER, of_case(note=NOTE, authority={})),
    accept_handover: (Action.ANSWER_HANDOVER, of(HandoverOffer, "offer_id")),
    reject_handover: (Action.ANSWER_HANDOVER, of(HandoverOffer, "offer_id", reason="Nej.")),
    revoke_handover: (Action.REVOKE_HANDOVER, of(HandoverOffer, "offer_id")),
    set_followup: (
        Action.SET_FOLLOWUP, lambda stage, case: {"case_id": case.id, "on": (stage.now + WEEK).date()},
    ),
    ask_to_close: (Action.ASK_TO_CLOSE, of_case(end_key="x", reason="Nej.", has_siblings="no")),
    withdraw_close_request: (Action.WITHDRAW_CLOSING, of(CloseRequest, "request_id")),
    approve_close: (Action.APPROVE_CLOSING, of(CloseRequest, "request_id")),
    reopen_case: (Action.REOPEN, of_case(reason="Nej.")),
    link_person: (Action.LINK_PERSON, of_case(relation="sibling", name="Samir")),
    correct_person: (Action.LINK_PERSON, of(LinkedPerson, "person_id", facts={}, reason="Nej.")),
    unlink_person: (Action.LINK_PERSON, of(LinkedPerson, "person_id", reason="Nej.")),
    correct_fact: (Action.CORRECT_FACT, of_case(fact="at_home", value="no", reason="Nej.")),
    bypass_role: (Action.BYPASS_ROLE, of_case(role="boss", reason="absent")),
    link_sibling: (Action.LINK_SIBLING, of_case(citizen_name="Samir", summary="Søskende")),
    acknowledge_escalation: (Action.ACKNOWLEDGE, of(Deadline, "deadline_id")),
    override_form: (Action.OVERRIDE_FORM, of_case(question="risk", band="high", reason="Nej.")),
    extend_deadline: (
        Action.EXTEND_DEADLINE,
        lambda stage, case: {"case_id": case.id} | of(Deadline, "deadline_id", reason="Nej.")(stage, case),
    ),
}  # fmt: skip
# The first acts for the system, the second inside the verbs of handover; the third only looks, and the
# last asks for the verbs about steps.
ASK_NOBODY = {"expire_handover", "transfer_duty", "look_at_offer", "round_in_hand"}
PEOPLE = ["mia", "nora", "otto", "frida", "lars", "sofie", "karin", "kim"]
PEOPLE += ["hanne", "selma", "erik", "tine", "ada"]


@pytest.fixture
def busy(stage: Stage, talked_case: Case) -> Case:
    """Raised by Mia, now Nora's, offered to the pool: somebody stands in every relation to it."""
    nora, case = stage.colleague(), talked_case
    stage.do(link_person, by=stage.house.mia, case_id=case.id, relation="sibling", name="Samir")
    stage.hand_over(case, by=stage.house.mia, to=nora)
    stage.later(WEEK)
    stage.ask(case, by=nora, end="over", answers={"over_why": "Ingen fare."})
    stage.do(offer_handover, by=nora, case_id=case.id, note=NOTE, to_pool="under_18")
    return case


def outcome(
    stage: Stage, verb: Callable[..., Any], by: Staff, given: dict[str, Any]
) -> HandlepligtError | None:
    """How the verb answers; whatever it did is undone."""
    with Session(stage.engine) as session:
        try:
            verb(session, by=session.get_one(Staff, by.id), now=stage.now, **given)
        except HandlepligtError as error:
            return error
        finally:
            session.rollback()
    return None


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_each_person_may_do_exactly_what_the_table_says(
    stage: Stage, busy: Case, verb: Callable[..., Any]
) -> None:
    action, given_to = VERBS[verb]
    given = given_to(stage, busy)
    if verb is acknowledge_escalation:
        stage.later(5 * DAY)
    with reading(stage.engine) as session:
        people = {one.username: one for one in session.exec(select(Staff)).all()}
        stands = {
            name: relations_to(session, session.get_one(Case, busy.id), people[name], stage.now)
            for name in PEOPLE
        }

    for name in PEOPLE:
        error = outcome(stage, verb, people[name], given)
        if not is_visible(stands[name]):
            assert type(error) is NotFoundError, name
        elif not is_allowed(action, stands[name]):
            assert type(error) is NotAllowedError, name
        else:
            assert not isinstance(error, NotFoundError | NotAllowedError), name


def test_the_people_stand_in_every_relation_there_is(stage: Stage, busy: Case) -> None:
    with reading(stage.engine) as session:
        everybody = session.exec(select(Staff)).all()
        case = session.get_one(Case, busy.id)
        stands = {one.username: relations_to(session, case, one, stage.now) for one in everybody}

    assert set().union(*stands.values()) == set(Relation)
    assert stands["nora"] == {Relation.KEEPER}
    assert stands["mia"] == {Relation.OFFERED, Relation.PARTED}
    assert stands["kim"] == {Relation.OFFERED}
    assert stands["lars"] == {Relation.LEADER}
    assert stands["karin"] == {Relation.LEADER, Relation.DISCUSSANT}
    assert stands["hanne"] == {Relation.HEAD}
    assert stands["selma"] == {Relation.OWNER}
    assert not any(stands[name] for name in ("otto", "frida", "sofie", "erik", "tine", "ada"))
    assert stage.rows(select(HandoverOffer.status).where(HandoverOffer.status == OfferStatus.OFFERED))


def test_somebody_who_left_stands_in_no_relation(stage: Stage, busy: Case) -> None:
    with reading(stage.engine) as session:
        case = session.get_one(Case, busy.id)
        for name in ("mia", "nora", "lars", "hanne"):
            staff = session.exec(select(Staff).where(Staff.username == name)).one()
            staff.is_active = False
            assert relations_to(session, case, staff, stage.now) == frozenset()


def test_no_verb_is_left_out_above() -> None:
    """A verb is a function that is called about one case, or a part of one, at an instant."""
    found: dict[str, str] = {}
    for path in FILES:
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                taken = {one.arg for one in node.args.kwonlyargs}
                ids = {"case_id", "offer_id", "request_id", "deadline_id", "person_id"} & taken
                if "now" in taken and ids:
                    found[node.name] = path.name

    assert set(found) - ASK_NOBODY == {verb.__name__ for verb in VERBS}


@pytest.mark.parametrize(
    "path", sorted(Path(handlepligt.cases.__file__).parent.glob("*.py")), ids=lambda p: p.name
)
def test_no_verb_looks_at_somebodys_role_by_itself(path: Path) -> None:
    """Relations and the people a protocol names are read from roles in two places, and nowhere else."""
    if path.name in ("relations.py", "people.py"):
        return
    compared = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare) and "by.role" in ast.unparse(node)
    ]

    assert compared == []


def test_the_verbs_take_who_and_when_by_name() -> None:
    for verb, name in product(VERBS, ("by", "now")):
        assert inspect.signature(verb).parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
