"""Short ways in rendering: each gives what the long way gives."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from pipeline.model import Corpus
from pipeline.render import Page, Renderer, Site, open_book
from pipeline.render.prose import _PARSER, prose, prose_inline

#: Texts in which signs with a meaning in CommonMark are as frequent as letters.
TEXTS = st.text(st.one_of(st.sampled_from("ab9 \n\t*_`[]()<>&\\!#-+.:~|='\"/@{}\u00a0\u2028\u0085\r"), st.characters(codec="utf-8")), max_size=30)


@given(TEXTS)
@example("Mr. X said: \"a 'quoted' word\" - see http://example.org/a_b")
@example("a  b   c")
@example("www.example.org and you@example.org, 50% - 3) x")
@example("Текст 글 ~~x~~ | y")
def test_a_plain_line_is_what_the_parser_makes_of_it(text: str) -> None:
    assert prose(text) == Markup(_PARSER.render(text))
    assert prose_inline(text) == Markup(_PARSER.renderInline(text))


#: What templates write, of data in which keys have the names of a dict's own methods.
TEMPLATE = """{% macro shown(value, called="-") %}{{ value }}/{{ called }}/{{ caller() if caller is defined else "" }}{% endmacro %}
{{ shown("<a>") }} {{ shown("a", called="<b>") }} {% call shown("x") %}inner{% endcall %}
{{ page.ref }} {{ page.kind }} {{ data.items() | list }} {{ data.get("keys") }} {{ data["items"] }} {{ data.plain }}
{{ "a-b".upper() }} {{ data.plain is defined }} {{ data.missing is defined }} {{ "%s" % data.plain }} {{ range(3) | list }}
{% for key, value in data.items() %}{{ loop.cycle("odd", "even") }} {{ key.title() }}={{ value }} {% endfor %}"""

CONTEXT = {
    "page": {"ref": "a/b", "kind": "<k>"},
    "data": {"items": "own", "keys": 1, "plain": "<p>", "copy": "c"},
    "cards": {},
}


def renderer(folder: Path, text: str) -> Renderer:
    (folder / "t.html").write_text(text, encoding="utf-8")
    return Renderer(open_book(Corpus(), Site()), [folder], frozenset())


def test_templates_mean_what_they_mean_in_jinja(tmp_path: Path) -> None:
    made = renderer(tmp_path, TEMPLATE).render(Page("t.html", ("t.html",)), CONTEXT)
    stock = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    assert made == stock.from_string(TEMPLATE).render(CONTEXT)


def test_what_is_not_there_is_still_an_error(tmp_path: Path) -> None:
    for text in ("{{ data.missing }}", "{{ data.plain.missing }}", "{{ missing() }}", "{{ data.missing() }}"):
        with pytest.raises(jinja2.UndefinedError):
            renderer(tmp_path, text).render(Page("t.html", ("t.html",)), CONTEXT)


def test_links_are_escaped(tmp_path: Path) -> None:
    made = renderer(tmp_path, "{{ to('a/b', '<i>') }} {{ '2001-01-02' | day }} {{ '<x>' | day }}").render(Page("t.html", ("t.html",)), CONTEXT)
    assert made == '&lt;i&gt; <time datetime="2001-01-02">2 January 2001</time> &lt;x&gt;'


@pytest.mark.parametrize(
    ("address", "shown"),
    [("https://www.example.org/a", "example.org"), ("https://[half", "https://[half"), ("https://a]b/", "https://a]b/"), ("https:///x", "https:///x")],
)
def test_a_text_that_only_begins_like_an_address_is_shown_as_it_is(tmp_path: Path, address: str, shown: str) -> None:
    template = renderer(tmp_path, "{{ data.place|host }}")
    assert template.render(Page("t.html", ("t.html",)), {"data": {"place": address}, "cards": {}}) == shown
