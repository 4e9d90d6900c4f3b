"""A case's way so far as an artifact in Prefect, for operators: keys, ids, times and states, no people."""

from datetime import datetime

from prefect.artifacts import create_markdown_artifact
from sqlmodel import Session, col, select

from handlepligt.domain.vocabulary import CaseStatus, StepStatus
from models import Case, CaseStep

HEADER = (
    "| Trin | Runde | Tilstand | Åbnet (UTC) | Afsluttet (UTC) | Om |\n| --- | --- | --- | --- | --- | --- |"
)


def artifact_key(case_id: str) -> str:
    """The key under which the artifact of a case is found; Prefect allows a-z, 0-9 and dashes."""
    return f"case-{case_id}"


def way_of(session: Session, case: Case) -> str:
    """The case's way as Markdown: what its protocol is, where it stands, and every round of every step."""
    steps = session.exec(
        select(CaseStep)
        .where(CaseStep.case_id == case.id)
        .order_by(col(CaseStep.sequence), col(CaseStep.key), col(CaseStep.round))
    )
    rows = [
        f"| {step.key} | {step.round} | {StepStatus(step.status).danish} "
        f"| {_when(step.opened_at)} | {_when(step.settled_at)} | {step.person} |"
        for step in steps
    ]
    acute = " · **akut**" if case.is_acute else ""
    heading = (
        f"Arbejdsgang `{case.track}`, version `{case.protocol_version}` · "
        f"{CaseStatus(case.status).danish}{acute} · modtaget {_when(case.received_at)} UTC"
    )
    return "\n".join([heading, "", HEADER, *rows])


def show_way(case_id: str, way: str) -> None:
    """Store the way as the newest version of the case's artifact. Needs a running flow."""
    create_markdown_artifact(markdown=way, key=artifact_key(case_id), description="Sagens vej indtil nu")


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
