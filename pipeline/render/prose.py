"""Prose fields to HTML: short CommonMark with raw HTML off and links to http and https only.

This is the only place where a record's text becomes markup.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markupsafe import Markup


def _is_safe_link(url: str) -> bool:
    """Absolute http and https addresses, as a browser would read them."""
    try:
        parts = urlsplit(url.strip())
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _link_open(self, tokens, index, options, env):  # type: ignore[no-untyped-def]
    tokens[index].attrSet("rel", "noopener nofollow external")
    return self.renderToken(tokens, index, options, env)


def _parser() -> MarkdownIt:
    # Headings, code and HTML have no place in a summary; images would be requests to others.
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["image", "html_block", "html_inline", "heading", "lheading", "code", "fence", "hr", "reference", "autolink"])
    parser.validateLink = _is_safe_link  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link_open)
    return parser


_PARSER = _parser()

#: One line that begins with a letter and holds nothing that CommonMark gives a meaning to: it needs no parser.
_is_plain = re.compile(r"[^\W\d_][^\x00-\x1f*_`\[\]<>&\\!#]*[^\s\x00-\x1f*_`\[\]<>&\\!#]").fullmatch


@lru_cache(maxsize=8192)
def prose(text: str) -> Markup:
    """Paragraphs and lists."""
    if _is_plain(text):
        return Markup(f"<p>{escapeHtml(text)}</p>\n")
    return Markup(_PARSER.render(text))


@lru_cache(maxsize=8192)
def prose_inline(text: str) -> Markup:
    """One run of text inside a sentence or a cell."""
    if _is_plain(text):
        return Markup(escapeHtml(text))
    return Markup(_PARSER.renderInline(text))
