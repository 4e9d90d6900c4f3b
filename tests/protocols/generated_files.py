"""The head and the shared files of generated definitions: countries, languages, weeks, calls, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.protocols.generated import Author

PLACES = (
    ("da", "DK", "Europe/Copenhagen"), ("sv", "SE", "Europe/Stockholm"), ("nb", "NO", "Europe/Oslo"),
    ("de", "DE", "Europe/Berlin"), ("en", "GB", "Europe/London"), ("en", "NZ", "Pacific/Auckland"),
    ("en", "AU", "Australia/Sydney"), ("da", "GL", "America/Nuuk"),
)  # fmt: skip
WEEKS = (["mon", "tue", "wed", "thu", "fri"], ["sun", "mon", "tue", "wed", "thu"], ["sat"])
LADDERS: dict[str, Any] = {
    "calm": {
        "rungs": [
            {"from": "due", "offset": "1 working day before", "to": ["keeper"]},
            {"from": "due", "offset": "0 hours", "to": ["keeper", "leader"], "marks": "overdue"},
        ]
    },
    "urgent": {
        "quiet_hours": "ignore",
        "rungs": [
            {"from": "base", "offset": "+10 minutes", "to": ["keeper"], "unless": "begun"},
            {"from": "due", "offset": "0 minutes", "to": ["leader", "head"], "marks": "overdue"},
        ],
        "repeat": {"every": "30 minutes", "until": "acknowledged"},
    },
}


def head(author: Author, key: str) -> dict[str, Any]:
    """A head of some country in one of the languages the product knows."""
    language, country, zone = author.one_of(PLACES)
    full = {
        "holidays": country,
        "working_days": author.one_of(WEEKS),
        "closed": [{"day": "06-05", "name": "Lukket"}, {"day": "2026-12-28", "name": "Mellem jul og nytår"}],
        "office": {"opens": "08:00", "closes": "16:30"},
    }
    return {
        "key": key,
        "version": "2026-1",
        "title": "Opfundet: æøå",
        "language": language,
        "country": country,
        "zone": zone,
        "calendar": author.one_of((country, full)),
        "organisation": {"name": "Prøveby"},
        "source": "Opfundet",
        "raised_by": ["adviser"],
        "applies_when": author.one_of(("true", "age == null || age < 90")),
    }


def contacts() -> dict[str, Any]:
    """Two contacts, one called after the other."""
    return {
        "contacts": {
            "night": {
                "title": "Natholdet",
                "purposes": ["acute"],
                "sharing": "on_case",
                "if_no_answer": "day",
                "if_no_answer_within": "15 minutes",
                "numbers": [{"number": "00 00 00 01", "hours": "Mo-Fr 15:30-24:00; PH off"}],
            },
            "day": {
                "title": "Dagholdet",
                "purposes": ["advice", "sparring"],
                "sharing": "general",
                "shown_when": "age == null || age > 3",
                "numbers": [{"number": "00 00 00 02", "hours": "24/7", "hours_confirmed": True}],
            },
        }
    }
