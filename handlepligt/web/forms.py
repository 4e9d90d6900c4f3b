"""Forms both ways: what the browser sent, read with care, and the fields the templates draw."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.datastructures import FormData

from handlepligt.web.rendering import ZONE

MOST_FIELDS = 300


@dataclass(frozen=True)
class Form:
    """What was typed, as text; a field that is not there is empty."""

    values: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """The field as it was typed, with line ends as \\n."""
        found = self.values.get(name, ())
        return found[0] if found else ""

    def line(self, name: str) -> str:
        """The field without space around it."""
        return self.text(name).strip()

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a field with several (checkboxes)."""
        return self.values.get(name, ())

    def under(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """The fields whose name begins with `prefix`, by the rest of their name."""
        return {name[len(prefix) :]: found for name, found in self.values.items() if name.startswith(prefix)}


EMPTY = Form({})


async def read_form(request: Request) -> Form:
    """The posted form. Files are refused by not being read: no page asks for any."""
    data: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS)
    values: dict[str, list[str]] = {}
    for name, value in data.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\r", "\n"))
    form = Form({name: tuple(found) for name, found in values.items()})
    # Kept for the log-in page, which hands it back when the session ended while somebody was typing.
    request.state.form = form
    return form


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Field:
    """One field as it is drawn.

    `kind`: text, long_text, date, datetime, number, password, radio, checkboxes, select, group. A group has
    `parts`. `scope` tells apart two forms on one page that ask the same.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    help: str = ""
    required: bool = False
    problem: str = ""
    longest: int = 500
    only_when: str = ""
    is_asked: bool = True
    autocomplete: str = "off"
    parts: tuple["Field", ...] = ()
    scope: str = ""

    @property
    def id(self) -> str:
        """The id in the page; the first of several boxes has it too, so that the summary can point there."""
        return f"f-{self.scope}{self.name.replace('.', '-')}"

    def all(self) -> Iterator["Field"]:
        """The field and its parts, and theirs."""
        yield self
        for part in self.parts:
            yield from part.all()


def by_name(fields: Iterable[Field]) -> dict[str, Field]:
    """Each field by its name, parts too, for the summary of what is wrong; of two alike the first."""
    found: dict[str, Field] = {}
    for one in fields:
        for each in one.all():
            found.setdefault(each.name, each)
    return found


@dataclass(frozen=True)
class Problems:
    """What is wrong with a form: sentences by field, and those that belong to no field."""

    by_field: Mapping[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.by_field or self.general)


NO_PROBLEMS = Problems()


def parse_day(written: str) -> date | None:
    """A date as a date field sends it (2026-11-27) or as a Dane types it (27-11-2026, 27/11 2026)."""
    written = written.strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    parts = written.replace(".", "-").replace("/", "-").replace(" ", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0])) if len(parts[2]) == 4 else None
    except ValueError:
        return None


def parse_clock(written: str) -> time | None:
    """A time of day as `16:55`, `16.55` or `1655`."""
    written = written.strip().replace(".", ":")
    if len(written) == 4 and written.isascii() and written.isdigit():
        written = f"{written[:2]}:{written[2:]}"
    hours, _, minutes = written.partition(":")
    minutes = minutes.split(":")[0]
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        return None
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        return None


def instant(on: date, at: time) -> datetime:
    """Danish wall time as aware UTC; in the hour that autumn repeats, the first of the two."""
    return datetime.combine(on, at, ZoneInfo(ZONE)).astimezone(UTC)
