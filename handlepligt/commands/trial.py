"""One case tried at the keyboard: each line that is typed is an act, and what came of it is shown."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from handlepligt.commands.asking import Unusable, ask, ask_fact, ask_question, ask_step, ask_until, chosen
from handlepligt.commands.trial_view import view

if TYPE_CHECKING:
    from protocols.invented_case import InventedCase
    from protocols.state import StepState

HELP = """\
  NR          udfør trinnet med det nummer
  s NR        spring trinnet over
  a           tryk akut
  t 2 dage    lad tiden gå (minutter, timer, dage, hverdage, uger, måneder)
  n           gå til næste frist
  r           ring til en kontakt
  p           knyt en person til sagen
  f           gå forbi en rolle
  o           handlepligten er overtaget
  l           luk sagen
  v           vis vejen hertil
  q           stop"""
_UNITS = {
    "minut": "minute", "minutter": "minute", "time": "hour", "timer": "hour", "dag": "day", "dage": "day",
    "hverdag": "working day", "hverdage": "working day", "uge": "week", "uger": "week", "måned": "month",
    "måneder": "month", "år": "year",
}  # fmt: skip


class Trial:
    """The conversation about one case."""

    def __init__(self, case: InventedCase) -> None:
        self.case, self.definition = case, case.definition

    def run(self) -> None:
        """Until the case is closed or whoever sits there stops."""
        from handlepligt.errors import HandlepligtError

        self._show()
        while not self._is_over():
            typed = ask("\nHvad nu? (h viser, hvad du kan skrive) >")
            before = {(one.key, one.round, one.person) for one in self.case.open_rounds}
            try:
                if self._act(typed) is False:
                    return
            except Unusable as why:
                typer.echo(f"  {why}")
                continue
            except HandlepligtError as error:
                typer.echo(f"  {error.user_message}")
                continue
            if not self._is_over() and typed not in ("", "h", "v"):
                self._tell_of_changes(before)
                self._show()
        typer.echo(f"Sagen er lukket: {self.definition.ends[self.case.ended].title}.")

    def _is_over(self) -> bool:
        return bool(self.case.ended)

    def _act(self, typed: str) -> bool | None:
        word, _, rest = typed.partition(" ")
        acts = {"a": self.case.press_acute, "n": self._to_next_date, "r": self._call, "p": self._link,
                "f": self._bypass, "o": self._take_over, "l": self._close}  # fmt: skip
        if word in ("q", "quit", "stop"):
            typer.echo("Stoppet. Intet er gemt.")
            return False
        if word in acts and not rest:
            acts[word]()
        elif word == "h" or not word:
            typer.echo(HELP)
        elif word == "v":
            typer.echo("  " + (" → ".join(self.case.way) or "Intet er sket endnu."))
        elif word == "t":
            self._pass_time(rest)
        elif word == "s":
            self.case.skip(self._numbered(rest))
        else:
            self._complete(self._numbered(typed))
        return None

    def _numbered(self, typed: str) -> StepState:
        rounds = self.case.open_rounds
        if not rounds:
            raise Unusable("Der er ingen åbne trin.")
        return rounds[int(chosen(typed, [str(number) for number in range(1, len(rounds) + 1)])) - 1]

    def _complete(self, round_: StepState) -> None:
        from protocols.engine import checklist_of, warnings

        step, person = self.definition.step(round_.key), round_.person
        typer.echo(f"\n{step.title}\n  {step.what}")
        if step.standing:
            raise Unusable("Trinnet står åbent, til det, det beder om, er sket. Det udføres ikke for sig.")
        for caution in step.cautions:
            typer.echo(f"  ! {self.definition.cautions[caution].text}")
        for advice in warnings(self.definition, self.case.state, round_.key, person=person):
            typer.echo(f"  ! {advice}")
        for item in checklist_of(self.definition, round_.key, self.case.state, person=person):
            if not item.is_ticked and ask(f"  [ ] {item.text} Gjort (j/n)? >").lower() in ("j", "ja", "y"):
                self.case.tick(self._again(round_), item.key)
        round_ = self._again(round_)
        self.case.complete(round_, ask_step(self.case, round_))
        typer.echo(f"Udført: {step.title}.")

    def _again(self, round_: StepState) -> StepState:
        same = (round_.key, round_.round, round_.person)
        found = (one for one in self.case.open_rounds if (one.key, one.round, one.person) == same)
        current = next(found, None)
        if current is None:
            raise Unusable("Trinnet er ikke længere åbent.")
        return current

    def _pass_time(self, typed: str) -> None:
        from handlepligt.domain.deadlines import Basis, Offset, OffsetError, compute_deadline

        number, _, unit = typed.strip().lower().partition(" ")
        try:
            offset = Offset.parse(f"{number} {_UNITS.get(unit, unit)}")
        except OffsetError:
            offset = None
        if offset is None or offset.amount < 1:
            raise Unusable("Skriv for eksempel t 2 dage, t 3 timer eller t 1 hverdag.")
        to = compute_deadline(self.case.now, offset, Basis.LOCAL, self.case.ledger.calendar).due_at
        self._advance(to)

    def _to_next_date(self) -> None:
        at = self.case.next_date
        if at is None:
            raise Unusable("Der er ingen frist at gå til.")
        self._advance(at)

    def _advance(self, to: datetime) -> None:
        for deadline in self.case.advance(to):
            typer.echo(f"  OVERSKREDET: {deadline.rule.title or deadline.name}")

    def _call(self) -> None:
        contacts = list(self.definition.contacts)
        if not contacts:
            raise Unusable("Arbejdsgangen har ingen kontakter.")
        key = self._pick("Hvem?", {one: self.definition.contacts[one].title for one in contacts})
        self.case.call(key, answered=ask("  Blev der svaret (j/n)? >").lower() in ("j", "ja", "y"))

    def _link(self) -> None:
        titles = {key: relation.title for key, relation in self.definition.relations.items()}
        if not titles:
            raise Unusable("Arbejdsgangen knytter ingen personer til sagen.")
        relation = self._pick("Hvem er det?", titles)
        facts = {one.key: ask_fact(self.case, one) for one in self.definition.person_facts(relation)}
        self.case.link(relation, {key: value for key, value in facts.items() if value is not None})

    def _bypass(self) -> None:
        roles = {name for role in self.definition.roles.values() for name in role.first_of}
        if not roles:
            raise Unusable("Arbejdsgangen har ingen roller, der kan gås forbi.")
        titles = {key: role.title for key, role in self.definition.roles.items() if key in roles}
        self.case.bypass(self._pick("Hvem?", titles))

    def _take_over(self) -> None:
        takers = self.case.takers()
        if not takers:
            raise Unusable("Handlepligten kan ikke gives videre nu.")
        titles = {key: self.definition.roles[key].title if key else "En myndighed" for key in takers}
        self.case.take_over(self._pick("Af hvem?", titles))

    def _close(self) -> None:
        from protocols.engine import Act, refusals

        closing = self.case.closing()
        if not closing:
            refused = refusals(self.definition, self.case.state, Act.CLOSE)
            raise Unusable(" ".join(one.message for one in refused) or "Sagen kan ikke lukkes endnu.")
        end = closing[self._pick("Hvordan slutter sagen?", {key: one.title for key, one in closing.items()})]
        fields = {key: ask_question(self.case, question) for key, question in end.questions.items()}
        self.case.close(end, {key: value for key, value in fields.items() if value is not None})

    @staticmethod
    def _pick(prompt: str, titles: dict[str, str]) -> str:
        for number, title in enumerate(titles.values(), start=1):
            typer.echo(f"  {number}. {title}")
        keys = list(titles)
        return str(ask_until(f"  {prompt} >", lambda typed: chosen(typed, keys)))

    def _tell_of_changes(self, before: set[tuple[str, int, str]]) -> None:
        now = {(one.key, one.round, one.person): one for one in self.case.state.steps}
        for key in [key for key in now if key not in before and now[key].settled_at is None]:
            typer.echo(f"Åbnet: {self.definition.step(key[0]).title}")
        for key in before:
            if now[key].status.value == "not_applicable":
                typer.echo(f"Bortfaldet: {self.definition.step(key[0]).title}")

    def _show(self) -> None:
        for line in view(self.case):
            typer.echo(line)
