"""Questions whose answer has parts, as groups of fields: forms (skemaer), agreed actions (aftaler)."""

from collections.abc import Mapping

from handlepligt.domain import wording
from handlepligt.web.forms import Choice, Field, Form, parse_day
from protocols.action_answers import MOST_ACTIONS, PARTS
from protocols.kinds.form import NOTE
from protocols.kinds.form import Item as FormItem
from protocols.kinds.form import Kind as Sheet
from protocols.kinds.question import Kind as Question

# How many empty lines there are below what has been agreed so far.
_MORE_LINES = 3
_PART_LABELS = {"what": "Hvad er aftalt?", "who": "Hvem gør det?", "by": "Hvornår skal det være gjort?"}


def form_parts(
    sheet: Sheet,
    name: str,
    form: Form,
    problems: Mapping[str, str],
    *,
    scope: str = "",
    may_lift: bool = True,
) -> tuple[Field, ...]:
    """The fields of one form below the field `name`: each item, then what lifts or sums up the outcome.

    Whoever fills it in and may not lift it (`may_lift`) is not asked to.
    """

    def field(part: str, label: str, kind: str, **more: object) -> Field:
        full = f"{name}.{part}"
        given: dict[str, object] = {"value": form.text(full), "problem": problems.get(full, ""), **more}
        return Field(full, label, kind, scope=scope, **given)  # type: ignore[arg-type]

    def asked(item: FormItem, part: str, label: str, *, help: str) -> list[Field]:
        choices = tuple(Choice(key, words) for key, words in sheet.choices_of(item.key).items())
        found: list[Field] = []
        if choices:
            found.append(field(part, label, "radio", choices=choices, required=item.required, help=help))
        if sheet.notes:
            is_needed = item.required and not choices
            text = f"{label}: beskriv" if choices else label
            found.append(
                field(f"{part}.{NOTE}", text, "long_text", required=is_needed, longest=wording.LETTER)
            )
        return found

    parts: list[Field] = []
    for item in sheet.items.values():
        if not sheet.times:
            parts += asked(item, item.key, item.ask, help=item.help)
            continue
        below = [
            one
            for time, words in sheet.times.items()
            for one in asked(item, f"{item.key}.{time}", words, help="")
        ]
        parts.append(
            Field(
                f"{name}.{item.key}", item.ask, "group", help=item.help, required=item.required, scope=scope,
                parts=tuple(below), problem=problems.get(f"{name}.{item.key}", ""),
            )
        )  # fmt: skip
    if sheet.override is not None and may_lift:
        above = tuple(Choice(key, band.title) for key, band in list(sheet.bands.items())[1:])
        parts.append(
            field(
                "override",
                "Skal vurderingen hæves?",
                "select",
                choices=(Choice("", "Nej, brug skemaets egen vurdering"), *above),
                help="Den kan kun hæves, aldrig sænkes.",
            )
        )
        parts.append(field("reason", "Hvorfor hæves den?", "long_text", longest=wording.LETTER))
    if sheet.overall is not None:
        choices = tuple(Choice(key, words) for key, words in sheet.overall.choices.items())
        parts.append(field("overall", sheet.overall.ask, "radio", choices=choices, required=True))
    return tuple(parts)


def action_parts(name: str, form: Form, problems: Mapping[str, str], *, scope: str = "") -> tuple[Field, ...]:
    """A line of fields for each agreed action that is typed, and a few empty ones below."""
    typed = {int(part.split(".")[0]) for part in _typed(form, name) if part.split(".")[0].isdigit()}
    lines = min(max(typed, default=-1) + 1 + _MORE_LINES, MOST_ACTIONS)

    def field(line: int, part: str) -> Field:
        full = f"{name}.{line}.{part}"
        return Field(
            full,
            _PART_LABELS[part],
            "date" if part == "by" else "text",
            value=form.text(full),
            problem=problems.get(full, ""),
            longest=wording.LINE,
            required=line in typed,
            scope=scope,
        )

    return tuple(
        Field(
            f"{name}.{line}",
            f"Aftale {line + 1}",
            "group",
            parts=tuple(field(line, part) for part in PARTS),
            required=line in typed,
            scope=scope,
        )
        for line in range(lines)
    )


def read_parts(question: Question, name: str, form: Form) -> dict[str, object]:
    """What was typed below the field `name`, by raw field of the answer (`q.item.time`)."""
    read: dict[str, object] = {}
    for part, written in _typed(form, name).items():
        on = parse_day(written) if part.endswith(".by") else None
        read[f"{question.key}.{part}"] = on.isoformat() if on else written
    return read


def _typed(form: Form, name: str) -> dict[str, str]:
    return {part: found[0].strip() for part, found in form.under(f"{name}.").items() if found[0].strip()}
