"""What is about people opens only with the key and only in its place, and is nowhere in clear."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import StatementError

from handlepligt.errors import ConfigurationError
from models import Case, Citizen
from models.sealing import KeyRing, SealBrokenError, blind_index, install_keys, seal, unseal
from models.session import reading, writing
from tests.databases import KEYS
from tests.house import House, make_house
from tests.make import (
    DAY,
    MONDAY,
    make_case,
    make_citizen,
    make_close_request,
    make_offer,
    make_step,
    pass_duty,
)
from tests.models.refusal import table

CITIZEN = table("citizen")
# An index that changed would find no earlier concern about anybody.
KNOWN_INDEX = "590dd15441b5e305cd372cd7874ea1b806924090e9720678df00b036e358e0ca"
CANARIES = ["Kanariefugl Ærlig", "kanarie-resume", "kanarie-svar", "kanarie-myndighed", "kanarie-notat"]
CANARY_CPR, CANARY_BIRTH = "241109-9993", date(2009, 11, 24)


@pytest.fixture(autouse=True)
def usual_keys(keys: KeyRing) -> Iterator[None]:
    yield
    install_keys(keys)


def test_a_sealed_text_opens_in_its_place() -> None:
    sealed = seal("Ærø 😀", table="citizen", row_id="1", column="name")

    assert unseal(sealed, table="citizen", row_id="1", column="name") == "Ærø 😀"


@pytest.mark.parametrize(
    "place",
    [
        {"table": "case", "row_id": "1", "column": "name"},
        {"table": "citizen", "row_id": "2", "column": "name"},
        {"table": "citizen", "row_id": "1", "column": "notes"},
    ],
    ids=["table", "row", "column"],
)
def test_a_sealed_text_opens_nowhere_else(place: dict[str, str]) -> None:
    sealed = seal("x", table="citizen", row_id="1", column="name")

    with pytest.raises(SealBrokenError):
        unseal(sealed, **place)


def test_one_changed_bit_anywhere_breaks_the_seal() -> None:
    place = {"table": "citizen", "row_id": "1", "column": "name"}
    sealed = seal("et navn", **place)

    for position in range(1, len(sealed)):
        changed = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(SealBrokenError):
            unseal(changed, **place)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x04test", b"\x01\xff", b"\x01\x01\xc3"])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBrokenError):
        unseal(sealed, table="citizen", row_id="1", column="name")


def test_another_key_does_not_open() -> None:
    place = {"table": "citizen", "row_id": "1", "column": "name"}
    sealed = seal("x", **place)

    install_keys(KeyRing.generate())
    with pytest.raises(SealBrokenError):
        unseal(sealed, **place)
    install_keys(replace(KEYS, sealing={"test": os.urandom(32)}))
    with pytest.raises(SealBrokenError):
        unseal(sealed, **place)


def test_an_older_key_of_the_ring_still_opens_while_a_newer_one_seals() -> None:
    place = {"table": "citizen", "row_id": "1", "column": "name"}
    old = seal("x", **place)

    install_keys(replace(KEYS, current="new", sealing=KEYS.sealing | {"new": os.urandom(32)}))

    assert unseal(old, **place) == "x"
    assert b"new" in seal("x", **place)[:8]


def test_equal_texts_are_sealed_differently_and_indexed_equally() -> None:
    place = {"table": "citizen", "row_id": "1", "column": "cpr"}

    assert seal("0101010000", **place) != seal("0101010000", **place)
    assert blind_index("0101010000", purpose="cpr") == blind_index("0101010000", purpose="cpr")


def test_the_blind_index_depends_on_text_purpose_and_key() -> None:
    known = blind_index("0101010000", purpose="cpr")

    assert known == KNOWN_INDEX
    assert blind_index("0101010001", purpose="cpr") != known
    assert blind_index("0101010000", purpose="phone") != known
    install_keys(replace(KEYS, index=os.urandom(32)))
    assert blind_index("0101010000", purpose="cpr") != known


@pytest.mark.parametrize("text", [b"Amira Opdigtet", "Amira Opdigtet"])
def test_the_column_refuses_clear_text(engine: Engine, text: bytes | str) -> None:
    with pytest.raises(StatementError, match="sealed values only"), writing(engine) as session:
        session.add(Citizen(name_sealed=text))


def test_a_value_moved_to_another_row_does_not_open(engine: Engine) -> None:
    with writing(engine) as session:
        first, second = make_citizen(session, name="Den ene"), make_citizen(session, name="Den anden")
        moved = update(CITIZEN).where(CITIZEN.c.id == second.id).values(name_sealed=first.name_sealed)
        session.execute(moved)

    with reading(engine) as session:
        assert session.get_one(Citizen, first.id).name == "Den ene"
        with pytest.raises(SealBrokenError):
            _ = session.get_one(Citizen, second.id).name


def test_what_was_never_told_is_empty(engine: Engine) -> None:
    with writing(engine) as session:
        citizen = make_citizen(session)

    assert (citizen.cpr, citizen.birth_date, citizen.notes) == ("", "", "")


def write_canaries(engine: Engine, house: House) -> str:
    with writing(engine) as session:
        citizen = make_citizen(
            session, name=CANARIES[0], cpr=CANARY_CPR, birth_date=CANARY_BIRTH, notes=CANARIES[4]
        )
        case = make_case(
            session, holder=house.mia, citizen=citizen, summary=CANARIES[1], facts={"x": CANARIES[2]}
        )
        make_step(session, case=case, status="done", answers={"assess": CANARIES[2]})
        make_offer(session, case=case, to=house.otto).reason = CANARIES[4]
        make_close_request(session, case=case).answers = {"why": CANARIES[2]}
        pass_duty(session, case=case, authority=CANARIES[3], at=MONDAY + DAY)
        return case.id


def spellings() -> list[bytes]:
    texts = [*CANARIES, CANARY_CPR, CANARY_CPR.replace("-", ""), CANARY_BIRTH.isoformat()]
    return [text.encode(encoding) for text in texts for encoding in ("utf-8", "latin-1", "utf-16-le")]


def found_in(content: bytes) -> list[bytes]:
    """The canaries in `content`, as they are or written in hexadecimal as a dump writes bytes."""
    return [text for text in spellings() if text in content or text.hex().encode() in content.lower()]


def test_no_byte_of_the_sqlite_files_tells_about_anybody(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        house = make_house(session)
    case_id = write_canaries(sqlite_engine, house)
    path = Path(make_url(str(sqlite_engine.url)).database or "")

    for checkpoint in (False, True):
        if checkpoint:
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        # The search can find: what is not sealed is there.
        assert case_id.encode() in content
        assert found_in(content) == []


def test_no_column_of_postgresql_tells_about_anybody(postgres_engine: Engine) -> None:
    with writing(postgres_engine) as session:
        house = make_house(session)
    case_id = write_canaries(postgres_engine, house)

    with postgres_engine.connect() as connection:
        content = b"\n".join(
            repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)).encode()
            + b"".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
            for name in Case.metadata.tables
            for row in connection.execute(select(table(name)))
        )

    assert case_id.encode() in content
    assert found_in(content) == []


def test_the_search_for_canaries_can_find_one() -> None:
    assert found_in(b"... " + CANARIES[0].encode() + b" ...")
    assert found_in(b"\\x" + CANARIES[1].encode().hex().encode())


def test_a_key_file_is_for_its_owner_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    ring = KeyRing.generate()

    ring.write(path)

    assert KeyRing.read(path) == ring
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        KeyRing.generate().write(path)
    assert KeyRing.read(path) == ring


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"current": "k1", "sealing": {}, "index": ""}',
        '{"current": "k1", "sealing": {"k1": "AAAA"}, "index": "AAAA"}',
        '{"current": "k1", "sealing": {"k1": "no base64!"}, "index": "AAAA"}',
    ],
)
def test_an_unusable_key_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ring.json"
    path.write_text(content)

    with pytest.raises(ConfigurationError, match=r"HANDLEPLIGT_KEY_FILE.*ring\.json"):
        KeyRing.read(path)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"HANDLEPLIGT_KEY_FILE.*nowhere\.json"):
        KeyRing.read(tmp_path / "nowhere.json")
