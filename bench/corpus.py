"""A synthetic project of any size, the same bytes every time.

    python -m bench.corpus --records 1000 --output DIR

The corpus is made of cells of a hundred records: two states with their bodies, people and
procedures, fourteen treaties with their events, statements and sources. A cell refers to
itself and to the few cells beside it, so that references grow with the number of records and
no record collects more of them as the corpus grows. What does not fill a cell are further
statements, spread over all cells.

Everything in it is invented and keeps every rule: `depositary check` has nothing to say.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import words

CELL = 100
#: Neighbours whose states a cell makes treaties with.
_REACH = 4
_TREATIES = 14
#: By what a treaty of this number in its cell stands for.
_SUPERSEDED, _BY_SIGNATURE, _REPORTED, _JOINT = 1, 9, 12, 13
_BY_NOTIFICATION = (7, 8)
_PENDING = (10, 11)
_CLAIMS, _MEETINGS = (0, 2, 3), (4, 5, 6)

_SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
_SUBJECTS = (
    ("friendship and cooperation", "friendship"), ("good-neighbourly relations", "friendship"),
    ("trade and navigation", "trade"),
    ("mutual assistance", "alliance"), ("the common border", "border"), ("cultural exchange", "culture"),
    ("legal assistance in criminal matters", "justice"), ("the supply of energy", "energy"),
    ("scientific cooperation", "science"),
    ("the avoidance of incidents at sea", "security"), ("strategic partnership", "alliance"), ("the transit of goods", "trade"),
    ("the settlement of old debts", "other"), ("the protection of the shared waters", "institutions"),
)

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """One record: its kind, its id, what it says, and a remark of its editor."""

    kind: str
    id: str
    data: Data
    comment: str = ""


@dataclass(frozen=True, slots=True)
class _State:
    """A state: its id and names, its bodies and people by their part in it."""

    id: str
    names: tuple[str, str, str]
    number: int
    cell: int

    def body(self, name: str) -> str:
        return f"{self.id}-{name}"

    def person(self, part: int) -> str:
        return _person_id(self.number * 6 + part)

    @property
    def procedure(self) -> str:
        return f"{self.id}-ratification"


#: The people of a state in the order of `_State.person`: office, and the body it is held in.
_OFFICES = (
    ("President", ""),
    ("Minister for Foreign Affairs", "foreign-ministry"),
    ("Deputy Minister for Foreign Affairs", "foreign-ministry"),
    ("Spokesperson of the Foreign Ministry", "foreign-ministry"),
    ("Chair of the Assembly", "assembly"),
    ("Ambassador at large", ""),
)
_PRESIDENT, _MINISTER, _DEPUTY, _SPOKESPERSON, _CHAIR, _AMBASSADOR = range(6)


def _at(source: str, place: str) -> Data:
    """A citation with its place."""
    return {"source": source, "at": place}


def _person_id(number: int) -> str:
    return words.person_name(number)[0].lower().replace(" ", "-")


def _state(number: int) -> _State:
    names = words.state_name(number)
    return _State(names[0].lower(), names, number, number // 2)


def records(count: int) -> Iterator[Made]:
    """So many records. At least one cell."""
    cells, left = divmod(count, CELL)
    if not cells:
        raise ValueError(f"{CELL} records at least")
    for number in range(cells):
        cell = _Cell(number, cells)
        yield from cell.records()
        for extra in range(left // cells + (number < left % cells)):
            yield cell.remark(extra)


class _Cell:
    """A hundred records that belong together."""

    def __init__(self, number: int, cells: int) -> None:
        self.number = number
        self._cells = cells
        self._rng = random.Random(f"depositary bench {number}")
        self._states = (_state(2 * number), _state(2 * number + 1))
        self._pairs = [self._pair(index) for index in range(_TREATIES)]
        # Its days: signed, the last act, and between them every step of either party.
        self._signed = [date(2008, 3, 1) + timedelta(days=self._rng.randrange(5500)) for _ in range(_TREATIES)]
        self._signed[_SUPERSEDED] = self._signed[0] - timedelta(days=900)
        self._lags = [sorted(self._rng.sample(range(20, 400), 9)) for _ in range(_TREATIES)]

    # Who, when, where

    def _pair(self, index: int) -> tuple[_State, _State]:
        """The two sides of a treaty: one of ours, and one of a cell near by."""
        own = self._states[index % 2]
        if index == _SUPERSEDED:
            return self._pair(0)
        near = (self.number + index // 2 % (_REACH + 1)) % self._cells
        return own, _state(2 * near + (index + 1) % 2)

    def _day(self, index: int, stop: int) -> date:
        """The day of a stop on the treaty's way: 0 the signature, 9 the last."""
        return self._signed[index] + timedelta(days=self._lags[index][stop - 1] if stop else 0)

    def _treaty(self, index: int) -> str:
        if index == _JOINT:
            return f"convention-{self.number}-{self._signed[index].year}"
        own, other = self._pairs[index]
        return f"{own.id}-{other.id}-{self.number}-{index}"

    def _event(self, what: str, index: int) -> str:
        return f"{what}-{self.number}-{index}"

    def _text(self, index: int) -> str:
        return f"{self._states[index % 2].id}-gazette-{self.number}-{index}"

    def _report(self, index: int) -> str:
        return f"{self._states[index % 2].id}-agency-{self.number}-{index}"

    def _handbook(self, which: int) -> str:
        return f"handbook-{self.number}-{which}"

    def _place(self, index: int) -> str:
        return words.CITIES[(self.number + index) % len(words.CITIES)]

    def records(self) -> Iterator[Made]:
        """Its hundred records."""
        yield from self._organizations()
        yield from self._people()
        yield from self._procedures()
        yield from (self._make_treaty(index) for index in range(_TREATIES))
        yield from self._events()
        yield from self._statements()
        yield from self._sources()

    # The kinds

    def _organizations(self) -> Iterator[Made]:
        rng = self._rng
        for state in self._states:
            latin, cyrillic, hangul = state.names
            yield Made("organization", state.id, {
                "name": latin, "names": {"ru": cyrillic, "ko-KR": hangul},
                "aliases": [f"Republic of {latin}", f"{latin}ian Republic"],
                "summary": f"A state. {words.prose(rng, 4)}", "type": "state",
                "existed": {"from": str(1905 + state.number % 60), "sources": [self._handbook(0)]},
                "sources": [self._handbook(0)],
                "ids": {"wikidata": f"Q{7_000_000 + state.number}"},
            })
            yield Made("organization", state.body("foreign-ministry"), {
                "name": f"Foreign Ministry of {latin}", "names": {"ru": f"МИД {cyrillic}"},
                "aliases": [f"Ministry of Foreign Affairs of {latin}"], "summary": f"A ministry. {words.prose(rng, 3)}",
                "type": "ministry", "part_of": state.id, "sources": [self._handbook(1)],
            })
            yield Made("organization", state.body("assembly"), {
                "name": f"Assembly of {latin}", "names": {"ru": f"Собрание {cyrillic}"},
                "summary": f"A chamber. {words.prose(rng, 3)}", "type": "chamber", "part_of": state.id,
                "sources": [self._handbook(1)],
            })
        first = self._states[0]
        yield Made("organization", first.body("agency"), {
            "name": f"{first.names[0]} Telegraph Agency", "summary": words.prose(rng, 2),
            "type": "news-outlet", "part_of": first.id,
        })
        yield Made("organization", f"secretariat-{self.number}", {
            "name": f"Joint Secretariat at {self._place(0)} ({self.number})", "summary": words.prose(rng, 3),
            "type": "intergovernmental", "sources": [self._handbook(0)],
        })

    def _people(self) -> Iterator[Made]:
        rng = self._rng
        for state in self._states:
            for part, (office, body) in enumerate(_OFFICES):
                number = state.number * 6 + part
                name, cyrillic, hangul = words.person_name(number)
                begun = date(1990 + rng.randrange(8), 1 + rng.randrange(12), 1 + rng.randrange(28))
                changed = date(2003 + rng.randrange(2), 1 + rng.randrange(12), 1 + rng.randrange(28))
                born = f"{1940 + rng.randrange(30)}-{1 + rng.randrange(12):02d}"
                handbook, page = self._handbook(part % 2), number % 90 + 7
                yield Made("person", state.person(part), {
                    "name": name, "names": {"ru": cyrillic, "ko-KR": hangul},
                    "aliases": [f"{name.split()[1]}, {name.split()[0]}"],
                    "summary": f"{office} of {state.names[0]}. {words.prose(rng, 4)}",
                    "born": {"date": born, "place": self._place(part), "sources": [handbook]},
                    "offices": [
                        {"office": f"Counsellor of {state.names[0]}", "organization": state.body("foreign-ministry"),
                         "from": begun, "until": changed - timedelta(days=1), "note": words.sentence(rng),
                         "sources": [_at(handbook, f"p. {page}")]},
                        {"office": f"{office} of {state.names[0]}", "organization": state.body(body) if body else state.id,
                         "from": changed, "until": "..", "sources": [_at(handbook, f"p. {page + 1}")]},
                    ],
                    "unknown": [{"about": "Education", "note": words.sentence(rng)}],
                    "sources": [handbook],
                    "ids": {"wikidata": f"Q{8_000_000 + number}"},
                })

    def _procedures(self) -> Iterator[Made]:
        rng = self._rng
        for state in self._states:
            name = state.names[0]
            assembly, ministry = f"organization/{state.body('assembly')}", f"organization/{state.body('foreign-ministry')}"
            law = self._text(2 + state.number % 2)
            yield Made("procedure", state.procedure, {
                "name": f"Ratification by the Assembly of {name}", "summary": words.prose(rng, 3), "organization": state.id,
                "steps": [
                    {"id": "submission", "label": "Submitted to the Assembly", "short": "Submission", "actor": ministry},
                    {"id": "committee", "label": "Committee on Foreign Affairs recommends", "short": "Committee",
                     "actor": assembly, "after": ["submission"], "optional": True, "outcomes": ["recommended", "rejected"],
                     "public": True},
                    {"id": "assembly", "label": "Assembly votes", "short": "Assembly", "actor": assembly, "after": ["submission"],
                     "outcomes": ["adopted", "rejected"], "public": True},
                    {"id": "promulgation", "label": "President signs the law", "short": "President",
                     "actor": f"person/{state.person(_PRESIDENT)}", "after": ["assembly"], "outcomes": ["signed", "rejected"],
                     "public": True, "completes": "approval"},
                ],
                "unknown": [{"about": "Time limits", "note": words.sentence(rng)}],
                "sources": [_at(self._handbook(0), "Chapter 3"), law],
            })

    def _make_treaty(self, index: int) -> Made:
        rng = self._rng
        joint = index == _JOINT
        own, other = self._pairs[index]
        subject, topic = _SUBJECTS[index]
        signed = self._signed[index]
        members = self._members() if joint else [own, other]
        between = f"at {self._place(index)}" if joint else f"between {own.names[0]} and {other.names[0]}"
        form = "Convention" if joint else ("Treaty" if index < 5 else "Agreement")
        cyrillic = "" if joint else f"Договор между {own.names[1]} и {other.names[1]} ({self.number}/{index})"
        articles = 8 + (self.number + index) % 20
        data: Data = {
            "name": f"{form} on {subject} {between} (No. {self.number}/{index} of {signed.year})",
            "short_name": f"{form} on {subject}, {own.names[0]} {signed.year} ({self.number}/{index})",
            **({"names": {"ru": cyrillic}} if cyrillic else {}),
            "aliases": [f"{self._place(index)} {form} {self.number}/{index}"],
            "summary": words.prose(rng, 2),
            "form": "multilateral" if joint else "bilateral",
            "topics": [topic] if index % 3 else [topic, "other"],
            "languages": ["en", "ru"],
            "parties": [{"party": state.id, "procedure": state.procedure} for state in members],
            "articles": articles,
            "text": {"published": signed + timedelta(days=1), "sources": [self._text(index)], "note": words.sentence(rng)},
            "acts_on_record": "partial" if index == _REPORTED else "complete",
            "entry_into_force": self._rule(index, members),
            "duration": self._duration(index),
            **({"depositary": f"secretariat-{self.number}"} if joint else {}),
            "provisions": [self._provision(index, article) for article in range(1, 6 if joint else 8)],
            "actions": self._joint_actions(index, members) if joint else self._actions(index, own, other),
        }
        relation = self._relation(index)
        if relation:
            data["relations"] = [relation]
        data["unknown"] = [{"about": "Registration with the United Nations", "note": words.sentence(rng)}]
        data["sources"] = [self._text(index), self._report(index)]
        if index % 5 == 0:
            data["notes"] = [{"date": self._day(index, 9), "text": words.sentence(rng), "sources": [self._report(index)]}]
        return Made("treaty", self._treaty(index), data, "The numbers of the articles are those of the gazette.")

    def _members(self) -> list[_State]:
        """The parties of the cell's convention: the states of the cells beside it."""
        cells = dict.fromkeys((self.number + step) % self._cells for step in range(_REACH))
        return [_state(2 * cell + side) for cell in cells for side in (0, 1)]

    def _rule(self, index: int, members: list[_State]) -> Data:
        if index == _REPORTED:
            return {"rule": "unknown"}
        if index == _JOINT:
            named: Data = {"rule": "count", "count": "majority", "of": "signatories"}
        elif index == _BY_SIGNATURE:
            named = {"rule": "signature"}
        elif index in _BY_NOTIFICATION:
            named = {"rule": "mutual-notification"}
        else:
            named = {"rule": "exchange-of-instruments"}
        delay = {"delay": {"days": 30}} if index == _BY_NOTIFICATION[0] else {}
        article = "5" if index == _JOINT else "7"
        return {**named, "article": article, **delay, "sources": [_at(self._text(index), f"Article {article}")]}

    def _duration(self, index: int) -> Data:
        sources = [_at(self._text(index), "Article 6")]
        if index % 3:
            return {"kind": "indefinite", "exit": {"notice_months": 12, "article": "5"}, "sources": sources}
        renewal = {"years": 5, "notice_months": 6}
        return {"kind": "fixed", "years": 10, "renewal": renewal, "note": words.sentence(self._rng), "sources": sources}

    def _provision(self, index: int, article: int) -> Data:
        rng = self._rng
        source = _at(self._text(index), f"Article {article}")
        summary = f"{words.sentence(rng)} {words.sentence(rng)}"
        data: Data = {"article": str(article), "heading": words.heading(rng), "summary": summary}
        if article == 4 and _SUBJECTS[index][1] == "alliance":
            data["obligations"] = [{
                "kind": "defence", "trigger": "armed-attack", "strength": "must-assist", "means": "all-available",
                "scope": "none-stated", "un_article_51": "cites",
                "conditions": {"domestic_law": "yes", "on_request": "unknown", "attacker_named": "no"},
                "sources": [source],
            }]
        return {**data, "sources": [source, self._report(index)] if article == 1 else [source]}

    def _actions(self, index: int, own: _State, other: _State) -> list[Data]:
        text, report = self._text(index), self._report(index)
        signature: Data = {"act": "signature"}
        if index < 8:
            signature["event"] = self._event("signing", index)
        else:
            signature |= {"date": self._signed[index], "place": self._place(index), "sources": [text, report]}
        actions = [signature | {"by": [own.person(_MINISTER), other.person(_MINISTER)]}]
        if index in (_BY_SIGNATURE, _REPORTED):
            if index == _REPORTED:
                day = self._day(index, 5)
                actions.append({"act": "entry-into-force", "date": day, "note": words.sentence(self._rng), "sources": [report]})
            return actions
        # Stops 1 to 7, in turn: submission of both, votes of both, promulgation of both, the joint act.
        steps = 2 if index in _PENDING else 6
        for stop in range(1, steps + 1):
            state = (own, other)[(stop - 1) % 2]
            step = ("submission", "assembly", "promulgation")[(stop - 1) // 2]
            action: Data = {"step": step, "party": state.id, "date": self._day(index, stop)}
            if step == "assembly":
                votes = 101 + (self.number * 7 + index * 13 + stop) % 250
                action |= {"outcome": "adopted", "votes": {"for": votes, "against": votes % 29, "sources": [report]}}
            elif step == "promulgation":
                action |= {"outcome": "signed", "by": [state.person(_PRESIDENT)]}
            actions.append(action | {"sources": [report]})
        if index in _PENDING:
            return actions
        if index in _BY_NOTIFICATION:
            actions += [
                {"act": "notification", "party": state.id, "date": self._day(index, stop), "by": [state.person(_DEPUTY)],
                 "sources": [report]}
                for state, stop in ((own, 7), (other, 8))
            ]
        elif index % 2 == 0:
            actions.append({"act": "exchange-of-instruments", "event": self._event("exchange", index)})
        else:
            done = {"date": self._day(index, 7), "place": self._place(index + 3), "sources": [report]}
            actions.append({"act": "exchange-of-instruments"} | done)
        return actions

    def _joint_actions(self, index: int, members: list[_State]) -> list[Data]:
        text, report = self._text(index), self._report(index)
        signed = {"act": "signature", "date": self._signed[index], "place": self._place(index), "sources": [text, report]}
        deposits = [
            {"act": "deposit", "party": state.id, "date": self._day(index, stop), "by": [state.person(_AMBASSADOR)],
             "sources": [report]}
            for stop, state in enumerate(members[: max(2, len(members) - 2)], start=1)
        ]
        return [signed | {"by": [state.person(_AMBASSADOR) for state in members]}, *deposits]

    def _relation(self, index: int) -> Data:
        if index == 0:
            return {"type": "supersedes", "treaty": self._treaty(_SUPERSEDED), "effective": "entry-into-force",
                    "extent": "whole", "sources": [_at(self._text(0), "Article 7")]}
        if index % 4 == 3:
            note = words.sentence(self._rng)
            return {"type": "refers-to", "treaty": self._treaty(index - 1), "note": note, "sources": [self._text(index)]}
        return {}

    def _events(self) -> Iterator[Made]:
        for index in range(8):
            yield self._signing(index)
        for index in range(0, 8, 2):
            own, other = self._pairs[index]
            name = f"{own.names[0]} and {other.names[0]} exchange instruments of No. {self.number}/{index}"
            yield self._happened("exchange", index, name, 7, self._signers(index, _DEPUTY))
        for index in _CLAIMS:
            own, other = self._pairs[index]
            name = f"Incident {self.number}/{index} at the border of {own.names[0]} and {other.names[0]}"
            yield self._happened("incident", index, name, 2, [], {"claimed": True, "concerns": [own.id, other.id]})
        for index in _MEETINGS:
            own, other = self._pairs[index]
            yield self._happened("talks", index, f"Talks {self.number}/{index} of {own.names[0]} and {other.names[0]}", 3, [
                (f"person/{own.person(_AMBASSADOR)}", "led the delegation"),
                (f"person/{other.person(_DEPUTY)}", "led the delegation"),
                (f"organization/secretariat-{self.number}", "host"),
                (f"person/{self._states[0].person(_SPOKESPERSON)}", "spoke to the press"),
            ])

    def _signing(self, index: int) -> Made:
        own, other = self._pairs[index]
        name = f"{own.names[0]} and {other.names[0]} sign agreement No. {self.number}/{index}"
        more: Data = {}
        if index % 4 == 0:
            day, note = self._signed[index] + timedelta(days=1), words.sentence(self._rng)
            more["contested"] = [{"field": "date", "value": str(day), "note": note, "sources": [self._report(index)]}]
        return self._happened("signing", index, name, 0, self._signers(index, _MINISTER), more)

    def _signers(self, index: int, part: int) -> list[tuple[str, str]]:
        return [(f"person/{state.person(part)}", f"signed for {state.names[0]}") for state in self._pairs[index]]

    def _happened(
        self, what: str, index: int, name: str, stop: int, participants: list[tuple[str, str]], more: Data | None = None
    ) -> Made:
        rng = self._rng
        day = self._day(index, stop)
        data: Data = {
            "name": name, "names": {"ru": f"{name.split()[0]}, {day.year} г."}, "date": day, "place": self._place(index + stop),
            "summary": words.prose(rng, 5),
        }
        if participants:
            data["participants"] = [{"who": who, "role": role} for who, role in participants]
        data |= {
            **(more or {}),
            "unknown": [
                {"about": "The wording of the protocol", "note": words.sentence(rng)}, {"about": "Who else was present"},
            ],
            "sources": [self._report(index)] if stop else [self._text(index), self._report(index)],
            "notes": [{"date": day, "text": words.prose(rng, 1), "sources": [self._report(index)]}],
        }
        return Made("event", self._event(what, index), data)

    def _statements(self) -> Iterator[Made]:
        for index in _PENDING:
            own = self._pairs[index][0]
            expects = {"treaty": self._treaty(index), "party": own.id, "step": "assembly"}
            for turn, stop in enumerate((3, 5)):
                window = self._day(index, stop + 1) + timedelta(days=40)
                yield self._said(
                    f"expectation-{self.number}-{index}-{turn}", own, (_CHAIR, _DEPUTY)[turn], index, stop, "expects",
                    [f"treaty/{self._treaty(index)}"],
                    {"expects": [{**expects, "window": f"{window.year}-{window.month:02d}", "note": words.sentence(self._rng)}]},
                )
        for index in _CLAIMS:
            own, other = self._pairs[index]
            about = [f"event/{self._event('incident', index)}"]
            first = f"assertion-{self.number}-{index}"
            yield self._said(first, own, _SPOKESPERSON, index, 3, "asserts", about, {})
            denies = {"relations": [{"type": "denies", "statement": first}]}
            yield self._said(f"denial-{self.number}-{index}", other, _SPOKESPERSON, index, 5, "denies", about, denies)
        for position, index in enumerate((*_MEETINGS, 7, 8, 9)):
            about = [f"treaty/{self._treaty(index)}#article-{2 + position % 4}"]
            stance = ("supports", "endorses", "condemns")[position % 3]
            speaker = self._pairs[index][position % 2]
            if index in _MEETINGS:
                part, stop, at = (_AMBASSADOR, _DEPUTY)[position % 2], 3, {"event": self._event("talks", index)}
            else:
                part, stop, at = _CHAIR, 4, {}
            yield self._said(f"remark-{self.number}-{index}", speaker, part, index, stop, stance, about, at)

    def _said(
        self, identifier: str, state: _State, part: int, index: int, stop: int, stance: str, about: list[str], more: Data
    ) -> Made:
        rng = self._rng
        report, day = self._report(index), self._day(index, stop)
        return Made("statement", identifier, {
            "speaker": f"person/{state.person(part)}", "date": day, "place": self._place(index + stop), "about": about,
            **{key: more[key] for key in ("event",) if key in more},
            "summary": words.prose(rng, 4),
            "quote": {"text": " ".join(words.sentence(rng).split()[:9]), "lang": "en", "translated_from": "ru",
                      "sources": [_at(report, "third paragraph")]},
            "stance": stance,
            **{key: more[key] for key in ("relations", "expects") if key in more},
            "unknown": [{"about": "The full text", "note": words.sentence(rng)}],
            "sources": [report, _at(self._text(index), "preamble") | {"quote": "talks continue", "lang": "en"}],
            "notes": [{"date": day, "text": words.prose(rng, 1), "sources": [report]}],
        })

    def remark(self, extra: int) -> Made:
        """A further statement, where the number of records does not fill a cell."""
        index, state, part = 2 + extra % 8, self._states[extra // 8 % 2], extra // 16 % 6
        about = [f"treaty/{self._treaty(index)}#article-3"]
        return self._said(f"further-{self.number}-{extra}", state, part, index, 4, "supports", about, {})

    def _sources(self) -> Iterator[Made]:
        rng = self._rng
        agency = self._states[0].body("agency")
        for index in range(_TREATIES):
            state = self._states[index % 2]
            published = self._signed[index] + timedelta(days=1)
            yield Made("source", self._text(index), {
                "title": f"Official Gazette of {state.names[0]}, No. {self.number}/{index} of {published.year}",
                "language": "en", "author": f"Chancery of {state.names[0]}",
                "publisher": f"Government Press of {state.names[0]}", "date": published,
                "url": f"https://gazette.example/{state.id}/{published.year}/{self.number}-{index}", "class": "treaty-text",
                "note": words.prose(rng, 3),
            })
            reported = self._day(index, 9) + timedelta(days=60 + index)
            yield Made("source", self._report(index), {
                "title": f"{words.heading(rng)}: the outcome of {self.number}/{index}", "supplied_title": True, "language": "en",
                "publisher": f"{state.names[0]} {words.OUTLETS[index % len(words.OUTLETS)]}",
                **({"organization": agency} if index % 3 == 0 else {}), "date": reported,
                "url": f"https://news.example/{state.id}/{reported.year}/{self.number}/{index}?lang=en&view=full",
                "archived_url": f"https://archive.example/{reported:%Y%m%d}/news.example/{state.id}/{self.number}/{index}",
                "class": "wire" if index % 2 else "state-media", "note": words.prose(rng, 3),
            })
        for which in (0, 1):
            yield Made("source", self._handbook(which), {
                "title": f"Handbook of {self._states[which].names[0]} and its neighbours ({self.number}/{which})",
                "language": "en", "author": words.person_name(9_000_000 + self.number * 2 + which)[0],
                "publisher": f"{self._place(which)} University Press",
                "url": f"https://books.example/{self.number}/{which}", "class": "research",
                "note": words.prose(rng, 3),
            })


# Writing


def to_yaml(made: Made) -> str:
    """The record as an editor would write it."""
    comment = f"# {made.comment}\n" if made.comment else ""
    return comment + "".join(_lines(made.data, ""))


def _lines(data: Data, indent: str) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:\n"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield f"{indent}{key}:\n"
            for item in value:
                yield from _item(item, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{key}: [{', '.join(_scalar(item, flow=True) for item in value)}]\n"
        else:
            yield f"{indent}{key}: {_scalar(value)}\n"


def _item(item: Any, indent: str) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{indent}- {_scalar(item)}\n"
    elif "source" in item or set(item) <= {"who", "role"}:
        yield f"{indent}- {{{', '.join(f'{key}: {_scalar(value, flow=True)}' for key, value in item.items())}}}\n"
    else:
        first, *rest = _lines(item, indent + "  ")
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from rest


_PLAIN = re.compile(r"[A-Za-zА-Яа-я가-힣][^#:\n]*[^\s#:]|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|https?://[^\s#\[\]{},]+|\.\.")
_NOT_TEXT = re.compile(r"(true|false|null|yes|no|on|off)", re.IGNORECASE)


def _scalar(value: Any, flow: bool = False) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, date)):
        return str(value)
    unsafe = _NOT_TEXT.fullmatch(value) or _PLAIN.fullmatch(value) is None or (flow and set(value) & set("[]{},"))
    return json.dumps(value, ensure_ascii=False) if unsafe else value


def write(count: int, output: Path) -> None:
    """A project in an empty or missing folder: schemas/, and so many records below seeds/."""
    if output.exists() and any(output.iterdir()):
        raise FileExistsError(f"{output} is not empty")
    shutil.copytree(_SCHEMAS, output / "schemas")
    made_folders = set()
    for made in records(count):
        folder = output / "seeds" / made.kind
        if made.kind not in made_folders:
            folder.mkdir(parents=True, exist_ok=True)
            made_folders.add(made.kind)
        with open(folder / f"{made.id}.yaml", "x", encoding="utf-8", newline="\n") as file:
            file.write(to_yaml(made))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description="Writes a synthetic project.")
    parser.add_argument("--records", type=int, required=True, metavar="N", help=f"how many records: {CELL} or more")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="an empty or new folder")
    options = parser.parse_args()
    if options.records < CELL:
        parser.error(f"--records: {CELL} or more")
    try:
        write(options.records, options.output)
    except FileExistsError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
