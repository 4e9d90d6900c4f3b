"""How instants, days and durations are written in Danish."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlepligt.errors import HandlepligtError

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
SHORT_WEEKDAYS = tuple(name[:3] for name in WEEKDAYS)


class NaiveTimeError(HandlepligtError):
    """An instant came without a time zone, so nobody can say when it was."""

    user_message = "Et tidspunkt mangler tidszone. Kontakt administratoren."


class UnknownZoneError(HandlepligtError):
    """A time zone was named that the zone data does not know."""

    user_message = "Tidszonen findes ikke. Kontakt administratoren."


def require_aware(at: datetime) -> datetime:
    """Give back `at` unchanged; a datetime without time zone raises NaiveTimeError."""
    if at.utcoffset() is None:
        raise NaiveTimeError("an aware datetime is needed, got one without time zone")
    return at


def zone_named(zone: str) -> ZoneInfo:
    """The zone with this IANA name, for example Europe/Copenhagen; UnknownZoneError if there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(f"unknown time zone {zone[:60]!r}") from None


def in_zone(at: datetime, zone: str) -> datetime:
    """The aware instant `at` as wall time in the named zone."""
    return require_aware(at).astimezone(zone_named(zone))


def weekday(on: date) -> str:
    """`fre`."""
    return SHORT_WEEKDAYS[on.weekday()]


def month(on: date) -> str:
    """`november 2026`."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def day(on: date) -> str:
    """`27-11-2026`."""
    return f"{on.day:02d}-{on.month:02d}-{on.year:04d}"


def short_day(on: date) -> str:
    """`fre 27-11`, where the year goes without saying."""
    return f"{weekday(on)} {on.day:02d}-{on.month:02d}"


def clock_time(at: datetime, zone: str) -> str:
    """`16.55`; in the hour that autumn repeats, `02.30 (sommertid)` or `02.30 (normaltid)`.

    Seconds are cut off, so a deadline at 23:59:59 reads 23.59.
    """
    local = in_zone(at, zone)
    shown = f"{local.hour:02d}.{local.minute:02d}"
    # Only the fold tells the two runs of the repeated hour apart, and a reader cannot see a fold.
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return f"{shown} ({season(at, zone)})"
    return shown


def season(at: datetime, zone: str) -> str:
    """`sommertid` or `normaltid`, whichever the zone observes at `at`."""
    # Not by dst(): Dublin's zone data has its summer as the standard and its winter as the exception.
    local = in_zone(at, zone)
    year = [datetime(local.year, month, 1, tzinfo=local.tzinfo).utcoffset() for month in (1, 7)]
    return "sommertid" if local.utcoffset() != min(one for one in year if one is not None) else "normaltid"


def short(at: datetime, zone: str) -> str:
    """`fre 27-11 16.55`, for lists where the year goes without saying."""
    return f"{short_day(in_zone(at, zone).date())} {clock_time(at, zone)}"


def dated(at: datetime, zone: str) -> str:
    """`fre 27-11-2026 16.55`, for explanations."""
    on = in_zone(at, zone).date()
    return f"{weekday(on)} {day(on)} {clock_time(at, zone)}"


def full(at: datetime, zone: str) -> str:
    """`27-11-2026 kl. 16.55`, the usual form on a page."""
    return f"{day(in_zone(at, zone).date())} kl. {clock_time(at, zone)}"


def duration(length: timedelta) -> str:
    """`3 t 20 min`, `2 dage`, `2 dage 3 t`, `45 min`, `under 1 min`: the two largest units, rounded down.

    A day is 24 hours. A negative length is written with a minus sign before it.
    """
    if length < timedelta(0):
        return f"−{duration(-length)}"
    minutes = length // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        parts = [_counted(days, "dag", "dage"), f"{hours} t" if hours else ""]
    elif hours:
        parts = [f"{hours} t", f"{minutes} min" if minutes else ""]
    else:
        parts = [f"{minutes} min" if minutes or not length else "under 1 min"]
    return " ".join(part for part in parts if part)


def _counted(amount: int, one: str, many: str) -> str:
    return f"{amount} {one if amount == 1 else many}"
