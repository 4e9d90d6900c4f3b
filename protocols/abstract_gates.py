"""The rules and conditions that stand in the way of an act, as the walk over the state space meets them."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.abstract_case import AbstractCase
from protocols.abstract_focus import conditions_of_rule
from protocols.abstract_world import AbstractWorld
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds.rule import Act
from protocols.kinds.rule import Kind as Rule
from protocols.kinds.step import Kind as Step

_NOTHING: Mapping[str, object] = {}


class Gates:
    """The gates of one definition.

    `passed` are the rules that have let somebody through, `met` those that have stood in somebody's way, each
    with the first state in which they did.
    """

    def __init__(self, definition: Definition, world: AbstractWorld) -> None:
        self.definition = definition
        self.world = world
        self.passed: set[str] = set()
        self.met: dict[str, AbstractCase] = {}
        self._rules = definition.rules.values()
        self._anywhere = [one for one in self._rules if one.on in (Act.OFFER_HANDOVER, Act.RECORD)]
        self._closing = [one for one in self._rules if one.on is Act.CLOSE]

    def before(self, step: Step) -> list[Condition]:
        """The conditions that have a say in what a step may be completed with."""
        rules = [rule for rule in self._rules if rule.concerns(Act.COMPLETE, step.key)]
        written = [one for rule in rules for one in conditions_of_rule(rule)]
        questions = step.questions.values()
        asked = (question.asked_when for question in questions)
        offered = (one for question in questions for one in question.offered_when.values())
        return written + [one for one in (step.done_when, *asked, *offered) if one is not None]

    def refuse(self, step: Step, case: AbstractCase, given: Mapping[str, object]) -> bool:
        """Whether a rule or the step's own condition stands in the way of completing it like this."""
        about = step.per_person
        if step.done_when is not None and not self.world.holds(step.done_when, case, given, about=about):
            return True
        # Every rule is asked, also after one has refused, so that each is known to let somebody through.
        rules = [rule for rule in self._rules if rule.concerns(Act.COMPLETE, step.key)]
        return True in [self._stands(rule, case, given) for rule in rules]

    def may_close(self, case: AbstractCase) -> bool:
        """Whether the rules on closing let the case go, once the steps beside the way are settled."""
        return True not in [self._stands(rule, case) for rule in self._closing]

    def look_around(self, case: AbstractCase) -> None:
        """Takes note of the rules on acts that can be tried at any time."""
        for rule in self._anywhere:
            if rule.key not in self.passed:
                self._stands(rule, case)

    def _stands(self, rule: Rule, case: AbstractCase, given: Mapping[str, object] = _NOTHING) -> bool:
        """Whether a rule refuses the act, whatever is true of all that states do not follow."""
        holds = self.world.holds
        lifts = (rule.until, rule.unless)
        stands = not any(lift is not None and holds(lift, case, given) for lift in lifts)
        if stands and rule.require is not None:
            stands = not holds(rule.require, case, given)
        elif stands and rule.forbid is not None:
            stands = not self.world.fails(rule.forbid, case, given)
        if stands:
            self.met.setdefault(rule.key, case)
        else:
            self.passed.add(rule.key)
        return stands
