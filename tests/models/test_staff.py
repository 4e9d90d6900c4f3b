"""A team has one leader at a time, and nobody has a role that does not exist."""

from sqlalchemy import Engine, update

from handlepligt.domain.vocabulary import StaffRole
from models import Staff
from models.session import writing
from tests.house import House
from tests.make import make_staff
from tests.models.refusal import refused, table

STAFF = table("staff")


def test_a_second_leader_of_a_team_is_refused(engine: Engine, house: House) -> None:
    with refused(engine, by="uq_staff_one_leader_per_team") as connection:
        connection.execute(update(STAFF).where(STAFF.c.id == house.karin.id).values(role="leader"))


def test_a_leader_follows_one_who_has_left(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        session.get_one(Staff, house.lars.id).is_active = False
        session.flush()
        new = make_staff(session, name="Nanna Bro", role=StaffRole.LEADER, team=house.nord)

    assert new.team_id == house.nord.id


def test_a_role_that_does_not_exist_is_refused(engine: Engine, house: House) -> None:
    with refused(engine, by="ck_staff_role") as connection:
        connection.execute(update(STAFF).where(STAFF.c.id == house.mia.id).values(role="everything"))


def test_a_user_name_belongs_to_one_person(engine: Engine, house: House) -> None:
    with refused(engine, by="uq_staff_username") as connection:
        connection.execute(update(STAFF).where(STAFF.c.id == house.mia.id).values(username="kim"))
