"""Answers that have parts, in words for the reader of a settled step: forms (skemaer) and agreed actions."""

from collections.abc import Iterator, Mapping
from datetime import date

from handlepligt.domain import danish_time
from protocols.definition import Definition
from protocols.form_answers import outcome
from protocols.kinds.form import Kind as Form


def form_in_words(form: Form, answer: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """What a form came to, and each of its items."""
    return "\n".join(_summed_up(form, answer)), tuple(_items(form, answer))


def actions_in_words(definition: Definition, answer: object) -> tuple[str, ...]:
    """What was agreed, each action with what, who, and by which day."""
    lines = answer if isinstance(answer, list) else []
    return tuple(
        f"{one['what']} – {_who(definition, str(one['who']))}, senest {_day(str(one['by']))}" for one in lines
    )


def _summed_up(form: Form, answer: Mapping[str, object]) -> Iterator[str]:
    titles, found = form.outcomes, outcome(answer)
    band = str(answer.get("band", ""))
    if form.is_scored:
        points = f"{float(str(answer.get('score') or 0)):g}".replace(".", ",")
        yield f"{titles.get(band, band)} ({points} point)"
        if found != band:
            yield f"Hævet til {titles.get(found, found).lower()}: {answer.get('reason', '')}"
    elif form.overall is not None:
        yield f"{form.overall.ask} {titles.get(found, found)}"


def _items(form: Form, answer: Mapping[str, object]) -> Iterator[str]:
    chosen, notes = answer.get("items"), answer.get("notes")
    for key, item in form.items.items():
        choices, by_time = form.choices_of(key), _below(chosen, key)
        for time in form.moments:
            said = [
                choices.get(by_time.get(time, ""), by_time.get(time, "")),
                _below(notes, key).get(time, ""),
            ]
            if any(said):
                yield f"{_asked(item.ask, form.times.get(time, ''))} {' – '.join(filter(None, said))}"


def _asked(ask: str, when: str) -> str:
    """What stands before the answer: `Er der trusler?`, `Søvn:`, `Søvn, før:`, `Sover hun? Før:`."""
    if ask.endswith("?"):
        return f"{ask} {when}:" if when else ask
    return f"{ask}, {when.lower()}:" if when else f"{ask}:"


def _below(parts: object, key: str) -> Mapping[str, str]:
    found = parts.get(key, {}) if isinstance(parts, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _who(definition: Definition, who: str) -> str:
    role = definition.roles.get(who)
    return role.title if role is not None else who


def _day(written: str) -> str:
    return danish_time.day(date.fromisoformat(written))
