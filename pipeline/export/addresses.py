"""Addresses in files that leave the site, and names that stay the same wherever it is published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from pipeline.render.citing import as_of_words
from pipeline.render.pages import Book, Site, permalink

#: The year of a tag (RFC 4151) is one in which its host was the site's.
_TAG_YEAR = "2026"

#: The host in names of a site that does not know its own; RFC 2606 keeps it from ever being one.
_NO_HOST = "depositary.invalid"


def host_of(site: Site) -> str:
    """The host that makes names of this site differ from those of another."""
    return urlsplit(site.url).hostname or _NO_HOST


def tag(book: Book, name: str) -> str:
    """A permanent name as a tag: address. It does not change when a page does, or its place below the host."""
    return f"tag:{host_of(book.site)},{_TAG_YEAR}:{quote(name)}"


def address(site: Site, here: str, path: str, anchor: str = "") -> str:
    """The address of a page: its permanent one, or where the site has none the one relative to the file `here`."""
    found = permalink(site, path) or f"{'../' * here.count('/')}{quote(path)}"
    return f"{found}#{quote(anchor)}" if anchor else found


def address_of_row(site: Site, here: str, row: Mapping[str, Any]) -> str:
    """Where an entry of a feed or a calendar leads."""
    return address(site, here, f"{row['ref']}.html", row["anchor"])


def title_in_view(book: Book, title: str) -> str:
    """A title that names the day, where the site shows one that a reader asked for."""
    words = as_of_words(book.corpus.facts.view)
    return f"{title} ({words[0].lower()}{words[1:]})" if words else title


def name_in_view(book: Book, name: str) -> str:
    """A name that differs from the plain site's, where the site shows a day that a reader asked for."""
    view = book.corpus.facts.view
    return f"{name}/as-of/{view.as_of}/known-by/{view.known_by}" if view and view.explicit else name


def sentence(text: str) -> str:
    """Words as a sentence of their own; nothing of nothing."""
    return f"{text[0].upper()}{text[1:]}." if text else ""


def plain(text: str) -> str:
    """Text without what XML 1.0 and calendars cannot hold: control characters and halves of characters."""
    return _NOT_PLAIN.sub(" ", text)


_NOT_PLAIN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
