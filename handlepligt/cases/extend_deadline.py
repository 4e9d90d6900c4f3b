"""Makes a deadline (frist) lawfully longer: by whom, how much, how often and how far, the protocol says."""

from datetime import date, datetime

from sqlmodel import Session

from handlepligt.cases.arm_deadlines import bring_round_up_to_date, say
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.gates import left_in_events
from handlepligt.cases.open_case import case_for, refused_look, row_of
from handlepligt.cases.people import resolve
from handlepligt.cases.record import bring_up_to_date
from handlepligt.cases.reminders import arm_reminders_anew
from handlepligt.domain import danish_time, wording
from handlepligt.domain.access import Action
from handlepligt.domain.deadline_moves import extended, offset_until
from handlepligt.domain.deadlines import Basis, ComputedDeadline, compute_deadline
from handlepligt.domain.explanations import added, explain_extension
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import ConflictError, InvalidInputError, NotAllowedError, RefusedByRuleError
from models import Case, Deadline, Staff
from protocols.deadline_rules import written_deadline
from protocols.definition import Definition
from protocols.extension import Extension


class DeadlineNotRunningError(ConflictError):
    """The deadline has been met, has lapsed or has passed: there is nothing left to extend."""

    user_message = "Fristen løber ikke længere, så den kan ikke forlænges."


class DeadlinePassedError(ConflictError):
    """The deadline has passed. What has happened is not undone by more time."""

    user_message = "Fristen er overskredet. En overskridelse kan ikke forlænges væk."


def extend_deadline(
    session: Session,
    *,
    case_id: str,
    deadline_id: str,
    reason: str,
    by: Staff,
    now: datetime,
    until: date | datetime | None = None,
) -> Deadline:
    """The deadline, now due later, with its reminders counted from there.

    Without `until` it becomes as much longer as one extension may, at most to the cap; `until` is an
    earlier end: a day where the case is (its end counts), or an aware instant. Raises NotFoundError,
    NotAllowedError (`by` is not who decides it), CaseClosedError, DeadlineNotRunningError,
    DeadlinePassedError, InvalidInputError for `reason` and `until`, and RefusedByRuleError for what the
    definition does not declare lawful: this deadline at all, once more, or that far.
    """
    case = case_for(session, case_id, by=by, action=Action.EXTEND_DEADLINE, now=now)
    definition = definition_of(case)
    deadline = row_of(session, Deadline, deadline_id)
    if deadline is None or deadline.case_id != case.id:
        raise refused_look(case, by=by, action=Action.EXTEND_DEADLINE, now=now)
    session.refresh(deadline)
    refusal = _Refusal(session, case, definition, deadline, by, now)
    extension = refusal.unless_declared()
    if by.id not in {one.id for one in resolve(session, definition, extension.by, case, now)}:
        title = definition.roles[extension.by].title
        raise NotAllowedError(
            f"staff {by.id} may not extend deadline {deadline.id}",
            user_message=f"Fristen kan kun forlænges af: {title}.",
        )
    _refuse_unless_running(deadline, now)
    reason = _checked_reason(reason)
    refusal.if_too_often(extension)
    longer, is_capped = _longer(refusal, extension, until)
    before = deadline.due_at
    _move(session, definition, deadline, extension, longer, is_capped=is_capped)
    if deadline.paused_at is None:
        ladder = definition.ladders.get(deadline.ladder)
        arm_reminders_anew(session, case, deadline, ladder, definition.head.work_calendar, now=now)
    say(
        session, case, EventKind.DEADLINE_EXTENDED, deadline, at=now, by_id=by.id, detail=reason,
        was=before, now=deadline.due_at, number=deadline.extensions,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return deadline


class _Refusal:
    """What the definition says against extending one deadline, left in the chronology like every refusal."""

    def __init__(
        self,
        session: Session,
        case: Case,
        definition: Definition,
        deadline: Deadline,
        by: Staff,
        now: datetime,
    ) -> None:
        self.session, self.case, self.definition = session, case, definition
        self.deadline, self.by, self.now = deadline, by, now

    def unless_declared(self) -> Extension:
        """The extension the definition declares."""
        written = written_deadline(self.definition, self.deadline.step_key, self.deadline.key)
        if written is None or written.extension is None:
            raise self.because("Arbejdsgangen giver ikke mulighed for at forlænge denne frist.")
        return written.extension

    def if_too_often(self, extension: Extension) -> None:
        """Refuses once more than the definition allows."""
        if extension.at_most is not None and self.deadline.extensions >= extension.at_most:
            times = "én gang" if extension.at_most == 1 else f"{extension.at_most} gange"
            raise self.because(f"Fristen kan forlænges {times}, og det er den blevet.", extension)

    def because(self, sentence: str, extension: Extension | None = None) -> RefusedByRuleError:
        reference = self.definition.legal_references.get(extension.reference) if extension else None
        rule = ".".join(part for part in (self.deadline.step_key, self.deadline.key, "extension") if part)
        error = RefusedByRuleError(
            rule, user_message=sentence, reference=reference.danish if reference else None
        )
        about = {"act": "extend", "rules": [rule], "step": self.deadline.step_key or None}
        left_in_events(self.session, self.case, error, by=self.by, now=self.now, about=about)
        return error


def _refuse_unless_running(deadline: Deadline, now: datetime) -> None:
    if deadline.breached_at is not None or (deadline.paused_at is None and deadline.due_at <= now):
        raise DeadlinePassedError(f"deadline {deadline.id} has passed")
    if deadline.settled_at is not None:
        raise DeadlineNotRunningError(f"deadline {deadline.id} is settled")


def _checked_reason(reason: str) -> str:
    reason = wording.tidied(reason)
    if problem := wording.problem_with(reason):
        raise InvalidInputError(problems={"reason": problem})
    return reason


def _longer(
    refusal: _Refusal, extension: Extension, until: date | datetime | None
) -> tuple[ComputedDeadline, bool]:
    """The deadline counted from its present end, and whether the cap decided how far."""
    deadline, calendar = refusal.deadline, refusal.definition.head.work_calendar
    basis = Basis(deadline.basis)
    latest, is_capped = extended(
        base_at=deadline.base_at,
        due_at=deadline.due_at,
        by=extension.within,
        cap=extension.cap,
        basis=basis,
        calendar=calendar,
    )
    if latest.due_at <= deadline.due_at:
        raise refusal.because(
            "Fristen kan ikke blive længere: den løber allerede så længe, den må.", extension
        )
    if until is None:
        return latest, is_capped
    if isinstance(until, datetime) and until.tzinfo is None:
        raise InvalidInputError(problems={"until": "Skriv tidspunktet med tidszone."})
    by = offset_until(deadline.due_at, until, calendar)
    if by.amount <= 0:
        raise InvalidInputError(problems={"until": "Den nye frist skal ligge efter den nuværende."})
    # Asked in this order: a day decades ahead may lie where no calendar knows the holidays.
    is_too_far = offset_until(latest.due_at, until, calendar).amount > 0
    wanted = latest if is_too_far else compute_deadline(deadline.due_at, by, basis, calendar)
    if is_too_far or wanted.due_at > latest.due_at:
        shown = danish_time.full(latest.due_at, calendar.zone)
        raise refusal.because(f"Fristen kan denne gang højst forlænges til {shown}.", extension)
    return wanted, False


def _move(
    session: Session,
    definition: Definition,
    deadline: Deadline,
    extension: Extension,
    longer: ComputedDeadline,
    *,
    is_capped: bool,
) -> None:
    reference = definition.legal_references.get(extension.reference)
    said = explain_extension(
        deadline.due_at,
        longer.due_at,
        definition.head.work_calendar,
        number=deadline.extensions + 1,
        reference=reference.danish or "" if reference else "",
        is_capped=is_capped,
    )
    deadline.explanation = added(deadline.explanation, said)
    deadline.due_at, deadline.safe_due_at = longer.due_at, longer.safe_due_at
    deadline.last_safe_working_day = longer.last_safe_working_day
    deadline.calendar_version = longer.calendar_version
    deadline.extensions += 1
    session.add(deadline)
    bring_round_up_to_date(session, deadline)
