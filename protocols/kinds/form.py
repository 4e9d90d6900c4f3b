"""The kind *form*: items judged one by one, with a score and its bands, or in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from protocols.element import Element, Named, Names

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope

# The fields of a form beside its items; an item of such a name could not be told from them.
RESERVED = ("override", "reason", "overall")
NOTE = "note"
# What conditions see of a form that is filled in and has neither a score nor an overall judgement.
FILLED = "filled"
# More sums than this are not followed one by one when looking for bands that no score reaches.
MOST_SUMS = 20_000


class Option(Element):
    """One answer to an item of a scored form, and what it counts before its item's weight."""

    label: str
    score: int | float = 0


class Item(Element):
    """One thing to judge. `trigger` names the answers that alone lift the outcome to `triggered`."""

    ask: str
    help: str = ""
    choices: Named[Option] = {}
    weight: int | float = 1
    trigger: Names = ()
    required: bool = True


class Band(Element):
    """An outcome of a scored form, from this score up to the next band."""

    title: str
    start: int | float = Field(alias="from")


class Override(Element):
    """Who may lift the outcome above what the score says, always with a reason.

    With a role only its people may, in filling the form in or afterwards; without, whoever fills it in.
    """

    role: str = ""


class Overall(Element):
    """The judgement of an unscored form as a whole."""

    ask: str
    choices: dict[str, str] = {}


class Kind(Element):
    """One form. With `bands` it is scored: each item's answer counts its score times the item's weight.

    An unscored form asks each item, once or at each of `times`, for one of `judgements`, a text (`notes`), or
    both, and then perhaps for an `overall` judgement. Bands stand from the mildest to the gravest.
    """

    section = "forms"

    title: str
    help: str = ""
    items: Named[Item] = {}
    bands: Named[Band] = {}
    triggered: str = ""
    override: Override | None = None
    times: dict[str, str] = {}
    notes: bool = False
    judgements: dict[str, str] = {}
    overall: Overall | None = None

    @property
    def is_scored(self) -> bool:
        return bool(self.bands)

    @property
    def moments(self) -> tuple[str, ...]:
        """The times each item is asked at; one without a name when it is asked once."""
        return tuple(self.times) or ("",)

    @property
    def outcomes(self) -> dict[str, str]:
        """What the form can come to, key and title: a band, an overall judgement, or that it is filled."""
        if self.bands:
            return {key: band.title for key, band in self.bands.items()}
        return dict(self.overall.choices) if self.overall else {FILLED: self.title}

    def choices_of(self, item: str) -> dict[str, str]:
        """The answers an item can be given, key and label; none where only a text is asked for."""
        options = self.items[item].choices
        return {key: option.label for key, option in options.items()} or self.judgements

    def check(self, scope: Scope) -> Iterator[Complaint]:
        asked = [one.form for one in scope.definition.questions.values()]
        if self.key not in asked and not scope.written_questions - set(scope.definition.questions):
            yield (), f"nobody is asked to fill in '{self.key}'; add a question of type form, or remove it"
        if not self.items:
            yield (), "a form needs items to judge; add them under items"
        if not self.bands and self._scoring():
            yield (), "the items have scores but there are no bands; say what the scores come to"
        for name in self.items:
            if name in RESERVED:
                yield ("items", name), f"'{name}' is a field of the form itself; give the item another name"
        if NOTE in self.times:
            yield ("times", NOTE), f"'{NOTE}' cannot be a time; give it another name"
        yield from self._check_scored(scope) if self.bands else self._check_unscored()

    def _scoring(self) -> bool:
        options = [one for item in self.items.values() for one in item.choices.values()]
        return not self.judgements and not self.overall and any(one.score for one in options)

    def _check_scored(self, scope: Scope) -> Iterator[Complaint]:
        for name in ("times", "judgements", "overall"):
            if getattr(self, name):
                yield (name,), f"a form with bands is scored and has no {name}; remove one or the other"
        for key, item in self.items.items():
            yield from ((("items", key, *where), said) for where, said in _scored_item(item))
        yield from self._check_bands()
        triggering = [key for key, item in self.items.items() if item.trigger]
        if self.triggered and self.triggered not in self.bands:
            yield ("triggered",), f"'{self.triggered}' is no band; there are {', '.join(self.bands)}"
        if triggering and not self.triggered:
            yield ("items", triggering[0], "trigger"), "say under triggered to which band this lifts it"
        if self.triggered and not triggering:
            yield ("triggered",), "no item triggers it; give an item trigger, or remove this"
        if self.override is not None and self.override.role:
            yield from scope.name("roles", self.override.role, "role", ("override", "role"))

    def _check_bands(self) -> Iterator[Complaint]:
        starts = [(key, band.start) for key, band in self.bands.items()]
        if starts and starts[0][1] != 0:
            yield ("bands", starts[0][0], "from"), "the first band begins at 0, so that every score has one"
        for (_, before), (key, start) in itertools.pairwise(starts):
            if start <= before:
                yield ("bands", key, "from"), f"bands rise; this one must begin above {before}"
        if any(score < 0 for score in self._scores()) or any(i.weight <= 0 for i in self.items.values()):
            return
        sums = possible_sums([_counts(item) for item in self.items.values()])
        ends = [start for _, start in starts[1:]] + [float("inf")]
        for (key, start), end in zip(starts, ends, strict=True):
            if start < end and not any(start <= one < end for one in sums):
                highest = f"{max(sums):g}"
                yield ("bands", key, "from"), f"no score falls in this band; the highest is {highest}"
        yield from _doubled(self.outcomes, ("bands",), "bands")

    def _scores(self) -> Iterator[int | float]:
        for item in self.items.values():
            yield from (one.score for one in item.choices.values())

    def _check_unscored(self) -> Iterator[Complaint]:
        for key, item in self.items.items():
            for name in ("choices", "trigger"):
                if getattr(item, name):
                    yield ("items", key, name), f"only a form with bands has {name} here; use judgements"
            if item.weight != 1:
                yield ("items", key, "weight"), "only an item of a form with bands has a weight; remove it"
        for name in ("triggered", "override"):
            if getattr(self, name):
                yield (name,), f"only a form with bands has {name}; add bands or remove it"
        if self.items and not self.notes and not self.judgements and not self._scoring():
            yield (), "the items ask for nothing; add judgements, notes: true, or choices and bands"
        if len(self.judgements) == 1:
            yield ("judgements",), "one judgement is no choice; add another"
        if self.overall is not None and len(self.overall.choices) < 2:
            yield ("overall",), "an overall judgement needs choices, at least two"
        yield from _doubled(self.judgements, ("judgements",), "judgements")
        if self.overall is not None:
            yield from _doubled(self.overall.choices, ("overall", "choices"), "choices")


def _scored_item(item: Item) -> Iterator[Complaint]:
    if len(item.choices) < 2:
        yield ("choices",), "an item of a scored form needs at least two choices, each with label and score"
    if item.weight <= 0:
        yield ("weight",), "a weight is more than 0; remove the item if it does not count"
    for key, option in item.choices.items():
        if option.score < 0:
            yield ("choices", key, "score"), "a score is 0 or more, for bands begin at 0"
    for position, name in enumerate(item.trigger):
        if name not in item.choices:
            yield ("trigger", position), f"'{name}' is not among the choices: {', '.join(item.choices)}"
        elif name in item.trigger[:position]:
            yield ("trigger", position), f"'{name}' stands twice; remove one"
    labels = {key: option.label for key, option in item.choices.items()}
    yield from _doubled(labels, ("choices",), "choices")


def _doubled(labels: Mapping[str, str], where: tuple[str, ...], word: str) -> Iterator[Complaint]:
    """A complaint about each label that says the same as one above it, so that a reader could not choose."""
    seen: dict[str, str] = {}
    for key, label in labels.items():
        plain = " ".join(label.split()).casefold()
        if plain in seen:
            yield (*where, key), f"the {word} '{seen[plain]}' and '{key}' have the same text; change one"
        seen.setdefault(plain, key)


def _counts(item: Item) -> list[float]:
    left_out = [] if item.required else [0.0]
    return [*left_out, *(counted(item, key) for key in item.choices)]


def counted(item: Item, choice: str) -> float:
    """What an answer to an item counts in the form's score."""
    return round(item.weight * item.choices[choice].score, 6)


def possible_sums(counts: Sequence[Sequence[float]]) -> list[float]:
    """Every score that some answers come to; of very many the lowest, the highest and a scale between."""
    sums = {0.0}
    for each in counts:
        sums = {round(one + count, 6) for one in sums for count in each} or sums
        if len(sums) > MOST_SUMS:
            lowest, highest = (sum(pick(one) for one in counts if one) for pick in (min, max))
            step = (highest - lowest) / MOST_SUMS
            return [lowest + step * nth for nth in range(MOST_SUMS + 1)]
    return sorted(sums)
