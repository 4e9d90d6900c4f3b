"""The command protocol simulate: invented cases, and what came of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from handlepligt.commands.answering import FAILED, answering
from handlepligt.commands.protocol_files import definition_named, say_value

if TYPE_CHECKING:
    from protocols.definition import Definition
    from protocols.simulation_report import SimulationReport

MOST_CASES = 100_000


def simulate(
    file: Annotated[str, typer.Argument(help="En fil, eller en arbejdsgang, der følger med.")],
    cases: Annotated[int, typer.Option(min=1, max=MOST_CASES, help="Hvor mange opdigtede sager.")] = 1000,
    seed: Annotated[int, typer.Option(help="Samme tal giver samme sager.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Svar som JSON.")] = False,
) -> None:
    """Før opdigtede sager gennem en arbejdsgang, og sig, hvor længe de varer, og hvad der bliver for sent.

    Hvert trin udføres af en, der må, så to, der ikke må være den samme, altid er to. Hver anden frist, der
    kan forlænges, bliver det, før den er overskredet.

    Slutter med 0, når hver sag blev lukket, 1, når en sag ikke kan slutte, og 2 ved forkert brug.
    """
    with answering():
        from protocols.simulating import simulate as run

        definition = definition_named(file, FAILED)
        with typer.progressbar(
            length=cases, label="Opdigtede sager", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            report = run(definition, cases=cases, seed=seed, progress=lambda _: bar.update(1))
        if as_json:
            say_value(report)
        else:
            for line in said(definition, report):
                typer.echo(line)
        if not report.is_sound:
            raise typer.Exit(FAILED)


def said(definition: Definition, report: SimulationReport) -> Iterator[str]:
    """The report in Danish, line by line."""
    yield f"{definition.title} ({definition.key}@{definition.version})"
    yield f"{report.cases} opdigtede sager, tal {report.seed}."
    yield ""
    if report.median_days is not None:
        yield (
            f"Fra modtaget til lukket: median {_days(report.median_days)}, 90 % inden "
            f"{_days(report.ninetieth_days)}, længst {_days(report.longest_days)}."
        )
    yield f"Trin i en sag: median {report.median_rounds}, 90 % højst {report.ninetieth_rounds}."
    yield ""
    yield "Trin (sager, runder i snit, flest runder):"
    for key, step in report.steps.items():
        title = definition.steps[key].title
        yield f"  {title}: {step.cases}, {_number(step.mean_rounds)}, {step.most_rounds}"
    yield "Frister (for sent):"
    for name, deadline in report.deadlines.items():
        share = round(100 * deadline.share_late)
        longer = f", {deadline.extended} forlænget" if deadline.extended else ""
        yield f"  {_deadline(definition, name)}: {deadline.late} af {deadline.ran} ({share} %){longer}"
    if report.calls:
        yield "Opkald (uden for åbningstiden):"
    for key, call in report.calls.items():
        yield f"  {definition.contacts[key].title}: {call.outside_hours} af {call.calls}"
    yield "Afslutninger:"
    for key, number in report.ends.items():
        yield f"  {definition.ends[key].title}: {number}"
    yield from _trouble(definition, report)


def _trouble(definition: Definition, report: SimulationReport) -> Iterator[str]:
    if report.beyond:
        yield "Trin, der kom igen oftere, end arbejdsgangen regner med:"
    for key, number in report.beyond.items():
        step = definition.steps[key]
        most = step.repeats.at_most if step.repeats else 1
        yield f"  {step.title}: mere end {most} runder i {number} {'sag' if number == 1 else 'sager'}"
    if report.steps_never_reached:
        titles = (definition.steps[key].title for key in report.steps_never_reached)
        yield f"Trin, som ingen sag nåede: {', '.join(titles)}"
    if report.ends_never_reached:
        titles = (definition.ends[key].title for key in report.ends_never_reached)
        yield f"Afslutninger, som ingen sag nåede: {', '.join(titles)}"
    yield f"Sager, der ikke sluttede: {report.not_ended}"
    for way in report.ways:
        yield f"  {way}"
    for sentence in report.broken:
        yield f"Fejl i arbejdsgangen: {sentence}"


def _deadline(definition: Definition, name: str) -> str:
    step, dot, key = name.partition(".")
    if not dot:
        return definition.case_deadlines[name].title or name
    return definition.steps[step].deadlines[key].title or name


def _days(days: float | None) -> str:
    return f"{_number(days or 0)} dage"


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
