"""How the variables of a message are kept in its row, within the row's room."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from notifications.messages import Line, Variables

ROOM = 16_000


def to_row(variables: Variables) -> str:
    """The variables as JSON. Lines that do not fit are counted in `more`, so that none is lost unseen."""
    text = _to_json(variables)
    while len(text) > ROOM and variables.lines:
        left_out = max(1, len(variables.lines) // 10)
        variables = replace(variables, lines=variables.lines[:-left_out], more=variables.more + left_out)
        text = _to_json(variables)
    return text


def from_row(text: str) -> Variables:
    """The variables kept in a row. Raises ValueError or KeyError when the row was not written by `to_row`."""
    raw = json.loads(text)
    return Variables(
        reference=raw.get("reference", ""),
        step=raw.get("step", ""),
        at=_instant(raw.get("at")),
        lines=tuple(
            Line(reference, step, datetime.fromisoformat(at)) for reference, step, at in raw.get("lines", ())
        ),
        more=raw.get("more", 0),
    )


def _to_json(variables: Variables) -> str:
    raw = {
        "reference": variables.reference,
        "step": variables.step,
        "at": variables.at.isoformat() if variables.at else None,
        "lines": [[line.reference, line.step, line.at.isoformat()] for line in variables.lines],
        "more": variables.more,
    }
    return json.dumps({name: value for name, value in raw.items() if value}, ensure_ascii=False)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
