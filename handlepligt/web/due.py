"""A due time as a colour and a word: overdue, soon, later, met."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlepligt.domain import danish_time
from handlepligt.web.rendering import ZONE

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class DueMark:
    """`css` picks the colour; `words` says the same."""

    css: str
    words: str


def due_mark(due_at: datetime, now: datetime) -> DueMark:
    """How a running deadline stands at `now`: `Overskredet med 2 t`, `Om 3 t: tir 24-11 16.55`."""
    left = due_at - now
    when = danish_time.short(due_at, ZONE)
    if left < timedelta(0):
        return DueMark("overdue", f"Overskredet med {danish_time.duration(-left)} ({when})")
    if left <= SOON:
        return DueMark("today", f"Om {danish_time.duration(left)}: {when}")
    return DueMark("later", f"Senest {when}")
