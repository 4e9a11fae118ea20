"""Facts as tables for taking away: what is special to treaties, as plain rows, and SQL views over them.

Made once, of the corpus that is published, from the facts that its pages show. A table is
{description, columns, rows}; a column is {name, type, description}. What the types mean:

text       words, or a word of a closed list
integer    a number; yes and no are 1 and 0
date       a date as written, in the subset of EDTF
reference  a record, as kind/id
list       several words or references

Nothing is decided here: the other modules of the room decide, this one lays it out in rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.derive.collections import places_of_contests
from pipeline.derive.entries import anchor_of_provision
from pipeline.labels import place_in_words
from pipeline.model import Corpus, Record, citations, split_reference, values_at

Row = list[Any]
Rows = Callable[[Corpus], Iterator[Row]]


def with_tables(shown: Corpus) -> Corpus:
    """The corpus with its facts as tables, under `tables` in the facts of the site. No page shows that one."""
    made = {"tables": tables(shown), "views": views(shown)}
    return replace(shown, facts=replace(shown.facts, site={**shown.facts.site, "tables": made}))


def tables(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """Every table by name. Those about a kind that the project does not have are left out."""
    return {
        name: {"description": description, "columns": list(map(_column, columns)), "rows": list(rows(corpus))}
        for name, (kind, description, columns, rows) in _TABLES.items()
        if not kind or kind in corpus.kinds
    }


def views(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The SQL views whose tables there are: {description, sql}."""
    return {
        name: {"description": description, "sql": sql}
        for name, (kinds, description, sql) in _VIEWS.items()
        if all(kind in corpus.kinds for kind in kinds)
    }


def _column(text: str) -> dict[str, str]:
    """A column from "name type: description"."""
    head, _, description = text.partition(": ")
    name, _, kind = head.partition(" ")
    return {"name": name, "type": kind or "text", "description": description}


def _current(corpus: Corpus, kind: str) -> list[tuple[Record, Mapping[str, Any]]]:
    """The records of a kind that count, each with its derived facts, in the order of their ids."""
    found = [record for record in corpus.records.values() if record.kind == kind and record.is_current]
    return [(record, corpus.facts.pages.get(record.ref, {})) for record in sorted(found, key=lambda record: record.id)]


def _cited(sources: Any) -> list[str]:
    """The sources of a fact as references, each once."""
    return list(dict.fromkeys(f"source/{citation['source']}" for citation in citations(sources)))


# Treaties


def _standings(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        status, force, end = facts["status"], facts["force"], facts["end"] or {}
        entered = force["state"] == "in-force"
        yield [
            treaty.ref, treaty.data.get("form", ""), status["value"], status["since"], force["rule"], facts["signed"],
            int(entered), force["since"] if entered else "", force["derived_since"], force["reported_since"],
            end.get("since", ""), end.get("mode", ""), facts["counts"]["parties"], facts["counts"]["bound"],
        ]  # fmt: skip


def _party_states(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        procedures = {entry["party"]: entry.get("procedure", "") for entry in treaty.data.get("parties", [])}
        for party in facts["parties"]:
            procedure = procedures.get(split_reference(party["ref"])[1], "")
            exit = party["exit"] or {}
            yield [
                treaty.ref, party["ref"], party["state"], party["since"], exit.get("since", "") or party["until"],
                exit.get("mode", ""), party["flags"], party["leaving_on"], party["suspended_with"],
                f"procedure/{procedure}" if procedure else "", party["next"]["label"] if party["next"] else "",
            ]  # fmt: skip


def _memberships(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        for party in facts["parties"]:
            for spell in party["memberships"]:
                yield [treaty.ref, party["ref"], spell["from"], spell["until"] or party["until"]]


def _steps(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        for party in facts["parties"]:
            for number, step in enumerate(party["stations"], start=1):
                yield [
                    treaty.ref, party["ref"], number, step["id"], step["label"], step["state"], step["date"], step["outcome"],
                    step["anchor"], step["event"],
                ]  # fmt: skip


def _acts(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        for act in facts["acts"]:
            written = treaty.data["actions"][act["index"]]
            named = written.get("parties") or ([written["party"]] if written.get("party") else [])
            yield [
                treaty.ref, act["anchor"], act["act"], act["step"], act["label"], [f"organization/{party}" for party in named],
                act["date"], str(written.get("effective", "")), str((act["scheduled"] or {}).get("date", "")), act["place"],
                [person["ref"] for person in act["by"]], act["outcome"], act["event"], act["known"], act["note"],
                _cited(act["sources"]),
            ]  # fmt: skip


def _expectations(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        for entry in facts["expectations"]:
            yield [
                treaty.ref, entry["ref"], entry["speaker"], entry["said"], entry["party"], entry["step"], entry["act"],
                entry["subject"], entry["window"], entry["state"], entry["since"], entry["happened"], entry["anchor"],
                entry["revised_by"],
            ]  # fmt: skip


def _provisions(corpus: Corpus) -> Iterator[Row]:
    for treaty, _ in _current(corpus, "treaty"):
        for entry in treaty.data.get("provisions", []):
            anchor, article = anchor_of_provision(entry), str(entry.get("article", ""))
            yield [treaty.ref, anchor, article, entry["heading"], entry.get("summary", ""), _cited(entry.get("sources"))]


_CODES = ("kind", "strength", "trigger", "means", "scope", "un_article_51")
_CONDITIONS = ("domestic_law", "on_request", "attacker_named")


def _obligations(corpus: Corpus) -> Iterator[Row]:
    for treaty, _ in _current(corpus, "treaty"):
        for provision in treaty.data.get("provisions", []):
            for entry in provision.get("obligations", []):
                conditions = entry.get("conditions", {})
                yield [
                    treaty.ref, anchor_of_provision(provision), *(entry.get(code, "") for code in _CODES),
                    *(conditions.get(condition, "") for condition in _CONDITIONS),
                    _cited(entry.get("sources") or provision.get("sources")),
                ]  # fmt: skip


def _relations(corpus: Corpus) -> Iterator[Row]:
    for treaty, _ in _current(corpus, "treaty"):
        for entry in treaty.data.get("relations", []):
            yield [treaty.ref, entry["type"], f"treaty/{entry['treaty']}", entry.get("extent", ""), _cited(entry.get("sources"))]


def _reservations(corpus: Corpus) -> Iterator[Row]:
    for treaty, facts in _current(corpus, "treaty"):
        for entry in facts["reservations"]:
            objecting = [objection["ref"] for objection in entry["objections"]]
            yield [
                treaty.ref, entry["ref"], entry["act"], entry["date"], entry["withdrawn"], objecting, entry["anchor"],
                entry["note"],
            ]  # fmt: skip


# Statements, claims, people


def _statements(corpus: Corpus) -> Iterator[Row]:
    for statement, facts in _current(corpus, "statement"):
        data = statement.data
        event = f"event/{data['event']}" if data.get("event") else ""
        yield [
            statement.ref, data["speaker"], facts["office"], int(facts["certain"]), str(data["date"]), data.get("stance", ""),
            data.get("place", ""), event, data.get("summary", ""), _quoted(data), _cited(data.get("sources")),
        ]  # fmt: skip


def _quoted(data: Mapping[str, Any]) -> str:
    quote = data.get("quote", "")
    return str(quote.get("text", "")) if isinstance(quote, Mapping) else str(quote)


def _subjects(corpus: Corpus) -> Iterator[Row]:
    for statement, _ in _current(corpus, "statement"):
        for about in statement.data.get("about", []):
            target, _, anchor = about.partition("#")
            yield [statement.ref, target, anchor]


def _claims(corpus: Corpus) -> Iterator[Row]:
    for event, facts in _current(corpus, "event"):
        claim = facts.get("claim")
        if claim:
            said = ([entry["ref"] for entry in claim[key]] for key in ("asserted_by", "denied_by", "confirmed_by"))
            yield [event.ref, claim["state"], claim["since"], claim["detail"], *said]


def _offices(corpus: Corpus) -> Iterator[Row]:
    for person, facts in _current(corpus, "person"):
        for row in facts["offices"]:
            until = "" if row["ongoing"] else row["until"]
            yield [
                person.ref, row["office"], row["ref"], row["from"], until, int(row["ongoing"]), list(row["attested"]),
                _cited(row["sources"]),
            ]  # fmt: skip


# Contested values


def _contested(corpus: Corpus) -> Iterator[Row]:
    places = {name: places_of_contests(kind) for name, kind in corpus.kinds.items()}
    for ref, record in sorted(corpus.records.items()):
        for place in places[record.kind] if record.is_current else ():
            for pointer, holder in values_at(record.data, place):
                for entry in holder.get("contested", []) if isinstance(holder, dict) else ():
                    chosen = _chosen(corpus, record, pointer, holder, entry["field"])
                    words = place_in_words(corpus, record, pointer)
                    yield [
                        ref, words, entry["field"], chosen, entry["value"], entry.get("note", ""), _cited(entry.get("sources"))
                    ]  # fmt: skip


def _chosen(corpus: Corpus, record: Record, pointer: tuple[str | int, ...], holder: Mapping[str, Any], field: str) -> str:
    """The value that the record keeps, where the field is a path to a plain one; an act has its day from its event."""
    if pointer[:1] == ("actions",) and field in ("date", "place"):
        acts = {act["index"]: act for act in corpus.facts.pages[record.ref]["acts"]}
        return str(acts[pointer[1]][field]) if pointer[1] in acts else ""
    path = tuple(field.split("."))
    found = values_at(holder, path) or values_at(record.data, path)
    return str(found[0][1]) if found and isinstance(found[0][1], (str, int)) else ""


#: By name: the kind it is about, what it holds, its columns ("name type: description"; no type is text), its rows.
_TABLES: dict[str, tuple[str, str, tuple[str, ...], Rows]] = {
    "treaty_standings": ("treaty", "Where each treaty stands on the day shown.", (
        "treaty reference: The treaty.", "form: Bilateral or multilateral.", "status: Its status, one of a closed list.",
        "since date: Since when.", "rule: The rule of entry into force.", "signed date: The day of the first signature.",
        "entered_into_force integer: 1 where it is or was in force.", "in_force_since date: The day it entered into force.",
        "derived_since date: That day by the acts on record.", "reported_since date: That day as reported.",
        "ended_since date: The first day out of force.", "end_mode: How it ended.",
        "parties integer: How many are, or were to be, parties.", "bound integer: How many are bound.",
    ), _standings),
    "party_states": ("treaty", "Where each party stands, treaty by treaty, on the day shown.", (
        "treaty reference: The treaty.", "party reference: The party.", "state: Its state, one of a closed list.",
        "since date: Since when.", "until date: The first day it was no longer bound: it left, or the treaty ended.",
        "exit_mode: How it left.", "flags list: What is said beside the state.",
        "leaving_on date: The day a notice takes effect.",
        "suspended_with list: The parties towards which the treaty is suspended.",
        "procedure reference: The procedure it follows.", "next_step: The step it waits for.",
    ), _party_states),
    "memberships": ("treaty", "From when until when a treaty was in force for a party: one row each time.", (
        "treaty reference: The treaty.", "party reference: The party.", "since date: The first day.",
        "until date: The first day it was no longer; empty where it goes on.",
    ), _memberships),
    "steps": ("treaty", "The state of each step of a party's way to being bound.", (
        "treaty reference: The treaty.", "party reference: The party.", "number integer: Its place in the order.",
        "step: The step's short name.", "label: The step in words.", "state: Its state, one of a closed list.",
        "date date: When it was done, or is scheduled.", "outcome: How a decision went.",
        "anchor: Where the act stands on the treaty's page.", "event reference: The event.",
    ), _steps),
    "acts": ("treaty", "Every act on record, in the order of the treaty's page.", (
        "treaty reference: The treaty.", "anchor: Where it stands on the treaty's page.", "act: The act between states.",
        "step: The step of a procedure.", "label: The act in words.",
        "parties list: The parties it is of; empty where it is of all.", "date date: Its day; empty where it was only announced.",
        "effective date: The day it takes effect, where that is another.", "scheduled date: The day it was announced for.",
        "place: Where it was done.", "people list: Who acted.", "outcome: How a decision went.", "event reference: The event.",
        "known date: The day it became public, where later.", "note: A remark of the record.", "sources list: The sources.",
    ), _acts),
    "expectations": ("treaty", "What was expected to be done, by whom, and how it turned out.", (
        "treaty reference: The treaty.", "statement reference: The statement that says so.", "speaker reference: Who said it.",
        "said date: When it was said.", "party reference: The party that was to act.", "step: The step.", "act: The act.",
        "subject: What was expected, in words.", "window date: By when, or between which days.",
        "state: How it stands, one of a closed list.", "since date: Since when.", "happened date: When it happened.",
        "anchor: Where that act stands on the treaty's page.", "revised_by: What took its place.",
    ), _expectations),
    "provisions": ("treaty", "Articles and other parts of treaties.", (
        "treaty reference: The treaty.", "anchor: Where it stands on the treaty's page.", "article: Its number.",
        "heading: What it is about.", "summary: What it says.", "sources list: The sources.",
    ), _provisions),
    "obligations": ("treaty", "What provisions oblige the parties to do, coded in ATOP's terms.", (
        "treaty reference: The treaty.", "anchor: Where the provision stands on the treaty's page.", "kind: Which obligation.",
        "strength: How far a party is bound.", "trigger: What brings it to life.", "means: The means it names.",
        "scope: What it covers.", "un_article_51: How it refers to Article 51 of the UN Charter.",
        "domestic_law: Whether it is bound to the parties' own law.", "on_request: Whether the attacked party must ask.",
        "attacker_named: Whether it names an attacker.", "sources list: The sources.",
    ), _obligations),
    "relations": ("treaty", "What a treaty does to another one.", (
        "treaty reference: The later treaty.", "relation: What it does.", "other reference: The treaty it does it to.",
        "extent: To the whole or to a part.", "sources list: The sources.",
    ), _relations),
    "reservations": ("treaty", "Reservations and declarations.", (
        "treaty reference: The treaty.", "party reference: The party that made it.", "act: A reservation or a declaration.",
        "date date: When.", "withdrawn date: When it was withdrawn.", "objections list: The parties that objected.",
        "anchor: Where it stands on the treaty's page.", "note: A remark of the record.",
    ), _reservations),
    "statements": ("statement", "Who said what, with the office held that day.", (
        "statement reference: The statement.", "speaker reference: Who said it.", "office: The office the speaker held that day.",
        "office_certain integer: 1 where that office is certain.", "date date: When.", "stance: What the speaker does.",
        "place: Where.", "event reference: At which event.", "summary: What was said.", "quote: In the speaker's words.",
        "sources list: The sources.",
    ), _statements),
    "statement_subjects": ("statement", "What each statement is about.", (
        "statement reference: The statement.", "about reference: The record it is about.",
        "anchor: The place on that record's page, such as a provision.",
    ), _subjects),
    "claims": ("event", "Events that are only claimed, and how each claim stands.", (
        "event reference: The event.", "state: How the claim stands, one of a closed list.", "since date: Since when.",
        "detail: In words.", "asserted_by list: Statements that assert it.", "denied_by list: Statements that deny it.",
        "confirmed_by list: Statements that confirm it.",
    ), _claims),
    "offices": ("person", "Who held which office, from when until when.", (
        "person reference: The person.", "office: The office.", "organization reference: Where it was held.",
        "since date: The first day.", "until date: The last day; empty where it is not known or goes on.",
        "ongoing integer: 1 where it was still held at the last source.",
        "attested list: Days on which a source names the holder.", "sources list: The sources.",
    ), _offices),
    "contested": ("", "Values on which sources disagree: one row for each value that was not chosen.", (
        "ref reference: The record.", "place: Where in the record, in words.", "field: The field in dispute.",
        "chosen: The value that the record keeps.", "other_value: What the other sources say.",
        "note: Why the record keeps its value.", "sources list: The sources of the other value.",
    ), _contested),
}  # fmt: skip

#: By name: the kinds it needs, what it is for, its SQL.
_VIEWS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "treaties_in_force": (
        ("treaty",),
        "Treaties that are or were in force. A treaty was certainly in force on a day where from_day <= day and day < until_day.",
        "SELECT treaty, treaty_label, status, in_force_since AS since, ended_since AS until, in_force_since_last AS from_day, "
        "coalesce(ended_since_first, '9999-12-31') AS until_day FROM treaty_standings WHERE in_force_since IS NOT NULL",
    ),
    "statements_on_provisions": (
        ("treaty", "statement"),
        "Statements about a provision of a treaty: who said what, with the office held that day.",
        "SELECT p.treaty, p.treaty_label, p.anchor, p.article, p.heading, s.speaker, s.speaker_label, s.office, s.date, "
        "s.stance, s.summary, s.quote, s.statement FROM statement_subjects AS a JOIN statements AS s USING (statement) "
        "JOIN provisions AS p ON p.treaty = a.about AND p.anchor = a.anchor",
    ),
    "overdue_expectations": (
        ("treaty", "statement"),
        "Expectations whose time has passed on the day shown, longest overdue first.",
        "SELECT treaty, treaty_label, party, party_label, subject, window, since, statement, speaker, speaker_label "
        "FROM expectations WHERE state = 'overdue' ORDER BY window_last, statement",
    ),
}
