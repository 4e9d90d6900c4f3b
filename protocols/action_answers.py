"""Agreed actions: what was agreed, who does it and by when; read from a form, and found again in a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlepligt.domain import wording
from handlepligt.domain.vocabulary import StepStatus
from protocols.definition import Definition
from protocols.state import CaseState

PARTS = ("what", "who", "by")
MOST_ACTIONS = 50
_FURTHEST = timedelta(days=3653)
_MISSING = {
    "what": "Skriv, hvad der er aftalt.",
    "who": "Skriv, hvem der gør det.",
    "by": "Skriv, hvornår det skal være gjort.",
}


@dataclass(frozen=True)
class AgreedAction:
    """One action. `key` counts from "1" within its answer and names its tick and its deadline.

    `who` is the key of a role or a text; `by` is a local day.
    """

    key: str
    what: str
    who: str
    by: date


def agreed_actions(
    definition: Definition, state: CaseState, question: str, *, opened_at: datetime | None = None
) -> tuple[AgreedAction, ...]:
    """The actions last agreed under a question of type actions, in their order.

    With `opened_at` those that were agreed when a round opened at that instant: what is agreed afterwards
    belongs to the next round. A round of the asking step in which nothing was agreed takes nothing back.
    """
    for round_ in reversed(state.rounds(definition.asked_in[question])):
        later = opened_at is not None and (round_.settled_at is None or round_.settled_at > opened_at)
        answer = round_.answers.get(question)
        if round_.status is StepStatus.DONE and not later and isinstance(answer, list) and answer:
            return tuple(_action(nth, one) for nth, one in enumerate(answer, start=1))
    return ()


def _action(nth: int, stored: object) -> AgreedAction:
    assert isinstance(stored, Mapping)
    return AgreedAction(
        str(nth), str(stored["what"]), str(stored["who"]), date.fromisoformat(str(stored["by"]))
    )


def read_actions(
    question: str, structure: object, fields: Mapping[str, object], *, today: date
) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The stored actions, and a sentence by raw field (`q.0.what`) about each that cannot be used.

    `structure` is a list of mappings, `fields` are `0.what` and the like and come first. A line in which
    nothing is written is left out. An agreed day may have passed when it is written down, but lies within
    ten years of `today`, the local day: what no calendar knows is a slip of the pen.
    """
    if structure not in (None, "", []) and not isinstance(structure, list):
        return [], {question: "Send aftalerne som en liste."}
    sent: dict[str, object] = {}
    problems: dict[str, str] = {}
    for nth, line in enumerate(structure if isinstance(structure, list) else ()):
        if isinstance(line, Mapping):
            sent |= {f"{nth}.{part}": value for part, value in line.items()}
        else:
            problems[f"{question}.{nth}"] = "Send hver aftale med what, who og by."
    sent |= fields
    lines: dict[int, dict[str, object]] = {}
    for name, value in sent.items():
        number, _, part = name.partition(".")
        if not _is_number(number) or part not in PARTS:
            problems[f"{question}.{name}"] = "Feltet findes ikke i en aftale."
        elif value not in (None, "") and not (isinstance(value, str) and not value.strip()):
            lines.setdefault(int(number), {})[part] = value
    if len(lines) > MOST_ACTIONS:
        return [], {question: f"Der er {len(lines)} aftaler. Der kan højst være {MOST_ACTIONS}."}
    read: list[dict[str, str]] = []
    for nth in sorted(lines):
        line, wrong = _line(lines[nth], today)
        problems |= {f"{question}.{nth}.{part}": sentence for part, sentence in wrong.items()}
        read.append(line)
    return read, problems


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= 3


def _line(sent: Mapping[str, object], today: date) -> tuple[dict[str, str], dict[str, str]]:
    line: dict[str, str] = {}
    problems: dict[str, str] = {}
    for part in PARTS:
        value = sent.get(part, "")
        if not isinstance(value, str):
            problems[part] = "Skriv det som tekst."
            continue
        text = wording.tidied(value)
        sentence = _MISSING[part] if not text else _wrong(part, text, today)
        if sentence:
            problems[part] = sentence
        line[part] = text
    return line, problems


def _wrong(part: str, text: str, today: date) -> str | None:
    if part != "by":
        return wording.problem_with(text, limit=wording.LINE, lines=False)
    try:
        if len(text) != len("2026-12-01"):
            raise ValueError
        agreed = date.fromisoformat(text)
    except ValueError:
        return "Skriv en dato, for eksempel 2026-12-01."
    if abs(agreed - today) > _FURTHEST:
        return "Datoen skal ligge højst ti år fra i dag. Ret den."
    return None
