"""Claims: an event that is only claimed, and the statements that assert, deny or confirm it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import reason
from pipeline.derive.offices import side_of
from pipeline.labels import label
from pipeline.model import Corpus, Record

#: The closed list of states.
STATES = ("retracted", "confirmed", "disputed", "corroborated", "asserted")

#: The stances that say yes or no to a claim; the others change nothing.
ANSWERS_OF_THE_SIDES = ("asserts", "denies", "confirms")


@dataclass(frozen=True, slots=True)
class _Voice:
    statement: Record
    side: str
    stance: str
    day: date


def derive_claim(corpus: Corpus, event: Record, statements: list[Record], day: date) -> dict[str, Any]:
    """How a claim stands on a day: {state, since, detail, asserted_by, denied_by, confirmed_by, others, because}.

    `statements` are those about the event. A denial by a concerned side stands until that
    side confirms, corrects or retracts; "cannot confirm" and "declines to elaborate" change nothing.
    """
    concerned = tuple(event.data.get("concerns", ()))
    voices = _voices(corpus, statements, day)
    denials = {v.side: v for v in voices if v.stance == "denies" and v.side in concerned}
    confirmations = {v.side: v for v in voices if v.stance == "confirms" and v.side in concerned}
    withdrawn = _withdrawn_denials(voices)
    standing = {side: v for side, v in denials.items() if v.day > withdrawn.get(side, date.min)}
    live = {side: v for side, v in standing.items() if not _confirmed_after(confirmations.get(side), v)}
    assertions = [v for v in voices if v.stance in ("asserts", "confirms")]
    retraction = _retraction(voices, assertions)
    if retraction is not None:
        state, decisive = "retracted", [retraction]
    elif confirmations and not live:
        state, decisive = "confirmed", list(confirmations.values())
    elif live:
        state, decisive = "disputed", [*confirmations.values(), *live.values()]
    elif len({v.side for v in assertions if v.side}) >= 2:
        state, decisive = "corroborated", assertions
    else:
        state, decisive = "asserted", assertions[:1]
    since = max((v.day for v in decisive), default=None)
    return {
        "state": state,
        "since": since.isoformat() if since else "",
        "detail": _detail(corpus, list(confirmations), list(live)) if state == "disputed" else "",
        "asserted_by": _refs(voices, "asserts"),
        "denied_by": _refs(voices, "denies"),
        "confirmed_by": _refs(voices, "confirms"),
        "others": [
            {"ref": v.statement.ref, "stance": v.stance, "side": v.side} for v in voices if v.stance not in ANSWERS_OF_THE_SIDES
        ],
        "because": [_because(corpus, v) for v in decisive],
    }


def _voices(corpus: Corpus, statements: list[Record], day: date) -> list[_Voice]:
    found = []
    for record in statements:
        span = dates.parse(str(record.data.get("date", "")))
        if span is not None and dates.happened_by(span, day) is not False:
            side = side_of(corpus, record.data["speaker"], span, record.data.get("as", ""))
            found.append(_Voice(record, side, record.data["stance"], min(span.start[1], day)))
    return sorted(found, key=lambda v: (v.day, v.statement.id))


def _confirmed_after(confirmation: _Voice | None, denial: _Voice) -> bool:
    return confirmation is not None and confirmation.day >= denial.day


def _withdrawn_denials(voices: list[_Voice]) -> dict[str, date]:
    """For each side that retracted or corrected a denial of its own, the last day on which it did."""
    by_id = {voice.statement.id: voice for voice in voices}
    out: dict[str, date] = {}
    for voice in voices:
        for relation in voice.statement.data.get("relations", []):
            denial = by_id.get(relation["statement"]) if relation["type"] in ("retracts", "corrects") else None
            if denial is not None and denial.stance == "denies" and denial.side == voice.side and voice.stance != "denies":
                out[voice.side] = voice.day
    return out


def _retraction(voices: list[_Voice], assertions: list[_Voice]) -> _Voice | None:
    """The statement by which the side that made the claim took it back."""
    first = next((v for v in assertions if v.stance == "asserts"), None)
    if first is None:
        return None
    for voice in voices:
        for relation in voice.statement.data.get("relations", []):
            if relation["type"] == "retracts" and voice.side == first.side:
                if any(relation["statement"] == v.statement.id for v in assertions):
                    return voice
    return None


def _refs(voices: list[_Voice], stance: str) -> list[dict[str, str]]:
    return [{"ref": v.statement.ref, "side": v.side} for v in voices if v.stance == stance]


def _detail(corpus: Corpus, confirming: list[str], denying: list[str]) -> str:
    def names(sides: list[str]) -> str:
        return " and ".join(label(corpus, f"organization/{side}") for side in sorted(sides))

    if confirming:
        return f"confirmed by {names(confirming)}, denied by {names(denying)}"
    return f"denied by {names(denying)}"


def _because(corpus: Corpus, voice: _Voice) -> dict[str, Any]:
    words = {"denies": "Denied by", "confirms": "Confirmed by", "asserts": "Asserted by"}.get(voice.stance, "Stated by")
    data = voice.statement.data
    text = f"{words} {label(corpus, data['speaker'])}"
    return reason(text, voice.statement.ref, data.get("sources", []), date=str(data["date"]))
