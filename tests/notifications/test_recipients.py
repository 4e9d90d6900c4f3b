"""Who can be written to: active staff, at plain addresses in the allowed domains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.session import writing
from notifications.recipients import RecipientRefusedError, is_work_address, recipient_of
from tests.house import House
from tests.make import make_staff

DOMAINS = ("kommunen.example",)


@pytest.mark.parametrize(
    "address", ["mia@kommunen.example", "Mia.Holm@Kommunen.Example", "m-h+x@kommunen.example"]
)
def test_a_plain_work_address_is_one(address: str) -> None:
    assert is_work_address(address, DOMAINS)


@pytest.mark.parametrize(
    "address",
    [
        "", "mia", "@kommunen.example", "mia@", "mia@andet.example", "mia@x.kommunen.example",
        "mia@kommunen.example.org", "mia@kommunen.example ", " mia@kommunen.example",
        "mia@kommunen.example\n", "mia@kommunen.example\r\nRCPT TO:<x@y.dk>",
        "mia\r\n@kommunen.example", "a@b.dk,mia@kommunen.example",
        "a@b.dk mia@kommunen.example", "x%b.dk@kommunen.example", "b.dk!x@kommunen.example",
        '"a@b.dk"@kommunen.example', "<mia@kommunen.example>", "Mia <mia@kommunen.example>",
        "mia@kommunen.example>", "mia@kommunеn.example", "mia@kommunen.example.",
        "a@b.dk\x00@kommunen.example", "a@b@kommunen.example", "+4512345678", "mia@[127.0.0.1]",
    ],
)  # fmt: skip
def test_anything_else_is_refused(address: str) -> None:
    assert not is_work_address(address, DOMAINS)


@given(address=st.text(max_size=80))
def test_no_address_at_all_is_allowed_while_no_domain_is(address: str) -> None:
    assert not is_work_address(address, ())
    assert not is_work_address(f"{address}@kommunen.example", ())


def test_an_address_outside_the_domains_never_leaves_the_staff_table(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        bo = make_staff(session, email="bo@hjemme.example")

        assert recipient_of(session, bo.id or 0, staff_domains=DOMAINS).work_email == ""
        assert recipient_of(session, house.mia.id or 0, staff_domains=DOMAINS).work_email


def test_a_recipient_shows_its_number_only(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        mia = recipient_of(session, house.mia.id or 0, staff_domains=DOMAINS)

    assert "mia" not in repr(mia)


def test_nobody_who_is_gone_is_written_to(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        gone = make_staff(session, is_active=False)

        for staff_id in (gone.id or 0, 999_999):
            with pytest.raises(RecipientRefusedError):
                recipient_of(session, staff_id, staff_domains=DOMAINS)
