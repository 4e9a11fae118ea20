"""Pictures as SVG, laid out and drawn from plain JSON: a timeline, a chain, a count of parties, a network.

Pure and deterministic to the byte: whole numbers, or percentages with one decimal. Across, places are
percentages and down they are pixels, so a picture fits any width and its text keeps its size. The SVG is
hidden from assistive technology: every datum stands as text beside it (partials/pictures.html prints it),
and links are links of HTML. Colours and shapes come from classes in the theme.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, zip_longest
from typing import Any

from markupsafe import Markup, escape

from pipeline import dates

Json = Mapping[str, Any]
#: Makes a link of a reference and words; the renderer's `to`.
Linker = Callable[[str, str], Markup]


def _plain(ref: str, words: str) -> Markup:
    """Words without a link, for who gives no linker."""
    return escape(words)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def days_in_words(pair: Sequence[str]) -> str:
    """A range of days [earliest, latest] as words: "1961", "July 1961", "6 July 1961", "between … and …".

    >>> days_in_words(["1961-07-01", "1961-07-31"])
    'July 1961'
    """
    first, last = pair
    for text in (first[:4], first[:7], first):
        span = dates.parse(text)
        if span and (span.earliest.isoformat(), span.latest.isoformat()) == (first, last):
            return dates.in_words(text)
    first, last = "" if _is_unbounded(first) else first, "" if _is_unbounded(last) else last
    return dates.in_words(f"[{first}..{last}]") if first or last else "not known"


def _is_unbounded(day: str) -> bool:
    """Whether a day only says that there is no bound on that side."""
    return day in (date.min.isoformat(), date.max.isoformat())


# The axis of years


class _Axis:
    """Days as places between 0 and 100 per cent, from the first year to the as-of day."""

    def __init__(self, first: date, last: date) -> None:
        self.first = date(first.year, 1, 1)
        self.length = max((last - self.first).days, 1)
        years = last.year - first.year + 1
        step = next((step for step in (1, 2, 5, 10, 20, 25, 50) if years <= step * 7), 100)
        self.years = [year for year in range(first.year, last.year + 1) if year % step == 0 or years == 1]

    def at(self, day: date) -> int:
        """The place of a day in tenths of a per cent; a day outside the axis is at its edge."""
        gone = min(max((day - self.first).days, 0), self.length)
        return (gone * 1000 + self.length // 2) // self.length

    def grid(self, height: str = "100%") -> Markup:
        """A line a year shown, from the top down to a height."""
        places = [_percent(self.at(date(year, 1, 1))) for year in self.years]
        return _joined(Markup('<line class="tick" x1="{0}" x2="{0}" y2="{1}"/>').format(place, height) for place in places)

    def labels(self, y: int) -> Markup:
        """The years as numbers, each in the middle of its line, at the edges beside it."""
        places = [(self.at(date(year, 1, 1)), year) for year in self.years]
        return _joined(
            Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
                _percent(place), y, "start" if place < 60 else "end" if place > 940 else "middle", year
            )
            for place, year in places
        )


def _percent(tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"


def _day(text: str) -> date:
    return date.fromisoformat(text)


# Treaties in force over time

#: The least of a bar that is striped where a day is uncertain, so that it shows; in tenths of a per cent.
_STRIPES = 20


def timeline(rows: Sequence[Json], today: str, to: Linker = _plain, name: str = "timeline") -> Markup:
    """One bar a treaty, sorted by start, as a list whose rows carry the link, the years and the bar.

    row: {"ref", "label", "start": [earliest, latest], "end": [earliest, latest] or None, "status", "ended"}.
    What is certain is solid, an uncertain end striped; an ended bar is capped, one still in force is pointed.
    """
    if not rows:
        return Markup("")
    ordered = sorted(rows, key=lambda row: (list(row["start"]), row["label"].lower(), row["ref"]))
    last = _day(today)
    known = [day for row in ordered for day in row["start"] if not _is_unbounded(day)]
    axis = _Axis(min([last, *map(_day, known)]), last)
    item = Markup('<li><span>{}</span> <span>{}</span><svg class="{}" aria-hidden="true">{}</svg></li>\n')
    items = _joined(
        item.format(to(row["ref"], row["label"]), _years(row), "past" if row["ended"] else "now", _bar(row, axis, last, name))
        for row in ordered
    )
    return Markup(
        '<div class="bars"><svg class="grid" width="100%" height="100%" aria-hidden="true"><defs>'
        '<path class="point" id="{}-on" d="M-6 2H0V7ZM0 7V12H-6Z"/></defs>{}</svg>\n'
        '<svg class="axis" width="100%" height="20" aria-hidden="true">{}</svg>\n<ol class="plain">\n{}</ol></div>'
    ).format(name, axis.grid(), axis.labels(14), items)


def _bar(row: Json, axis: _Axis, today: date, name: str) -> Markup:
    """The bar of one treaty: striped, solid, striped; then a cap or a point."""
    start, latest_start = map(_day, row["start"])
    if start > today:
        return Markup("")
    end, latest_end = map(_day, row["end"] or (date.max.isoformat(),) * 2)
    goes_on = not row["ended"] and end > today
    if row["ended"] and not row["end"]:
        end = latest_start
    turns = [axis.at(day) for day in (start, latest_start, end, latest_end)]
    if latest_start > end:  # nothing is certain
        turns[1] = turns[2] = turns[3]
    if turns[0] < turns[1]:
        turns[1] = min(max(turns[1], turns[0] + _STRIPES), turns[2])
    if turns[2] < turns[3]:
        turns[2] = max(min(turns[2], turns[3] - _STRIPES), turns[1])
    parts = [
        _stroke(kind, left, right)
        for kind, (left, right) in zip(("maybe", "sure", "maybe"), pairwise(turns), strict=True)
        if left < right
    ]
    if row["start"][0] == row["start"][1]:
        parts.append(_cap(turns[0]))
    if row["ended"] and row["end"] and end == latest_end:
        parts.append(_cap(turns[3]))
    if goes_on:
        parts.append(Markup('<use href="#{}-on" x="100%"/>').format(name))
    return _joined(parts)


def _stroke(kind: str, left: int, right: int) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="7" y2="7"/>').format(kind, _percent(left), _percent(right))


def _cap(place: int) -> Markup:
    """An upright mark at a known day, kept inside the picture."""
    return Markup('<line class="cap" x1="{0}" x2="{0}" y1="1" y2="13"/>').format(_percent(min(max(place, 3), 997)))


def _years(row: Json) -> str:
    """The years of a bar: "since 1949", "1961–1996", "1950/1951 – not known"."""
    start = _year(row["start"])
    if row["end"]:
        end = _year(row["end"])
        if start == end:
            return start
        return f"{start}–{end}" if len(start) == len(end) == 4 else f"{start} – {end}"
    return f"{start} – not known" if row["ended"] else f"since {start}"


def _year(pair: Sequence[str]) -> str:
    first, last = (day[:4] for day in pair)
    if _is_unbounded(pair[0]):
        return "not known" if _is_unbounded(pair[1]) else f"by {last}"
    if _is_unbounded(pair[1]):
        return f"{first} or later"
    return first if first == last else f"{first}/{last}"


# What replaced what

#: How a treaty of a chain gave way to the next, in words.
_GAVE_WAY = {"superseded": "Replaced by", "amended": "Amended by", "extended": "Extended by", "ended": "Ended; followed by"}


def chain(steps: Sequence[Json], to: Linker = _plain) -> Markup:
    """Treaties that followed one another, as a list down which an arrow runs. The order of `steps` is kept.

    step: {"ref", "label", "from", "to", "status", "how"}; days as EDTF text or empty, `how` is how it gave way.
    A full circle is in force; a broken arrow joins what was not replaced but ended.
    """
    parts = []
    for step, following in zip_longest(steps, steps[1:]):
        how = str(step.get("how") or "")
        words = ""
        if following is not None:
            words = _GAVE_WAY.get(how, f"{_sentence(how)}; followed by" if how else "Followed by")
        parts.append(
            Markup('<li><svg width="16" height="100%" aria-hidden="true">{}</svg><b>{}</b> <span>{}</span>{}</li>\n').format(
                _link_down(step, following is not None, how),
                to(step["ref"], step["label"]),
                _period(step, told_below=bool(words)),
                Markup(" <i>{}</i>").format(words) if words else "",
            )
        )
    return Markup('<ol class="chain plain">\n{}</ol>').format(_joined(parts)) if parts else Markup("")


def _link_down(step: Json, more: bool, how: str) -> Markup:
    state = "now" if step["status"] == "in-force" else "past"
    node = Markup('<circle class="node {}" cx="8" cy="13" r="5"/>').format(state)
    if not more:
        return node
    kind = "" if how in ("", "superseded", "amended", "extended") else " broken"
    return node + Markup(
        '<line class="way{}" x1="8" x2="8" y1="23" y2="100%"/>'
        '<svg y="100%" overflow="visible"><path class="way" d="M3 -7 8 -1 13 -7"/></svg>'
    ).format(kind)


def _period(step: Json, told_below: bool) -> str:
    """From when until when and how it stands, as words; that it ended is not said twice."""
    since, until = (dates.in_words(str(step[key])) if step.get(key) else "" for key in ("from", "to"))
    status = _sentence(step["status"])
    if since and until:
        return f"{since} – {until}" + ("" if told_below and step["status"] == "ended" else f", {status.lower()}")
    if since:
        return f"{status} since {since}" if step["status"] == "in-force" else f"{status}; from {since}"
    return f"{status}; until {until}" if until else status


def _sentence(word: str) -> str:
    words = word.replace("-", " ")
    return words[:1].upper() + words[1:]


# The number of parties over time

#: The picture's inside: the highest count is drawn at _TOP, none at _BASE.
_TOP, _BASE, _BELOW = 26, 170, 20


def members(points: Sequence[Json], total: int, today: str) -> Markup:
    """The number of parties as steps over an area, labelled where there is room.

    point: {"date": EDTF, "day": ISO, "count", "joined": [labels], "left": [labels]}; `total` is the number on
    the as-of day. A day that is not exact is a striped line over the days it may have been.
    """
    last = _day(today)
    ordered = [point for point in sorted(points, key=lambda point: (point["day"], point["count"])) if point["day"] <= today]
    if not ordered:
        return Markup("")
    axis = _Axis(_day(ordered[0]["day"]), last)
    highest = max(1, total, *(point["count"] for point in ordered))

    def level(count: int) -> int:
        return _BASE - count * (_BASE - _TOP) // highest

    places = [(axis.at(_day(point["day"])), level(point["count"]), point["count"]) for point in ordered]
    line = f"M{places[0][0]} {places[0][1]}" + "".join(f"H{x}V{y}" for x, y, _ in places[1:]) + "H1000"
    return Markup(
        '<svg class="steps-up" width="100%" height="{height}" aria-hidden="true">{grid}'
        '<svg width="100%" height="{height}" viewBox="0 0 1000 {height}" preserveAspectRatio="none">'
        '<path class="under" d="{line}V{base}H{left}Z"/><path class="over" vector-effect="non-scaling-stroke" d="{line}"/></svg>'
        '<line class="tick base" x2="100%" y1="{base}" y2="{base}"/>{maybe}{labels}{years}</svg>'
    ).format(
        height=_BASE + _BELOW,
        grid=axis.grid(str(_BASE)),
        line=line,
        base=_BASE,
        left=places[0][0],
        maybe=_inexact(ordered, axis, level),
        labels=_counts(places, total, level(total)),
        years=axis.labels(_BASE + 15),
    )


def _inexact(points: Sequence[Json], axis: _Axis, level: Callable[[int], int]) -> Markup:
    """A striped line for each day that is known only as a range."""
    parts = []
    for point in points:
        span = dates.parse(str(point["date"]))
        if span is not None and not span.exact:
            ends = [_percent(axis.at(day)) for day in (span.earliest, span.latest)]
            striped = Markup('<line class="maybe" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>')
            parts.append(striped.format(*ends, level(point["count"])))
    return _joined(parts)


def _counts(places: Sequence[tuple[int, int, int]], total: int, height: int) -> Markup:
    """Counts beside their steps: the first and the last, then the greatest changes that have room."""
    parts = [Markup('<text class="total" x="100%" y="{}" text-anchor="end">{}</text>').format(height - 8, total)]
    left, start, first = places[0]
    taken = [(925, 1000)]
    if left <= 840:
        y = start + 17 if start + 24 < _BASE else start - 7
        parts.append(Markup('<text x="{}" dx="4" y="{}">{}</text>').format(_percent(left), y, first))
        taken.append((left, left + 80))
    steps = [(x, y, before[1], count, count - before[2]) for before, (x, y, count) in pairwise(places)]
    if steps and steps[-1][3] == total:  # the total says it
        steps.pop()
    for x, y, y_before, count, change in sorted(steps, key=lambda step: (-abs(step[4]), step[0])):
        room = (x - 80, x) if change > 0 else (x, x + 80)
        if change and all(room[1] <= other[0] or other[1] <= room[0] for other in taken):
            taken.append(room)
            side = ("end", -5, min(y + 5, y_before - 5)) if change > 0 else ("start", 5, y - 5)
            parts.append(Markup('<text x="{}" text-anchor="{}" dx="{}" y="{}">{}</text>').format(_percent(x), *side, count))
    return _joined(parts)


# Who is bound to whom

#: Down: the height of a state's row and the least of a group. Across: the place of the states' dots, in pixels,
#: and of the lines between states and groups, in tenths of a per cent.
_ROW, _GROUP = 28, 88
_DOT, _LEFT, _RIGHT = 46, 530, 630


def network(nodes: Sequence[Json], edges: Sequence[Json], groups: Sequence[Json]) -> Markup:
    """The states that tie the network together: arcs for treaties between two, lines to the groups they are in.

    node: {"ref", "label"}; edge: {"a", "b", "treaties": [{"ref", "label"}]}; group: {"ref", "label", "members": [refs]}.
    Drawn are only states with a treaty between two or in several groups. All others have no tie but their one
    group; its label counts them, and the list beside the picture names them.
    """
    names = {node["ref"]: node["label"] for node in nodes}
    arcs = sorted({tuple(sorted((edge["a"], edge["b"]))) for edge in edges if edge["a"] != edge["b"]})
    blocs = sorted(groups, key=lambda group: (group["label"].lower(), group["ref"]))
    inside = sorted((ref, group["ref"]) for group in blocs for ref in set(group["members"]))
    shared = [ref for ref, _ in inside]
    states = {ref for arc in arcs for ref in arc} | {ref for ref in shared if shared.count(ref) > 1}
    if not states:
        return Markup("")
    ties = [tie for tie in inside if tie[0] in states]
    order = _order(sorted(states, key=lambda ref: (_name(names, ref).lower(), ref)), arcs, ties)
    height = max(_ROW * len(order), _GROUP * len(blocs))
    rows = {ref: (2 * index + 1) * height // (2 * len(order)) for index, ref in enumerate(order)}
    columns = _columns(blocs, ties, rows, height)
    return Markup('<svg class="net" width="100%" height="{}" aria-hidden="true">{}{}{}{}</svg>').format(
        height,
        _joined(_arc(rows[a], rows[b]) for a, b in arcs),
        _memberships(ties, rows, columns, height),
        _joined(_state(_name(names, ref), y, ref in dict(ties)) for ref, y in rows.items()),
        _joined(_bloc(group, columns[group["ref"]]) for group in blocs),
    )


def _name(names: Mapping[str, str], ref: str) -> str:
    return names.get(ref) or ref.rpartition("/")[2]


def _order(states: list[str], arcs: Sequence[Sequence[str]], ties: Sequence[tuple[str, str]]) -> list[str]:
    """The states in an order with short lines and few crossings: they are moved, alone or with all they are
    tied to by arcs, while that makes the picture better."""
    blocks = _blocks(states, arcs)
    best = _cost([ref for block in blocks for ref in block], arcs, ties)
    for _ in range(12):
        before = best
        for moved in (_blocks_moved, _states_moved):
            for tried in moved(blocks):
                found = _cost([ref for block in tried for ref in block], arcs, ties)
                if found < best:
                    blocks, best = tried, found
        if best == before:
            break
    return [ref for block in blocks for ref in block]


def _blocks(states: Sequence[str], arcs: Sequence[Sequence[str]]) -> list[list[str]]:
    """The states parted into those that arcs join, directly or through others."""
    block_of = {ref: [ref] for ref in states}
    for a, b in arcs:
        if block_of[a] is not block_of[b]:
            joined = block_of[a] + block_of[b]
            block_of |= dict.fromkeys(joined, joined)
    return list({id(block_of[ref]): block_of[ref] for ref in states}.values())


def _blocks_moved(blocks: list[list[str]]) -> Iterator[list[list[str]]]:
    """Every order that differs by one block in another place or upside down."""
    for index, block in enumerate(blocks):
        rest = blocks[:index] + blocks[index + 1 :]
        for place in range(len(blocks)):
            for turned in (block, block[::-1]):
                yield [*rest[:place], turned, *rest[place:]]


def _states_moved(blocks: list[list[str]]) -> Iterator[list[list[str]]]:
    """Every order that differs by one state in another place of its block."""
    for index, block in enumerate(blocks):
        for old in range(len(block)):
            rest = block[:old] + block[old + 1 :]
            for new in range(len(block)):
                yield [*blocks[:index], [*rest[:new], block[old], *rest[new:]], *blocks[index + 1 :]]


def _cost(order: Sequence[str], arcs: Sequence[Sequence[str]], ties: Sequence[tuple[str, str]]) -> int:
    """How long the lines of an order are, and how many cross on the way to the groups."""
    at = {ref: index for index, ref in enumerate(order)}
    groups = _ranks(at, ties)
    step = len(order) * 1000 // max(len(groups), 1)
    ends = sorted((at[ref], groups[group]) for ref, group in ties)
    crossings = sum(later < earlier for index, (_, earlier) in enumerate(ends) for _, later in ends[index + 1 :])
    reach = sum(abs(place - step * (2 * rank + 1) // 2000) for place, rank in ends)
    return sum(abs(at[a] - at[b]) for a, b in arcs) + reach + 2 * crossings


def _ranks(at: Mapping[str, int], ties: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The groups' ranks from above, by the middle of their states."""
    places: dict[str, list[int]] = {}
    for ref, group in ties:
        places.setdefault(group, []).append(at[ref])
    ordered = sorted(places, key=lambda group: (sum(places[group]) * 1000 // len(places[group]), group))
    return {group: rank for rank, group in enumerate(ordered)}


def _columns(
    blocs: Sequence[Json], ties: Sequence[tuple[str, str]], rows: Mapping[str, int], height: int
) -> dict[str, tuple[int, int]]:
    """Top and bottom of each group's bar: evenly spaced; a group none of whose states are drawn stands last."""
    ranks = _ranks(rows, ties)
    ordered = sorted((group["ref"] for group in blocs), key=lambda ref: (ranks.get(ref, len(blocs)), ref))
    centres = [(2 * index + 1) * height // (2 * len(blocs)) for index in range(len(blocs))]
    return {ref: (centre - 30, centre + 30) for centre, ref in zip(centres, ordered, strict=True)}


def _arc(first: int, second: int) -> Markup:
    """A bow on the left, the wider the farther apart the two states are."""
    top, bottom = sorted((first, second))
    out = _DOT - min(10 + (bottom - top) // 5, 58)
    return Markup('<path class="arc" d="M{0} {1}C{2} {1} {2} {3} {0} {3}"/>').format(_DOT, top, out, bottom)


def _memberships(
    ties: Sequence[tuple[str, str]], rows: Mapping[str, int], columns: Mapping[str, tuple[int, int]], height: int
) -> Markup:
    """Lines from the states to the bars of their groups, spread over each bar so that they do not cross there."""
    lines = []
    for group, (top, bottom) in columns.items():
        places = sorted(rows[ref] for ref, other in ties if other == group)
        for index, y in enumerate(places, 1):
            lines.append(f"M0 {y}C60 {y} 40 {(end := top + index * (bottom - top) // (len(places) + 1))} 100 {end}")
    return Markup(
        '<svg x="{}" width="{}" height="{height}" viewBox="0 0 100 {height}" preserveAspectRatio="none">'
        '<path class="tie" vector-effect="non-scaling-stroke" d="{}"/></svg>'
    ).format(_percent(_LEFT), _percent(_RIGHT - _LEFT), "".join(lines), height=height)


def _state(label: str, y: int, in_group: bool) -> Markup:
    leader = Markup("")
    if in_group:
        leader = Markup('<line class="lead" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(_DOT, _percent(_LEFT), y=y)
    return Markup('{}<circle class="node now" cx="{}" cy="{}" r="3"/>{}').format(
        leader, _DOT, y, _lines(label, 14, 2, f"{_DOT + 8}", 0, y)
    )


def _bloc(group: Json, ends: tuple[int, int]) -> Markup:
    top, bottom = ends
    states = len(set(group["members"]))
    count = "1 state" if states == 1 else f"{states} states"
    bar = Markup('<line class="cap" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(_percent(_RIGHT), top, bottom)
    return bar + _lines(group["label"], 14, 5, _percent(_RIGHT), 8, (top + bottom) // 2, count)


def _lines(label: str, width: int, most: int, x: str, dx: int, y: int, last: str = "") -> Markup:
    """Words over a few lines around a height; what does not fit ends in an ellipsis."""
    words = textwrap.wrap(label, width, max_lines=most, placeholder="…") or [""]
    lines = [*words, last] if last else words
    top = y + 4 - 7 * (len(lines) - 1)
    return _joined(
        Markup('<text{} x="{}"{} y="{}">{}</text>').format(
            Markup(' class="size"') if last and index == len(words) else "",
            x,
            Markup(' dx="{}"').format(dx) if dx else "",
            top + 14 * index,
            line,
        )
        for index, line in enumerate(lines)
    )


#: What templates of every page may call, by name.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "timeline": timeline,
    "chain": chain,
    "members": members,
    "network": network,
    "days_in_words": days_in_words,
}
