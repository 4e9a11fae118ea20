"""The documents are true: every command, option, kind, state and make target is described, every session is real."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

from pipeline import build as spine
from pipeline.cli import cli
from pipeline.derive import claims, expectations, party, steps, treaty
from pipeline.export import all_paths
from pipeline.model import View
from pipeline.render import Site, open_book
from tests import sessions
from tests.building import TODAY
from tests.worlds import PROJECT, kinds

README, CONTRIBUTING, METHOD, GLOSSARY = "README.md", "CONTRIBUTING.md", "site/docs/method.md", "site/docs/glossary.md"
PAGES = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "site" / "docs").glob("*.md"))
LINKING = [README, CONTRIBUTING, "CHANGELOG.md", "ARCHITECTURE.md", *PAGES]


@cache
def text_of(document: str) -> str:
    return (PROJECT / document).read_text(encoding="utf-8")


# Commands and targets


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    command, readme = cli.commands[name], text_of(README)
    assert f"`depositary {name}" in readme, f"README.md does not name `depositary {name}`"
    assert command.help, f"{name} is missing its help"
    for parameter in command.params:
        for option in (word for word in parameter.opts if word.startswith("--")):
            assert f"`{option}" in readme, f"README.md does not name {option} of `depositary {name}`"
        if isinstance(parameter, click.Option) and isinstance(parameter.type, click.Choice):
            for choice in parameter.type.choices:
                assert f"`{choice}`" in readme or f"{parameter.opts[0]} {choice}`" in readme, f"README.md does not name {choice}"


def test_no_document_names_a_command_that_is_not_there() -> None:
    for document in (README, CONTRIBUTING):
        named = set(re.findall(r"(?:`|\$ |^)depositary ([a-z]+)", text_of(document), re.MULTILINE))
        assert named <= set(cli.commands), f"{document} names {named - set(cli.commands)}"


def targets() -> list[str]:
    return re.findall(r"^([a-z]+):.*## ", text_of("Makefile"), re.MULTILINE)


def test_every_make_target_is_in_the_help_and_in_the_readme() -> None:
    declared = re.findall(r"^\.PHONY: (.*)$", text_of("Makefile"), re.MULTILINE)[0].split()
    assert set(declared) - {"browser", "checker"} == set(targets())
    for target in targets():
        assert f"`make {target}`" in text_of(README), f"README.md does not name `make {target}`"
    named = set(re.findall(r"`make ([a-z]+)", text_of(README) + text_of(CONTRIBUTING)))
    assert named <= set(targets())


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")
def test_make_alone_prints_the_help() -> None:
    printed = subprocess.run(["make"], cwd=PROJECT, capture_output=True, encoding="utf-8", check=True).stdout
    for target in targets():
        assert f"\n  make {target} " in printed


# Sessions


@pytest.mark.parametrize("document", sessions.DOCUMENTS)
def test_sessions_are_true(document: str, tmp_path: Path) -> None:
    played = 0
    for _, turn, printed, aside in sessions.played(document, tmp_path):
        played += 1
        assert sessions.agrees(turn.shown, printed), (
            f"{document}, `{turn.command}` prints otherwise:\n" + "\n".join(printed) + f"\n{aside}\nIf that is right: make bless"
        )
    assert played


def test_what_make_site_is_said_to_print_is_what_it_prints() -> None:
    makefile = text_of("Makefile").replace("$(BIN)", "$(VENV)/bin").replace("$(VENV)", ".venv")
    console = [block for block in sessions.blocks(CONTRIBUTING) if block.language == "console"]
    [shown] = [turn.shown for block in console for turn in sessions.turns(block.text) if turn.command == "make site"]
    for line in shown:
        words = sessions.steady(line).removesuffix(" Python V")
        assert line == sessions.ANYTHING or words in makefile or line.startswith("The site is in build/site"), line


# Kinds, states, words


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_an_annotated_example(kind: str) -> None:
    assert f"\n### {kinds()[kind].schema['title']}\n" in text_of(CONTRIBUTING)
    assert f"# seeds/{kind}/" in text_of(CONTRIBUTING)


def test_the_examples_pass_the_check(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "schemas", tmp_path / "schemas")
    examples = 0
    for block in sessions.blocks(CONTRIBUTING):
        part = re.match(r"# part of (seeds/\S+)\n", block.text)
        if block.file and block.section == "The kinds":
            examples += 1
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif part:
            with open(tmp_path / part[1], "a", encoding="utf-8") as file:
                file.write(block.text)
    prepared = spine.prepare(spine.open_project(tmp_path), View.on(TODAY), TODAY, use_cache=False)
    unused_waiver = "C490"  # nothing is wrong with the record that shows how to waive a rule
    assert [finding for finding in prepared.diagnostics if finding.code != unused_waiver] == []
    assert len(prepared.corpus.records) == examples


def test_every_stance_and_class_is_named_for_editors() -> None:
    for kind, key in (("statement", "stance"), ("source", "class")):
        for word in kinds()[kind].schema["properties"][key]["enum"]:
            assert re.search(rf"\b{word}\b", text_of(CONTRIBUTING)), f"CONTRIBUTING.md does not name {word}"


OTHER_WORDS = {
    "not-known": "not known whether in force",
    "provisionally-applied": "applied provisionally",
    "awaiting-exchange": "awaiting the exchange",
    "awaiting-deposit": "the deposit",
    "awaiting-notification": "the notification",
    "met-inexactly": "met, the day not exact",
    "none": "",
}


@pytest.mark.parametrize(
    "states", [steps.STEP_STATES, party.PARTY_STATES, treaty.TREATY_STATES, claims.STATES, expectations.STATES],
    ids=["steps", "parties", "treaties", "claims", "expectations"],
)
def test_every_state_is_explained_to_readers(states: tuple[str, ...]) -> None:
    method = text_of(METHOD).lower()
    for state in states:
        assert OTHER_WORDS.get(state, state.replace("-", " ")) in method, f"{METHOD} does not explain {state}"


def test_the_shapes_of_the_strip_are_those_explained_to_readers() -> None:
    macros, method = text_of("templates/partials/macros.html"), text_of(METHOD)
    drawn = set(re.findall(r'<symbol id="shape-[a-z]+" viewBox="0 0 16 16">(.*?)</symbol>', macros))
    shown = re.findall(r'<svg class="shape" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">(.*?)</svg> \| ([a-z ]+) \|', method)
    assert {shape for shape, _ in shown} == drawn
    assert {word.replace(" ", "-") for _, word in shown} == set(steps.STEP_STATES)


def test_the_glossary_is_in_order() -> None:
    terms = re.findall(r"^### (.+)$", text_of(GLOSSARY), re.MULTILINE)
    assert len(terms) == len(set(terms)) > 40
    for _, definition in re.findall(r"^### (.+)\n(.*)$", text_of(GLOSSARY), re.MULTILINE):
        assert definition.endswith((".", "]")), definition


# Links


def anchors(document: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(document: str) -> Iterator[str]:
    prose = re.sub(r"^```.*?^```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", prose)


@pytest.mark.parametrize("document", LINKING)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    for target in links(document):
        if target.startswith("record:"):
            reference = target.removeprefix("record:").partition("#")[0]
            assert (PROJECT / "seeds" / f"{reference}.yaml").is_file(), f"{document} links to {target}"
        elif "://" not in target:
            path, _, anchor = target.partition("#")
            if document.startswith("site/docs/") and path in exported():
                continue
            file = ((PROJECT / document).parent / path).resolve() if path else PROJECT / document
            assert file.exists(), f"{document} links to {target}"
            assert not anchor or anchor in anchors(file.relative_to(PROJECT).as_posix()), f"{document} links to {target}"


@cache
def exported() -> set[str]:
    """The files that the site has beside its pages."""
    prepared = spine.prepare(spine.open_project(PROJECT), View.on(TODAY), TODAY, use_cache=False)
    shown = spine.for_publishing(prepared, ()).shown
    return set(all_paths(open_book(shown, Site())))


@pytest.mark.parametrize("document", PAGES)
def test_pages_for_readers_have_a_title_and_a_description(document: str) -> None:
    front = re.match(r"---\n(description: .*)\n---\n# \w", text_of(document))
    assert front, document
    assert 20 <= len(yaml.safe_load(front[1])["description"]) <= 160, document  # what is no YAML would stand on the page


@pytest.mark.parametrize("document", [README, CONTRIBUTING, "ARCHITECTURE.md", "CHANGELOG.md", *PAGES])
def test_no_paragraph_stands_twice(document: str) -> None:
    prose = re.sub(r"^```.*?^```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL)
    beginnings = Counter(line[:100] for line in prose.splitlines() if len(line) > 100 and not line.startswith("|"))
    assert [line for line, times in beginnings.items() if times > 1] == []
