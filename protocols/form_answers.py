"""Scores a form and reads what was filled in, with a Danish sentence about each field that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from handlepligt.domain import wording
from protocols.kinds.form import FILLED, NOTE, Item, counted
from protocols.kinds.form import Kind as Form

# Item -> time -> what was answered; the time is "" in a form whose items are asked once.
Filled = Mapping[str, Mapping[str, str]]

_UNKNOWN = "Feltet findes ikke i skemaet."
_COMPUTED = ("score", "band")


def score_form(form: Form, items: Filled) -> tuple[int | float, str]:
    """The score of the answers to a scored form, and the key of the band it comes to.

    An item that was left out counts nothing. An answer that triggers lifts the band, never lowers it.
    """
    answered = [
        (form.items[name], choice) for name, by_time in items.items() for choice in by_time.values() if choice
    ]
    score = round(sum(counted(item, choice) for item, choice in answered), 6)
    reached = [key for key, band in form.bands.items() if band.start <= score]
    band = reached[-1] if reached else next(iter(form.bands))
    if any(choice in item.trigger for item, choice in answered):
        band = higher(form, band, form.triggered)
    return (int(score) if float(score).is_integer() else score), band


def higher(form: Form, one: str, other: str) -> str:
    """The graver of two bands."""
    order = list(form.bands)
    return max(one, other, key=order.index)


def outcome(answer: Mapping[str, object]) -> str:
    """What a stored answer comes to: the band it was lifted to, else its own."""
    return str(answer.get("override") or answer.get("band") or FILLED)


@dataclass
class FormReader:
    """Reads the raw fields of one question. `problems` are sentences by field below the question.

    Fields are `item` or `item.time`, with `.note` behind for the text, and `override`, `reason`, `overall`.
    """

    form: Form
    fields: dict[str, object]
    problems: dict[str, str] = field(default_factory=dict)

    def read(self) -> dict[str, object] | None:
        """The answer in its stored form; None when something is wrong."""
        items = {name: self._choices(item) for name, item in self.form.items.items()}
        notes = {name: self._notes(item) for name, item in self.form.items.items()}
        read: dict[str, object] = {
            "items": {name: found for name, found in items.items() if found},
            "notes": {name: found for name, found in notes.items() if found},
        }
        read |= self._scored(items) if self.form.is_scored else self._unscored()
        for left in self.fields:
            self.problems.setdefault(left, _UNKNOWN)
        return None if self.problems else read

    def _choices(self, item: Item) -> dict[str, str]:
        choices = self.form.choices_of(item.key)
        found: dict[str, str] = {}
        for time in self.form.moments:
            name = _field(item.key, time)
            if not choices:
                # Only a text is asked for; whatever else came is refused as a field that is not there.
                continue
            value = self.fields.pop(name, "")
            if value == "":
                if item.required:
                    self.problems[name] = "Vælg et svar."
            elif not isinstance(value, str) or value not in choices:
                self.problems[name] = f"Vælg et af svarene: {', '.join(choices.values())}."
            else:
                found[time] = value
        return found

    def _notes(self, item: Item) -> dict[str, str]:
        found: dict[str, str] = {}
        for time in self.form.moments if self.form.notes else ():
            name = f"{_field(item.key, time)}.{NOTE}"
            text = self._text(name, required=item.required and not self.form.choices_of(item.key))
            if text:
                found[time] = text
        return found

    def _text(self, name: str, *, required: bool) -> str:
        value = self.fields.pop(name, "")
        sentence: str | None = "Skriv svaret som tekst."
        if isinstance(value, str):
            sentence = wording.problem_with(value, required=required)
        if sentence is not None:
            self.problems[name] = sentence
            return ""
        return str(value)

    def _scored(self, items: Filled) -> dict[str, object]:
        claimed = {key: self.fields.pop(key) for key in _COMPUTED if key in self.fields}
        override, reason = "", ""
        if self.problems:
            # The score is not known before every item is; what was lifted is judged then.
            for name in ("override", "reason"):
                self.fields.pop(name, None)
            return {}
        score, band = score_form(self.form, items)
        if self.form.override is not None:
            override, reason = self._lifted(band)
        for key, right in (("score", score), ("band", band)):
            if key in claimed and claimed[key] != right:
                self.problems[key] = "Det regnes ud af svarene og kan ikke skrives."
        return {"score": score, "band": band, "override": override, "reason": reason}

    def _lifted(self, band: str) -> tuple[str, str]:
        override = self.fields.pop("override", "")
        above = {key: one.title for key, one in self.form.bands.items() if key != band}
        above = {key: title for key, title in above.items() if higher(self.form, band, key) == key}
        if override == "":
            if self._text("reason", required=False):
                self.problems["override"] = "Vælg, hvad vurderingen hæves til, eller slet begrundelsen."
            return "", ""
        if not isinstance(override, str) or override not in above:
            known = f" Vælg: {', '.join(above.values())}." if above else ""
            self.problems["override"] = f"Vurderingen kan kun hæves i forhold til skemaet.{known}"
            self.fields.pop("reason", None)
            return "", ""
        reason = self._text("reason", required=False)
        if not reason:
            self.problems.setdefault("reason", "Skriv, hvorfor vurderingen hæves.")
        return override, reason

    def _unscored(self) -> dict[str, object]:
        overall = self.form.overall
        band = FILLED
        # What was stored is sent back under the name it is stored by.
        value = self.fields.pop("band", "") if "overall" not in self.fields else self.fields.pop("overall")
        if overall is not None and (not isinstance(value, str) or value not in overall.choices):
            self.problems["overall"] = f"Vælg et af svarene: {', '.join(overall.choices.values())}."
        elif overall is not None:
            band = str(value)
        elif value not in ("", FILLED):
            self.problems["overall"] = _UNKNOWN
        return {"score": None, "band": band, "override": "", "reason": ""}


def _field(item: str, time: str) -> str:
    return f"{item}.{time}" if time else item


def flattened(value: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """A form sent as a structure, as fields; and a sentence for each part that has the wrong shape.

    `items` and `notes` hold for each item either one value, or one for each time.
    """
    fields: dict[str, object] = {}
    problems: dict[str, str] = {}
    for key, part in value.items():
        if key not in ("items", "notes"):
            fields[key] = part
            continue
        if not isinstance(part, Mapping):
            problems[key] = "Send svarene samlet efter punkt."
            continue
        suffix = f".{NOTE}" if key == "notes" else ""
        for name, found in _spread(part):
            fields[name + suffix] = found
    return fields, problems


def _spread(part: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for item, by_time in part.items():
        if isinstance(by_time, Mapping):
            for time, found in by_time.items():
                yield _field(str(item), str(time)), found
        else:
            yield str(item), by_time


def read_form(
    form: Form, question: str, structure: object, fields: Mapping[str, object], *, needed: bool
) -> tuple[dict[str, object] | None, dict[str, str]]:
    """The stored answer to a question of type form, and a sentence by raw field (`q.item.time`) if refused.

    `structure` is what stood under the question's own key, `fields` what stood under names below it, which
    come first. Nothing at all gives neither, unless it is `needed`: then each field that lacks is named.
    """
    problems: dict[str, str] = {}
    sent: dict[str, object] = {}
    if isinstance(structure, Mapping):
        sent, problems = flattened(structure)
    elif structure not in (None, ""):
        return None, {question: "Udfyld skemaet felt for felt."}
    sent |= fields
    tidied = {name: _tidied(value) for name, value in sent.items()}
    given = {name: value for name, value in tidied.items() if value != ""}
    if not given and not problems and not needed:
        return None, {}
    reader = FormReader(form, given, problems)
    read = reader.read()
    return read, {f"{question}.{name}": sentence for name, sentence in reader.problems.items()}


def _tidied(value: object) -> object:
    if value is None:
        return ""
    return wording.tidied(value) if isinstance(value, str) else value
