"""A role is gone past: the next in the row is asked, and whoever is the concern hears nothing more."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, select

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.bypass_role import RoleBypassedError, bypass_role
from handlepligt.cases.case_state import state_of
from handlepligt.cases.offer_handover import OfferWaitingError, offer_handover
from handlepligt.cases.people import leader_of, resolve
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.queries import case_list
from handlepligt.cases.relations import relations_to
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.view_events import event_lines
from handlepligt.domain.access import Relation
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from handlepligt.followups.recipients import recipients_of
from handlepligt.followups.sweep import sweep
from models import Case, Delivery, Notification, RoleBypass, Staff
from models.session import reading, writing
from tests.cases.acting import NOTE, Stage
from tests.cases.family import family
from tests.make import DAY, HOUR, MINUTE, MONDAY, make_absence
from tests.notifications.conftest import mail_is_on as mail_is_on


def bypass(stage: Stage, case: Case, reason: str, role: str = "boss", **given: Any) -> RoleBypass:
    row: RoleBypass = stage.do(
        bypass_role, by=stage.house.mia, case_id=case.id, role=role, reason=reason, **given
    )
    return row


def people(stage: Stage, case: Case, role: str) -> list[str]:
    with reading(stage.engine) as session:
        found = resolve(session, family(), role, session.get_one(Case, case.id), stage.now)
        return [one.username for one in found]


def is_related(stage: Stage, case: Case, staff: Staff) -> frozenset[Relation]:
    with reading(stage.engine) as session:
        return relations_to(session, session.get_one(Case, case.id), staff, stage.now)


def told_since(stage: Stage, staff: Staff, since: datetime) -> list[str]:
    query = select(Notification.message).where(
        Notification.staff_id == staff.id, col(Notification.at) > since
    )
    return list(stage.rows(query))


def test_the_next_in_the_row_is_asked(stage: Stage, family_case: Case) -> None:
    first = people(stage, family_case, "in_charge")

    bypass(stage, family_case, "disagrees", note="Hun vil vente.")

    assert first == ["lars"]
    assert people(stage, family_case, "in_charge") == ["karin"]
    assert people(stage, family_case, "boss") == ["lars"]
    with reading(stage.engine) as session:
        state = state_of(session, session.get_one(Case, family_case.id), stage.now)
    assert state.bypassed == {"boss"}
    assert stage.open_steps(family_case) == ["talk", "ask_above"]
    event = next(one for one in stage.events(family_case) if one.kind == EventKind.ROLE_BYPASSED)
    assert event.about == '{"reason": "disagrees", "role": "boss"}'


def test_a_row_in_which_all_were_gone_past_goes_to_whoever_is_above(stage: Stage, family_case: Case) -> None:
    for role in ("boss", "stand_in"):
        bypass(stage, family_case, "absent", role=role)
    with writing(stage.engine) as session:
        make_absence(session, staff=stage.house.hanne, since=MONDAY - DAY)

    assert people(stage, family_case, "in_charge") == []
    with reading(stage.engine) as session:
        case = session.get_one(Case, family_case.id)
        found = recipients_of(session, family(), case, ["in_charge"], now=stage.now)
    assert [one.username for one in (*found.people, *found.instead)] == ["lars"]


def test_silence_counts_once_there_has_been_time_to_answer(stage: Stage, family_case: Case) -> None:
    tried_at = stage.now
    given = {"case_id": family_case.id, "role": "boss", "reason": "no_answer", "tried_at": tried_at}
    stage.later(2 * HOUR - MINUTE)

    error = stage.refused(RefusedByRuleError, bypass_role, by=stage.house.mia, **given)
    stage.later(MINUTE)
    stage.do(bypass_role, by=stage.house.mia, **given)

    assert error.user_message == "Der er stadig tid til at svare. Du kan gå videre 23-11-2026 kl. 11.00."
    assert people(stage, family_case, "in_charge") == ["karin"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "keeper"}, "role"),
        ({"role": "nobody"}, "role"),
        ({"role": ""}, "role"),
        ({"reason": "bored"}, "reason"),
        ({"reason": "no_answer"}, "tried_at"),
        ({"reason": "no_answer", "tried_at": MONDAY + DAY}, "tried_at"),
        ({"reason": "no_answer", "tried_at": MONDAY - DAY}, "tried_at"),
        ({"reason": "no_answer", "tried_at": MONDAY.replace(tzinfo=None)}, "tried_at"),
        ({"note": "\x00"}, "note"),
    ],
)
def test_what_cannot_be_gone_past_is_said_field_by_field(
    stage: Stage, family_case: Case, given: dict[str, Any], field: str
) -> None:
    whole = {"case_id": family_case.id, "role": "boss", "reason": "absent"} | given

    error = stage.refused(InvalidInputError, bypass_role, by=stage.house.mia, **whole)

    assert list(error.problems) == [field]


def test_a_shipped_role_is_gone_past_for_the_reasons_its_protocol_names(stage: Stage) -> None:
    case = stage.raised()

    stage.refused(
        InvalidInputError, bypass_role, by=stage.house.mia, case_id=case.id, role="head", reason="bored"
    )
    bypass(stage, case, "absent", role="leader")

    assert stage.kinds(case)[-1] == EventKind.ROLE_BYPASSED


def test_the_same_is_not_noted_twice_but_another_reason_is(stage: Stage, family_case: Case) -> None:
    bypass(stage, family_case, "absent")

    stage.refused(
        RoleBypassedError, bypass_role, by=stage.house.mia, case_id=family_case.id, role="boss",
        reason="absent",
    )  # fmt: skip
    bypass(stage, family_case, "is_the_concern")


def test_whoever_is_the_concern_is_nobody_in_this_case_and_hears_nothing_more(
    stage: Stage, family_case: Case
) -> None:
    lars, hanne = stage.house.lars, stage.house.hanne
    stage.later(MINUTE)
    since = stage.now - MINUTE

    bypass(stage, family_case, "is_the_concern")
    stage.complete(family_case, "talk", by=stage.house.mia, worried="no")
    stage.later(30 * DAY)
    sweep(stage.engine, stage.now)

    assert people(stage, family_case, "boss") == people(stage, family_case, "top") == ["hanne"]
    assert people(stage, family_case, "stand_in") == people(stage, family_case, "in_charge") == ["karin"]
    assert is_related(stage, family_case, lars) == frozenset()
    assert told_since(stage, lars, since) == []
    assert "concern_raised" in told_since(stage, hanne, since)
    with reading(stage.engine) as session:
        assert case_list(session, by=session.get_one(Staff, lars.id), now=stage.now).rows == ()
        assert len(case_list(session, by=session.get_one(Staff, hanne.id), now=stage.now).rows) == 1
        leader = leader_of(session, session.get_one(Case, family_case.id))
    assert leader is not None
    assert leader.id == hanne.id


@pytest.mark.usefixtures("mail_is_on")
def test_mail_about_the_case_that_has_not_been_sent_to_them_is_withdrawn_in_the_same_instant(
    stage: Stage, family_case: Case
) -> None:
    def mails_to(staff: Staff) -> list[str]:
        sent = select(Delivery.status).join(Notification, col(Notification.id) == Delivery.notification_id)
        return stage.rows(sent.where(Notification.staff_id == staff.id, Delivery.channel == "email"))

    stage.do(press_acute, by=stage.house.mia, case_id=family_case.id)
    before = mails_to(stage.house.lars)

    bypass(stage, family_case, "is_the_concern")

    event = next(one for one in stage.events(family_case) if one.kind == EventKind.ROLE_BYPASSED)
    assert set(before) == {"queued"}
    assert set(mails_to(stage.house.lars)) == {"withdrawn"}
    assert set(mails_to(stage.house.hanne)) == {"queued"}
    assert f'"withdrawn": {len(before)}' in event.about
    with reading(stage.engine) as session:
        lines = event_lines(session, session.get_one(Case, family_case.id), family(), {})
    assert any("trukket tilbage" in line.about for line in lines)


def test_whoever_stands_in_for_a_leader_who_is_the_concern_can_do_what_a_leader_does(
    stage: Stage, talked_case: Case
) -> None:
    bypass(stage, talked_case, "is_the_concern")
    request = stage.do(
        ask_to_close, by=stage.house.mia, case_id=talked_case.id, end_key="over", reason="Ingen fare.",
        has_siblings="no", answers={"over_why": "Ingen fare."},
    )  # fmt: skip

    stage.refused(NotFoundError, approve_close, by=stage.house.lars, request_id=request.id)
    closed = stage.do(approve_close, by=stage.house.hanne, request_id=request.id)

    assert closed.status == "closed"
    assert is_related(stage, talked_case, stage.house.hanne) == {Relation.HEAD, Relation.LEADER}


def test_when_everybody_above_is_the_concern_the_alarm_goes_to_who_looks_after_the_system(
    stage: Stage, talked_case: Case
) -> None:
    for role in ("boss", "stand_in", "top"):
        bypass(stage, talked_case, "is_the_concern", role=role)

    with reading(stage.engine) as session:
        case = session.get_one(Case, talked_case.id)
        found = recipients_of(session, family(), case, ["in_charge"], now=stage.now)
        assert leader_of(session, case) is None
    assert found.people == ()
    assert [one.username for one in found.instead] == ["ada"]


def test_the_holder_cannot_be_set_aside_nor_who_is_being_offered_the_duty(
    stage: Stage, talked_case: Case
) -> None:
    stage.do(offer_handover, by=stage.house.mia, case_id=talked_case.id, note=NOTE, to_id=stage.house.otto.id)
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).role = "coordinator"
        session.get_one(Staff, stage.house.otto.id).role = "leader"
    given = {"case_id": talked_case.id, "role": "boss", "reason": "is_the_concern"}

    stage.refused(OfferWaitingError, bypass_role, by=stage.house.mia, **given)
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.otto.id).role = "adviser"
        session.get_one(Staff, stage.house.karin.id).role = "leader"
        session.get_one(Staff, stage.house.karin.id).deputy_id = stage.house.mia.id
    error = stage.refused(
        RefusedByRuleError, bypass_role, by=stage.house.mia, **(given | {"role": "stand_in"})
    )

    assert error.rule == "is_the_concern"


def test_what_was_gone_past_is_history_when_the_case_comes_back_but_not_who_is_the_concern(
    stage: Stage, talked_case: Case
) -> None:
    bypass(stage, talked_case, "absent", role="stand_in")
    bypass(stage, talked_case, "is_the_concern")
    request = stage.do(
        ask_to_close, by=stage.house.mia, case_id=talked_case.id, end_key="over", reason="Ingen fare.",
        has_siblings="no", answers={"over_why": "Ingen fare."},
    )  # fmt: skip
    stage.do(approve_close, by=stage.house.hanne, request_id=request.id)
    stage.later(DAY)

    stage.do(reopen_case, by=stage.house.mia, case_id=talked_case.id, reason="Igen.")

    assert people(stage, talked_case, "in_charge") == ["hanne"]
    assert is_related(stage, talked_case, stage.house.lars) == frozenset()
    with reading(stage.engine) as session:
        state = state_of(session, session.get_one(Case, talked_case.id), stage.now)
    assert state.bypassed == frozenset()


def test_only_the_holder_goes_past_a_role(stage: Stage, family_case: Case) -> None:
    given = {"case_id": family_case.id, "role": "boss", "reason": "absent"}

    stage.refused(NotAllowedError, bypass_role, by=stage.house.lars, **given)
    stage.refused(NotFoundError, bypass_role, by=stage.house.kim, **given)
