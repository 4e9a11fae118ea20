"""The room that turns records into HTML: Jinja templates over plain inputs. Reads no seeds, writes nothing.

Autoescape is on and an undefined name is an error: a template sees its page's input and a few
pure functions, nothing else.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2

from pipeline import dates
from pipeline.model import citations
from pipeline.render.languages import language_name
from pipeline.render.pages import Book, Page, Site, open_book, page_input, page_key
from pipeline.render.prose import prose, prose_inline

__all__ = ["Book", "Page", "Renderer", "Site", "add_helpers", "open_book", "page_input", "page_key", "url_maker"]


def add_helpers(environment: jinja2.Environment) -> None:
    """The filters and functions that templates of every page may use; MkDocs' environment gets them too."""
    environment.filters["date"] = lambda text: dates.in_words(str(text))
    environment.filters["prose"] = prose
    environment.filters["prose_inline"] = prose_inline
    environment.filters["language"] = language_name
    environment.filters["host"] = _host
    environment.filters["count"] = _count
    environment.globals["citations"] = _full_citations


def _host(address: str) -> str:
    host = urlsplit(address).hostname or address
    return host.removeprefix("www.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _full_citations(sources: Any) -> list[dict[str, Any]]:
    """Citations in long form, each source as a full reference."""
    return [{**citation, "source": f"source/{citation['source']}"} for citation in citations(sources)]


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
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        add_helpers(self._environment)
        self._environment.globals |= {
            "url": lambda target: self._url(target),
            "card": self._card,
            "has": lambda ref: ref in self._cards,
            "site_language": book.site.language,
        }
        self._cards: Mapping[str, Any] = {}
        self._path = ""
        self._url: Callable[[str], str] = url_maker(self.exists, "")

    def exists(self, path: str) -> bool:
        """Whether the site has a page or file at this path."""
        return path in self._paths

    def render(self, page: Page, data: Mapping[str, Any]) -> str:
        """The HTML of a page from its input. Raises jinja2.TemplateError where a template is wrong."""
        template = self._environment.select_template(list(page.templates))
        self._cards, self._path, self._url = data["cards"], page.path, url_maker(self.exists, page.path)
        context = {key: value for key, value in data.items() if key != "cards"}
        if "items" in context:
            context["items"] = [self._card(ref) for ref in context["items"]]
        return template.render(context)

    def _card(self, ref: str) -> Any:
        if ref not in self._cards:
            raise jinja2.TemplateRuntimeError(f"{self._path} asks for the card of {ref}, on which it does not depend")
        return self._cards[ref]
