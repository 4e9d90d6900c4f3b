"""What every form of a case does: carry out its use case, or show the page again with what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.responses import RedirectResponse, Response

from handlepligt.cases.relations import relations_to
from handlepligt.domain.access import may_open
from handlepligt.errors import ConflictError, HandlepligtError, InvalidInputError, RefusedByRuleError
from handlepligt.web.auth import Visitor
from handlepligt.web.deps import Database, Looks, Now, OwnForm
from handlepligt.web.errors import status_of
from handlepligt.web.forms import Form, Problems
from handlepligt.web.pages.cases import case_id_of, case_page
from models import Case, Staff
from models.session import reading, writing

# What can be mended in the form itself; everything else is a page of its own.
MENDABLE = (InvalidInputError, ConflictError, RefusedByRuleError)


@dataclass(frozen=True)
class CaseAct:
    """A posted form of one case, by somebody who is logged in, at one instant."""

    request: Request
    reference: str
    form: Form
    visitor: Visitor
    engine: Engine
    now: datetime

    @property
    def by(self) -> Staff:
        return self.visitor.staff

    def carry_out(
        self,
        verb: Callable[[Session, str], object],
        *,
        name: str,
        done: str,
        to: str = "",
        stays: str = "",
        prefix: str = "",
        fields: Mapping[str, str] | None = None,
        problems: Mapping[str, str] | None = None,
        given: dict[str, dict[str, object]] | None = None,
    ) -> Response:
        """Runs `verb(session, case_id)` in one transaction, then sends the browser on with the notice `done`.

        With `stays` it shows the case again instead, with that notice and what was typed in the form `name`:
        for what is saved in the middle of filling it in.

        A refusal shows the case again at the form `name` with everything that was typed. Its problems
        stand at `fields[key]`, else at `prefix` and the key. `problems` this face found stop the verb.
        """
        try:
            if problems:
                raise InvalidInputError(problems=dict(problems))
            with writing(self.engine) as session:
                verb(session, case_id_of(self.engine, self.reference))
        except MENDABLE as error:
            found = dict(problems or {}) or _placed(error, fields or {}, prefix)
            return case_page(
                self.request,
                self.reference,
                self.visitor,
                self.engine,
                self.now,
                typed=self.form,
                given=given,
                problems=Problems(found, () if found else _sentences(error)),
                active=name,
                status=status_of(error),
            )
        if stays:
            return case_page(
                self.request, self.reference, self.visitor, self.engine, self.now,
                typed=self.form, given=given, active=name, notice=stays,
            )  # fmt: skip
        return RedirectResponse(f"{to or self._back()}?gemt={done}", status_code=303)

    def _back(self) -> str:
        """The page of the case, or the front page for whoever has just done their last step in it."""
        with reading(self.engine) as session:
            case = session.exec(select(Case).where(Case.reference == self.reference)).first()
            relations = relations_to(session, case, self.by, self.now) if case else frozenset()
        return f"/sager/{self.reference}" if may_open(relations) else "/"


def _case_act(
    request: Request, reference: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> CaseAct:
    return CaseAct(request, reference, form, visitor, engine, now)


Act = Annotated[CaseAct, Depends(_case_act)]


def _placed(error: HandlepligtError, fields: Mapping[str, str], prefix: str) -> dict[str, str]:
    if not isinstance(error, InvalidInputError):
        return {}
    return {fields.get(key, prefix + key): sentence for key, sentence in error.problems.items()}


def _sentences(error: HandlepligtError) -> tuple[str, ...]:
    if isinstance(error, RefusedByRuleError) and error.reference:
        return (error.user_message, f"Reglen bygger på {error.reference}.")
    return (error.user_message,)
