"""What the acts and provisions of a treaty are called, and where they stand on its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.derive.treaty import Standing
from pipeline.model import Entry, Pointer, Record


def entries_of(treaty: Record, standing: Standing) -> dict[Pointer, Entry]:
    """The acts and provisions by their places in the record."""
    return dict([*_acts(standing), *_provisions(treaty)])


def anchor_of_provision(provision: Mapping[str, Any]) -> str:
    """Where a provision stands on its treaty's page: under its article, or under its id; empty where it has neither."""
    article = provision.get("article")
    return f"article-{article}" if article else str(provision.get("id", ""))


def _acts(standing: Standing) -> Iterator[tuple[Pointer, Entry]]:
    for act in standing.acts:
        yield ("actions", act.index), Entry(act.label, act.anchor)


def _provisions(treaty: Record) -> Iterator[tuple[Pointer, Entry]]:
    for index, provision in enumerate(treaty.data.get("provisions", [])):
        article = provision.get("article")
        name = f"Article {article}" if article else provision["heading"]
        yield ("provisions", index), Entry(name, anchor_of_provision(provision))
