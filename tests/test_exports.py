"""What can be taken away: every document fits its schema, every example of the data page runs, every byte is a function of the records."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import validate as validate_openapi
from referencing import Registry, Resource

from pipeline import build as spine
from pipeline.export import data, database, tables
from pipeline.export.api import CHANGES
from pipeline.export.documents import API_VERSION
from pipeline.model import View
from pipeline.render import Book, Site, open_book
from tests.building import TODAY, clean_build, make_project, publish, tree
from tests.worlds import PROJECT, source_date_epoch

GOLDEN = PROJECT / "tests" / "golden" / "seeds"
DATA_PAGE = (PROJECT / "site" / "docs" / "data.md").read_text(encoding="utf-8")
VIEWS = {"plain": None, "2024-10-16": date(2024, 10, 16)}


@pytest.fixture(scope="module", params=sorted(VIEWS))
def view(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the real records."""
    return make_project(tmp_path_factory.mktemp("exports") / "project", PROJECT / "seeds")


@pytest.fixture(scope="module")
def sites(real: Path) -> dict[str, Path]:
    """The real records, published plainly and as of a day."""
    outputs = {name: real.parent / name / "site" for name in VIEWS}
    for name, as_of in VIEWS.items():
        publish(real, outputs[name], as_of=as_of)
    return outputs


@pytest.fixture(scope="module")
def books(real: Path) -> dict[str, Book]:
    """The books of the same two."""
    return {name: _book(real, as_of) for name, as_of in VIEWS.items()}


def _book(root: Path, as_of: date | None) -> Book:
    view = View.on(as_of or TODAY, explicit=as_of is not None)
    prepared = spine.for_publishing(spine.prepare(spine.open_project(root), view, TODAY, use_cache=False), ())
    return open_book(prepared.shown, Site())


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def documents(site: Path) -> Iterator[tuple[str, Any]]:
    """Every document of the API but its schemas, by its path below api/v1."""
    root = site / "api" / "v1"
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).as_posix()
        if not name.startswith("schemas/"):
            yield name, read_json(path)


# JSON


BASE = "https://example.org/api/v1/"


def registry_of(site: Path) -> Registry:
    """The published schemas under the addresses they would be read from; nothing is fetched."""
    root = site / "api" / "v1"
    return Registry().with_resources(
        (BASE + path.relative_to(root).as_posix(), Resource.from_contents(read_json(path)))
        for path in (root / "schemas").rglob("*.json")
    )


def schema_of(name: str, document: Any) -> str:
    if name in ("index.json", "changelog.json"):
        return f"schemas/shared/{name}"
    return f"schemas/{'lists' if 'entries' in document else 'documents'}/{document['kind']}.json"


def test_every_document_fits_its_published_schema(sites: dict[str, Path], view: str) -> None:
    registry = registry_of(sites[view])
    checkers: dict[str, Any] = {}
    count = 0
    for name, document in documents(sites[view]):
        if name == "openapi.json":
            continue
        schema = schema_of(name, document)
        if schema not in checkers:
            jsonschema.Draft202012Validator.check_schema(registry.contents(BASE + schema))
            checkers[schema] = jsonschema.Draft202012Validator({"$ref": BASE + schema}, registry=registry)
        errors = [f"{name}: {error.json_path}: {error.message[:200]}" for error in checkers[schema].iter_errors(document)]
        assert not errors, errors[:3]
        count += 1
    assert count > 200


def test_a_document_holds_the_whole_record_and_only_derived_facts_beside_it(sites: dict[str, Path], books: dict[str, Book], view: str) -> None:
    corpus = books[view].corpus
    found = {document["ref"]: document for name, document in documents(sites[view]) if "record" in document}
    assert set(found) == set(corpus.records)
    for ref, document in found.items():
        assert document["record"] == corpus.records[ref].data
        assert document["derived"] == json.loads(json.dumps(corpus.facts.pages.get(ref, {})))
        assert (sites[view] / document["page"]).is_file()
        assert document.get("view") == ({"as_of": view, "known_by": view} if VIEWS[view] else None)
        assert {link["to"] for link in document["links"]} | {link["from"] for link in document["back_links"]} <= set(found)


def test_lists_hold_every_current_record_once_in_bounded_parts(sites: dict[str, Path], books: dict[str, Book], view: str) -> None:
    index = read_json(sites[view] / "api" / "v1" / "index.json")
    assert index["view"] == ({"as_of": view, "known_by": view} if VIEWS[view] else None)
    parts = 0
    for kind in index["kinds"]:
        path, before, refs = kind["list"], None, []
        while path:
            document = read_json(sites[view] / path)
            assert document["previous"] == before and len(document["entries"]) <= 200
            refs += [entry["ref"] for entry in document["entries"]]
            assert all((sites[view] / entry["document"]).is_file() for entry in document["entries"])
            before, path, parts = path, document["next"], parts + 1
        assert refs == list(books[view].lists[kind["name"]]) and len(refs) == kind["count"]
    assert parts == sum(kind["parts"] for kind in index["kinds"]) > len(index["kinds"])
    for word in ("openapi", "changelog", "database", "columns", "checksums"):
        assert (sites[view] / index[word]).is_file()


def test_the_openapi_document_is_valid_and_describes_every_document(sites: dict[str, Path], view: str) -> None:
    """By openapi-spec-validator, which knows nothing of ours."""
    described = read_json(sites[view] / "api" / "v1" / "openapi.json")
    validate_openapi(described, base_uri=(sites[view] / "api" / "v1" / "openapi.json").as_uri())
    names = [operation["get"]["operationId"] for operation in described["paths"].values()]
    assert len(set(names)) == len(names)
    patterns = {}
    for template, operation in described["paths"].items():
        expected = re.findall(r"\{(\w+)\}", template)
        assert [parameter["name"] for parameter in operation["get"].get("parameters", [])] == expected
        schema = operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        patterns[re.compile(re.sub(r"\\\{number\\\}", "[0-9]+", re.escape(template)).replace(r"\{id\}", "[a-z0-9-]+"))] = schema
    for name, document in documents(sites[view]):
        if name != "openapi.json":
            fitting = {schema for pattern, schema in patterns.items() if pattern.fullmatch(f"/{name}")}
            assert schema_of(name, document) in fitting, name


def test_the_version_is_told_where_it_is_asked_for(sites: dict[str, Path]) -> None:
    root = sites["plain"] / "api" / "v1"
    assert read_json(root / "index.json")["version"] == API_VERSION == CHANGES[0]["version"]
    assert read_json(root / "openapi.json")["info"]["version"] == read_json(root / "changelog.json")["version"] == API_VERSION
    assert f"The version is `{API_VERSION}`" in DATA_PAGE
    assert API_VERSION.partition(".")[0] == str(database.USER_VERSION)


# The database


def connection_to(site: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{site / 'depositary.sqlite'}?mode=ro&immutable=1", uri=True)


EXAMPLES = re.findall(r"```sql\n(.*?)```", DATA_PAGE, re.DOTALL)
#: A word of what each example must find among the real records today, in their order; none where nothing may be overdue.
FOUND = ["ANZUS", "2024-10-24", "", "김정|партнерстве|Kim", "Armenia", "article-", "", "Molotov"]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_of_the_data_page_run(sites: dict[str, Path], number: int) -> None:
    connection = connection_to(sites["plain"])
    rows = connection.execute(EXAMPLES[number]).fetchall()
    assert re.search(FOUND[number], repr(rows)), rows
    assert connection.execute(EXAMPLES[number]).fetchall() == rows
    connection.close()


def test_every_table_of_the_database_is_on_the_data_page(sites: dict[str, Path], books: dict[str, Book]) -> None:
    connection = connection_to(sites["plain"])
    names = {row[0] for row in connection.execute("SELECT DISTINCT \"table\" FROM columns")}
    kinds = {kind.name for kind in books["plain"].kinds}
    for name in names - kinds:
        assert f"`{name}`" in DATA_PAGE or f" {name}\n" in DATA_PAGE or f"FROM {name}" in DATA_PAGE, name
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA user_version").fetchall() == [(database.USER_VERSION,)]
    connection.close()


def test_the_database_agrees_with_the_pages(sites: dict[str, Path], books: dict[str, Book], view: str) -> None:
    corpus = books[view].corpus
    connection = connection_to(sites[view])

    def column(query: str) -> list[Any]:
        return [row[0] for row in connection.execute(query)]

    assert dict(connection.execute("SELECT ref, record FROM records")) == {ref: json.dumps(record.data, ensure_ascii=False, sort_keys=True) for ref, record in corpus.records.items()}
    standings = {ref: facts["status"]["value"] for ref, facts in corpus.facts.pages.items() if ref.startswith("treaty/") and corpus.records[ref].is_current}
    assert dict(connection.execute("SELECT treaty, status FROM treaty_standings")) == standings
    day = VIEWS[view] or TODAY
    certainly = set(column(f"SELECT treaty FROM treaties_in_force WHERE from_day <= '{day}' AND '{day}' < until_day"))
    assert certainly <= {ref for ref, status in standings.items() if status in ("in-force", "suspended")}
    assert len(column("SELECT source FROM links")) == len(corpus.links)
    overdue = [entry for ref in standings for entry in corpus.facts.pages[ref]["expectations"] if entry["state"] == "overdue"]
    assert len(column("SELECT treaty FROM overdue_expectations")) == len(overdue)
    assert len(column("SELECT treaty FROM acts")) == sum(len(corpus.facts.pages[ref]["acts"]) for ref in standings)
    about = dict(connection.execute("SELECT key, value FROM about"))
    assert about.get("as_of") == (view if VIEWS[view] else None)
    connection.close()


def test_full_text_search_finds_every_script(sites: dict[str, Path]) -> None:
    connection = connection_to(sites["plain"])
    for words in ("kim jong", "김정*", "стратегическ*", "партнерстве", "Peskov"):
        assert connection.execute("SELECT ref FROM search WHERE search MATCH ?", (words,)).fetchall(), words
    connection.close()


# CSV, JSON Lines, checksums


def test_csv_tables_are_read_back(sites: dict[str, Path], books: dict[str, Book], view: str) -> None:
    book = books[view]
    made = [*tables.kind_tables(book), *tables.fact_tables(book)]
    files = {path.stem for path in (sites[view] / "data").glob("*.csv")}
    assert files == {table.name for table in made} | {"names", "columns"}
    for table in made:
        text = (sites[view] / "data" / f"{table.name}.csv").read_bytes().decode("utf-8")
        head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert head == [column.name for column in table.columns]
        wanted = [[str(data._cell(value)) for value in row] for row in table.rows()]
        assert rows == wanted
        assert len({len(row) for row in rows} | {len(head)}) == 1


@given(st.text())
def test_no_cell_is_a_formula_and_every_value_comes_back(text: str) -> None:
    cell = data._cell(text)
    assert isinstance(cell, str)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert cell.removeprefix("'") == text


def test_json_lines_hold_every_record(sites: dict[str, Path], books: dict[str, Book], view: str) -> None:
    corpus = books[view].corpus
    found = {}
    for path in (sites[view] / "data").glob("*.jsonl"):
        lines = path.read_bytes().decode("utf-8").split("\n")
        assert lines.pop() == ""
        found |= {entry["ref"]: entry["record"] for entry in map(json.loads, lines)}
    assert found == {ref: record.data for ref, record in corpus.records.items()}


def test_checksums_are_those_of_the_files(sites: dict[str, Path], view: str) -> None:
    folder = sites[view] / "data"
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert set(sums) == {"../depositary.sqlite", *(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_sizes_stay_reasonable(sites: dict[str, Path], books: dict[str, Book]) -> None:
    """Figures of the real records; a table that grows out of proportion shows here."""
    site = sites["plain"]
    records = len(books["plain"].corpus.records)
    assert (site / "depositary.sqlite").stat().st_size < 8_000 * records
    assert sum(path.stat().st_size for path in (site / "data").iterdir()) < 4_000 * records
    assert max(path.stat().st_size for path in (site / "api" / "v1").rglob("*.json")) < 500_000


# The same bytes, made only when they must be


EXPORTED = ("api/", "data/", "depositary.sqlite")


def exported(made: dict[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in made.items() if path.startswith(EXPORTED)}


def test_circumstances_change_no_byte(tmp_path: Path) -> None:
    """Processes, hash seeds, worker counts, folders, and what lies in memory that was not written yet."""
    made = []
    for number, perturb in enumerate(("1", "254")):
        root = make_project(tmp_path / f"place-{number}" / "project", GOLDEN)
        output = tmp_path / f"out-{number}" / "site"
        command = [sys.executable, "-m", "pipeline", "build", "--root", str(root), "--output", str(output), "--workers", str(number + 1)]
        variables = {**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(date(2003, 1, 1)), "PYTHONHASHSEED": perturb, "MALLOC_PERTURB_": perturb}
        subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, check=True)
        made.append(exported(tree(output)))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("file", "old", "new", "documents"),
    [
        ("event/2001-05-01-exchange", "sources:", "summary: In the old customs house.\nsources:", ["event/2001-05-01-exchange.json"]),
        ("source/herald-undated", "publisher: ", "publisher: The New ", ["source/herald-undated.json", "source.json"]),
    ],
)  # fmt: skip
def test_an_edit_changes_its_own_document_its_list_and_the_whole_files(tmp_path: Path, file: str, old: str, new: str, documents: list[str]) -> None:
    root = make_project(tmp_path / "project", GOLDEN)
    publish(root, tmp_path / "out" / "site")
    before = exported(tree(tmp_path / "out" / "site"))
    path = root / "seeds" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    publish(root, tmp_path / "out" / "site")
    after = exported(tree(tmp_path / "out" / "site"))
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path for path in changed if path.startswith("api/")} == {f"api/v1/{name}" for name in documents}
    kind = file.partition("/")[0]
    assert {f"data/{kind}.csv", f"data/{kind}.jsonl", "data/SHA256SUMS", "depositary.sqlite"} <= changed
    assert after == exported(clean_build(root, tmp_path / "clean"))


def test_the_database_is_made_only_when_something_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(spine, "engine_digest", lambda project: "the same")
    monkeypatch.setattr(data, "make_database", lambda *parts: made.append(1) or database.make_database(*parts))
    root = make_project(tmp_path / "project", GOLDEN)
    for _ in range(2):
        publish(root, tmp_path / "out" / "site")
    publish(root, tmp_path / "out" / "site", today=date(2026, 1, 2))
    assert len(made) == 1
    path = root / "seeds" / "person" / "ann-first.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "aliases: [Annie]\n", encoding="utf-8")
    publish(root, tmp_path / "out" / "site")
    assert len(made) == 2


# Kinds are data, records are hostile


def test_a_kind_may_be_called_like_a_table_or_a_document(tmp_path: Path) -> None:
    root = tmp_path / "project"
    names = ("records", "names", "columns", "sqlite-x", "schemas", "openapi", "data", "links-by-source", "records-by-ref")
    for name in names:
        (root / "seeds" / name).mkdir(parents=True)
        (root / "seeds" / name / "list.yaml").write_text('name: "=1+1"\nLabel: "-2"\nlabel: "\'"\nref: 9\n', encoding="utf-8")
        (root / "schemas").mkdir(exist_ok=True)
        text = {"type": "string", "maxLength": 50}
        properties = {"name": text, "Label": text, "label": text, "ref": {"type": "integer"}}
        schema = {"title": name.title(), "type": "object", "additionalProperties": False, "properties": properties}
        (root / "schemas" / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (root / "site" / "docs").mkdir(parents=True)
    publish(root, tmp_path / "out" / "site")
    site = tmp_path / "out" / "site"
    index = read_json(site / "api" / "v1" / "index.json")
    assert {kind["name"] for kind in index["kinds"]} == set(names)
    assert all(read_json(site / kind["list"])["count"] == 1 for kind in index["kinds"])
    connection = connection_to(site)
    assert connection.execute('SELECT label, "Label_2", label_3, ref_2 FROM kind_sqlite_x').fetchall() == [("=1+1", "-2", "'", 9)]
    connection.close()
    [row] = list(csv.DictReader(io.StringIO((site / "data" / "kind_records.csv").read_text(encoding="utf-8"))))
    assert (row["label"], row["Label_2"], row["label_3"], row["ref_2"]) == ("'=1+1", "'-2", "''", "9")


def test_the_exports_work_without_treaties(tmp_path: Path) -> None:
    """A stranger's collection has the general tables, and none of treaty law."""
    root = tmp_path / "orchids"
    (root / "seeds" / "orchid").mkdir(parents=True)
    (root / "schemas").mkdir()
    schema = {"title": "Orchid", "type": "object", "additionalProperties": False, "properties": {"name": {"type": "string"}, "petals": {"type": "integer"}}}
    (root / "schemas" / "orchid.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (root / "seeds" / "orchid" / "first.yaml").write_text("name: Всё\npetals: 7\n", encoding="utf-8")
    publish(root, tmp_path / "out" / "site")
    connection = connection_to(tmp_path / "out" / "site")
    names = {row[0] for row in connection.execute("SELECT DISTINCT \"table\" FROM columns")}
    assert names == {"records", "names", "links", "citations", "dates", "texts", "orchid", "contested"}
    assert connection.execute("SELECT ref FROM search WHERE search MATCH 'все'").fetchall() == [("orchid/first",)]
    assert connection.execute("SELECT petals FROM orchid").fetchall() == [(7,)]
    connection.close()


def test_every_record_page_links_to_its_document(sites: dict[str, Path], books: dict[str, Book], view: str) -> None:
    for ref in books[view].corpus.records:
        page = (sites[view] / f"{ref}.html").read_text(encoding="utf-8")
        assert f'href="../api/v1/{ref}.json"' in page


def test_stock_sqlite_reads_the_file(sites: dict[str, Path], books: dict[str, Book]) -> None:
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("there is no sqlite3 program on this machine")
    query = "SELECT count(*) FROM records"
    found = subprocess.run([program, str(sites["plain"] / "depositary.sqlite"), query], capture_output=True, text=True, check=True)
    assert int(found.stdout) == len(books["plain"].corpus.records)
