"""Pages over the whole collection: which there are follows from `templates/site/` and from the facts of the site.

`templates/site/<name>.html` makes `/<name>.html` of the fact of that name, where there is one. It says
its own title, description and place among the others in lines that are read before anything is rendered,
since home and navigation need them too:

    {% set title = "Comparison" %}
    {% set description = "What each treaty obliges its parties to do." %}
    {% set order = 1 %}

A fact's `parts` are pages below it, `/<name>/<part>.html`, made by `templates/site/<name>/part.html` where
that exists, else by the same template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

FOLDER = "site"


@dataclass(frozen=True, slots=True)
class SiteTemplate:
    """A template of a page over the whole collection, with what it says of itself."""

    name: str
    title: str
    description: str = ""
    order: int = 100


def site_templates(folders: Iterable[Path]) -> tuple[SiteTemplate, ...]:
    """All there are, in order; of two of one name the one in the first folder. Raises jinja2.TemplateSyntaxError."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted((folder / FOLDER).glob("*.html")):
            found.setdefault(path.stem, path)
    return tuple(sorted((_read(name, path) for name, path in found.items()), key=lambda one: (one.order, one.name)))


def _read(name: str, path: Path) -> SiteTemplate:
    """What the template sets to plain values at its top."""
    shown_name = f"{FOLDER}/{name}.html"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise jinja2.TemplateSyntaxError("the file is not UTF-8", 1, shown_name) from None
    tree = jinja2.Environment().parse(text, name=shown_name)
    said = {
        node.target.name: node.node.value
        for node in tree.body
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name) and isinstance(node.node, nodes.Const)
    }
    title = str(said.get("title") or name.replace("-", " ").capitalize())
    order = said.get("order")
    return SiteTemplate(name, title, str(said.get("description", "")), order if isinstance(order, int) else 100)


def paths_of(templates: Iterable[SiteTemplate], facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """For each page to be: its path, the name of its fact, its part, and the templates that may make it."""
    for template in templates:
        if template.name not in facts:
            continue
        own = f"{FOLDER}/{template.name}.html"
        yield f"{template.name}.html", template.name, "", (own,)
        for part in facts[template.name].get("parts", {}):
            yield f"{template.name}/{part}.html", template.name, part, (f"{FOLDER}/{template.name}/part.html", own)
