"""Every setting there is, read from HANDLEPLIGT_* variables; a bad one stops the start with a sentence."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handlepligt.errors import ConfigurationError

_PREFIX = "HANDLEPLIGT_"


class Settings(BaseSettings):
    """What an installation chooses. Secrets may come from files (HANDLEPLIGT_SMTP_PASSWORD_FILE)."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    public_url: str = ""
    database_url: SecretStr | None = None
    key_file: Path | None = None
    protocols: Path | None = None

    prefect_port: int = Field(4200, ge=1, le=65535)
    prefect_api_url: str = ""
    prefect_auth: SecretStr | None = None
    prefect_work_pool: str = "sager"
    worker_limit: int = Field(4, ge=1, le=64)

    organisation: str = "Aalborg Kommune, Boulevarden 13, 9000 Aalborg, CVR 29189420"
    calendar: str = "DK"

    smtp_host: str = ""
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: SecretStr | None = None
    mail_from: str = ""
    staff_domains: Annotated[tuple[str, ...], NoDecode] = ()
    channels: Annotated[tuple[str, ...], NoDecode] = ()
    senders: int = Field(4, ge=1, le=16)

    session_idle_minutes: int = Field(15, ge=1, le=60)
    session_hours: int = Field(8, ge=1, le=12)

    @field_validator("staff_domains", "channels", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _mail_is_whole(self) -> "Settings":
        if self.smtp_host and not self.mail_from:
            raise ValueError("HANDLEPLIGT_MAIL_FROM must be set when HANDLEPLIGT_SMTP_HOST is")
        if self.smtp_host and not self.staff_domains:
            raise ValueError("HANDLEPLIGT_STAFF_DOMAINS must name the domains of staff when mail is sent")
        return self

    @cached_property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL of the case database; by default a SQLite file in the data folder."""
        if self.database_url is None:
            return f"sqlite:///{self.data / 'handlepligt.db'}"
        url = self.database_url.get_secret_value()
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @cached_property
    def resolved_key_file(self) -> Path:
        """Where the sealing keys are; by default beside the database, in a folder of their own."""
        return self.key_file or self.data / "keys" / "handlepligt.json"

    @cached_property
    def resolved_protocols(self) -> Path:
        """Where the house keeps the files of its own protocols; what is followed is what was published."""
        return self.protocols or self.data / "protocols"

    @cached_property
    def resolved_prefect_api_url(self) -> str:
        """Where Prefect's API is; by default the server that `handlepligt up` starts on loopback."""
        return self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"

    @cached_property
    def resolved_public_url(self) -> str:
        """The address staff open, without a trailing slash; links in messages begin with it."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")


def read_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises ConfigurationError naming each variable that is wrong."""
    try:
        return Settings(**{**_secrets_from_files(), **overrides})  # type: ignore[arg-type]
    except ValidationError as error:
        sentences = [
            f"{_PREFIX}{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            if problem["loc"]
            else problem["msg"].removeprefix("Value error, ")
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigurationError("; ".join(sentences)) from error


def _secrets_from_files() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("database_url", "prefect_auth", "smtp_password"):
        variable = f"{_PREFIX}{name.upper()}_FILE"
        path = os.environ.get(variable)
        if path:
            try:
                found[name] = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigurationError(
                    f"{variable}: {path} cannot be read ({type(error).__name__})"
                ) from error
    return found
