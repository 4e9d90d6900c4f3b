"""A version is drafted by one person, published by another, and never changes afterwards."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from handlepligt.cases.definitions import definition_of, forget, renewed
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from handlepligt.protocol_versions.drafting import read_draft
from handlepligt.protocol_versions.versions import (
    VersionStandsElsewhereError,
    VersionTakenError,
    discard_draft,
    publish,
    submit_draft,
    withdraw,
)
from models import Case, ProtocolVersion, Staff
from models.session import reading, writing
from protocols.loader import library
from protocols.problems import DefinitionRefused, UnknownDefinitionError
from tests.make import make_staff
from tests.protocol_versions.publishing import CHANGES, SHARED, Office, draft, text


def in_force(office: Office) -> set[tuple[str, str]]:
    with reading(office.engine) as session:
        return {(one.key, one.version) for one in renewed(session).all()}


def test_a_draft_is_followed_by_nobody(office: Office) -> None:
    office.drafted()

    assert ("small", "2026-1") not in in_force(office)
    assert office.refused(InvalidInputError, _raise, by=office.house.mia).problems.keys() == {"track"}


def _raise(session: Session, *, by: Staff, now: datetime) -> Case:
    return raise_concern(session, by=by, now=now, citizen_name="A", summary="B", track="small")


def test_a_published_version_is_followed_by_new_cases_in_every_process(office: Office) -> None:
    office.published()
    forget()  # As another process, which has not looked yet.

    case = office.raised(track="small")

    assert (case.track, case.protocol_version) == ("small", "2026-1")
    assert office.open_steps(case) == ["talk"]


def test_whoever_drafted_it_does_not_publish_it(office: Office) -> None:
    row = office.drafted()

    error = office.refused(RefusedByRuleError, publish, by=office.erik, version_id=row.id)

    assert error.rule == "four_eyes"
    assert "En anden" in error.user_message


def test_the_database_refuses_that_one_person_does_both(office: Office) -> None:
    row = office.drafted()

    def publish_by_hand(session: Session, *, by: Staff, now: datetime) -> None:
        kept = session.get_one(ProtocolVersion, row.id)
        kept.status, kept.published_by_id, kept.published_at = "published", by.id, now

    with pytest.raises(IntegrityError):
        office.do(publish_by_hand, by=office.erik)


def test_only_the_editors_write_protocols(office: Office) -> None:
    row = office.drafted()
    with reading(office.engine) as session:
        others = [one for one in session.exec(select(Staff)) if one.role != StaffRole.PROTOCOL_EDITOR]

    assert len(others) > 8
    for by in others:
        office.refused(NotAllowedError, submit_draft, by=by, draft=draft(*CHANGES))
        for verb in (publish, discard_draft, withdraw):
            office.refused(NotAllowedError, verb, by=by, version_id=row.id)


def test_a_draft_is_replaced_by_the_next_and_then_belongs_to_who_wrote_that(office: Office) -> None:
    first = office.drafted()
    second = office.do(
        submit_draft, by=office.edel, draft=draft(("title: Lille forløb", "title: Mindre forløb"))
    )

    assert second.id == first.id
    assert (second.title, second.drafted_by_id) == ("Mindre forløb", office.edel.id)
    assert second.sha256 != first.sha256
    office.refused(RefusedByRuleError, publish, by=office.edel, version_id=second.id)
    assert office.do(publish, by=office.erik, version_id=second.id).status == "published"


def test_two_who_publish_at_the_same_instant_publish_it_once(office: Office) -> None:
    row = office.drafted()
    with writing(office.engine) as session:
        vera = make_staff(session, name="Vera Lind", role=StaffRole.PROTOCOL_EDITOR)
    both = Barrier(2)

    def publish_it(by: Staff) -> str:
        both.wait()
        try:
            office.do(publish, by=by, version_id=row.id, sha256=row.sha256)
        except VersionStandsElsewhereError as error:
            return error.user_message
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(publish_it, (office.edel, vera)))

    assert said == sorted(["done", VersionStandsElsewhereError.user_message])
    [kept] = office.rows(select(ProtocolVersion))
    assert (kept.status, kept.published_by_id in (office.edel.id, vera.id)) == ("published", True)


def test_two_who_hand_in_the_same_version_at_the_same_instant_leave_one_draft(office: Office) -> None:
    both, texts = Barrier(2), (draft(), draft(("title: Lille forløb", "title: Mindre forløb")))

    def hand_in(turn: int) -> None:
        both.wait()
        office.do(submit_draft, by=(office.erik, office.edel)[turn], draft=texts[turn])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hand_in, (0, 1)))

    [kept] = office.rows(select(ProtocolVersion))
    assert (kept.title, kept.drafted_by_id) in {
        ("Lille forløb", office.erik.id),
        ("Mindre forløb", office.edel.id),
    }


def test_a_draft_that_is_being_published_is_not_replaced_beneath_it(office: Office) -> None:
    row = office.drafted()

    def hand_in() -> type[Exception]:
        try:
            office.do(submit_draft, by=office.erik, draft=draft(("Lille forløb", "Mindre forløb")))
        except VersionTakenError as error:
            return type(error)
        return Exception

    with ThreadPoolExecutor(1) as pool, writing(office.engine) as session:
        publish(session, by=session.get_one(Staff, office.edel.id), now=office.now, version_id=row.id)
        replaced = pool.submit(hand_in)
        time.sleep(0.3)
        session.commit()
        assert replaced.result(10) is VersionTakenError

    [kept] = office.rows(select(ProtocolVersion))
    assert (kept.status, kept.sha256, kept.title) == ("published", row.sha256, "Lille forløb")


def test_what_was_read_is_what_is_published(office: Office) -> None:
    read = office.drafted()
    office.drafted(("title: Lille forløb", "title: Mindre forløb"))

    office.refused(
        VersionStandsElsewhereError, publish, by=office.edel, version_id=read.id, sha256=read.sha256
    )


def test_a_published_version_is_never_drafted_again(office: Office) -> None:
    row = office.published()

    office.refused(VersionTakenError, submit_draft, by=office.erik, draft=draft(("Lille", "Større")))
    office.refused(VersionStandsElsewhereError, publish, by=office.edel, version_id=row.id)
    office.refused(VersionStandsElsewhereError, discard_draft, by=office.edel, version_id=row.id)


def test_a_draft_can_be_thrown_away(office: Office) -> None:
    row = office.drafted()

    office.do(discard_draft, by=office.edel, version_id=row.id)

    assert office.rows(select(ProtocolVersion)) == []
    office.refused(NotFoundError, publish, by=office.edel, version_id=row.id)
    office.refused(NotFoundError, publish, by=office.edel, version_id="\x00")


def test_the_newest_version_is_taken_and_running_cases_stay_on_theirs(office: Office) -> None:
    case = office.in_small()

    newer = office.raised(track="small")

    assert newer.protocol_version == "2026-2"
    assert office.case(case).protocol_version == "2026-1"
    assert "visit" in definition_of(case).steps
    assert "visit" not in definition_of(newer).steps


def test_a_withdrawn_version_takes_no_new_cases_and_keeps_its_own(office: Office) -> None:
    case = office.in_small()
    row = office.rows(select(ProtocolVersion).where(ProtocolVersion.version == "2026-2"))[0]
    newer = office.raised(track="small")

    office.do(withdraw, by=office.erik, version_id=row.id)

    assert office.raised(track="small").protocol_version == "2026-1"
    assert definition_of(office.case(newer)).version == "2026-2"
    office.complete(newer, "talk", by=office.house.mia, worried="no", danger="no")
    office.refused(VersionStandsElsewhereError, withdraw, by=office.erik, version_id=row.id)
    assert office.case(case).protocol_version == "2026-1"


def test_a_track_that_is_withdrawn_altogether_is_offered_to_nobody(office: Office) -> None:
    row = office.published()

    office.do(withdraw, by=office.edel, version_id=row.id)

    office.refused(InvalidInputError, _raise, by=office.house.mia)
    assert "small" not in library().suggest(None, "adviser")
    assert library().latest("small").version == "2026-1"


def test_a_case_never_depends_on_a_file(office: Office) -> None:
    row = office.published()

    files = json.loads(row.files)

    assert set(files) == {"small.yaml", "contacts.yaml", "ladders.yaml"}
    assert files["small.yaml"]["text"].encode() == text()
    assert all(len(kept["sha256"]) == 64 for kept in files.values())


def test_a_text_that_somebody_changed_in_the_table_is_not_followed(office: Office) -> None:
    row = office.published()
    with writing(office.engine) as session:
        kept = session.get_one(ProtocolVersion, row.id)
        kept.files = kept.files.replace("Tal sammen", "Tal aldrig")
    forget()

    assert ("small", "2026-1") not in in_force(office)


def test_a_process_that_has_not_looked_finds_the_version_of_a_case(office: Office) -> None:
    case = office.in_small()
    forget()

    with reading(office.engine) as session:
        found = session.get_one(Case, case.id)
        assert definition_of(found).version == "2026-1"
    forget()

    with pytest.raises(UnknownDefinitionError):
        definition_of(case)  # Nobody can be asked: its session is over, and this process knows nothing.


def test_a_draft_with_faults_is_refused_with_all_of_them_and_nothing_is_written(office: Office) -> None:
    broken = text(("holder: true", "holder: tru"), ("within: 2 months", "within: 2 moons"))

    with pytest.raises(DefinitionRefused) as caught:
        read_draft(broken, shared=SHARED, name="../min fil.yaml")

    assert len(caught.value.problems) >= 2
    assert {problem.file for problem in caught.value.problems} == {"min fil.yaml"}
    assert all(problem.line > 1 for problem in caught.value.problems)
    assert office.rows(select(ProtocolVersion)) == []


def test_looking_again_costs_one_small_query(office: Office) -> None:
    office.in_small()
    with reading(office.engine) as session:
        renewed(session)
        shelf = library()

        renewed(session)

        assert library() is shelf
    office.later(timedelta(minutes=1))
    office.published(CHANGES[0], ("2026-2", "2026-3"))
    with reading(office.engine) as session:
        assert renewed(session) is not shelf
