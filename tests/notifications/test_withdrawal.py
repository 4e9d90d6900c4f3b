"""What is queued for somebody who is to hear no more of a case is withdrawn, and is seen to be."""

import pytest
from sqlalchemy import Engine

from models import Case, Delivery, RoleBypass, SetAside, Staff
from models.session import reading, writing
from notifications.claims import Claimed, claim, record_failure, record_sent
from notifications.inbox import inbox, undelivered, unread_count
from notifications.messages import Line, Message
from notifications.outbox import enqueue
from notifications.withdrawal import withdraw
from tests.house import House
from tests.make import HOUR, MONDAY, make_case
from tests.notifications.outbox_rows import mails, queue

pytestmark = pytest.mark.usefixtures("mail_is_on")


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    with writing(engine) as session:
        return make_case(session, holder=house.mia)


def withdrawn(engine: Engine, case: Case, *people: Staff) -> int:
    with writing(engine) as session:
        return withdraw(session, session.get_one(Case, case.id), [one.id or 0 for one in people])


def taken(engine: Engine) -> list[Claimed]:
    return claim(engine, now=MONDAY, channels=["email"], staff_domains=("kommunen.example",), limit=99)


def by_status(engine: Engine) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for one in mails(engine):
        found.setdefault(one.status, []).append(one)
    return found


def test_only_what_is_about_the_case_and_to_that_person_is_withdrawn(
    engine: Engine, house: House, case: Case
) -> None:
    with writing(engine) as session:
        other = make_case(session, holder=house.mia)
    queue(engine, house.lars, house.mia, case=case)
    queue(engine, house.lars, case=other, rung="other")

    count = withdrawn(engine, case, house.lars)

    assert count == 1
    assert {status: len(rows) for status, rows in by_status(engine).items()} == {"withdrawn": 1, "queued": 2}
    [row] = by_status(engine)["withdrawn"]
    assert (row.answer, row.sent_at) == ("set aside in the case", None)
    assert len(taken(engine)) == 2


def test_what_was_given_up_is_withdrawn_too_and_nobody_sends_it_again(
    engine: Engine, house: House, case: Case
) -> None:
    queue(engine, house.lars, case=case)
    for each in taken(engine):
        record_failure(engine, each, now=MONDAY, answer="550", permanent=True)

    withdrawn(engine, case, house.lars)

    with reading(engine) as session:
        assert [one for one in undelivered(session, now=MONDAY) if one.staff_id == house.lars.id] == []


def test_what_was_sent_stays_sent(engine: Engine, house: House, case: Case) -> None:
    queue(engine, house.lars, case=case)
    for each in taken(engine):
        record_sent(engine, each, now=MONDAY, answer="250")

    assert withdrawn(engine, case, house.lars) == 0
    assert list(by_status(engine)) == ["sent"]


def test_what_is_being_sent_meanwhile_is_marked_sent_for_that_is_what_happened(
    engine: Engine, house: House, case: Case
) -> None:
    queue(engine, house.lars, case=case)
    [claimed] = taken(engine)

    withdrawn(engine, case, house.lars)
    record_sent(engine, claimed, now=MONDAY, answer="250")

    assert list(by_status(engine)) == ["sent"]


def test_a_failure_meanwhile_does_not_bring_it_back(engine: Engine, house: House, case: Case) -> None:
    queue(engine, house.lars, case=case)
    [claimed] = taken(engine)

    withdrawn(engine, case, house.lars)
    record_failure(engine, claimed, now=MONDAY, answer="451", permanent=False)

    assert list(by_status(engine)) == ["withdrawn"]


def test_a_message_about_several_cases_goes_out_without_this_one(
    engine: Engine, house: House, case: Case
) -> None:
    with writing(engine) as session:
        other = make_case(session, holder=house.mia)
        for number, listed in enumerate([[case, other], [case]]):
            lines = [Line(one.reference, "Børnesamtale", MONDAY) for one in listed]
            enqueue(
                session,
                Message.MISSED_WHILE_DOWN,
                staff_id=house.lars.id or 0,
                now=MONDAY,
                lines=lines,
                rung=str(number),
            )

    count = withdrawn(engine, case, house.lars)

    [claimed] = taken(engine)
    assert count == 1
    assert other.reference in claimed.variables
    assert case.reference not in claimed.variables


def test_the_inbox_of_whoever_is_set_aside_says_nothing_of_the_case(
    engine: Engine, house: House, case: Case
) -> None:
    queue(engine, house.lars, house.mia, case=case)
    with writing(engine) as session:
        bypass = RoleBypass(
            case_id=case.id, opening=1, role="leader", reason="is_the_concern", at=MONDAY, by_id=house.mia.id
        )
        session.add(bypass)
        session.flush()
        session.add(SetAside(case_id=case.id, staff_id=house.lars.id or 0, bypass_id=bypass.id))

    with reading(engine) as session:
        seen = {
            one.name: (unread_count(session, one.id or 0), len(inbox(session, one.id or 0).entries))
            for one in (house.lars, house.mia)
        }
        late = undelivered(session, now=MONDAY + HOUR, reader_id=house.lars.id)

    assert seen == {"Lars Bak": (0, 0), "Mia Holm": (1, 1)}
    assert late == []
