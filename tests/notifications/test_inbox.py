"""The inbox of a member of staff, and the leader's list of what did not arrive."""

import pytest
from sqlalchemy import Engine

from handlepligt.errors import InvalidInputError, NotFoundError
from models import Notification
from models.session import reading, writing
from notifications.claims import claim, record_failure, record_sent
from notifications.inbox import inbox, mark_read, oldest_unsent, send_again, undelivered, unread_count
from notifications.messages import Message
from tests.house import House
from tests.make import DAY, HOUR, MINUTE, MONDAY, make_case
from tests.notifications.outbox_rows import mails, queue

pytestmark = pytest.mark.usefixtures("mail_is_on")


def refuse(engine: Engine) -> None:
    claimed = claim(engine, now=MONDAY, channels=["email"], staff_domains=("kommunen.example",), limit=99)
    for each in claimed:
        record_failure(engine, each, now=MONDAY, answer="550", permanent=True)


def test_everybody_sees_their_own_messages_newest_first_in_danish(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
    queue(engine, house.mia, case=case)
    queue(engine, house.mia, message=Message.ACUTE_PRESSED, now=MONDAY + HOUR, case=case)
    queue(engine, house.lars, case=case)

    with reading(engine) as session:
        page = inbox(session, house.mia.id or 0)

    assert [entry.message for entry in page.entries] == ["acute_pressed", "reminder"]
    assert page.entries[1].subject == f"Handlepligt: påmindelse om {case.reference}"
    assert "Børnesamtale" in page.entries[1].text
    assert page.entries[1].link == f"/sager/{case.reference}"
    assert page.next_cursor is None


def test_pages_follow_each_other_without_loss_or_repetition(engine: Engine, house: House) -> None:
    all_of_them = set(queue(engine, *[house.mia] * 7))
    seen: list[str] = []
    cursor = None

    with reading(engine) as session:
        for _ in range(3):
            page = inbox(session, house.mia.id or 0, cursor=cursor, limit=3)
            seen += [entry.id for entry in page.entries]
            cursor = page.next_cursor

    assert cursor is None
    assert len(seen) == 7
    assert set(seen) == all_of_them


@pytest.mark.parametrize(
    "cursor", ["", "x", "2026-11-23", "2026-11-23T08:00:00~a", "2026-11-23T08:00:00+00:00~"]
)
def test_a_made_up_cursor_is_refused(engine: Engine, house: House, cursor: str) -> None:
    with reading(engine) as session, pytest.raises(InvalidInputError):
        inbox(session, house.mia.id or 0, cursor=cursor)


def test_reading_counts_down_once_and_keeps_the_first_time(engine: Engine, house: House) -> None:
    first, _ = queue(engine, house.mia, house.mia)

    with writing(engine) as session:
        mark_read(session, first, house.mia.id or 0, MONDAY + HOUR)
    with writing(engine) as session:
        mark_read(session, first, house.mia.id or 0, MONDAY + DAY)

    with reading(engine) as session:
        assert unread_count(session, house.mia.id or 0) == 1
        assert session.get_one(Notification, first).read_at == MONDAY + HOUR


def test_nobody_marks_somebody_else_s_message_as_read(engine: Engine, house: House) -> None:
    (message,) = queue(engine, house.mia)

    with pytest.raises(NotFoundError), writing(engine) as session:
        mark_read(session, message, house.kim.id or 0, MONDAY)

    with reading(engine) as session:
        assert unread_count(session, house.mia.id or 0) == 1


def test_a_message_of_another_version_is_shown_as_such_instead_of_failing(
    engine: Engine, house: House
) -> None:
    (message,) = queue(engine, house.mia)
    with writing(engine) as session:
        session.get_one(Notification, message).message = "no_longer_known"

    with reading(engine) as session:
        (entry,) = inbox(session, house.mia.id or 0).entries

    assert entry.subject == "Handlepligt: besked"


def test_a_refused_mail_is_red_for_its_team_and_for_nobody_else_s(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
    queue(engine, house.mia, case=case)
    refuse(engine)

    with reading(engine) as session:
        (mine,) = undelivered(session, now=MONDAY, team_id=house.nord.id)
        others = undelivered(session, now=MONDAY, team_id=house.syd.id)
        everything = undelivered(session, now=MONDAY)

    assert (mine.staff_name, mine.reference, mine.is_given_up, mine.answer) == (
        "Mia Holm", case.reference, True, "550",
    )  # fmt: skip
    assert others == []
    assert everything == [mine]


def test_a_message_without_a_case_belongs_to_its_recipient_s_team(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    refuse(engine)

    with reading(engine) as session:
        assert len(undelivered(session, now=MONDAY, team_id=house.nord.id)) == 1
        assert undelivered(session, now=MONDAY, team_id=house.syd.id) == []


def test_what_is_merely_late_is_shown_after_ten_minutes(engine: Engine, house: House) -> None:
    queue(engine, house.mia)

    with reading(engine) as session:
        assert undelivered(session, now=MONDAY + 9 * MINUTE) == []
        (late,) = undelivered(session, now=MONDAY + 10 * MINUTE)
        assert not late.is_given_up
        assert oldest_unsent(session) == MONDAY


def test_it_leaves_the_list_when_its_recipient_has_read_it_after_all(engine: Engine, house: House) -> None:
    (message,) = queue(engine, house.mia)
    refuse(engine)
    with writing(engine) as session:
        mark_read(session, message, house.mia.id or 0, MONDAY + HOUR)

    with reading(engine) as session:
        assert undelivered(session, now=MONDAY + DAY) == []


def test_it_can_be_sent_again_under_its_old_message_id(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    before = mails(engine)[0].message_id
    refuse(engine)
    with writing(engine) as session:
        send_again(session, mails(engine)[0].id, now=MONDAY + HOUR)

    (again,) = claim(
        engine, now=MONDAY + HOUR, channels=["email"], staff_domains=("kommunen.example",), limit=9
    )
    record_sent(engine, again, now=MONDAY + HOUR, answer="250")

    assert (again.message_id, again.attempts) == (before, 1)
    with reading(engine) as session:
        assert undelivered(session, now=MONDAY + DAY) == []
        assert oldest_unsent(session) is None


def test_what_was_not_given_up_is_not_sent_again(engine: Engine, house: House) -> None:
    queue(engine, house.mia)

    with pytest.raises(NotFoundError), writing(engine) as session:
        send_again(session, mails(engine)[0].id, now=MONDAY)
