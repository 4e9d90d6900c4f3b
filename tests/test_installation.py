"""An installation is made ready once, by however many processes, and never half filled."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from handlepligt import clock
from handlepligt.errors import ConfigurationError
from handlepligt.identity import setup_link_of
from handlepligt.installation import (
    become_real,
    filled_aside,
    first_administrator_link,
    mode_of,
    opened,
    prepare,
)
from handlepligt.settings import Settings, read_settings
from models import InstallationFact, Staff
from models.session import make_engine, reading, writing
from tests.command_line import Installation, installation_in
from tests.house import make_house


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    with installation_in(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def settings(installation: Installation) -> Settings:
    return read_settings()


def test_an_empty_installation_has_not_decided_what_it_is(settings: Settings) -> None:
    with reading(prepare(settings)) as session:
        assert mode_of(session) is None


def test_what_was_cut_off_in_the_middle_leaves_nothing_behind(settings: Settings) -> None:
    engine = prepare(settings)

    def fill_half() -> None:
        with filled_aside(engine) as draft, writing(draft) as session:
            make_house(session)
            session.commit()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_half()

    with reading(engine) as session:
        assert session.exec(select(Staff.id)).first() is None
    assert list(settings.data.glob("*.draft*")) == []


def test_what_was_filled_to_the_end_is_there(settings: Settings) -> None:
    engine = prepare(settings)

    with filled_aside(engine) as draft, writing(draft) as session:
        make_house(session)

    with reading(engine) as session:
        assert session.exec(select(Staff.username).where(Staff.username == "mia")).all() == ["mia"]
    with reading(opened(settings)) as session:
        assert len(session.exec(select(Staff.id)).all()) == 12
    assert list(settings.data.glob("*.draft*")) == []


def test_who_has_the_database_open_sees_what_was_filled_in(settings: Settings) -> None:
    engine = prepare(settings)
    with reading(engine) as before:
        assert before.exec(select(Staff.id)).first() is None
    other = make_engine(settings.resolved_database_url)

    with filled_aside(other) as draft, writing(draft) as session:
        make_house(session)

    # The connection of `engine` was open all the time; what it writes must reach the same database.
    with writing(engine) as session:
        session.add(InstallationFact(key="seen", value=str(len(session.exec(select(Staff.id)).all()))))
    with reading(make_engine(settings.resolved_database_url)) as session:
        assert session.get_one(InstallationFact, "seen").value == "12"


def test_an_installation_with_people_is_given_to_the_filler_as_it_is(settings: Settings) -> None:
    engine = prepare(settings)
    with writing(engine) as session:
        make_house(session)

    with filled_aside(engine) as given:
        assert given is engine


def test_staff_without_a_mark_are_real(settings: Settings) -> None:
    engine = prepare(settings)
    with writing(engine) as session:
        make_house(session)

    with reading(engine) as session:
        assert mode_of(session) == "real"


def test_a_demo_never_becomes_real(settings: Settings) -> None:
    engine = prepare(settings)
    with writing(engine) as session:
        session.add(InstallationFact(key="mode", value="demo"))

    with pytest.raises(ConfigurationError, match="HANDLEPLIGT_DATA"):
        become_real(engine)


def test_the_link_of_the_first_administrator_is_given_until_there_is_one(settings: Settings) -> None:
    engine = prepare(settings)
    link = first_administrator_link(engine, settings, clock.now())

    assert link is not None
    with writing(engine) as session:
        assert setup_link_of(session, link.rpartition("/")[2], now=clock.now()).staff_id is None
        house = make_house(session)
        house.ada.password_hash = "set"
    assert first_administrator_link(engine, settings, clock.now()) is None


def test_an_installation_that_was_not_made_ready_is_not_opened(settings: Settings) -> None:
    settings.data.mkdir()

    with pytest.raises(ConfigurationError, match="handlepligt migrate"):
        opened(settings)
