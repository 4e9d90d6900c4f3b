"""Whatever stands in a file: a refusal with line and column within a second, never a traceback."""

# ruff: noqa: E501 - each row of the table below is one mistake and reads best as one line

from __future__ import annotations

import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest

from protocols.loader import examine, load_file
from protocols.problems import MOST_PROBLEMS, DefinitionRefused, Problem
from tests.protocols.small import SMALL, problems_of, small, write

KILOBYTE = 1024
NEARLY_TOO_LARGE = 250 * KILOBYTE
VISIT_OPENS = 'opens_when: done("talk") && answer.worried == "yes"'


def bomb() -> str:
    """Nine lines that would mean a thousand million values if aliases were followed."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 10):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} [{aliases}]")
    return "\n".join(lines)


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


TEN_THOUSAND_STEPS = "steps:\n" + "".join(f"  s{n}: {{title: x}}\n" for n in range(10_000))
MANY_BROKEN_STEPS = "".join(
    f'  s{n}:\n    title: a\n    what: b\n    opens_when: done("talkk") && answer.foo == "x"\n'
    "    modality: must\n    owner: nobo\n"
    for n in range(480)
)


def entangled(before: str, line: str, name: str) -> str:
    """Forty yes-or-no facts or questions that the opening of one step looks at."""
    asked = "".join(f"{line.format(n=n)}\n" for n in range(40))
    looked_at = " || ".join(f'{name}{n} == "yes"' for n in range(40))
    text = changed(before, f"{asked}{before}" if before.startswith(" ") else f"{before}{asked}")
    return text.replace(VISIT_OPENS, f"{VISIT_OPENS} && (true || {looked_at})", 1)


# What is in the file; the place of one complaint, or what stands there; and a part of the complaint.
BAD: dict[str, tuple[str | bytes, str, str]] = {
    "a bomb of aliases": (bomb(), "2:10", "anchors and aliases are not used"),
    "an anchor nobody uses": ("a: &b c\n", "1:4", "anchors and aliases are not used"),
    "a merge key": ("a: {x: 1}\nb: {<<: *a}\n", "2:5", "merge keys are not used"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "3:1", "the key 'a' stands twice here, first on line 1"),
    "ten thousand times the same key": ("a: 1\n" * 10_000, "2:1", "stands twice"),
    "a tab in the indentation": (changed("    what: Besøg", "\twhat: Besøg"), "\twhat", "a tab in the indentation"),
    "a tab behind spaces": (changed("    what: Besøg", "  \t what: Besøg"), "\t what", "a tab in the indentation"),
    "a no-break space": (changed("    what: Besøg", "\u00a0   what: Besøg"), "\u00a0", "(U+00A0) in the indentation"),
    "ten thousand steps": (TEN_THOUSAND_STEPS, "502:3", "more than 500 entries"),
    "twenty thousand sections": ("".join(f"k{n}: 1\n" for n in range(20_000)), "501:1", "more than 500 entries"),
    "a list of ten thousand": ("a: [" + "x," * 10_000 + "]", "1:1005", "more than 500 entries"),
    "too many values": ("".join(f"k{n}: [{'a,' * 400}]\n" for n in range(60)), "50:605", "more than 20000 values"),
    "braces ten thousand deep": ("a: " + "{a: " * 10_000, "1:96", "nested more than 24 deep"),
    "brackets ten thousand deep": ("a: " + "[" * 10_000, "1:27", "nested more than 24 deep"),
    "dashes ten thousand deep": ("- " * 10_000, "1:49", "nested more than 24 deep"),
    "a block a hundred deep": ("".join(f"{' ' * n}a:\n" for n in range(100)), "25:25", "nested more than 24 deep"),
    "only brackets": ("[" * NEARLY_TOO_LARGE, "1:25", "nested more than 24 deep"),
    "only question marks": ("? " * (NEARLY_TOO_LARGE // 2), "1:3", "a key must be a plain word"),
    "only directives": ("%a b\n" * (NEARLY_TOO_LARGE // 5), "51201:1", "not valid YAML"),
    "UTF-16": (SMALL.encode("utf-16"), "1:1", "not UTF-8 but UTF-16"),
    "UTF-16 without a mark": (SMALL.encode("utf-16-le"), "1:1", "not UTF-8 but UTF-16"),
    "UTF-32": (SMALL.encode("utf-32"), "1:1", "not UTF-8 but UTF-32"),
    "Latin-1": (SMALL.encode("latin-1"), "4:20", "as Windows-1252 this byte is 'ø'; save the file as UTF-8"),
    "bytes of a picture": (bytes(range(256)) * 100, "3:115", "not UTF-8"),
    "NUL": (b"a: b\0c\n", "1:5", "the control character U+0000 cannot stand"),
    "a bell": ("a: b\n# \a\n", "2:3", "the control character U+0007"),
    "a hidden turn of the reading": ("a: b\nb: c\u202ed\n", "2:5", "turns the direction of reading (U+202E)"),
    "NUL written as an escape": ('a: "b\\0"\n', "1:4", "the control character U+0000"),
    "half a letter written as an escape": ('a: "\\ud800"\n', "1:4", "U+D800"),
    "a line end of another kind": ("a: b\u2028c: d\n", "1:5", "U+2028"),
    "a Danish letter in a key": (changed("  visit:\n", "  besøg:\n"), "besøg:", "write 'besoeg'"),
    "a Danish letter in a question's key": (changed("      visit_note:", "      nåede_De_frem:"), "nåede_De_frem:", "write 'naaede_De_frem'"),
    "a Danish letter in a choice": (changed("{school: Skole, home", "{bø: Skole, home"), "bø:", "write 'boe'"),
    "a question's key that is two words": (changed("      visit_note:", "      visit-note:"), "ask: Hvad", "'visit-note' cannot be a name"),
    "a version that is a number": (changed('version: "2026-1"', "version: 2026"), "2026\n", 'put it in quotes: "2026"'),
    "a telephone number that is a number": (changed("    title: Tag på besøg", "    title: 112"), "112\n", 'put it in quotes: "112"'),
    "a day that is a number": (changed("cited:", "checked_at: 20261127, cited:"), "20261127", 'put it in quotes: "20261127"'),
    "a truth for a text": (changed("    title: Tag på besøg", "    title: true"), "true\n", 'put it in quotes: "true"'),
    "an empty text": (changed("    title: Tag på besøg", "    title:"), "\n", "'title' is empty; write a text"),
    "a list for a text": (changed("    title: Tag på besøg", "    title: [Tag]"), "[Tag]", "'title' is one text, not a list"),
    "braces for a text": (changed("    title: Tag på besøg", "    title: {Tag: på}"), "{Tag: på}", "put a text that holds"),
    "a word for a list": (changed("contacts: [hotline]", "contacts: hotline"), "hotline\n", "'contacts' is a list; write it as [first, second]"),
    "no for false": (changed("required: false", "required: no"), "no\n", "the word 'no' cannot stand for 'required'; write true or false"),
    "yes for true": (changed("standing: true", "standing: yes"), "yes\n", "the word 'yes' cannot stand for 'standing'"),
    "a number for false": (changed("required: false", "required: 0"), "0\n", "the number 0 cannot stand for 'required'"),
    "an octal number": (changed("at_most: 9", "at_most: 011"), "011}", "'011', which is read as a text, cannot stand for 'at_most'"),
    "an octal number of 1.2": (changed("at_most: 9", "at_most: 0o11"), "0o11}", "a whole number such as 3"),
    "infinity": (changed("at_most: 9", "at_most: .inf"), ".inf}", "'.inf', which is read as a text,"),
    "a huge number": (changed("at_most: 9", f"at_most: {'9' * 100_000}"), "9999", "a whole number such as 3"),
    "half a time": (changed("at_most: 9", "at_most: 2.5"), "2.5}", "the number 2.5 cannot stand"),
    "true times": (changed("at_most: 9", "at_most: true"), "true}", "'true' cannot stand for 'at_most'"),
    "a huge number in a condition": (changed(VISIT_OPENS, f"opens_when: age == {'9' * 1000}"), "age == 999", "condition"),
    "a condition of 100 kB": (changed(VISIT_OPENS, "opens_when: '" + "true && " * 12_500 + "true'"), "'true && ", "longer than 2000 characters"),
    "a condition nested 900 deep": (changed(VISIT_OPENS, f"opens_when: {'(' * 900}true{')' * 900}"), "(((", "nested more than"),
    "forty facts that steer": (entangled("facts:\n", "  f{n}: {{type: yes_no, ask: a, when_unknown: yes}}", "fact.f"), "f0: {", "the facts have more than 4096"),
    "forty questions that steer": (entangled("      why:\n", "      q{n}: {{ask: a, type: yes_no}}", "answer.q"), "title: Tal sammen", "the answers to this step have more than"),
    "a word of 100 kB": (changed("type: yes_no", "type: " + "x" * 100_000), "xxx", "is not allowed for 'type'"),
    "a key of 100 kB": (f"? {'x' * 100_000}\n: 1\n", "1:3", "unknown key 'xxx"),
    "hundreds of unknown words": (changed("cautions: [careful]", f"cautions: [{','.join(f'c{n}' for n in range(480))}]"), "c0,", "unknown caution 'c0'"),
    "hundreds of broken steps": (changed("  visit:\n", MANY_BROKEN_STEPS + "  visit:\n"), "done(\"talkk\")", "unknown step 'talkk'"),
    "two documents": (SMALL + "---\n" + SMALL, "---\n", "a second document begins here"),
    "a directive": ("%YAML 1.1\n---\na: 1\n", "1:1", "lines that begin with '%' are not used"),
    "a tag of Python": ("a: !!python/object/apply:os.system ['ls']\n", "1:4", "'!!python/object/apply:os.system' are not used"),
    "a tag of its own": ("a: !secret b\n", "1:4", "tags such as '!secret' are not used"),
    "a list as a key": ("? [a, b]\n: c\n", "1:3", "a key must be a plain word"),
    "nothing": ("", "1:1", "the file is empty"),
    "only comments": ("# one\n# two\n", "1:1", "the file is empty"),
    "only line ends": ("\n" * NEARLY_TOO_LARGE, "1:1", "the file is empty"),
    "a list at the top": ("- a\n- b\n", "1:1", "expected sections such as head, steps and ends"),
    "a word at the top": ("hello\n", "1:1", "expected sections"),
    "too large a file": ("#" * (257 * KILOBYTE), "1:1", "larger than 256 kB"),
    "an open brace": ("a: {b: c\nd: e\n", "1:4", "a '{' lacks its '}'"),
    "an open quote": ('a: "b\nc: d\n', "3:1", "a quote is opened and never closed"),
    "a colon in a text": ("a: b: c\n", "1:5", "in a text that needs quotes"),
    "an apostrophe in quotes": ("a: 'it's'\n", "1:8", "does not fit those above"),
    "a text that begins with @": ("a: @b\n", "1:4", "put the text in quotes"),
    "a backslash in quotes": ('a: "\\q"\n', "1:6", "a backslash in double quotes"),
    "a line that is neither": ("a: 1\nb\nc: 2\n", "2:1", "is a colon missing?"),
    "a line without a colon above one with": ("a:\n  b\n  c: 2\n", "3:4", "or a line above without ': '"),
    "a quote closed by the next one": ('a: "b\nc: "d"\n', "1:4", "a quote is opened and never closed"),
    "a sign of a remark in a text": ("a: Call #4 first\n", "1:8", "what follows '#' is not read"),
    "a text that begins with a star": ("a: *all\n", "1:4", "put a text that begins with '&' or '*' in quotes"),
}  # fmt: skip


def is_at(problem: Problem, place: str, content: str | bytes) -> bool:
    """Whether the complaint is about that line and column, or about a place where that text stands."""
    if re.fullmatch(r"\d+:\d+", place) or isinstance(content, bytes):
        return f"{problem.line}:{problem.column}" == place
    lines = content.split("\n")
    return "\n".join(lines[problem.line - 1 :])[problem.column - 1 :].startswith(place)


def refusal_of(path: Path) -> tuple[float, list[Problem]]:
    """How long the refusal took in seconds of processor time, and what it says."""
    began = time.process_time()
    with pytest.raises(DefinitionRefused) as refused:
        load_file(path)
    return time.process_time() - began, refused.value.problems


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_within_a_second_at_its_place(name: str, tmp_path: Path) -> None:
    content, place, sentence = BAD[name]
    path = write(tmp_path)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    took, problems = refusal_of(path)
    # A neighbour on the same core makes processor time dear, so one slow reading is taken again.
    took = took if took < 1 else refusal_of(path)[0]

    said = [f"{one.line}:{one.column} {one.sentence}" for one in problems]
    assert any(is_at(one, place, content) and sentence in one.sentence for one in problems), said[:5]
    assert took < 1, took
    assert len(said) <= MOST_PROBLEMS + 1
    assert all(len(one) < 500 and one.isprintable() for one in said)


def test_a_bomb_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text(bomb(), "utf-8")
    examine(path)  # What is loaded once does not count.

    tracemalloc.start()
    examine(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 2 * KILOBYTE**2


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark of UTF-8"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(lambda text: text.replace(": ", ":\t", 3).encode(), id="tabs behind a colon"),
        pytest.param(lambda text: f"---\n{text}...\n".encode(), id="marks around the document"),
    ],
)
def test_ways_of_saving_the_same_text_are_taken(same: object, tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(same(SMALL))  # type: ignore[operator]

    assert load_file(path).title == "Lille forløb"


def test_a_question_mark_inside_braces_needs_no_quotes(tmp_path: Path) -> None:
    asked = "      visit_note:\n        ask: Hvad så du?\n        type: text\n"

    definition = small(tmp_path, (asked, "      visit_note: {ask: Hvad så du?, type: text}\n"))

    assert definition.questions["visit_note"].ask == "Hvad så du?"


def test_a_fault_behind_a_question_mark_inside_braces_is_named_where_it_is(tmp_path: Path) -> None:
    asked = "      visit_note:\n        ask: Hvad så du?\n        type: text\n"

    [problem] = problems_of(
        tmp_path,
        (asked, "      visit_note: {ask: Hvad så du?, type: text}\n"),
        ("contacts: [hotline]", "contacts: [hotlin]"),
    )

    assert str(problem) == "small.yaml:35:16: unknown contact 'hotlin'; did you mean 'hotline'?"


def test_days_without_quotes_and_yes_and_no_are_the_words_they_look_like(tmp_path: Path) -> None:
    definition = small(
        tmp_path,
        ('when_unknown: "yes"', "when_unknown: yes"),
        ("cited: ", "checked_at: 2026-11-27, cited: "),
        ('must_be: "yes"', "must_be: yes"),
    )

    assert definition.facts["child"].when_unknown == "yes"
    assert definition.questions["calm"].must_be == "yes"
    assert definition.legal_references["act"].checked_at == "2026-11-27"


def test_a_broken_head_hides_nothing_of_the_rest(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        ('version: "2026-1"', "version: 2026"),
        ("contacts: [hotline]", "contacts: [hotlin]"),
        (VISIT_OPENS, 'opens_when: done("tolk")'),
    )

    said = " ".join(one.sentence for one in problems)
    assert "'version' is a text" in said
    assert "unknown contact 'hotlin'" in said
    assert "unknown step 'tolk'" in said


def test_a_definition_and_its_shared_files_are_refused_together(tmp_path: Path) -> None:
    path = write(tmp_path, contacts="contacts:\n\thotline: {}\n", ladders="ladders: [\n")
    path.write_text("head: {\n", "utf-8")

    _, problems = examine(path)

    assert {one.file for one in problems} == {"small.yaml", "contacts.yaml", "ladders.yaml"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    [problem] = examine(tmp_path / "nothing.yaml")[1]

    assert str(problem) == "nothing.yaml:1:1: cannot be read: No such file or directory"


def test_a_folder_and_a_device_are_no_definitions(tmp_path: Path) -> None:
    [folder], [device] = examine(tmp_path)[1], examine(Path("/dev/zero"))[1]

    assert "this is a folder; name a YAML file" in str(folder)
    assert "this is no ordinary file" in str(device)


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    [problem] = examine(pipe)[1]

    assert "this is no ordinary file" in str(problem)


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)  # Root may read everything, so nobody does the asking.
    try:
        [problem] = examine(path)[1]
    finally:
        if is_root:
            os.seteuid(0)

    assert "cannot be read: Permission denied" in str(problem)
