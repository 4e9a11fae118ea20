"""The index that the site's own search reads: words → records → what a result shows, in many small files.

    search/index.js        which files there are, the kinds, and the tables that fold a query
    search/facets.js       what can be chosen on the search page
    search/w/<digits>.js   for each word the records it names, and those that say it
    search/c/<digits>.js   the cards of results

Each file calls one function with plain JSON, so that a page loads it as a script: from a folder, where fetch is
refused, as well as from a server. A record is named by a digest of its reference and never by a number, so a
file depends only on the records in it.

A posting is nine letters: two for the line of the file's own table of (kind, status, year), one for how
much the record says, six for the record. `site/theme/js/search.js` reads all this; ARCHITECTURE.md says how it ranks.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from pipeline import dates
from pipeline.export.export import Bundle, Export
from pipeline.export.folding import LETTERS, LONGEST_RUN, RUNS, SOUND, SOUNDS, words_of_name, words_of_text
from pipeline.export.shards import leaves, octal_path, tree, utf16_path
from pipeline.model import Record
from pipeline.render.pages import Book

FOLDER = "search"
#: Bytes, about, above which a file is split. One with a single word may be larger.
WORDS_LIMIT, CARDS_LIMIT = 20_000, 10_000
#: Records listed for one word, the first in the order of kinds; a word of more is too common to choose by.
MOST = 800
#: Begins a word that stands for a choice on the search page, and not for letters.
CHOICE = "="
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LONGEST_CONTEXT, _LONGEST_NAME, _MOST_NAMES = 150, 110, 5
#: A part of a record is of the record's kind, so marked.
_PART = "#"


@dataclass(frozen=True, slots=True)
class Document:
    """What search knows of a record, or of a part of one with an own anchor."""

    ref: str
    names: tuple[tuple[str, str], ...]  # (language or "", name)
    texts: tuple[str, ...]
    choices: tuple[str, ...]
    group: str  # kind, status and year
    size: int
    context: str
    state: str

    @property
    def identifier(self) -> str:
        """Six letters of the digest of the reference."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.ref.encode()).digest()[:6])[:6].decode()


def exports(book: Book) -> Iterator[Bundle]:
    """The whole index as one bundle: a word's file lists records of any kind, so no file can be made alone.

    What is not in a document, such as the note of an act, is in no file, and leaves the bundle as it is.
    """
    documents = sorted(all_documents(book), key=_rank(book))
    kinds = [[kind.name, kind.title] for kind in book.kinds]
    choices = facets(book, documents)
    key = hashlib.sha256(repr((kinds, choices, documents)).encode()).hexdigest()
    yield Bundle(FOLDER, lambda: _files(documents, kinds, choices), key)


def _files(documents: list[Document], kinds: list[list[str]], choices: Mapping[str, Any]) -> Iterator[Export]:
    """The files of these documents, which are in the order of their rank."""
    words, cards = words_of(documents), cards_of(documents)
    word_files, card_files = dict(_word_files(documents, words)), dict(_card_files(cards))
    manifest = {
        "words": tree(list(word_files)), "cards": tree(list(card_files)),
        "kinds": kinds,
        "letters": LETTERS, "sounds": SOUNDS, "runs": RUNS, "run": LONGEST_RUN,
    }
    yield Export(f"{FOLDER}/index.js", partial(_script, "index", manifest))
    yield Export(f"{FOLDER}/facets.js", partial(_script, "facets", choices))
    for letter, files in (("w", word_files), ("c", card_files)):
        for name, content in files.items():
            yield Export(f"{FOLDER}/{letter}/{name or 'all'}.js", partial(_script, f"{letter}/{name or 'all'}", content))


def _script(name: str, content: Any) -> bytes:
    """A call of the function that search.js registers; line separators would end a line of older JavaScript."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"depositarySearch({json.dumps(name)},{text});\n".encode()


# Documents


def all_documents(book: Book) -> Iterator[Document]:
    """One for every record that counts, and one for every part of it that has a heading."""
    parties = {ref: tuple(_own_parties(card)) for ref, card in book.cards.items() if _entries_of(card["fields"], "parties")}
    listed = {party for own in parties.values() for party in own}
    for kind in book.kinds:
        for ref in book.lists[kind.name]:
            record = book.corpus.records[ref]
            whole = _document(book, record, _parties_of(book, ref, parties, listed))
            yield whole
            yield from _parts(book, record, whole)


def _own_parties(card: Mapping[str, Any]) -> Iterator[str]:
    for entry in _entries_of(card["fields"], "parties"):
        if isinstance(entry.get("party"), dict):
            yield entry["party"]["ref"]


def _entries_of(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The entries of a field that are objects; a kind may call something else by the same name."""
    entries = data.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _parties_of(book: Book, ref: str, parties: Mapping[str, tuple[str, ...]], listed: set[str]) -> list[str]:
    """A record's own parties; else those it refers to, and those of what it refers to."""
    if ref in parties:
        return sorted(set(parties[ref]))
    found: set[str] = {ref} & listed
    for link in book.outgoing.get(ref, ()):
        if link.target in listed:
            found.add(link.target)
        found.update(parties.get(link.target, ()))
    return sorted(found)


def _document(book: Book, record: Record, parties: list[str]) -> Document:
    card = book.cards[record.ref]
    fields, facts = card["fields"], card["facts"]
    status = str(facts.get("status") or facts.get("claim") or "")
    year = _year(fields.get("date") or facts.get("signed") or facts.get("since"))
    quote = fields.get("quote")
    quotation = str(quote.get("text", "")) if isinstance(quote, dict) else ""
    said = (str(fields.get("summary", "")), quotation, *_labels_in(fields.get("about")))
    own = {"kind": record.kind, "status": status, "year": year}
    choices = [*parties, *(f"{name}/{value}" for name, value in own.items() if value)]
    return Document(
        ref=record.ref,
        names=_names(book, record),
        texts=tuple(text for text in said if text),
        choices=tuple(choices),
        group=f"{record.kind}|{status}|{year}",
        size=min(63, len(book.outgoing.get(record.ref, ()))),
        context=_shortened(_context(fields, facts, str(card["label"])), _LONGEST_CONTEXT),
        state=_state(status, str(facts.get("since", ""))),
    )


def _names(book: Book, record: Record) -> tuple[tuple[str, str], ...]:
    """The label first, then the other names; each once, with its language where it is known."""
    data, kind = record.data, book.corpus.kinds[record.kind]
    written_in = "" if data.get("supplied_title") else str(data.get("language", ""))
    languages = {str(book.cards[record.ref]["label"]): "" if written_in == book.site.language else written_in}
    for name in (*kind.label, "name"):
        if isinstance(data.get(name), str) and not _is_joined(book, record, name):
            languages.setdefault(data[name], "")
    if isinstance(data.get("names"), dict):
        for language, name in data["names"].items():
            languages.setdefault(str(name), language)
    for name in data["aliases"] if isinstance(data.get("aliases"), list) else ():
        languages.setdefault(str(name), "")
    return tuple((language, name) for name, language in languages.items())


def _is_joined(book: Book, record: Record, name: str) -> bool:
    """Whether a field is no name itself: a date, or another record."""
    kind = book.corpus.kinds[record.kind]
    return (name,) in kind.date_paths or any(reference.pattern == (name,) for reference in kind.references)


def _parts(book: Book, record: Record, whole: Document) -> Iterator[Document]:
    """The entries of a record's lists that have a heading, under the anchors that its page gives them."""
    for entries in record.data.values():
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, dict) or "heading" not in entry:
                continue
            article = str(entry.get("article", ""))
            anchor = f"article-{article}" if article else str(entry.get("id", ""))
            if not anchor:
                continue
            heading = str(entry["heading"])
            name = f"Article {article}: {heading}" if article else heading
            label = whole.names[0][1]
            yield Document(
                ref=f"{record.ref}#{anchor}", names=(("", name),), texts=(str(entry.get("summary", "")), label),
                choices=(), group=whole.group.replace("|", f"{_PART}|", 1), size=whole.size, context=label, state="",
            )


def _labels_in(value: Any) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    labelled = [entry for entry in entries if isinstance(entry, dict) and "label" in entry]
    return [f"{entry['label']} {str(entry.get('fragment', '')).replace('-', ' ')}" for entry in labelled]


def _context(fields: Mapping[str, Any], facts: Mapping[str, Any], label: str) -> str:
    """A line that tells one record from another of the same name."""
    if facts.get("office") and "summary" not in fields:
        return str(facts["office"])
    if fields.get("summary"):
        return str(fields["summary"])
    parts = _labels_in([entry.get("party") for entry in _entries_of(fields, "parties")])[:4]
    for name in ("publisher", "date", "place", "type"):
        value = fields.get(name)
        text = dates.in_words(str(value)) if name == "date" and value else value
        if isinstance(text, str) and text not in label:
            parts.append(text.replace("-", " ").capitalize() if name == "type" else text)
    return ", ".join(part.strip() for part in parts)


def _state(status: str, since: str) -> str:
    words = status.replace("-", " ").capitalize()
    return f"{words} since {dates.in_words(since)}" if words and since and status != "ended" else words


def _year(value: Any) -> str:
    span = dates.parse(str(value)) if value else None
    return str(span.start[1].year) if span else ""


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _rank(book: Book):  # type: ignore[no-untyped-def]
    """The order of records in every list: by kind, parts after all, then those that say the most."""
    order = {kind.name: number for number, kind in enumerate(book.kinds)}

    def key(document: Document) -> tuple[int, int, str]:
        kind = document.group.partition("|")[0]
        return (len(order) if kind.endswith(_PART) else order[kind], -document.size, document.ref)

    return key


# Words


def words_of(documents: Iterable[Document]) -> dict[str, tuple[list[int], list[int]]]:
    """For each word the numbers of the documents it names, and of those that say it."""
    words: dict[str, tuple[list[int], list[int]]] = {}
    for number, document in enumerate(documents):
        named: set[str] = set()
        for _, name in document.names:
            named |= words_of_name(name)
        for word in named:
            words.setdefault(word, ([], []))[0].append(number)
        said: set[str] = set()
        for text in document.texts:
            said |= words_of_text(text)
        for word in said - named:
            words.setdefault(word, ([], []))[1].append(number)
        for choice in document.choices:
            words.setdefault(CHOICE + choice, ([], []))[0].append(number)
    return words


def _word_files(documents: list[Document], words: Mapping[str, tuple[list[int], list[int]]]) -> Iterator[tuple[str, Any]]:
    ordered = sorted((utf16_path(word), word) for word in words)
    sizes = [len(word) * 2 + 12 + 9 * sum(min(len(numbers), MOST) for numbers in words[word]) for _, word in ordered]
    postings = [(document.identifier, _ALPHABET[document.size]) for document in documents]
    for leaf in leaves([path for path, _ in ordered], sizes, WORDS_LIMIT):
        own = {word: words[word] for _, word in ordered[leaf.start : leaf.stop]}
        groups = sorted({documents[number].group for lists in own.values() for numbers in lists for number in numbers[:MOST]})
        code = {group: _ALPHABET[at // 64] + _ALPHABET[at % 64] for at, group in enumerate(groups)}
        entries: dict[str, list[str | int]] = {}
        for word, lists in own.items():
            entry: list[str | int] = []
            for numbers in lists:
                entry.append("".join(code[documents[n].group] + postings[n][1] + postings[n][0] for n in numbers[:MOST]))
            total = sum(map(len, lists))
            entries[word] = [*entry, total] if max(map(len, lists)) > MOST else entry if entry[1] else entry[:1]
        yield leaf.name, {"groups": groups, "words": entries}


# Cards


def cards_of(documents: Iterable[Document]) -> dict[str, list[list[Any]]]:
    """By identifier what a result shows: reference, label, context, status, other names with languages, the label's language."""
    cards: dict[str, list[list[Any]]] = {}
    for document in documents:
        others = [[language, _shortened(name, _LONGEST_NAME)] for language, name in document.names[1:] if not name.isascii()]
        language, label = document.names[0]
        card: list[Any] = [document.ref, _shortened(label, 200), document.context, document.state, others[:_MOST_NAMES], language]
        cards.setdefault(document.identifier, []).append(card)
    return cards


def _card_files(cards: Mapping[str, list[list[Any]]]) -> Iterator[tuple[str, Any]]:
    ordered = sorted((octal_path(identifier, _ALPHABET), identifier) for identifier in cards)
    sizes = [sum(_size(card) for card in cards[identifier]) for _, identifier in ordered]
    for leaf in leaves([path for path, _ in ordered], sizes, CARDS_LIMIT):
        yield leaf.name, {identifier: cards[identifier] for _, identifier in ordered[leaf.start : leaf.stop]}


def _size(card: list[Any]) -> int:
    return 40 + sum(len(part.encode()) for part in (*card[:4], *(name for _, name in card[4])))


# Choices


def facets(book: Book, documents: Iterable[Document]) -> dict[str, Any]:
    """What there is to choose from: kinds, parties, states and years."""
    chosen = sorted({choice for document in documents for choice in document.choices})
    by_name = {name: [choice for _, choice in pairs] for name, pairs in groupby(
        (choice.split("/", 1) for choice in chosen), key=lambda pair: pair[0]
    )}
    named = {"kind", "status", "year"}
    parties = [f"{name}/{identifier}" for name, own in by_name.items() if name not in named for identifier in own]
    return {
        "kind": [[kind.name, kind.plural] for kind in book.kinds if book.lists[kind.name]],
        "party": sorted(([ref, str(book.cards[ref]["label"])] for ref in parties), key=lambda pair: (pair[1].casefold(), pair)),
        "status": [[status, _state(status, "")] for status in by_name.get("status", [])],
        "year": [[year, year] for year in reversed(by_name.get("year", []))],
    }


__all__ = ["SOUND", "Document", "all_documents", "cards_of", "exports", "facets", "words_of"]
