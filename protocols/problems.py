"""What can be wrong with a definition, and where: a sentence with file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlepligt.errors import HandlepligtError, InvalidInputError
from protocols.complaint_words import in_danish

# Nobody mends more at a time, and finding the likeliest word for each takes its time.
MOST_PROBLEMS = 200
_LONGEST = 400
# Of what is to be said in Danish more is kept, because a sentence is recognised by its words at both ends.
_LONGEST_KEPT = 4_000
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend; line and column count from 1."""

    file: str
    line: int
    column: int
    sentence: str

    def __post_init__(self) -> None:
        # What is wrong may be a value of a hundred thousand characters, or hold line breaks of its own.
        said = _shortened(_NOT_SHOWN.sub(" ", self.sentence), _LONGEST_KEPT)
        self.__dict__["_said"] = said
        object.__setattr__(self, "sentence", _shortened(said, _LONGEST))

    @property
    def danish(self) -> str:
        """The sentence in Danish."""
        return _shortened(in_danish(self.__dict__["_said"]), _LONGEST)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


def _shortened(said: str, longest: int) -> str:
    """The beginning and the end of what is too long to be read."""
    return said if len(said) <= longest else f"{said[: longest // 2]} … {said[-longest // 2 :]}"


def sayable(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once and in order; of very many only the first, and how many more there are."""
    every = sorted(set(problems))
    shown = every[:MOST_PROBLEMS]
    if len(every) > len(shown):
        last = shown[-1]
        more = f"{len(every) - len(shown)} further problems are not shown; mend these first"
        shown.append(Problem(last.file, last.line, last.column, more))
    return shown


class DefinitionRefused(HandlepligtError):  # noqa: N818 - a refusal, named so in the interface
    """A definition was not loaded; `problems` says everything that is wrong with it."""

    user_message = "Arbejdsgangen kan ikke bruges, før dens fejl er rettet."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownDefinitionError(HandlepligtError):
    """Nobody has published a definition of that key and version."""

    user_message = "Arbejdsgangen findes ikke."


class UnknownStepError(HandlepligtError):
    """The definition has no step of that key."""

    user_message = "Trinnet findes ikke i denne arbejdsgang."


class AnswersError(InvalidInputError):
    """Answers were refused; `problems` maps each question's key to a Danish sentence."""
