"""The pictures: well formed, escaped, the same to the byte, inside their bounds, and every datum as text beside them."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from pipeline.render import add_helpers
from pipeline.render.pictures import chain, days_in_words, members, network, timeline
from tests.worlds import PROJECT

TODAY = "2026-11-25"
HOSTILE = '"><script>alert(1)</script>&\'<svg onload=x>'


def link(ref: str, words: str = "", anchor: str = "") -> Markup:
    return Markup('<a href="{}.html">{}</a>').format(ref, words or ref)


def row(label: str, start: Any, end: Any = None, ended: bool | None = None) -> dict[str, Any]:
    def pair(day: Any) -> Any:
        return [day, day] if isinstance(day, str) else day

    ended = end is not None if ended is None else ended
    status = "ended" if ended else "in-force"
    return {"ref": f"treaty/{label.lower().replace(' ', '-')}", "label": label, "start": pair(start), "end": pair(end), "ended": ended, "status": status}


ROWS = [
    row("North Atlantic Treaty", "1949-08-24"),
    row("Warsaw Treaty", "1955-06-04", "1991-07-01"),
    row("Joint Defence", ["1952-01-01", "1952-12-31"], ["1961-01-01", "1963-12-31"]),
    row("Overlapping", ["1954-01-01", "1960-12-31"], ["1955-01-01", "1961-12-31"]),
    row("End not known", ["1966-01-01", "1967-12-31"], None, True),
    row("Start not known", ["0001-01-01", "1970-05-05"], "1980-01-01"),
    row("Ends later", "2020-01-01", "2030-01-01", False),
    row("Begins later", "2027-01-01"),
    row("Of one day", "2026-11-25"),
]
STEPS = [
    {"ref": "treaty/a", "label": "Of 1961", "from": "1961-09-10", "to": "1996-09-10", "status": "ended", "how": "ended"},
    {"ref": "treaty/b", "label": "Of 2000", "from": "2000-10-20", "to": "2024-12-04", "status": "ended", "how": "superseded"},
    {"ref": "treaty/c", "label": "Of 2024", "from": "2024-12", "to": "", "status": "in-force", "how": ""},
]
POINTS = [
    {"date": day, "day": day[1:11] if day[0] == "[" else day, "count": count, "joined": joined, "left": left}
    for day, count, joined, left in (
        ("1949-08-24", 12, ["Belgium", "Canada"], []),
        ("1952-02-18", 14, ["Greece", "Turkey"], []),
        ("[2001-09-01..2004-09-06]", 13, [], ["Mexico"]),
        ("2024-03-07", 32, ["Sweden"], []),
        ("2027-01-01", 33, ["Ukraine"], []),
    )
]


def network_of(states: int, groups: int, pairs: int) -> tuple[list[Any], list[Any], list[Any]]:
    nodes = [{"ref": f"organization/s{index:02}", "label": f"State number {index}"} for index in range(states)]
    blocs = [
        {"ref": f"treaty/g{index}", "label": f"Treaty of many on mutual assistance {index}", "members": [node["ref"] for node in nodes[index * 9 : index * 9 + 12]]}
        for index in range(groups)
    ]
    edges = [
        {"a": nodes[(index * 7) % states]["ref"], "b": nodes[(index * 11 + 5) % states]["ref"], "treaties": [{"ref": f"treaty/t{index}", "label": f"Treaty of two {index}"}]}
        for index in range(pairs)
    ]
    return nodes, edges, blocs


NETWORK = network_of(80, 6, 15)


def many(count: int) -> list[dict[str, Any]]:
    return [row(f"Treaty of mutual assistance number {index}", f"{1945 + index % 70}-03-01", [f"{1990 + index % 30}-01-01", "2020-12-31"] if index % 2 else None) for index in range(count)]


def drawings() -> Iterator[tuple[str, Markup]]:
    yield "timeline", timeline(ROWS, TODAY, link)
    yield "long timeline", timeline(many(100), TODAY, link)
    yield "chain", chain(STEPS, link)
    yield "members", members(POINTS, 33, TODAY)
    yield "network", network(*NETWORK)


DRAWINGS = dict(drawings())


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(str(PROJECT / "templates")), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    add_helpers(made)
    made.globals |= {"to": link, "url": str, "has": bool, "card": str, "is_here": bool, "fragment": str, "site_language": "en"}
    return made


def figure(macro: str, *arguments: Any) -> str:
    module: Any = environment().get_template("partials/pictures.html").module
    return str(getattr(module, macro)(*arguments))


def figures() -> dict[str, str]:
    return {
        "timeline": figure("timeline_figure", ROWS, TODAY, "In force."),
        "chain": figure("chain_figure", STEPS, "What replaced what."),
        "members": figure("members_figure", POINTS, 33, TODAY, "Parties."),
        "network": figure("network_figure", *NETWORK, TODAY, "Who is bound."),
    }


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(f"<div>{markup}</div>")


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def svgs(element: ET.Element) -> Iterator[ET.Element]:
    """The outermost drawings."""
    for child in element:
        if child.tag == "svg":
            yield child
        else:
            yield from svgs(child)


# Form


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_hidden_and_without_styles_or_scripts(name: str) -> None:
    tree = parsed(DRAWINGS[name])
    assert all(svg.get("aria-hidden") == "true" for svg in svgs(tree))
    for element in tree.iter():
        assert element.tag not in ("script", "style", "foreignObject", "image")
        assert not {attribute for attribute in element.attrib if attribute == "style" or attribute.startswith("on")}
        assert not {"fill", "stroke", "color"} & set(element.attrib), "colours come from the theme"
    for svg in svgs(tree):
        assert not list(svg.iter("a")), "links are links of HTML, where the keyboard finds them"


@pytest.mark.parametrize("name", DRAWINGS)
def test_numbers_are_whole_or_have_one_decimal(name: str) -> None:
    for svg in svgs(parsed(DRAWINGS[name])):
        for element in svg.iter():
            for attribute in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "dx"):
                if value := element.get(attribute):
                    assert re.fullmatch(r"-?\d+|\d+(\.\d)?%", value), f"{attribute}={value}"


@pytest.mark.parametrize("name", figures())
def test_a_figure_is_well_formed_and_has_a_caption_and_unique_ids(name: str) -> None:
    tree = parsed(figures()[name])
    assert tree[0].tag == "figure" and tree[0][0].tag == "figcaption"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_two_timelines_on_a_page_have_different_ids() -> None:
    both = timeline(ROWS, TODAY, link, "one") + timeline(ROWS, TODAY, link, "two")
    ids = [element.get("id") for element in parsed(both).iter() if element.get("id")]
    assert ids == ["one-on", "two-on"]
    assert {use.get("href") for use in parsed(both).iter("use")} == {"#one-on", "#two-on"}


# Trust


def test_hostile_words_stay_words() -> None:
    nodes = [{"ref": "organization/a", "label": HOSTILE}, {"ref": "organization/b", "label": HOSTILE}]
    edges = [{"a": "organization/a", "b": "organization/b", "treaties": [{"ref": "treaty/x", "label": HOSTILE}]}]
    groups = [{"ref": "treaty/y", "label": HOSTILE, "members": ["organization/a"]}]
    rows = [row("x", "1950-01-01") | {"label": HOSTILE, "status": HOSTILE}]
    steps = [STEPS[0] | {"label": HOSTILE, "how": HOSTILE, "status": HOSTILE, "from": HOSTILE}, STEPS[1]]
    points = [POINTS[0] | {"joined": [HOSTILE], "left": [HOSTILE], "date": HOSTILE}]
    for markup in (
        timeline(rows, TODAY), timeline(rows, TODAY, name=HOSTILE), chain(steps), members(points, 12, TODAY), network(nodes, edges, groups),
        figure("timeline_figure", rows, TODAY, HOSTILE), figure("chain_figure", steps, HOSTILE),
        figure("members_figure", points, 12, TODAY, HOSTILE), figure("network_figure", nodes, edges, groups, TODAY, HOSTILE),
    ):
        assert "<script" not in markup and "<svg onload" not in markup
        parsed(markup)


# The same


def test_the_order_of_the_input_has_no_effect() -> None:
    shuffle = random.Random(7).shuffle
    nodes, edges, groups = NETWORK
    for _ in range(5):
        rows, points, some_nodes, some_edges = list(ROWS), list(POINTS), list(nodes), [dict(edge, a=edge["b"], b=edge["a"]) for edge in edges]
        some_groups = [dict(group, members=[*group["members"]]) for group in groups]
        for value in (rows, points, some_nodes, some_edges, some_groups, *(group["members"] for group in some_groups)):
            shuffle(value)
        assert timeline(rows, TODAY, link) == DRAWINGS["timeline"]
        assert members(points, 33, TODAY) == DRAWINGS["members"]
        assert network(some_nodes, some_edges, some_groups) == DRAWINGS["network"]
        assert figure("timeline_figure", rows, TODAY, "In force.") == figures()["timeline"]


def test_the_order_of_a_chain_is_kept() -> None:
    text = words(parsed(chain(STEPS, link)))
    assert text.index("Of 1961") < text.index("Ended; followed by") < text.index("Of 2000") < text.index("Replaced by") < text.index("Of 2024")


# Bounds


def place(value: str, whole: int) -> float:
    return float(value[:-1]) * whole / 100 if value.endswith("%") else float(value)


def points_of(path: str) -> Iterator[tuple[float, float]]:
    """The points of a path of M, H, V and C with absolute places."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([MHVCZ])([^MHVCZ]*)", path):
        values = [float(number) for number in numbers.split()]
        if letter == "H":
            values = [values[0], y]
        elif letter == "V":
            values = [x, values[0]]
        for x, y in zip(values[::2], values[1::2], strict=True):
            yield x, y


def check_inside(svg: ET.Element, width: int, height: int) -> None:
    for element in svg:
        if element.tag == "svg" and element.get("viewBox"):
            _, _, inner_width, inner_height = map(int, (element.get("viewBox") or "").split())
            assert place(element.get("x", "0"), width) + place(element.get("width", "100%"), width) <= width
            check_inside(element, inner_width, inner_height)
        elif element.tag not in ("svg", "defs"):
            for attribute, most in (("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("y1", height), ("y2", height), ("cy", height)):
                if element.get(attribute) is not None:
                    assert 0 <= place(element.get(attribute, ""), most) <= most, ET.tostring(element)
            if element.get("d"):
                assert all(0 <= x <= width and 0 <= y <= height for x, y in points_of(element.get("d", ""))), ET.tostring(element)


@pytest.mark.parametrize("width", [280, 600])
@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_drawn_outside(name: str, width: int) -> None:
    for svg in svgs(parsed(DRAWINGS[name])):
        height = svg.get("height", "14")  # a row of the timeline has its height from the theme
        check_inside(svg, width, 60 if height.endswith("%") else int(height))


def test_words_fit_beside_one_another() -> None:
    """At 280 pixels: seven pixels a letter, states left of the lines and groups right of them."""
    for text in parsed(DRAWINGS["network"]).iter("text"):
        letters = len(text.text or "")
        assert letters <= 14
        assert place(text.get("x", ""), 280) + 6.9 * letters + int(text.get("dx", "0")) <= 282


@pytest.mark.parametrize(("name", "most"), [("long timeline", 36_000), ("chain", 1_500), ("members", 2_000), ("network", 12_000)])
def test_a_drawing_is_small(name: str, most: int) -> None:
    assert len(DRAWINGS[name].encode()) <= most


# What the timeline says


def bar(label: str) -> list[tuple[str, float, float]]:
    """The strokes of a row: class, from, to."""
    for item in parsed(timeline(ROWS, TODAY, link)).iter("li"):
        if item[0][0].text == label:
            return [(line.get("class", ""), place(line.get("x1", ""), 100), place(line.get("x2", ""), 100)) for line in item[2].iter("line")]
    raise AssertionError(label)


def has_point(label: str) -> bool:
    return any(item[0][0].text == label and list(item.iter("use")) for item in parsed(timeline(ROWS, TODAY, link)).iter("li"))


def test_certain_bars_are_solid_and_capped_or_pointed() -> None:
    assert [kind for kind, *_ in bar("North Atlantic Treaty")] == ["sure", "cap"]
    assert bar("North Atlantic Treaty")[0][2] == 100 and has_point("North Atlantic Treaty")
    assert [kind for kind, *_ in bar("Warsaw Treaty")] == ["sure", "cap", "cap"]
    assert not has_point("Warsaw Treaty")


def test_uncertain_ends_are_striped() -> None:
    kinds = [kind for kind, *_ in bar("Joint Defence")]
    assert kinds == ["maybe", "sure", "maybe"]
    strokes = bar("Joint Defence")
    assert strokes[0][2] == strokes[1][1] and strokes[1][2] == strokes[2][1]
    assert [kind for kind, *_ in bar("Overlapping")] == ["maybe"]
    assert {kind for kind, *_ in bar("End not known")} == {"maybe"} and not has_point("End not known")
    assert [kind for kind, *_ in bar("Start not known")] == ["maybe", "sure", "cap"]


def test_a_scheduled_end_is_not_an_end_and_a_later_start_has_no_bar() -> None:
    assert has_point("Ends later") and bar("Ends later")[0][2] == 100
    assert bar("Begins later") == []


def test_rows_are_in_the_order_of_their_start_and_say_their_years() -> None:
    items = [words(item) for item in parsed(timeline(ROWS[:3], TODAY, link)).iter("li")]
    assert items == ["North Atlantic Treaty since 1949", "Joint Defence 1952 – 1961/1963", "Warsaw Treaty 1955–1991"]


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        (["1961-07-06", "1961-07-06"], "6 July 1961"),
        (["1961-07-01", "1961-07-31"], "July 1961"),
        (["1961-01-01", "1961-12-31"], "1961"),
        (["1961-01-01", "1962-12-31"], "between 1 January 1961 and 31 December 1962"),
        (["0001-01-01", "1961-07-06"], "by 6 July 1961"),
        (["1961-07-06", "9999-12-31"], "6 July 1961 or later"),
        (["0001-01-01", "9999-12-31"], "not known"),
    ],
)
def test_ranges_of_days_in_words(pair: list[str], text: str) -> None:
    assert days_in_words(pair) == text


# What the others say


def test_a_chain_tells_what_is_in_force_and_what_only_ended() -> None:
    tree = parsed(chain(STEPS, link))
    assert [circle.get("class") for circle in tree.iter("circle")] == ["node past", "node past", "node now"]
    assert [line.get("class") for line in tree.iter("line")] == ["way broken", "way"]


def test_members_labels_the_first_and_the_total_and_stripes_inexact_days() -> None:
    tree = parsed(DRAWINGS["members"])
    texts = [text.text for text in tree.iter("text")]
    assert "12" in texts and "33" in texts
    assert len([line for line in tree.iter("line") if line.get("class") == "maybe"]) == 1


def test_the_network_draws_states_with_several_ties_and_one_arc_a_pair() -> None:
    nodes, edges, groups = NETWORK
    tree = parsed(DRAWINGS["network"])
    inside = [ref for group in groups for ref in group["members"]]
    drawn = {edge[end] for edge in edges for end in ("a", "b")} | {ref for ref in inside if inside.count(ref) > 1}
    assert len(list(tree.iter("circle"))) == len(drawn)
    pairs = {tuple(sorted((edge["a"], edge["b"]))) for edge in edges if edge["a"] != edge["b"]}
    assert len([path for path in tree.iter("path") if path.get("class") == "arc"]) == len(pairs)


# As text


def test_every_datum_stands_in_the_text_beside_the_picture() -> None:
    made = {name: parsed(markup) for name, markup in figures().items()}
    table = words(next(made["timeline"].iter("table")))
    for entry in ROWS:
        assert entry["label"] in table and days_in_words(entry["start"]) in table
        assert not entry["end"] or days_in_words(entry["end"]) in table
    table = words(next(made["members"].iter("table")))
    for point in POINTS:
        assert all(name in table for name in (*point["joined"], *point["left"], str(point["count"])))
    assert "between 1 September 2001 and 6 September 2004" in table
    text = words(made["chain"])
    assert "10 September 1961 – 10 September 1996 Ended; followed by" in text and "In force since December 2024" in text
    text = words(next(made["network"].iter("details")))
    nodes, edges, groups = NETWORK
    inside = {ref for group in groups for ref in group["members"]} | {edge[end] for edge in edges for end in ("a", "b")}
    assert all(node["label"] in text for node in nodes if node["ref"] in inside)
    assert all(edge["treaties"][0]["label"] in text for edge in edges) and all(group["label"] in text for group in groups)


def test_nothing_makes_nothing() -> None:
    assert timeline([], TODAY) == chain([]) == members([], 0, TODAY) == network([], [], []) == ""
    assert figure("timeline_figure", [], TODAY, "x") == figure("chain_figure", [], "x") == ""
    assert figure("members_figure", [], 0, TODAY, "x") == figure("network_figure", [], [], [], TODAY, "x") == ""
    one = figure("network_figure", [], [], [{"ref": "treaty/g", "label": "Alone", "members": ["organization/x"]}], TODAY, "x")
    assert "1 state:" in one and "<svg" not in one
    assert members(POINTS[-1:], 0, TODAY) == ""


def test_the_theme_stays_small() -> None:
    assert len((PROJECT / "site/theme/css/site.css").read_bytes()) <= 20_000
