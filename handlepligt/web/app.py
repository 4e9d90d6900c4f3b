"""Puts the web face together: pages, API, static files and what stands around them."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from handlepligt.settings import Settings
from handlepligt.web import auth
from handlepligt.web.errors import install_error_handlers, refusal
from handlepligt.web.guard import Guard
from handlepligt.web.pages import ROUTERS
from handlepligt.web.rendering import STATIC, environment, static_version
from models.sealing import KeyRing, install_keys
from models.session import make_engine
from protocols.loader import library

_API = "handlepligt.web.api"


class Assets(StaticFiles):
    """Static files under an address that names their content, so that browsers keep them for a year."""

    async def get_response(self, path: str, scope: Scope) -> Any:
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(settings: Settings, engine: Engine) -> FastAPI:
    """The whole web face over one database. Asks nothing of Prefect and reads no settings itself."""
    app = FastAPI(title="Handlepligt", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.engine = engine
    for router in ROUTERS:
        app.include_router(router)
    _include_api(app)
    app.mount(f"/static/{static_version()}", Assets(directory=STATIC), name="static")
    install_error_handlers(app)
    app.add_middleware(
        Guard,
        refusal=refusal,
        origins=(settings.resolved_public_url,),
        is_https=auth.is_https(settings),
    )
    return app


def serve(settings: Settings, *, engine: Engine | None = None) -> None:
    """Answers browsers and programs until the process is told to stop. Blocks.

    Raises ConfigurationError when the key file cannot be used.
    """
    install_keys(KeyRing.read(settings.resolved_key_file))
    app = create_app(settings, engine or make_engine(settings.resolved_database_url))
    # Read before the first visitor waits for them.
    library()
    environment().get_template("base.html")
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def _include_api(app: FastAPI) -> None:
    if find_spec(_API) is None or not (Path(__file__).parent / "api" / "__init__.py").exists():
        return
    api = import_module(_API)
    if hasattr(api, "router"):
        app.include_router(api.router)
