"""The only place that makes a StaffRecipient, from a row of the staff table and nothing else."""

from __future__ import annotations

import re

from sqlmodel import Session

from handlepligt.errors import HandlepligtError
from models import Staff
from notifications.channel import StaffRecipient

# Plain work addresses only: no quotes, comments, routes (%), or anything a mail server might re-read.
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+'-]{0,62}[A-Za-z0-9])?")


class RecipientRefusedError(HandlepligtError):
    """This member of staff cannot be written to: gone, not active, or without a work address here."""

    user_message = "Medarbejderen har ingen arbejdsadresse, der må skrives til."


def is_work_address(address: str, staff_domains: tuple[str, ...]) -> bool:
    """Whether `address` is a plain one in exactly one of the allowed domains (subdomains are others)."""
    local, at, domain = address.rpartition("@")
    return bool(at) and _LOCAL.fullmatch(local) is not None and domain.lower() in staff_domains


def recipient_of(session: Session, staff_id: int, *, staff_domains: tuple[str, ...]) -> StaffRecipient:
    """The recipient `staff_id` is at this moment; `work_email` is empty unless it may be written to.

    Raises RecipientRefusedError, whose text holds the id and never the address.
    """
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.is_active:
        raise RecipientRefusedError(f"staff {staff_id} is not active here")
    return StaffRecipient(staff_id, staff.email if is_work_address(staff.email, staff_domains) else "")
