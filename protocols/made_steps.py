"""How kinds that are made of steps write them: conditions put together, deadlines that follow the file's."""

from __future__ import annotations

from collections.abc import Mapping

from handlepligt.domain.deadlines import Basis, Offset
from protocols.conditions import Condition, read_condition
from protocols.element import Written
from protocols.kinds.deadline import Kind as Deadline


def all_of(*conditions: Condition | str | None) -> str:
    """One condition that holds when each of them does; what is not there is left out."""
    written = [str(one) for one in conditions if one is not None and str(one) != "true"]
    if len(written) < 2:
        return written[0] if written else "true"
    return " && ".join(f"({one})" for one in written)


def any_of(*conditions: Condition | str) -> str:
    """One condition that holds when at least one of them does."""
    return " || ".join(f"({one})" for one in conditions) if len(conditions) > 1 else str(conditions[0])


def after_each_round(step: str, made: str, *, repeats: bool) -> str:
    """Holds once a round of `step` is done and, where it comes back, once for each round that is settled."""
    if not repeats:
        return f'done("{step}")'
    return f'done("{step}") && (rounds("{made}") == 0 || settled_later("{step}", "{made}"))'


def ladder_of(deadlines: Mapping[str, Deadline]) -> str:
    """The ladder of the first deadline that has one: who is told of the others is told of this one too."""
    return next((one.ladder for one in deadlines.values() if one.ladder), "")


def due(
    title: str, base: str, within: Offset, ladder: str, *, applies_when: Condition | str | None = None
) -> Written:
    """A local deadline that the author of the file decided on by writing its length."""
    found: dict[str, object] = {"title": title, "base": base, "within": within, "ladder": ladder}
    if applies_when is not None:
        found["applies_when"] = applies_when
    return {**found, "basis": Basis.LOCAL}


def narrowed(deadlines: Mapping[str, Deadline], condition: str) -> dict[str, object]:
    """The deadlines as written, each only where the condition holds too."""
    return {
        key: one.model_copy(update={"applies_when": read_condition(all_of(one.applies_when, condition))})
        for key, one in deadlines.items()
    }
