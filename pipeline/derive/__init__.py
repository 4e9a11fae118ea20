"""The heart: how status follows from the records. Pure functions of (records, as-of day, known-by day).

No one types a status. Every fact comes with since, and with why: the acts and sources it
rests on. Nothing here reads a clock, a file or the network.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.derive import alliances, collections, diary, news, pages
from pipeline.derive.answers import answers_of
from pipeline.derive.claims import derive_claim
from pipeline.derive.entries import entries_of
from pipeline.derive.expectations import read_expectations
from pipeline.derive.known import KnownDays
from pipeline.derive.treaty import Standing, derive_standing
from pipeline.derive.view import project
from pipeline.model import Corpus, Facts, Link, Record, View

__all__ = ["derive", "project", "with_news"]


def derive(corpus: Corpus, view: View) -> Corpus:
    """The corpus with its facts for a view. The corpus must already be projected to it and linked."""
    targets = _incoming(corpus.links)
    days = KnownDays(corpus)
    standings = standings_of(corpus, view)
    claims = {
        record.ref: derive_claim(corpus, record, _sources_of(corpus, targets, record.ref, "statements_about"), view.as_of)
        for record in corpus.records.values()
        if record.kind == "event" and record.data.get("claimed")
    }
    page_facts: dict[str, dict[str, object]] = {}
    card_facts: dict[str, dict[str, object]] = {}
    current = {ref: standing for ref, standing in standings.items() if corpus.records[ref].is_current}
    by_event, by_person, by_organization = _by_what_they_name(current)
    chains = alliances.chains(corpus, current)
    for ref, record in corpus.records.items():
        if record.kind == "treaty":
            page_facts[ref] = pages.treaty_page(corpus, record, standings[ref], days)
            page_facts[ref]["chain"] = chains.get(ref, [])
            page_facts[ref]["drawn_up_to"] = alliances.drawn_up_to(view)
            page_facts[ref]["statements"] = pages.refs_by_date(_sources_of(corpus, targets, ref, "statements_about"))
            card_facts[ref] = pages.treaty_card(standings[ref])
        elif record.kind == "statement":
            card_facts[ref] = pages.statement_card(corpus, record)
            page_facts[ref] = pages.statement_page(corpus, record, standings, card_facts[ref])
        elif record.kind == "person":
            said = _sources_of(corpus, targets, ref, "statements")
            page_facts[ref] = pages.person_page(corpus, record, by_person.get(record.id, {}), said)
            card_facts[ref] = pages.person_card(record)
        elif record.kind == "event":
            page_facts[ref] = pages.event_page(record, by_event.get(record.id, {}), claims.get(ref))
            card_facts[ref] = {"claim": claims[ref]["state"]} if ref in claims else {}
        elif record.kind == "organization":
            holders = _sources_of(corpus, targets, ref, "office_holders")
            page_facts[ref] = pages.organization_page(record, by_organization.get(record.id, {}), holders)
        elif record.kind == "procedure":
            following = {link.source: current[link.source] for link in targets.get(ref, ()) if link.source in current}
            page_facts[ref] = pages.procedure_page(corpus, record, following)
    counted = {ref: claim for ref, claim in claims.items() if corpus.records[ref].is_current}
    site = collections.site_facts(corpus, current, counted, view)
    if current:
        site["in-force"] = alliances.pictures(corpus, current, view)
    entries = {ref: entries_of(corpus.records[ref], standing) for ref, standing in standings.items()}
    return replace(corpus, facts=Facts(view, page_facts, card_facts, site, standings, entries))


def with_news(corpus: Corpus) -> Corpus:
    """A derived corpus with what only a site tells: news and the diary for feeds and calendars, and a line for each record."""
    view = corpus.facts.view
    assert view is not None
    days = KnownDays(corpus)
    current = {ref: standing for ref, standing in corpus.facts.standings.items() if corpus.records[ref].is_current}
    claims = {ref: card["claim"] for ref, card in corpus.facts.cards.items() if card.get("claim")}
    told = {"news": news.news_of(corpus, current, claims, days, view), "diary": diary.diary_of(corpus, current, days, view)}
    site = {**corpus.facts.site, **{name: fact for name, fact in told.items() if fact["entries"]}}
    site["answers"] = answers_of(corpus, corpus.facts.pages, corpus.facts.cards)
    return replace(corpus, facts=replace(corpus.facts, site=site))


def standings_of(corpus: Corpus, view: View) -> dict[str, Standing]:
    """Where every treaty stands, by reference."""
    expectations = read_expectations(corpus)
    superseding: dict[str, list[Record]] = {}
    treaties = [record for record in corpus.records.values() if record.kind == "treaty"]
    for record in treaties:
        if not record.is_current:
            continue
        for relation in record.data.get("relations", []):
            superseding.setdefault(relation["treaty"], []).append(record)
    return {
        record.ref: derive_standing(corpus, record, expectations.get(record.id, []), superseding.get(record.id, []), view.as_of)
        for record in treaties
    }


_ByName = dict[str, dict[str, Standing]]


def _by_what_they_name(standings: dict[str, Standing]) -> tuple[_ByName, _ByName, _ByName]:
    """The standings of the treaties that name each event, each person who acted, and each party, by their ids."""
    by_event: _ByName = {}
    by_person: _ByName = {}
    by_organization: _ByName = {}
    for ref, standing in standings.items():
        for act in standing.acts:
            if act.event:
                by_event.setdefault(act.event, {})[ref] = standing
            for person in act.by:
                by_person.setdefault(person, {})[ref] = standing
        for state in standing.parties:
            by_organization.setdefault(state.party, {})[ref] = standing
    return by_event, by_person, by_organization


def _incoming(links: tuple[Link, ...]) -> dict[str, list[Link]]:
    out: dict[str, list[Link]] = {}
    for link in links:
        out.setdefault(link.target, []).append(link)
    return out


def _sources_of(corpus: Corpus, targets: dict[str, list[Link]], ref: str, inverse: str) -> list[Record]:
    """The records that point at `ref` under a reverse name and still count, each once."""
    found = {link.source: corpus.records[link.source] for link in targets.get(ref, ()) if link.inverse == inverse}
    return [record for record in found.values() if record.is_current]
