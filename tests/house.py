"""The people every test knows."""

from dataclasses import dataclass

from sqlmodel import Session

from handlepligt.domain.vocabulary import StaffRole
from models import Staff, Team
from tests.make import make_staff, make_team


@dataclass(frozen=True)
class House:
    """Team Nord: Lars leads Mia, Otto, Karin and Frida. Team Syd: Sofie leads Kim. The rest have no team."""

    nord: Team
    syd: Team
    mia: Staff
    otto: Staff
    karin: Staff
    frida: Staff
    lars: Staff
    kim: Staff
    sofie: Staff
    hanne: Staff
    selma: Staff
    erik: Staff
    tine: Staff
    ada: Staff


def make_house(session: Session) -> House:
    """Mia (under 18) and Otto (over 18) are advisers, Frida a professional; Kim must see nothing."""
    nord, syd = make_team(session, key="nord"), make_team(session, key="syd")
    lars = make_staff(session, name="Lars Bak", role=StaffRole.LEADER, team=nord)
    sofie = make_staff(session, name="Sofie Juhl", role=StaffRole.LEADER, team=syd)
    karin = make_staff(session, name="Karin Vester", role=StaffRole.COORDINATOR, team=nord)
    lars.deputy_id = karin.id
    return House(
        nord=nord,
        syd=syd,
        lars=lars,
        sofie=sofie,
        karin=karin,
        mia=make_staff(session, name="Mia Holm", team=nord, pool="under_18"),
        otto=make_staff(session, name="Otto Krogh", team=nord, pool="over_18"),
        frida=make_staff(session, name="Frida Lund", role=StaffRole.PROFESSIONAL, team=nord),
        kim=make_staff(session, name="Kim Dahl", team=syd, pool="under_18"),
        hanne=make_staff(session, name="Hanne Friis", role=StaffRole.HEAD),
        selma=make_staff(session, name="Selma Toft", role=StaffRole.SAFETY_CONSULTANT),
        erik=make_staff(session, name="Erik Skov", role=StaffRole.PROTOCOL_EDITOR),
        tine=make_staff(session, name="Tine Rud", role=StaffRole.AUDITOR),
        ada=make_staff(session, name="Ada Ring", role=StaffRole.ADMIN),
    )
