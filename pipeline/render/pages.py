"""Which pages there are, and everything each one depends on, as one plain value.

A page's input is all that its template can see. Its key is the digest of that input, in which
cards stand by their own digests; so what is not in the key cannot be on the page, and nothing
on a page can go stale. Of other records an input holds only their cards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from pipeline import dates
from pipeline.labels import anchor_of_place, label, place_in_words, without_citation
from pipeline.link import back_links, resolve
from pipeline.model import Corpus, Kind, Link, Pointer, Printer, Record, citations, split_reference
from pipeline.render import sharing
from pipeline.render.citing import citation_items
from pipeline.render.facets import list_facets
from pipeline.render.linked_data import linked_data
from pipeline.render.site_pages import SiteTemplate, paths_of

#: Records on one page of a list, unless the schema names another number as its `rows`.
LIST_LENGTH = 50
#: The page that answers a query; what it finds comes from the index (pipeline/export/search.py).
SEARCH = "search"
#: Templates that are no kind's: a kind that is called so has the record's.
_OTHER_TEMPLATES = frozenset(("base", "index", "list", "main", "overview", "record", SEARCH))


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shares, from the configuration: names, hand-written pages, address."""

    name: str = "Depositary"
    description: str = ""
    language: str = "en"
    url: str = ""
    pages: tuple[tuple[str, str], ...] = ()  # (title, path) of hand-written pages in the navigation
    written: Mapping[str, str] = field(default_factory=dict)  # of all hand-written pages: the path, and the file it is made from
    corrections: str = ""  # where to suggest a correction: an address with {path} or {title} in it
    printer: Printer | None = None  # what share cards are printed with, where this machine has it


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be: where it goes, which templates may make it (the first that exists), of what."""

    path: str
    templates: tuple[str, ...]
    ref: str = ""
    kind: str = ""
    number: int = 1
    fact: str = ""
    part: str = ""


class Way(NamedTuple):
    """To the place of a link in its record: the place, what sorts by it, and whether it leads through a list."""

    place: Pointer
    order: tuple[tuple[str, int], ...]
    in_list: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The corpus made ready for inputs: cards, links by source, back-links, lists in order.

    What many inputs have in common is worked out once: the digest of each card and the sources it cites,
    the day of each record, the titles of each kind's fields, and the places of back-links in words.
    """

    corpus: Corpus
    site: Site
    cards: Mapping[str, Mapping[str, Any]]
    outgoing: Mapping[str, tuple[Link, ...]]
    incoming: Mapping[str, list[Link]]
    lists: Mapping[str, tuple[str, ...]]
    kinds: tuple[Kind, ...] = ()
    overviews: tuple[SiteTemplate, ...] = ()
    pages: tuple[Page, ...] = field(default=())
    card_digests: Mapping[str, str] = field(default_factory=dict)
    cited: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: dict[tuple[str, Pointer], str] = field(default_factory=dict)  # filled as they are asked for, like the ways
    ways: dict[Pointer, Way] = field(default_factory=dict)


def open_book(corpus: Corpus, site: Site, templates: tuple[SiteTemplate, ...] = ()) -> Book:
    """Everything that inputs are made from. `templates` are those of pages over the whole collection."""
    by_kind: dict[str, list[Record]] = {}
    for record in corpus.records.values():
        by_kind.setdefault(record.kind, []).append(record)
    cards = {record.ref: make_card(corpus, record) for record in corpus.records.values()}
    kinds = tuple(sorted((corpus.kinds[name] for name in by_kind), key=lambda kind: (kind.order, kind.name)))
    lists = {
        kind.name: tuple(_sorted_refs(corpus, kind, [record for record in by_kind[kind.name] if record.is_current], cards))
        for kind in kinds
    }
    outgoing: dict[str, list[Link]] = {}
    for link in corpus.links:
        outgoing.setdefault(link.source, []).append(link)
    overviews = tuple(template for template in templates if template.name in corpus.facts.site)
    links_by_source = {ref: tuple(links) for ref, links in outgoing.items()}
    book = Book(
        corpus, site, cards, links_by_source, back_links(corpus.links), lists, kinds, overviews,
        card_digests={ref: _digest(card) for ref, card in cards.items()},
        cited={ref: tuple(name for name in _sources_in(card["fields"]) if name in cards) for ref, card in cards.items()},
        days={record.ref: _day(record) for record in corpus.records.values()},
        titles={kind.name: _field_titles(kind) for kind in kinds},
    )
    return replace(book, pages=tuple(_pages(book)))


def _pages(book: Book) -> Iterator[Page]:
    yield Page("index.html", ("index.html",))
    yield Page(f"{SEARCH}.html", ("search.html",))
    for path, fact, part, templates in paths_of(book.overviews, book.corpus.facts.site):
        yield Page(path, templates, fact=fact, part=part)
    for kind in book.kinds:
        refs = book.lists[kind.name]
        for number in range(1, number_of_pages(kind, len(refs)) + 1):
            name = "index.html" if number == 1 else f"page-{number}.html"
            yield Page(f"{kind.name}/{name}", (f"{kind.name}-list.html", "list.html"), kind=kind.name, number=number)
        for ref in refs:
            yield _record_page(ref, kind.name)
    for record in book.corpus.records.values():
        if not record.is_current:  # on no list, yet its address goes on working
            yield _record_page(record.ref, record.kind)


def _record_page(ref: str, kind: str) -> Page:
    own = () if kind in _OTHER_TEMPLATES else (f"{kind}.html",)
    return Page(f"{ref}.html", (*own, "record.html"), ref=ref, kind=kind)


def list_length(kind: Kind) -> int:
    """Records on one page of a kind's list: the longer one of them is, the fewer."""
    return kind.rows or LIST_LENGTH


def number_of_pages(kind: Kind, count: int) -> int:
    """Pages that a list of so many records of a kind is split into."""
    return max(1, -(-count // list_length(kind)))


def refs_on(book: Book, page: Page) -> tuple[str, ...]:
    """The records on a page of a kind's list; none on any other page."""
    if page.ref or not page.kind:
        return ()
    length = list_length(book.corpus.kinds[page.kind])
    return book.lists[page.kind][(page.number - 1) * length : page.number * length]


# Cards: what other pages may show of a record


def make_card(corpus: Corpus, record: Record) -> dict[str, Any]:
    """Label, the fields that the schema marks x-card, and the derived facts meant for other pages."""
    kind = corpus.kinds[record.kind]
    fields = {name: record.data[name] for name in kind.card if name in record.data}
    for reference in kind.references:
        if reference.pattern[0] in fields and "sources" not in reference.pattern:  # a citation stays a citation
            fields[reference.pattern[0]] = _with_labels(
                corpus, fields[reference.pattern[0]], reference.pattern[1:], reference.kinds
            )
    return {
        "ref": record.ref,
        "kind": record.kind,
        "id": record.id,
        "label": label(corpus, record.ref) + (" (withdrawn)" if "withdrawn" in record.data else ""),
        "kind_title": kind.title,
        "fields": fields,
        "facts": corpus.facts.cards.get(record.ref, {}),
    }


def _with_labels(corpus: Corpus, value: Any, pattern: tuple[str, ...], kinds: tuple[str, ...]) -> Any:
    """A copy of a card field in which each reference is {ref, label, fragment}."""
    if not pattern:
        if not isinstance(value, str):
            return value
        target = resolve(value, kinds)
        return {
            "ref": target.partition("#")[0],
            "label": label(corpus, target.partition("#")[0]),
            "fragment": split_reference(value)[2],
        }
    head, rest = pattern[0], pattern[1:]
    if head == "*" and isinstance(value, list):
        return [_with_labels(corpus, item, rest, kinds) for item in value]
    if isinstance(value, dict) and head in value:
        return {**value, head: _with_labels(corpus, value[head], rest, kinds)}
    return value


def _sorted_refs(corpus: Corpus, kind: Kind, records: list[Record], cards: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A kind's records in the order its schema asks for: a field or derived fact, "-" for the latest first."""
    name = kind.sort.removeprefix("-")
    latest_first = kind.sort.startswith("-")

    def key(record: Record) -> tuple[Any, ...]:
        value = str(record.data.get(name) or cards[record.ref]["facts"].get(name) or "")
        span = dates.parse(value)
        if span is not None:
            day = span.start[1].toordinal()
            return (0, -day if latest_first else day, "", record.id)
        return (1, 0, (value or cards[record.ref]["label"]).casefold(), record.id)

    ordered = sorted(records, key=key)
    if kind.group:
        ordered.sort(key=lambda record: _group_rank(kind, str(record.data.get(kind.group, ""))))
    return [record.ref for record in ordered]


def _group_rank(kind: Kind, value: str) -> tuple[int, str]:
    """Groups in the order in which the schema lists the words of the field."""
    words = kind.schema.get("properties", {}).get(kind.group, {}).get("enum", [])
    return (words.index(value) if value in words else len(words), value)


# Inputs


def page_input(book: Book, page: Page) -> dict[str, Any]:
    """All that a page's template can see, as plain JSON."""
    if page.ref:
        own = _record_input(book, page)
    elif page.kind:
        own = _list_input(book, page)
    elif page.fact:
        own = _overview_input(book, page)
    elif page.path == f"{SEARCH}.html":
        own = {"title": "Search", "description": "Every record by name, in any script, and by kind, party, status and year."}
    else:
        own = _home_input(book)
    own["shell"] = _shell(book, page, own)
    own["cards"] = _cards_for(book, own)
    if page.kind and not page.ref:  # after the cards: a facet names records in words and needs no card of theirs
        own["found"] = list_facets(book.corpus, book.corpus.kinds[page.kind], own["items"], book.cards)
    return own


#: Parts of an input that name no records beside those in `links`, where every reference of the record stands.
_WITHOUT_OTHERS = frozenset(("record", "named", "titles", "cite", "linked_data", "shell"))


def _cards_for(book: Book, own: Mapping[str, Any]) -> dict[str, Any]:
    """The cards of all records that an input names, and of the sources that those cards cite."""
    found = _refs_in([value for name, value in own.items() if name not in _WITHOUT_OTHERS])
    named = found & book.cards.keys()
    shown = named.union(*(book.cited[ref] for ref in named))
    return {ref: book.cards[ref] for ref in sorted(shown)}


def page_key(engine: str, book: Book, page: Page, data: Mapping[str, Any]) -> str:
    """The digest of everything the page depends on: of its input, in which each card stands as its digest."""
    cards = [book.card_digests[ref] for ref in data["cards"]]
    return _digest([engine, page.path, page.templates, {**data, "cards": cards}])


def _digest(value: Any) -> str:
    return hashlib.sha256(_as_text(value).encode("utf-8", "surrogatepass")).hexdigest()


_as_text = json.JSONEncoder(sort_keys=True, ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _record_input(book: Book, page: Page) -> dict[str, Any]:
    corpus = book.corpus
    record = corpus.records[page.ref]
    kind = corpus.kinds[record.kind]
    title = str(book.cards[page.ref]["label"])
    summary = record.data.get(kind.summary, "") if kind.summary else ""
    return {
        "title": title,
        "description": str(summary)[:300],
        "page": {
            "ref": record.ref,
            "kind": record.kind,
            "id": record.id,
            "label": title,
            "kind_title": kind.title,
            "kind_plural": kind.plural,
            "path": record.path,
        },
        "record": record.data,
        "facts": corpus.facts.pages.get(record.ref, {}),
        "links": sorted({link.target for link in book.outgoing.get(record.ref, ())}),
        "back": _back(book, record),
        "titles": book.titles[kind.name],
        "named": {link.text: link.target for link in book.outgoing.get(record.ref, ())},
        "cite": citation_items(
            corpus, record, book.outgoing.get(record.ref, ()), book.site.name, permalink(book.site, page.path)
        ),
        "linked_data": linked_data(corpus, record, book.cards, lambda ref: _address(book.site, record, ref)),
        "away": {name: record.ref in corpus.facts.site.get(name, {}).get("of", {}) for name in ("news", "diary")},
        "corrections": _corrections(book.site, record, title),
    }


def _address(site: Site, record: Record, ref: str) -> str:
    """The address of a record's page: the permanent one, or where the site has none the one from another record's page."""
    if site.url:
        return permalink(site, f"{ref}.html")
    return f"{ref.partition('/')[2]}.html" if ref.startswith(f"{record.kind}/") else f"../{ref}.html"


def _corrections(site: Site, record: Record, title: str) -> str:
    """Where a reader may suggest a correction of this record; nothing where the site names no place."""
    return site.corrections.replace("{path}", quote(record.path)).replace("{title}", quote(title, safe=""))


def permalink(site: Site, path: str) -> str:
    """The permanent address of a page; nothing where the site does not know its own."""
    return f"{site.url.rstrip('/')}/{quote(path)}" if site.url else ""


def _field_titles(kind: Kind) -> dict[str, str]:
    """Titles of a kind's properties, for templates that know no kind."""
    definitions = kind.schema.get("$defs", {})
    titles = {}
    for name, schema in kind.schema.get("properties", {}).items():
        shared = definitions.get(str(schema.get("$ref", "")).removeprefix("#/$defs/"), {})
        titles[name] = schema.get("title", shared.get("title", name))
    return titles


def _back(book: Book, record: Record) -> dict[str, Any]:
    """Back-links by their reverse name, each with its place in words: records by their day, places as they stand in them."""
    out: dict[str, Any] = {}
    for link in sorted(book.incoming.get(record.ref, ()), key=lambda link: _order(book, link)):
        group = out.setdefault(link.inverse, {"label": link.inverse_label, "items": []})
        place, anchor = _place(book, link)
        group["items"].append({"ref": link.source, "place": place, "anchor": anchor, "fragment": link.fragment})
    return dict(sorted(out.items()))


def _order(book: Book, link: Link) -> tuple[Any, ...]:
    """By day and record, and in a record by place."""
    return (book.days[link.source], link.source, _way(book, link).order)


def _place(book: Book, link: Link) -> tuple[str, str]:
    """Where a link stands, in words, and its anchor: outside of lists the same for all records of the kind, and without one."""
    source = book.corpus.records[link.source]
    way = _way(book, link)
    if way.in_list:
        return place_in_words(book.corpus, source, way.place), anchor_of_place(book.corpus, source, way.place)
    words = book.places.get((source.kind, way.place))
    if words is None:
        words = book.places[source.kind, way.place] = place_in_words(book.corpus, source, way.place)
    return words, ""


def _way(book: Book, link: Link) -> Way:
    """The way to a link's place; many links have the same one."""
    way = book.ways.get(link.pointer)
    if way is None:
        place = without_citation(link.pointer)
        order = tuple((step, 0) if isinstance(step, str) else ("", step) for step in place)
        way = book.ways[link.pointer] = Way(place, order, any(isinstance(step, int) for step in place))
    return way


def _day(record: Record) -> int:
    """The day of a record, for sorting; those without one come last."""
    span = dates.parse(str(record.data.get("date", "")))
    return span.start[1].toordinal() if span else date.max.toordinal()


def _list_input(book: Book, page: Page) -> dict[str, Any]:
    kind = book.corpus.kinds[page.kind]
    return {
        "title": kind.plural,
        "description": kind.description,
        "kind": {"name": kind.name, "title": kind.title, "plural": kind.plural, "description": kind.description},
        "items": list(refs_on(book, page)),
        "group": kind.group,
        "number": page.number,
        "total": number_of_pages(kind, len(book.lists[kind.name])),
        "count": len(book.lists[kind.name]),
    }


def _home_input(book: Book) -> dict[str, Any]:
    view = book.corpus.facts.view
    kinds = [
        {
            "name": kind.name,
            "title": kind.title,
            "plural": kind.plural,
            "description": kind.description,
            "count": len(book.lists[kind.name]),
            "first": list(book.lists[kind.name][:12]),
        }
        for kind in book.kinds
    ]
    return {
        "title": book.site.name,
        "description": book.site.description,
        "kinds": kinds,
        "overviews": [{"title": one.title, "description": one.description, "target": one.name} for one in book.overviews],
        "site": book.corpus.facts.site.get("home", {}),
        "as_of": view.as_of.isoformat() if view else "",
    }


def _overview_input(book: Book, page: Page) -> dict[str, Any]:
    """The fact as it is, without its other parts. A part may bring a title, and the day it shows as `view`."""
    template = next(one for one in book.overviews if one.name == page.fact)
    whole = book.corpus.facts.site[page.fact]
    facts = whole["parts"][page.part] if page.part else {key: value for key, value in whole.items() if key != "parts"}
    number = f", page {facts['number']}" if facts.get("number", 1) > 1 else ""
    return {
        "title": f"{facts.get('title', template.title)}{number}",
        "description": template.description,
        "name": page.fact,
        "part": page.part,
        "facts": facts,
    }


def _shell(book: Book, page: Page, own: dict[str, Any]) -> dict[str, Any]:
    record = book.corpus.records[page.ref] if page.ref else None
    changed = book.corpus.changed.get(record.path, "") if record else ""
    made = shell(book, page.path, own.pop("title"), own.pop("description"), page.kind or page.fact, record, changed)
    if page.fact and "view" in own["facts"]:
        made["view"] = own["facts"]["view"]
    return made


def shell(
    book: Book, path: str, title: str, description: str, section: str = "", record: Record | None = None, changed: str = ""
) -> dict[str, Any]:
    """What the frame round every page needs, hand-written pages included."""
    view = book.corpus.facts.view
    return {
        "path": path,
        "title": title,
        "description": description or book.site.description,
        "lang": book.site.language,
        "site_name": book.site.name,
        "site_description": book.site.description,
        "sections": [{"title": kind.plural, "target": f"{kind.name}/", "current": kind.name == section} for kind in book.kinds],
        "overviews": [{"title": one.title, "target": one.name, "current": one.name == section} for one in book.overviews],
        "pages": [
            {"title": name, "target": target.removesuffix(".html"), "current": target == path} for name, target in book.site.pages
        ],
        "view": {"as_of": view.as_of.isoformat(), "known_by": view.known_by.isoformat()} if view and view.explicit else None,
        "source_path": record.path if record else "",
        "changed": changed,
        "permalink": permalink(book.site, path),
        "share": sharing.head(book, record, description, lambda card: permalink(book.site, card)),
        "feed": bool(book.corpus.facts.site.get("news", {}).get("entries")),
        "calendar": bool(book.corpus.facts.site.get("diary", {}).get("entries")),
    }


def _refs_in(value: Any) -> set[str]:
    """Everything in an input that may be a reference to a record, bare ids of sources included."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        node = waiting.pop()
        kind = type(node)  # plain JSON: no subclasses
        if kind is str:
            if "/" in node:
                found.add(node.partition("#")[0])
        elif kind is dict:
            if "sources" in node:
                found.update(_cited(node["sources"]))
            waiting += node.values()
        elif kind is list:
            waiting += node
    return found


def _sources_in(value: Any) -> set[str]:
    """The sources that a value cites, at any depth."""
    if isinstance(value, dict):
        found = set(_cited(value["sources"])) if "sources" in value else set()
        return found.union(*map(_sources_in, value.values()))
    return set().union(*map(_sources_in, value)) if isinstance(value, list) else set()


def _cited(sources: Any) -> Iterator[str]:
    return (f"source/{citation['source']}" for citation in citations(sources))
