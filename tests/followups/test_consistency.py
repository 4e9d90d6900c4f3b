"""What must never be is looked for, logged, and told once to somebody who can mend it."""

from sqlalchemy import Engine
from sqlmodel import Session, select

from handlepligt.followups.consistency import Findings, look_for_disorder, raise_alarms
from models import Case, Delivery
from models.session import reading, writing
from tests.followups.told import told
from tests.house import House
from tests.make import DAY, HOUR, MINUTE, MONDAY, make_case, make_due_row, make_step


def healthy_case(session: Session, house: House) -> Case:
    case = make_case(session, holder=house.mia, flow_run_id="1" * 36)
    make_step(session, case=case)
    return case


def found(engine: Engine, at: object = MONDAY + HOUR) -> Findings:
    with reading(engine) as session:
        return look_for_disorder(session, at)  # type: ignore[arg-type]


def test_a_healthy_case_raises_no_alarm(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        healthy_case(session, house)

    assert raise_alarms(engine, MONDAY + HOUR) == Findings()
    assert told(engine) == []


def test_an_open_case_without_an_open_step_is_told_to_its_leader_once(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, flow_run_id="1" * 36)
        make_step(session, case=case, status="done")

    first = raise_alarms(engine, MONDAY + HOUR)
    raise_alarms(engine, MONDAY + DAY)

    assert first.without == {"step": [case.id]}
    assert told(engine) == [("case_in_disorder", "lars")]


def test_a_closed_case_needs_no_step(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        make_case(session, holder=house.mia, status="closed")

    assert found(engine) == Findings()


def test_an_open_case_without_holder_or_date_is_found(sqlite_engine: Engine) -> None:
    from tests.house import make_house

    with writing(sqlite_engine) as session:
        case = healthy_case(session, make_house(session))
    # The database refuses both, so its guards are switched off, as a damaged file would have them.
    with sqlite_engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA ignore_check_constraints=ON")
        raw.execute("DELETE FROM duty_holding")
        raw.execute('UPDATE "case" SET next_due_at = NULL')
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA ignore_check_constraints=OFF")

    assert found(sqlite_engine).without == {"holder": [case.id], "next_due": [case.id]}


def test_a_case_without_a_run_is_missed_after_a_quarter_of_an_hour(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        make_step(session, case=case)

    assert found(engine, MONDAY + 15 * MINUTE).without_run == ()
    assert found(engine, MONDAY + 16 * MINUTE).without_run == (case.id,)


def test_a_mirror_that_catches_up_is_no_disturbance(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        make_step(session, case=case)
    first = raise_alarms(engine, MONDAY + HOUR)
    with writing(engine) as session:
        session.get_one(Case, case.id).flow_run_id = "1" * 36
        make_step(session, case=make_case(session, holder=house.mia))

    raise_alarms(engine, MONDAY + HOUR, before=first)

    assert told(engine) == []


def test_administrators_are_told_of_a_disturbance_once_a_day(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        make_step(session, case=make_case(session, holder=house.mia))
    before = raise_alarms(engine, MONDAY + HOUR)

    for hours in (2, 3, 4):
        raise_alarms(engine, MONDAY + hours * HOUR, before=before)

    assert told(engine) == [("operation_disturbed", "ada")]
    raise_alarms(engine, MONDAY + DAY, before=before)
    assert told(engine) == [("operation_disturbed", "ada")] * 2


def test_a_message_that_was_given_up_and_a_row_that_keeps_failing_are_disturbances(
    engine: Engine, house: House
) -> None:
    with writing(engine) as session:
        case = healthy_case(session, house)
        make_due_row(session, case=case, attempts=5)
        make_due_row(session, case=case, attempts=4)
    with writing(engine) as session:
        from handlepligt.cases.tell import tell
        from notifications.messages import Message

        tell(
            session, Message.REMINDER, [session.merge(house.mia)], case=session.get_one(Case, case.id),
            now=MONDAY, occasion="x",
        )  # fmt: skip
        session.flush()
        for delivery in session.exec(select(Delivery)):
            delivery.status, delivery.sent_at = "failed", None

    disturbed = found(engine)

    assert (disturbed.broken_rows, disturbed.undelivered) == (1, 1)
    assert set(disturbed.disturbances) == {"broken_rows", "undelivered"}
