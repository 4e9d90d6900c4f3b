"""Overdue deadlines (overskredne frister): each one that has passed and is not settled, worst first."""

from sqlmodel import Session, col, select

from handlepligt.domain.deadlines import Basis
from handlepligt.reports.report import Column, ColumnKind, Report, Scope, Value, cases_in, team_names
from models import Case, Deadline, Staff

MOST = 1_000


class OverdueSteps(Report):
    """A row a deadline; references only, never content."""

    title = "Overskredne frister"
    about = "Frister, der er passeret, uden at det er gjort. De ældste står først."
    columns = (
        Column("reference", "Sag", ColumnKind.TEXT),
        Column("deadline", "Frist", ColumnKind.TEXT),
        Column("basis", "Grundlag", ColumnKind.TEXT),
        Column("team", "Team", ColumnKind.TEXT),
        Column("holder", "Handlepligt hos", ColumnKind.TEXT),
        Column("due_at", "Skulle være gjort", ColumnKind.INSTANT),
        Column("late_by", "For sent", ColumnKind.DURATION),
        Column("acknowledged", "Set af leder", ColumnKind.TEXT),
    )

    def rows(self, session: Session, scope: Scope) -> list[dict[str, Value]]:
        """At most a thousand; a house with more has another problem first."""
        found = session.exec(
            select(Case.reference, Case.team_id, Staff.name, Deadline)
            .join(Case, col(Case.id) == col(Deadline.case_id))
            .join(Staff, col(Staff.id) == col(Case.keeper_id))
            .where(col(Deadline.settled_at).is_(None), col(Deadline.paused_at).is_(None))
            .where(Deadline.due_at < scope.now, Deadline.at_expiry == "breach", cases_in(session, scope))
            .order_by(col(Deadline.due_at), col(Deadline.id))
            .limit(MOST)
        )
        teams = team_names(session)

        return [
            {
                "reference": reference,
                "deadline": deadline.title,
                "basis": Basis(deadline.basis).danish,
                "team": teams.get(team_id, ""),
                "holder": holder,
                "due_at": deadline.due_at,
                "late_by": scope.now - deadline.due_at,
                "acknowledged": "ja" if deadline.acknowledged_at else "nej",
            }
            for reference, team_id, holder, deadline in found
        ]
