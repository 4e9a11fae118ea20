"""Records in schema.org's vocabulary, read back by rdflib, and the element that carries them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import rdflib

from pipeline.load.schemas import load_kinds
from pipeline.render import data_block, page_input
from pipeline.render.linked_data import iso_date
from tests.building import build_site, make_project
from tests.exports import ADDRESS, NO_ADDRESS, book_of, golden, real, unchecked
from tests.worlds import PROJECT, kinds

#: rdflib's own reader of JSON-LD still uses a name that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SCHEMA = rdflib.Namespace("https://schema.org/")

#: Of the vocabulary, the types and properties that the project's schemas use, with the types that have each property.
VOCABULARY = {
    "Legislation": {"name", "alternateName", "abstract", "keywords", "inLanguage", "legislationType", "legislationIdentifier", "legislationDate", "legislationLegalForce", "legislationPassedBy", "sameAs", "url"},
    "Event": {"name", "alternateName", "description", "startDate", "location", "attendee", "about", "sameAs", "url"},
    "Claim": {"name", "alternateName", "description", "text", "author", "datePublished", "about", "sameAs", "url"},
    "Person": {"name", "alternateName", "description", "birthDate", "birthPlace", "sameAs", "url"},
    "Country": {"name", "alternateName", "description", "sameAs", "url"},
    "Organization": {"name", "alternateName", "description", "parentOrganization", "foundingDate", "dissolutionDate", "sameAs", "url"},
    "CreativeWork": {"name", "author", "publisher", "datePublished", "inLanguage", "archivedAt", "isBasedOn", "url"},
}  # fmt: skip
VOCABULARY |= dict.fromkeys(("GovernmentOrganization", "PoliticalParty", "NewsMediaOrganization"), VOCABULARY["Organization"])
VOCABULARY |= dict.fromkeys(("NewsArticle", "ScholarlyArticle", "Report"), VOCABULARY["CreativeWork"])


def said(book: Any, ref: str) -> dict[str, Any]:
    """The linked data of a record's page."""
    page = next(page for page in book.pages if page.ref == ref)
    found: dict[str, Any] = page_input(book, page)["linked_data"]
    return found


def graph(data: dict[str, Any], base: str = "https://example.org/treaties/treaty/") -> rdflib.Graph:
    """The data as another program reads it; the context is not fetched, so it stands here."""
    context = {"@vocab": str(SCHEMA), **{name: {"@type": "@id"} for name in ("url", "sameAs", "archivedAt", "legislationLegalForce")}}
    text = json.dumps({**data, "@context": context})
    return rdflib.Graph().parse(data=text, format="json-ld", base=base)


def test_a_treaty_is_legislation_with_its_force() -> None:
    data = said(book_of(golden()), "treaty/border-2001")
    assert data["@context"] == "https://schema.org"
    read, it = graph(data), rdflib.URIRef("https://example.org/treaties/treaty/border-2001.html")
    assert read.value(it, rdflib.RDF.type) == SCHEMA.Legislation
    assert read.value(it, SCHEMA.legislationLegalForce) == SCHEMA.InForce
    assert str(read.value(it, SCHEMA.legislationDate)) == "2001-01-10"
    parties = set(read.objects(it, SCHEMA.legislationPassedBy))
    assert parties == {rdflib.URIRef(f"{ADDRESS.url}organization/{name}.html") for name in ("aland", "beland")}
    assert {read.value(party, rdflib.RDF.type) for party in parties} == {SCHEMA.Country}


def test_a_name_comes_with_its_language() -> None:
    data = said(book_of(real(), "2026-11-25"), "person/kim-jong-un")
    read = graph(data, f"{ADDRESS.url}person/kim-jong-un.html")
    names = set(read.objects(rdflib.URIRef(f"{ADDRESS.url}person/kim-jong-un.html"), SCHEMA.alternateName))
    assert rdflib.Literal("김정은", lang="ko-KP") in names and rdflib.Literal("Kim Jong-un") in names


def test_force_follows_the_view() -> None:
    from tests.exports import book_as_of

    assert said(book_as_of(golden(), "2001-02-10"), "treaty/border-2001")["legislationLegalForce"] == "https://schema.org/NotInForce"


def test_what_is_only_claimed_is_a_claim_and_no_event() -> None:
    data = said(book_of(golden()), "event/2001-03-05-shots")
    assert data["@type"] == "Claim" and "startDate" not in data
    assert said(book_of(golden()), "event/2001-05-01-exchange")["@type"] == "Event"


@pytest.mark.parametrize("site", [ADDRESS, NO_ADDRESS], ids=["address", "none"])
def test_every_record_uses_the_vocabulary_as_it_is(site: Any) -> None:
    book = book_of(real(), "2026-11-25", site)
    pages = {f"{ADDRESS.url}{page.path}" for page in book.pages}
    types = set()
    for page in book.pages:
        data = page_input(book, page)["linked_data"] if page.ref else {}
        if not data:
            continue
        types.add(data["@type"])
        read = graph(data, f"{ADDRESS.url}{page.path}")
        it = rdflib.URIRef(f"{ADDRESS.url}{page.path}")
        assert str(read.value(it, rdflib.RDF.type)) == f"{SCHEMA}{data['@type']}", page.path
        used = {str(name).removeprefix(str(SCHEMA)) for name in read.predicates(it) if str(name).startswith(str(SCHEMA))}
        assert used <= VOCABULARY[data["@type"]], f"{page.path}: {used - VOCABULARY[data['@type']]}"
        named = {str(node) for node in read.subjects() if isinstance(node, rdflib.URIRef)}
        assert named <= pages, f"{page.path} names {named - pages}"
    assert {"Legislation", "Person", "Event", "Country", "GovernmentOrganization", "Claim", "NewsArticle"} <= types


def test_only_kinds_that_declare_a_type_have_a_block() -> None:
    book = book_of(golden())
    assert said(book, "procedure/aland-law") == {}


def places(schema: Any, root: Any) -> set[tuple[str, ...]]:
    """Every place of a value in a record of a schema, "*" standing for an index or a key."""
    schema = {**root["$defs"].get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
    found: set[tuple[str, ...]] = {()}
    for name, child in schema.get("properties", {}).items():
        found |= {(name, *place) for place in places(child, root)}
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            found |= {("*", *place) for place in places(schema[keyword], root)}
    return found


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_path_of_a_declaration_is_a_place_of_the_kind(name: str) -> None:
    kind = kinds()[name]
    known = places(kind.schema, kind.schema)
    values = [value for fields in kind.schema_org.get("fields", {}).values() for value in (fields if isinstance(fields, list) else [fields])]
    for spec in [kind.schema_org.get("type", ""), *values]:
        path = spec if isinstance(spec, str) else spec["at"]
        if path and spec is not kind.schema_org.get("type") and not path.startswith("facts."):
            assert tuple(path.split(".")) in known, f"{name}: {path}"
    assert all((field,) in known for part, field in kind.cite.items() if part != "type")


@pytest.mark.parametrize(
    "declared",
    ["Thing", {"type": 3}, {"type": {"words": {}}}, {"fields": []}, {"fields": {"name": 1}}, {"fields": {"name": {"at": "x", "words": {"a": 1}}}}, {"fields": {"name": [["x"]]}}],
)  # fmt: skip
def test_a_declaration_of_another_shape_is_a_finding(declared: Any, tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    schema = {"title": "Ship", "type": "object", "properties": {}, "additionalProperties": False, "x-schema-org": declared}
    (tmp_path / "schemas" / "ship.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    found, problems = load_kinds(tmp_path, PROJECT)
    assert not found and len(problems) == 1 and problems[0].help


def test_a_citation_of_another_shape_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "ship.schema.json").write_text('{"title": "Ship", "type": "object", "x-cite": {"title": []}}', encoding="utf-8")
    assert load_kinds(tmp_path, PROJECT)[1]


@pytest.mark.parametrize(
    ("written", "iso"), [("2001", "2001"), ("2001-05", "2001-05"), ("2001-05-01T12:00Z", "2001-05-01"), ("2001~", ""), ("2001/2002", ""), ("[..2001]", ""), ("then", "")]
)
def test_only_a_certain_date_is_a_date(written: str, iso: str) -> None:
    assert iso_date(written) == iso


# The element


HOSTILE = "</script><script>alert(1)</script><!--<script>\u2028\u2029]]>&lt;\"'\\"


class Blocks(HTMLParser):
    """The texts of the script elements of a page, by type."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._type: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self._type = dict(attributes).get("type") or ""
            self.found.append((self._type, ""))

    def handle_data(self, data: str) -> None:
        if self._type is not None:
            self.found[-1] = (self._type, self.found[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._type = None


def test_a_data_block_ends_nothing_and_reads_back() -> None:
    text = str(data_block({"name": HOSTILE}))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"name": HOSTILE}


def test_hostile_text_stays_in_its_block(tmp_path: Path) -> None:
    name = "</script><script>alert(1)</script><!-- & 'x' \"y\" ]]>"
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    (root / "seeds" / "person" / "eve.yaml").write_text(f"name: {json.dumps(name)}\n", encoding="utf-8")
    blocks = Blocks()
    blocks.feed((build_site(root, tmp_path / "site") / "person" / "eve.html").read_text(encoding="utf-8"))
    data = [text for kind, text in blocks.found if kind == "application/ld+json"]
    assert len(data) == 1 and json.loads(data[0])["name"] == name
    assert all(kind == "application/ld+json" or not text.strip() for kind, text in blocks.found)


def test_a_value_of_another_shape_than_declared_is_left_out() -> None:
    book = book_of(unchecked({"person/p": {"name": "P", "born": {"date": "then", "place": {"x": 1}}, "names": {"ru": ["a"]}}}))
    assert set(said(book, "person/p")) == {"@context", "@type", "@id", "name", "url", "alternateName"}
