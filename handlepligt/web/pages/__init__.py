"""The pages staff see, one file a screen; `ROUTERS` is what the application takes in."""

from fastapi import APIRouter

from handlepligt.web.pages import (
    acute,
    case_acts,
    cases,
    concerns,
    corrections,
    deadlines,
    front,
    handovers,
    health,
    inbox,
    login,
    migrations,
    operation,
    people,
    protocol_versions,
    protocols,
    reports,
    setup,
    steps,
)

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    login.router,
    setup.router,
    front.router,
    inbox.router,
    concerns.router,
    acute.router,
    cases.router,
    steps.router,
    case_acts.router,
    people.router,
    corrections.router,
    deadlines.router,
    handovers.router,
    reports.router,
    protocols.router,
    protocol_versions.router,
    migrations.router,
    operation.router,
)
