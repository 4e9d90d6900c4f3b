"""What is drawn of a definition before it has places: steps, answers, bars, and what leads where."""

from __future__ import annotations

from pathlib import Path

from protocols.definition import Definition
from protocols.drawing import draw
from protocols.drawing_graph import Graph, NodeKind, graph_of
from protocols.explaining import Speaker
from protocols.loader import library, load_file
from tests.protocols.small import SMALL, small, write


def graph(definition: Definition) -> Graph:
    return graph_of(definition, Speaker(definition, "da"))


def lead_to(drawn: Graph, head: str) -> set[tuple[str, str]]:
    """What leads to a thing, with the answers that stand on the way."""
    nodes = {node.id: node for node in drawn.nodes}
    found: set[tuple[str, str]] = set()
    for edge in drawn.edges:
        if edge.head != head:
            continue
        tail = nodes[edge.tail]
        if tail.kind is NodeKind.LABEL:
            said = " & ".join("/".join(label.values) for label in tail.labels)
            found |= {(one.tail, said) for one in drawn.edges if one.head == tail.id}
        else:
            back = "back " + "/".join(value for label in edge.labels for value in label.values)
            found.add((edge.tail, back if edge.is_back else ""))
    return found


def test_arrows_come_from_conditions_without_what_others_imply() -> None:
    drawn = graph(library().latest("adviser_under_18"))

    assert lead_to(drawn, "step:discuss") == {("start:", "")}
    assert lead_to(drawn, "step:assess") == {
        ("step:discuss", "Nej"),
        ("step:sparring", ""),
        ("step:safety_assessment", "back Ja"),
    }
    assert lead_to(drawn, "step:safety_plan") == {("step:assess", "Ja")}
    assert lead_to(drawn, "step:child_assessment") == {("step:child_assessment_decision", "Ja")}
    assert lead_to(drawn, "step:conclude") == {
        ("step:assess", "Nej"),
        ("step:follow_up", "Sagen kan afsluttes"),
    }
    assert lead_to(drawn, "end:not_concerned") == {("step:conclude", "Nej")}
    assert lead_to(drawn, "step:danger_assessment") == {("start:", "Ja & Ja")}
    assert {label.values for label in drawn.again["siblings"]} == {("Ved ikke",)}


def test_what_interrupts_has_a_lane_of_its_own() -> None:
    drawn = graph(library().latest("adviser_under_18"))

    below = {node.key for node in drawn.nodes if node.lane == 1 and node.kind is NodeKind.STEP}

    about_safety = {"acute", "safety_acceptance", "safety_assessment", "interim_measures"}
    assert below == about_safety | {"action_plan", "measure_followup"}
    assert lead_to(drawn, "step:acute") == {("press:", "")}


def test_a_join_is_a_bar_that_its_branches_lead_to(tmp_path: Path) -> None:
    joins = "\njoins:\n  both: {after: talk, of: [visit, alarm], need: all}\n"
    definition = small(
        tmp_path,
        (SMALL, SMALL + joins),
        ('(answer.worried == "no" || settled("visit"))', '(answer.worried == "no" || joined("both"))'),
    )

    drawn = graph(definition)

    assert lead_to(drawn, "join:both") == {("step:visit", ""), ("step:alarm", "")}
    assert ("join:both", "") in lead_to(drawn, "step:finish")


def test_things_needed_together_meet_at_a_bar(tmp_path: Path) -> None:
    other = (
        '  other:\n    title: Andet\n    what: Andet.\n    opens_when: done("talk")\n    modality: may\n'
        '    deadlines:\n      o: {base: done("talk"), within: 1 day, basis: local, decided: false}\n\n'
        "  finish:\n"
    )
    path = write(
        tmp_path,
        ("  finish:\n", other),
        ('(answer.worried == "no" || settled("visit"))', 'settled("visit") && settled("other")'),
    )
    # Such a case could get stuck, which is not what is asked here.
    definition = load_file(path, thorough=False)

    [(bar, _)] = lead_to(graph(definition), "step:finish")

    assert bar.startswith("join:")
    assert lead_to(graph(definition), bar) == {("step:visit", ""), ("step:other", "")}


def test_ways_through_one_bar_that_differ_in_an_answer_part_behind_it(tmp_path: Path) -> None:
    opens = 'opens_when: done("talk") && !is_open("alarm") && (answer.worried == "no" || settled("visit"))'
    end = '  {}:\n    title: Slut\n    allowed_when: is_open("finish"){}\n'
    worried, calm = ' && answer.worried == "yes"', ' && answer.worried == "no"'
    both = end.format("over", worried) + end.format("well", calm)
    path = write(tmp_path, (opens, 'opens_when: "true"'), (end.format("over", ""), both))

    drawn = graph(load_file(path, thorough=False))

    bar = "join:finish+talk"
    assert lead_to(drawn, bar) == {("step:finish", ""), ("step:talk", "")}
    assert lead_to(drawn, "end:over") == {(bar, "Ja")}
    assert lead_to(drawn, "end:well") == {(bar, "Nej")}


def test_what_counts_the_rounds_of_a_step_stands_behind_it(tmp_path: Path) -> None:
    opens = 'opens_when: done("talk") && answer.worried == "yes"'
    definition = load_file(
        write(tmp_path, (opens, 'opens_when: count_within("alarm", "30 days") >= 3')), thorough=False
    )

    assert {tail for tail, _ in lead_to(graph(definition), "step:visit")} == {"step:alarm"}


def test_what_holds_for_a_while_is_not_said_to_stand_until_the_end(tmp_path: Path) -> None:
    states = (
        '\ntemporary_states:\n  hidden: {title: Skjult, what: Sig intet., begins_when: done("talk"), '
        "ends_when: acute.on, at_most: 28 days, basis: local}\n"
    )
    svg = draw(small(tmp_path, (SMALL, SMALL + states)))

    assert "Står åbent, til det ophører" in svg
    assert svg.count("Står åbent, til sagen") == 1
