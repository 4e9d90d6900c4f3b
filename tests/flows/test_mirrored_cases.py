"""What the reconciler reads and writes in the case database, on both databases."""

from uuid import uuid4

from sqlalchemy import Engine

from flows.mirrored_cases import bind_run, forget_run, open_cases_after, read_case, wake_case, woken_cases
from models import Case, CaseStep
from models.session import reading, writing
from tests.house import House
from tests.make import MINUTE, MONDAY, make_case, make_step


def test_woken_cases_come_longest_untouched_first_and_no_more_than_asked(
    engine: Engine, house: House
) -> None:
    with writing(engine) as session:
        late, early, asleep, middle = (
            make_case(session, holder=house.mia, touched_at=MONDAY + minute * MINUTE, seen=seen).id
            for minute, seen in ((9, 0), (1, 0), (0, 1), (5, 0))
        )

    woken = [case.id for case in woken_cases(engine, 2)]

    assert woken == [early, middle]
    assert late in [case.id for case in woken_cases(engine, 9)]
    assert asleep not in [case.id for case in woken_cases(engine, 9)]


def test_a_case_is_tagged_with_track_version_and_acute(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, is_acute=True)

    found = read_case(engine, case.id)

    assert found is not None
    assert found.tags == {"adviser_under_18", "version:2026-1", "acute"}


def test_the_slow_walk_meets_every_open_case_once_and_no_closed_one(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        made = sorted(make_case(session, holder=house.mia).id for _ in range(5))
        make_case(session, holder=house.mia, status="closed")

    met: list[str] = []
    while page := open_cases_after(engine, met[-1] if met else "", 2):
        met += [case.id for case in page]

    assert met == made


def test_a_run_that_is_forgotten_leaves_its_case_to_be_mirrored_from_the_start(
    engine: Engine, house: House
) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, wake=4, seen=4)
        step = make_step(session, case=case, mirrored_at=MONDAY)
    bind_run(engine, case.id, uuid4())

    forget_run(engine, case.id)

    found = read_case(engine, case.id)
    assert found is not None
    assert (found.run_id, found.is_woken) == (None, True)
    with reading(engine) as session:
        assert session.get_one(CaseStep, step.id).mirrored_at is None


def test_waking_wakes_an_open_sleeping_case_once_and_a_closed_one_never(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, wake=4, seen=4)
        closed = make_case(session, holder=house.mia, status="closed", wake=4, seen=4)

    for _ in range(2):
        wake_case(engine, case.id)
        wake_case(engine, closed.id)

    with reading(engine) as session:
        assert session.get_one(Case, case.id).wake == 5
        assert session.get_one(Case, closed.id).wake == 4
