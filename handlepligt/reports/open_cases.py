"""Open cases (åbne sager): how many there are, how old, and how many of them are late."""

from collections import defaultdict

from sqlalchemy import select
from sqlmodel import Session, col

from handlepligt.domain.response_times import SMALLEST_SHOWN, percentile
from handlepligt.domain.vocabulary import CaseStatus
from handlepligt.reports.report import (
    Column,
    ColumnKind,
    Report,
    Scope,
    Value,
    cases_in,
    is_outside,
    team_names,
)
from models import Case


class OpenCases(Report):
    """A row a team and status."""

    title = "Åbne sager"
    about = f"Sager, der er åbne lige nu. Tal for andre teams end ens eget vises først fra {SMALLEST_SHOWN}."
    columns = (
        Column("team", "Team", ColumnKind.TEXT),
        Column("status", "Status", ColumnKind.TEXT),
        Column("open", "Åbne", ColumnKind.COUNT),
        Column("acute", "Akutte", ColumnKind.COUNT),
        Column("overdue", "Overskredet", ColumnKind.COUNT, "Sager, hvis næste frist er passeret."),
        Column("median_age", "Median alder", ColumnKind.DURATION, "Fra modtagelsen til nu."),
        Column("oldest", "Ældste", ColumnKind.DURATION),
    )

    def rows(self, session: Session, scope: Scope) -> list[dict[str, Value]]:
        """In the order of the teams' names and of the statuses' course."""
        found = session.execute(
            select(
                col(Case.team_id),
                col(Case.status),
                col(Case.is_acute),
                col(Case.next_due_at),
                col(Case.received_at),
            ).where(col(Case.status) != CaseStatus.CLOSED, cases_in(session, scope))
        )
        groups = defaultdict(list)
        for team_id, status, is_acute, due_at, received_at in found:
            groups[team_id, status].append((is_acute, due_at, received_at))
        teams = team_names(session)
        order = list(CaseStatus)
        rows: list[dict[str, Value]] = []
        for (team_id, status), cases in sorted(
            groups.items(), key=lambda item: (teams.get(item[0][0], ""), order.index(CaseStatus(item[0][1])))
        ):
            hidden = is_outside(scope, team_id) and len(cases) < SMALLEST_SHOWN
            ages = sorted(scope.now - received_at for _, _, received_at in cases)
            rows.append(
                {
                    "team": teams.get(team_id, ""),
                    "status": CaseStatus(status).danish,
                    "open": None if hidden else len(cases),
                    "acute": None if hidden else sum(is_acute for is_acute, _, _ in cases),
                    "overdue": None
                    if hidden
                    else sum(due_at is not None and due_at < scope.now for _, due_at, _ in cases),
                    "median_age": None if hidden else percentile(ages, 50),
                    "oldest": None if hidden else ages[-1],
                }
            )
        return rows
