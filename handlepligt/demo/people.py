"""The made-up staff of the demo, and the made-up citizens its concerns are about."""

from dataclasses import dataclass
from datetime import date

from handlepligt.domain.vocabulary import StaffRole

# Printed by `handlepligt up`: an installation with demo data holds nobody who exists.
PASSPHRASE = "demo-demo-demo-demo"  # noqa: S105 - no secret
DOMAIN = "handlepligt.invalid"

TEAMS = {
    "unge-nord": "Børn og Unge Nord (demo)",
    "voksen": "Voksenteamet (demo)",
    "skole": "Skoleområdet (demo)",
}


@dataclass(frozen=True)
class Person:
    """One made-up member of staff; `deputy` is a user name."""

    username: str
    name: str
    role: StaffRole
    team: str = ""
    pool: str = ""
    deputy: str = ""


PEOPLE = (
    Person("mia", "Mia Mønsted", StaffRole.ADVISER, "unge-nord", "under_18"),
    Person("nora", "Nora Nissum", StaffRole.ADVISER, "unge-nord", "under_18"),
    Person("otto", "Otto Opstrup", StaffRole.ADVISER, "voksen", "over_18"),
    Person("olga", "Olga Overby", StaffRole.ADVISER, "voksen", "over_18"),
    Person("frida", "Frida Fagholt", StaffRole.PROFESSIONAL, "skole"),
    Person("finn", "Finn Fagerlund", StaffRole.PROFESSIONAL, "skole"),
    Person("lars", "Lars Lederup", StaffRole.LEADER, "unge-nord", deputy="karin"),
    Person("lone", "Lone Ledager", StaffRole.LEADER, "voksen", deputy="otto"),
    Person("leif", "Leif Ledgaard", StaffRole.LEADER, "skole", deputy="finn"),
    Person("karin", "Karin Koordt", StaffRole.COORDINATOR, "unge-nord"),
    Person("hanne", "Hanne Hovedgaard", StaffRole.HEAD),
    Person("selma", "Selma Sikkert", StaffRole.SAFETY_CONSULTANT, "unge-nord"),
    Person("erik", "Erik Egeskov", StaffRole.PROTOCOL_EDITOR),
    Person("edith", "Edith Elmholt", StaffRole.PROTOCOL_EDITOR),
    Person("ada", "Ada Adminsen", StaffRole.ADMIN),
    Person("tine", "Tine Tilsyn", StaffRole.AUDITOR),
)

FIRST_NAMES = (
    "Alma",
    "Bilal",
    "Celin",
    "Dilan",
    "Elif",
    "Farah",
    "Gry",
    "Hana",
    "Ida",
    "Jamal",
    "Kaja",
    "Leyla",
    "Mille",
    "Nadja",
    "Omar",
    "Perle",
    "Rana",
    "Sara",
    "Tara",
    "Umut",
    "Vilma",
    "Yara",
    "Zara",
    "Aksel",
)
LAST_NAMES = ("Opdigtet", "Eksempel", "Prøvesen", "Demosen", "Påhit", "Tænktsen", "Fiktivsen")


def citizen(number: int, age: int | None, today: date) -> tuple[str, date | None]:
    """The name and date of birth of made-up citizen `number`; no CPR number exists for any of them."""
    name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]} (opdigtet)"
    if age is None:
        return name, None
    month, day = 1 + number % 12, 1 + number % 28
    had_birthday = (month, day) <= (today.month, today.day)
    return name, date(today.year - age - (not had_birthday), month, day)
