"""The room that turns records into HTML: Jinja templates over plain inputs. Reads no seeds, writes nothing.

Autoescape is on and an undefined name is an error: a template sees its page's input and a few
pure functions, nothing else.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import BuiltinMethodType, MethodType
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2
from markupsafe import Markup, escape

from pipeline import dates
from pipeline.labels import in_brackets
from pipeline.model import citations
from pipeline.render.citing import as_bibtex, as_ris, as_text
from pipeline.render.facets import choices
from pipeline.render.languages import language_name
from pipeline.render.pages import Book, Page, Site, open_book, page_input, page_key
from pipeline.render.pictures import FUNCTIONS as PICTURES
from pipeline.render.prose import prose, prose_inline
from pipeline.render.site_pages import site_templates

__all__ = [
    "Book", "Page", "Renderer", "Site", "add_helpers", "open_book", "page_input", "page_key", "site_templates", "url_maker",
]


def add_helpers(environment: jinja2.Environment) -> None:
    """The filters and functions that templates of every page may use; MkDocs' environment gets them too."""
    environment.filters["date"] = lambda text: dates.in_words(str(text))
    environment.filters["prose"] = prose
    environment.filters["prose_inline"] = prose_inline
    environment.filters["language"] = language_name
    environment.filters["day"] = _day
    environment.filters["host"] = _host
    environment.filters["count"] = _count
    environment.filters["in_brackets"] = _in_brackets
    environment.filters["cite_text"] = _cite_text
    environment.filters["bibtex"] = as_bibtex
    environment.filters["ris"] = as_ris
    environment.filters["data_block"] = data_block
    environment.globals["citations"] = _full_citations
    environment.globals["choices"] = choices
    environment.globals |= PICTURES


@lru_cache(maxsize=65536)
def _day(text: str) -> Markup:
    """A date in words, marked up as a time where it is a single day."""
    words = dates.in_words(str(text))
    if len(str(text)) == 10 and dates.certain_day(str(text)):
        return Markup(f'<time datetime="{escape(text)}">{escape(words)}</time>')
    return escape(words)


def _host(address: str) -> str:
    """Whose address it is; the text itself where it only begins like an address."""
    try:
        host = urlsplit(address).hostname or address
    except ValueError:
        return address
    return host.removeprefix("www.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _in_brackets(words: str) -> Markup:
    """The same as for plain words, of what may be markup; an address of ours has no brackets."""
    return Markup(in_brackets(escape(words)))


def _cite_text(item: Mapping[str, Any]) -> Markup:
    """A citation as text, its title in its own language."""
    text, title = as_text(item), " ".join(str(item["title"]).split())
    if not title or title not in text or "language" not in item:
        return escape(text)
    before, _, after = text.partition(title)
    return Markup('{}<span lang="{}">{}</span>{}').format(before, item["language"], title, after)


def data_block(value: Any) -> Markup:
    """A value as JSON that can stand in a script element or in text: nothing in it ends the element or begins a tag."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE_IN_HTML))


_UNSAFE_IN_HTML = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def _full_citations(sources: Any) -> list[dict[str, Any]]:
    """Citations in long form, each source as a full reference."""
    return [{**citation, "source": f"source/{citation['source']}"} for citation in citations(sources)]


class _Context(jinja2.runtime.Context):
    """Calls what templates call most, macros and plain functions, without asking each time what they want to be given.

    Jinja looks for a mark on whatever is called in three ways. Macros want the evaluation context; methods of
    plain values, and functions of our own, want nothing.
    """

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """As in Jinja, for callables whose wants are known by their type."""
        kind = type(called)
        if kind is jinja2.runtime.Macro:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(self.eval_ctx, *args, **kwargs)
        if kind is BuiltinMethodType or (kind is MethodType and type(called.__self__) is Renderer):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


class _Environment(jinja2.Environment):
    """Jinja with short ways for plain data; what templates mean stays as it is."""

    context_class = _Context

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`record.date` of a plain dict is its key; Jinja would look for an attribute first, and fail at it."""
        if type(obj) is dict and attribute in obj and attribute not in _OF_ANY_DICT:
            return obj[attribute]
        return super().getattr(obj, attribute)


_OF_ANY_DICT = frozenset(dir(dict))


#: Pieces kept in memory at once; beyond that they are made anew.
_MAX_FRAGMENTS = 20_000


def path_of(target: str) -> str:
    """The path of the page or file that a template's target names, without its anchor."""
    if target.startswith("asset:"):
        return target.removeprefix("asset:")
    if target == "home":
        return "index.html"
    return f"{target}index.html" if target.endswith("/") else f"{target}.html"


def url_maker(exists: Callable[[str], bool], here: str) -> Callable[[str], str]:
    """A function from a target to the address of it relative to `here`. It refuses what does not exist."""
    folder = posixpath.dirname(here)
    up = "../" * (folder.count("/") + 1) if folder else ""
    beside = f"{folder}/" if folder else ""

    def url(target: str) -> str:
        name, mark, anchor = target.partition("#")
        path = path_of(name)
        if not exists(path):
            raise jinja2.TemplateRuntimeError(f"{here} links to {target}, which does not exist")
        relative = path[len(beside) :] if path.startswith(beside) else up + path
        return f"{_quoted(relative)}{mark}{_quoted(anchor)}"

    return url


def _quoted(text: str) -> str:
    return text if _NEEDS_NO_QUOTING.fullmatch(text) else quote(text)


_NEEDS_NO_QUOTING = re.compile(r"[A-Za-z0-9_./~-]*")


class Renderer:
    """Renders pages of one book. Make it once; `render` is a pure function of its arguments.

    `url`, `card` and `has` are globals that look at the page being rendered, so that templates can
    import macros without context: Jinja then compiles them once and not for every page.
    """

    def __init__(self, book: Book, folders: list[Path], assets: frozenset[str]) -> None:
        self.book = book
        self._paths = frozenset(page.path for page in book.pages) | assets
        self._environment = _Environment(
            loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        add_helpers(self._environment)
        self._environment.globals |= {
            "url": self._address,
            "card": self._card,
            "has": self._has,
            "is_here": self._is_here,
            "to": self._to,
            "to_named_record": self._to_named_record,
            "fragment": self._fragment,
            "site_language": book.site.language,
        }
        self._cards: Mapping[str, Any] = {}
        self._path = self._ref = self._folder = ""
        self._url: Callable[[str], str] = url_maker(self.exists, "")
        self._looked_up: dict[str, Any] | None = None
        self._fragments: dict[tuple[Any, ...], list[tuple[dict[str, Any], str, Markup]]] = {}

    def exists(self, path: str) -> bool:
        """Whether the site has a page or file at this path."""
        return path in self._paths

    def render(self, page: Page, data: Mapping[str, Any]) -> str:
        """The HTML of a page from its input. Raises jinja2.TemplateError where a template is wrong."""
        template = self._environment.select_template(list(page.templates))
        self._cards, self._path, self._ref = data["cards"], page.path, page.ref
        self._folder, self._url = posixpath.dirname(page.path), url_maker(self.exists, page.path)
        context = {key: value for key, value in data.items() if key != "cards"}
        if "items" in context:
            context["items"] = [self._card(ref) for ref in context["items"]]
        return template.render(context)

    def _address(self, target: str) -> str:
        return self._url(target)

    def _card(self, ref: str) -> Any:
        card = self._look_up(ref)
        if card is None:
            raise jinja2.TemplateRuntimeError(f"{self._path} asks for the card of {ref}, on which it does not depend")
        return card

    def _has(self, ref: str) -> bool:
        return self._look_up(ref) is not None

    def _is_here(self, ref: str) -> bool:
        self._look_up(ref)  # so that a fragment that asks is used again only where the answer is the same
        return ref == self._ref

    def _look_up(self, ref: str) -> Any:
        card = self._cards.get(ref)
        if self._looked_up is not None:
            self._looked_up[ref] = card
        return card

    def _to(self, ref: str, words: str = "", anchor: str = "") -> Markup:
        """A link to a record, with its label unless other words are given; plain words where it has no page here."""
        card = self._look_up(ref)
        words = words or (card["label"] if card else ref.partition("/")[2])
        if ref == self._ref:
            return Markup(f'<a href="#{escape(anchor)}">{escape(words)}</a>') if anchor else escape(words)
        if card is None:
            return escape(words)
        address = self._url(f"{ref}#{anchor}" if anchor else ref)
        return Markup(f'<a href="{escape(address)}">{escape(words)}</a>')

    def _to_named_record(self, entry: Mapping[str, str]) -> Markup:
        """A link to a record that a card names as {ref, label, fragment}, even where the page does not depend on it.

        Nothing here can go stale: the label stands on a card that the page does depend on, and is the bare id
        where there is no record.
        """
        ref, words = entry["ref"], entry["label"]
        if self._look_up(ref) is None and words != ref.partition("/")[2] and self.exists(f"{ref}.html"):
            anchor = f"#{entry['fragment']}" if entry.get("fragment") else ""
            return Markup('<a href="{}">{}</a>').format(self._url(f"{ref}{anchor}"), words)
        return self._to(ref, words, entry.get("fragment", ""))

    def _fragment(self, macro: Any, *arguments: Any, **named: Any) -> Markup:
        """What a macro makes of plain arguments, made once for all pages on which it would make the same.

        A fragment depends on its arguments, on the folder of the page (for addresses), on whether it
        stands on the page of a record that it names, and on the cards it looks up. It is used again only where
        every one of those is the same, so that it cannot show what the page does not depend on.
        """
        key = (macro.name, self._folder, self._ref if self._ref in arguments else "", *arguments, *sorted(named.items()))
        for looked_up, own, made in self._fragments.get(key, ()):
            if own == self._own_among(looked_up) and all(self._cards.get(ref) is card for ref, card in looked_up.items()):
                if self._looked_up is not None:
                    self._looked_up |= looked_up
                return made
        outer, self._looked_up = self._looked_up, {}
        try:
            made = macro(*arguments, **named)
        finally:
            inner, self._looked_up = self._looked_up, outer
        if outer is not None:
            outer |= inner
        if len(self._fragments) >= _MAX_FRAGMENTS:
            self._fragments.clear()
        self._fragments.setdefault(key, []).append((inner, self._own_among(inner), made))
        return made

    def _own_among(self, looked_up: Mapping[str, Any]) -> str:
        """The record whose page this is, if it is among those looked up."""
        return self._ref if self._ref in looked_up else ""
