"""The pages staff see, one file a screen; `ROUTERS` is what the application takes in."""

from fastapi import APIRouter

from handlepligt.web.pages import health, login, setup

ROUTERS: tuple[APIRouter, ...] = (health.router, login.router, setup.router)
