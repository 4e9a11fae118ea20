"""Kinds are data: an eighth kind, and a stranger's folder, without a line of Python."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.building import make_project, publish
from tests.worlds import PROJECT, kinds

VESSEL = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Vessel",
    "description": "A ship that a treaty names.",
    "x-kind": {"plural": "Vessels", "order": 8},
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "title": "Name", "maxLength": 100, "x-card": True},
        "treaty": {"type": "string", "title": "Treaty", "maxLength": 100, "x-ref": "treaty", "x-inverse": {"name": "vessels", "label": "Vessels it names"}},
        "sister": {"type": "string", "title": "Sister ship", "maxLength": 100, "x-ref": "vessel", "x-inverse": {"name": "sisters", "label": "Sister ships"}},
        "launched": {"$ref": "common.schema.json#/$defs/date"},
        "sources": {"$ref": "common.schema.json#/$defs/sources"},
    },
}


def test_an_eighth_kind_needs_a_schema_a_template_and_records(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    (root / "schemas" / "vessel.schema.json").write_text(json.dumps(VESSEL), encoding="utf-8")
    (root / "templates").mkdir()
    (root / "templates" / "vessel.html").write_text('{% extends "record.html" %}', encoding="utf-8")
    (root / "seeds" / "vessel").mkdir()
    (root / "seeds" / "vessel" / "hope.yaml").write_text("name: Hope\ntreaty: border-2001\nlaunched: 1999\nsources: [herald-undated]\n", encoding="utf-8")
    (root / "seeds" / "vessel" / "faith.yaml").write_text("name: Faith\nsister: hope\n", encoding="utf-8")
    site = tmp_path / "out" / "site"
    publish(root, site)
    hope = (site / "vessel" / "hope.html").read_text(encoding="utf-8")
    assert 'href="../treaty/border-2001.html"' in hope  # its link
    assert "Sister ships" in hope and 'href="faith.html"' in hope  # its back-link
    assert "1999" in hope
    treaty = (site / "treaty" / "border-2001.html").read_text(encoding="utf-8")
    assert "Vessels it names" in treaty and 'href="../vessel/hope.html"' in treaty
    source = (site / "source" / "herald-undated.html").read_text(encoding="utf-8")
    assert 'href="../vessel/hope.html"' in source
    listed = (site / "vessel" / "index.html").read_text(encoding="utf-8")
    assert "Hope" in listed and "Faith" in listed
    assert 'href="vessel/index.html"' in (site / "index.html").read_text(encoding="utf-8")


def test_a_kind_may_be_called_like_a_template_of_other_pages(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "schemas").mkdir(parents=True)
    folders = (PROJECT / "templates", PROJECT / "site" / "theme")
    names = {path.stem for folder in folders for path in folder.glob("*.html")} - kinds().keys()
    names = {name for name in names if name[0].isalpha() and name.removesuffix("-list") not in kinds()}
    assert {"list", "search", "index", "base", "main"} <= names
    for name in names:
        schema = {"title": "Thing", "type": "object", "additionalProperties": False, "properties": {"name": {"type": "string"}}}
        (root / "schemas" / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        (root / "seeds" / name).mkdir(parents=True)
        (root / "seeds" / name / "one.yaml").write_text(f"name: The one of {name}\n", encoding="utf-8")
    site = tmp_path / "out" / "site"
    publish(root, site)
    for name in names:
        assert f"<h1>The one of {name}</h1>" in (site / name / "one.html").read_text(encoding="utf-8")
        assert f"The one of {name}" in (site / name / "index.html").read_text(encoding="utf-8")


#: Fields that our kinds have, as a stranger's kind may have them: something else under the same name.
OTHERWISE = {
    "quote": {"price": 7}, "parties": 7, "about": [{"label": 3, "fragment": 4}], "type": 7, "publisher": ["a"], "date": 7, "place": {"x": 1},
}  # fmt: skip


def test_a_kind_may_call_something_else_by_the_name_of_a_field_of_ours(tmp_path: Path) -> None:
    types = {dict: "object", int: "integer", bool: "boolean", list: "array"}
    root = tmp_path / "project"
    (root / "schemas").mkdir(parents=True)
    for name, value in OTHERWISE.items():
        kind = f"with-{name}"
        field = {"type": types[type(value)], "title": "Something else", "x-card": True}
        schema = {"title": "Thing", "type": "object", "additionalProperties": False, "properties": {"name": {"type": "string"}, name: field}}
        (root / "schemas" / f"{kind}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        (root / "seeds" / kind).mkdir(parents=True)
        (root / "seeds" / kind / "one.yaml").write_text(json.dumps({"name": "The one", name: value}), encoding="utf-8")
    site = tmp_path / "out" / "site"
    publish(root, site)
    for name in OTHERWISE:
        assert "<h1>The one</h1>" in (site / f"with-{name}" / "one.html").read_text(encoding="utf-8")


def test_a_strangers_folder_publishes(tmp_path: Path) -> None:
    """Another subject, one kind of its own, records in nested folders, one template, and nothing else."""
    root = tmp_path / "orchids"
    (root / "seeds" / "orchid" / "asia" / "korea").mkdir(parents=True)
    (root / "schemas").mkdir()
    (root / "templates").mkdir()
    schema = {
        "title": "Orchid",
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {"name": {"type": "string", "x-card": True}, "colour": {"type": "string"}, "parent": {"type": "string", "x-ref": "orchid", "x-inverse": {"name": "children", "label": "Children"}}},
    }
    (root / "schemas" / "orchid.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (root / "templates" / "orchid.html").write_text(
        '{% extends "base.html" %}{% block content %}<h1>{{ record.name }}</h1><p>{{ record.colour }}</p>'
        '{% for item in back.get("children", {"items": []})["items"] %}<a href="{{ url(item.ref) }}">{{ card(item.ref).label }}</a>{% endfor %}{% endblock %}',
        encoding="utf-8",
    )
    (root / "seeds" / "orchid" / "first.yaml").write_text("name: First\ncolour: 흰색\n", encoding="utf-8")
    (root / "seeds" / "orchid" / "asia" / "korea" / "second.yaml").write_text("name: Second & Co\ncolour: red\nparent: first\n", encoding="utf-8")
    site = tmp_path / "out" / "site"
    publish(root, site)
    first = (site / "orchid" / "first.html").read_text(encoding="utf-8")
    assert "흰색" in first and "Second &amp; Co" in first
    assert (site / "orchid" / "second.html").is_file()
    assert "First" in (site / "orchid" / "index.html").read_text(encoding="utf-8")
    assert "orchids" in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "about.html").exists()
    shutil.rmtree(site.resolve())
