"""Which status a case has, derived from what is true of it (DESIGN.md, A case)."""

from handlepligt.domain.vocabulary import CaseStatus


def status_of(*, is_closed: bool, is_offered: bool, is_reopened: bool, phase: str) -> CaseStatus:
    """The case's status.

    `phase` is what the protocol's open steps say (received, in_progress, follow_up). `is_reopened`
    holds from the reopening until a step has been completed after it.
    """
    if is_closed:
        return CaseStatus.CLOSED
    if is_offered:
        return CaseStatus.HANDOVER_PENDING
    if is_reopened:
        return CaseStatus.REOPENED
    return CaseStatus(phase)
