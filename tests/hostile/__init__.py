"""Hostile files, made here rather than kept: each with the one finding it must have, and the line of that finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.helpers import TREATY_END, WORLD

STATE = "name: X\ntype: state\n"
EVENT = "name: X\ndate: {date}\nsummary: s\nsources: [press]\n"
SOURCE = "title: X\npublisher: P\nclass: press\n"
TREATY = WORLD["seeds/treaty/friendship.yaml"]
END = TREATY_END


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and the code and line of the one error that it must have; no code where nothing is wrong with it."""

    content: bytes
    code: str = ""
    line: int = 1
    kind: str = "organization"
    says: str = ""


def everything() -> dict[str, Hostile]:
    """All hostile files by path."""
    groups = (
        issue,
        syntax,
        sharing,
        documents,
        keys,
        implicit_types,
        encodings,
        unsafe_characters,
        limits,
        schema,
        dates,
        addresses,
        references,
    )
    return {
        f"seeds/{case.kind}/{group.__name__.replace('_', '-')}-{number}.yaml": case
        for group in groups
        for number, case in enumerate(group(), start=1)
    }


def _file(text: str, code: str = "", line: int = 1, kind: str = "organization", says: str = "") -> Hostile:
    return Hostile(text.encode(), code, line, kind, says)


def issue() -> Iterator[Hostile]:
    """The cases that were asked for by name."""
    yield _file("nmae: X\ntype: state\n", "V201", 1, says="nmae")
    yield _file(STATE + "colour: red\n", "V201", 3, says="colour")
    yield _file(STATE + "part_of: nobody-at-all\n", "L301", 3, says="nobody-at-all")
    yield _file("name: X\ntype: state\nname: Y\n", "Y102", 3, says="line 1")
    yield _file(STATE + "existed:\n\tfrom: 1991\n", "Y103", 4, says="tab")
    yield _file('name: "X\ntype: state\nsummary: it goes on\n', "Y101", 1, says="quotation mark")
    yield _file(EVENT.format(date="2024-13-01"), "V207", 2, "event", "2024-13-01")
    yield _file("name: X\ndate: 2024\nsummary: s\n", "V202", 1, "event", "sources")
    yield _file(TREATY + "status: in force\n", "V204", END, "treaty", "status")
    yield _file(STATE + "part_of: person/ann-lee\n", "L302", 3, says="person")
    yield _file(STATE + "ids: {iso3166: NO}\n")
    yield _file("name: 12:30\ntype: state\n")
    yield _file("name: &x X\ntype: state\n", "Y104", 1, says="anchor")
    yield _file(STATE + "existed:\n  <<: {from: 1991}\n", "Y105", 4, says="merge key")
    yield _file("name: !!str X\ntype: state\n", "Y106", 1, says="!!str")
    yield _file(STATE + "---\n" + STATE, "Y107", 3, says="second record")
    yield _file("", "Y108", 1)
    yield Hostile(STATE.encode("utf-16"), "Y109", 1, says="UTF-16")
    yield _file("name: X\ntype: st\x00ate\n", "Y110", 2, says="U+0000")
    yield _file("name: X\naliases: " + "[" * 3000 + "\n", "Y111", 2, says="levels")
    yield _file("[" * 3000, "Y111", 1, says="levels")


def syntax() -> Iterator[Hostile]:
    """What the parser cannot read, at the line of the mistake rather than of the parser's despair."""
    for text, line, says in (
        ('name: "X\ntype: "state"\n', 1, "quotation mark"),
        ('name: "X\ntype: state\naliases: ["Y"]\n', 1, "quotation mark"),
        ("name: 'X\ntype: state\n", 1, "quotation mark"),
        ("name: 'X\nsummary: the people's house\n", 1, "quotation mark"),
        ("name: 'People's Republic'\ntype: state\n", 1, "goes on"),
        ('name: "X" Y\ntype: state\n', 1, "goes on"),
        ('name: X\naliases:\n  - "Y\n  - "Z"\n', 3, "quotation mark"),
        ('name: X\naliases: ["Y, Z]\nsummary: "s"\n', 2, "quotation mark"),
        ('name: "X\n---\ntype: state"\n', 1, "quotation mark"),
        ("name: X\nsummary: First: second\n", 2, "second colon"),
        ("name: X\nstate\nsummary: s\n", 2, "without a key"),
        ("name: X\ntype:state\nsummary: s\n", 2, "space is missing"),
        ("name:X\ntype: state\n", 1, "space is missing"),
        ("name: X\ntype\uff1astate\nsummary: s\n", 2, "wide"),
        ("name: @X\n", 1, "begin with @"),
        ("name: `X`\n", 1, "begin with `"),
        ("name: %X\n", 1, "begin with %"),
        ("name: X\nsummary: *bold* words\n", 2, "begin with *"),
        ("name: X\nsummary: **bold**\n", 2, "begin with *"),
        ("name: X\nsummary: & more\n", 2, "begin with &"),
        ("name: X\nsummary: > words\n", 2, "begin with >"),
        ("name: X\nsummary: | words\n", 2, "begin with |"),
        ("name: X\nsummary: ? words\n", 2, "begin with ?"),
        ('name: "C:\\path\\q"\n', 1, "backslash"),
        ('name: "\\ud800"\n', 1, "backslash"),
        ('name: "\\xZZ"\n', 1, "backslash"),
        ("name: X\naliases: - Y\n", 2, "list cannot begin"),
        ("name: -\ntype: state\n", 1, "list cannot begin"),
        ("name: X\naliases: [Y, Z\ntype: state\n", 2, "never closed"),
        ("name: X\nids: {iso3166: AL\ntype: state\n", 2, "never closed"),
        ("name: X\naliases: [Y] [Z]\n", 2, "goes on after"),
        ("name: X\naliases: [Y]]\n", 2, "never opened"),
        ("name: X\nids: {iso3166: AL}}\n", 2, "never opened"),
        ("name: X\naliases: [Y}\n", 2, "closed by }"),
        ('name: X\naliases: ["Y" "Z"]\n', 2, "comma"),
        ('name: X\naliases: [\n  "Y"\n  "Z"\n]\n', 4, "comma"),
        ("name: X\naliases: [Y,,Z]\n", 2, "nothing stands"),
        ("name: X\nexisted:\n    from: 1991\n  until: 1995\n", 4, "not indented like"),
        ("name: X\n  type: state\n", 2, "indented as if"),
        ("name: X\naliases:\n  - Y\n - Z\n", 4, "under the entries"),
        ("- X\nname: Y\n", 2, "hyphen"),
        ("name: X\naliases:\n  - Y\n  type: state\n", 4, "hyphen"),
        (": X\n", 1, "without a key"),
        ('"name" of: X\n', 1, "goes on"),
        ("<<<<<<< HEAD\nname: X\n=======\nname: Y\n>>>>>>> other\ntype: state\n", 1, "merge in git"),
        ("name: X\n<<<<<<< HEAD\ntype: state\n=======\ntype: court\n>>>>>>> other\n", 2, "merge in git"),
        ("name: X\n>>>>>>> other\ntype: state\n", 2, "merge in git"),
        ("name: X\n=======\ntype: state\n", 2, "merge in git"),
        ("name: \u201cX: Y\u201d\n", 1, "second colon"),
        ("name: X\nnotes:\n  \u2022 date: 2024\n    text: t\n", 3, "hyphen and a space"),
        ("name: X\nnotes:\n  -date: 2024\n    text: t\n", 3, "hyphen and a space"),
        ("name: X\naliases: [Y\n", 2, "never closed"),
        ("name: [\n", 1, "never closed"),
        ("name: X\nids: {\n", 2, "never closed"),
        ("name: X\naliases: [\ntype: state\n", 2, "never closed"),
        ("name: X\naliases: [Y,\n\n# the end\n", 2, "never closed"),
        ("name: X: Y\n", 1, "second colon"),
        ("name: X\n}\n", 2, "never opened"),
    ):
        yield _file(text, "Y101", line, says=says)
    for text, line, says in (
        ("name: Treaty #4 of 1951\ntype: state\n", 1, "remark"),
        ("name: X\naliases: [Y, Treaty #4]\ntype: state\n", 2, "never closed"),
        ("name: #4\ntype: state\n", 1, "no value"),
    ):
        yield _file(text, "Y101" if "closed" in says else "Y112", line, says=says)
    for text in ('"Treaty #4"', "Treaty#4", "X # a remark", "X  ## a remark", "|\n  a\n  Treaty #4", "C# X"):
        yield _file(f"name: {text}\ntype: state\n")
    for text, line in (
        ("\tname: X\n", 1),
        ("name: X\naliases:\n\t- Y\n", 3),
        ("name: X\naliases:\n  - Y\n  \t- Z\n", 4),
        ("name: X\n\tY\n", 2),
        ("name: X\naliases:\n-\tY: Z\n\tA: B\n", 3),
        ("name: X\nsummary: |\n\tY\n", 3),
        ("name: X\nexisted:\n\u00a0\u00a0from: 1991\n", 3),
        ("name: X\nexisted:\n\u3000from: 1991\n", 3),
        ("name: X\n\u2003type: state\n", 2),
        ("name: X\n\t\ntype: state\n", 2),
    ):
        yield _file(text, "Y103", line)


def sharing() -> Iterator[Hostile]:
    """Anchors, aliases, merge keys and tags: one error for one thing shared."""
    for text, code, line in (
        ("name: &a X\nsummary: *a\n", "Y104", 1),
        ("name: *a\ntype: state\n", "Y104", 1),
        ("name: X\naliases: &a\n  - Y\n", "Y104", 2),
        ("&a name: X\n", "Y104", 1),
        ("*a : X\ntype: state\n", "Y104", 1),
        ("name: X\naliases: [*a, *a, *a]\n", "Y104", 2),
        ("name: X\nexisted: &e {from: 1991}\nnotes:\n  - {<<: *e, text: t}\n", "Y105", 4),
        ("name: X\nids: &a {iso3166: AL}\nexisted: &b {from: 1991}\ntype:\n  <<: [*a, *b]\n", "Y105", 5),
        ("<<: *nothing\nname: X\n", "Y105", 1),
        ("? <<\n: {name: X}\n", "Y105", 1),
        ("&a\nname: X\n", "Y104", 1),
        ("name: !x X\n", "Y106", 1),
        ("name: ! X\n", "Y106", 1),
        ("name: !!python/object/apply:os.system ['id']\n", "Y106", 1),
        ("name: !!binary aGk=\n", "Y106", 1),
        ("name: !!null\ntype: state\n", "Y106", 1),
        ("name: !<tag:x,2000:y> X\n", "Y106", 1),
        ("!!map\nname: X\n", "Y106", 1),
        ("name: X\naliases: !!set {Y}\n", "Y106", 2),
        ("name: !!timestamp 2024-01-01\n", "Y106", 1),
        ("name: !important\ntype: state\n", "Y106", 1),
        ("%TAG !e! tag:e,2000:\n---\nname: X\n", "Y106", 1),
        ("name: X\nsummary: !!python/name:os.system\n", "Y106", 2),
        ("name: X\nsummary: *bold words\n", "Y104", 2),
    ):
        yield _file(text, code, line)
    yield _file("a: &a [x, x, x]\nb: [*a, *a, *a, *a, *a]\n", "Y104", 1)
    yield _file("a: &a {x: y}\nb: {<<: [*a, *a, *a, *a, *a, *a, *a]}\n", "Y105", 2)


def documents() -> Iterator[Hostile]:
    """Files that hold no record, more than one, or another language."""
    for text, code, line in (
        (STATE + "...\n" + STATE, "Y107", 4),
        ("---\n---\n" + STATE, "Y107", 2),
        (STATE + "---\n", "Y107", 3),
        ("---\n" + STATE, "", 1),
        (STATE + "...\n", "", 1),
        ("---\n", "Y108", 1),
        ("# only a comment\n", "Y108", 1),
        ("\n\n  \n", "Y108", 1),
        ("\ufeff", "Y108", 1),
        ("null\n", "Y113", 1),
        ("~\n", "Y113", 1),
        ("X\n", "Y113", 1),
        ('"name: X"\n', "Y113", 1),
        ("- name: X\n", "Y113", 1),
        ("[]\n", "Y108", 1),
        ("5\n", "Y113", 1),
        ("true\n", "Y113", 1),
        ("|\n  name: X\n", "Y113", 1),
        ("{type: state}\n", "V202", 1),
        ("%YAML 1.1\n---\n" + STATE, "Y106", 1),
        ("%YAML 1.2\n---\n" + STATE, "Y106", 1),
        ("%YAML 3.0\n---\n" + STATE, "Y106", 1),
        ("%FOO\n---\n" + STATE, "Y106", 1),
        ("<?xml version='1.0'?>\n<a>b</a>\n", "Y113", 1),
        ("<!DOCTYPE html>\n<html></html>\n", "Y113", 1),
        ("name,type\nX,state\n", "Y113", 1),
        ('{"name": "X", "type": "state"}\n', "", 1),
        ("#!/bin/sh\n" + STATE, "", 1),
        ("name: X # a comment\ntype: state\n", "", 1),
        ("\ufeff" + STATE, "", 1),
        (STATE.replace("\n", "\r\n"), "", 1),
        (STATE.replace("\n", "\r"), "", 1),
        (STATE.rstrip(), "", 1),
        ("? name\n: X\n? type\n: state\n", "", 1),
        ("name:\tX\ntype:  state  \n", "", 1),
        ("name: |-\n  X\ntype: >-\n  state\n", "", 1),
        ("name: X\n\n\n# here\n\ntype: state\n", "", 1),
        ("'name': X\n\"type\": state\n", "", 1),
    ):
        yield _file(text, code, line)


def keys() -> Iterator[Hostile]:
    """Keys that stand twice or are no text, and keys without a value."""
    for text, code, line, says in (
        ('name: X\n"name": Y\n', "Y102", 2, "line 1"),
        ("name: X\nids: {untc: a, untc: b}\n", "Y102", 2, "line 2"),
        ("name: X\n" + "# c\n" * 98 + "name: Y\n", "Y102", 100, "line 1"),
        ("name: X\nn\u0061me: Y\n", "Y102", 2, "line 1"),
        ('name: X\n"n\\x61me": Y\n', "Y102", 2, "line 1"),
        ("name: X\naliases:\n  - {a: b,\n     a: c}\n", "Y102", 4, "line 3"),
        ("1: X\n", "Y114", 1, "'1'"),
        ("true: X\n", "Y114", 1, "'true'"),
        ("~: X\n", "Y114", 1, "'~'"),
        ("1.5: X\n", "Y114", 1, "'1.5'"),
        ("null: X\n", "Y114", 1, "'null'"),
        ("? [a, b]\n: X\n", "Y114", 1, "a list"),
        ("{a: b}: X\n", "Y114", 1, "a list"),
        ("name:\ntype: state\n", "Y112", 1, "'name' has no value"),
        ("name: X\ntype:\n", "Y112", 2, "'type' has no value"),
        ("name: X\nids: {iso3166}\n", "Y112", 2, "'iso3166'"),
        ("name: X\nids: {iso3166:AL}\n", "Y112", 2, "'iso3166:AL'"),
        ("name: X\naliases:\n  -\n  - Y\n", "Y112", 3, "list is empty"),
        ("? name\ntype: state\n", "Y112", 1, "'name'"),
        ("name: # nothing\ntype: state\n", "Y112", 1, "'name'"),
        ("name: X\nexisted:\nfrom: 1991\n", "Y112", 2, "'existed'"),
        ("name: X\naliases: [~]\n", "Y112", 2, "'~'"),
        ("name: null\n", "Y112", 1, "'null'"),
        ("name: NULL\n", "Y112", 1, "'NULL'"),
        ("Name: X\ntype: state\n", "V201", 1, "'Name'"),
        ("name : X\ntype: state\n", "", 1, ""),
        ("n\u0430me: X\ntype: state\n", "V201", 1, "n"),
        ('"name ": X\ntype: state\n', "V201", 1, "name"),
        ('"": X\n' + STATE, "V201", 1, "''"),
        ("__proto__: X\n" + STATE, "V201", 1, "__proto__"),
        ("$ref: X\n" + STATE, "V201", 1, "$ref"),
        ("k" * 900 + ": X\n" + STATE, "V201", 1, "kkk…"),
    ):
        yield _file(text, code, line, says=says)


TEXT_AS_IT_IS = (
    "NO",
    "no",
    "No",
    "yes",
    "YES",
    "on",
    "off",
    "y",
    "n",
    "12:30",
    "12:30:45",
    "1:00:00",
    "190:20:30",
    "1_000",
    "1_000.5",
    "0b1010",
    "0o8",
    "0xg",
    "1e",
    "e5",
    "1,5",
    "1,000",
    "1 000",
    "2024-06-19",
    "2024-06-19 10:00:00",
    "2001-12-14t21:59:43.10-05:00",
    "1.2.3",
    "v1.10",
    "+",
    "-x",
    ".",
    "..",
    "...x",
    ".inf.",
    "infinity",
    "NaN",
    "nan",
    "inf",
    "tRUE",
    "nULL",
    "none",
    "undefined",
    "true false",
    "1st",
    "0-0",
    "12e03x",
    "1e5e5",
    "=",
    "a%",
    "x#y",
    "a ,b",
    "--",
    "\u0661\u0662\u0663",
    "\uff11",
    "½",
    "“X”",
    "«X»",
    "O'Neill",
    "AT&T",
    "<b>X</b>",
    "אב",
    "عربي",
    "조선",
    "🇰🇵",
)
NUMBERS_TO_QUOTE = (
    "1.10",
    "0.5",
    ".5",
    "5.",
    "1e3",
    "1E3",
    "1e+3",
    "1.5e-7",
    "+1",
    "-0",
    "+0",
    "007",
    "0123",
    "00",
    "-012",
    "0x1F",
    "0xdeadbeef",
    "0o17",
    ".inf",
    "-.inf",
    "+.INF",
    ".Inf",
    ".nan",
    ".NaN",
    "9" * 16,
    "9" * 5000,
    "-" + "9" * 20,
    "1." + "0" * 5000,
    "685230.15e+03",
)


def implicit_types() -> Iterator[Hostile]:
    """Text that a looser reader takes for something else: refused, or kept letter for letter (see test_load)."""
    for text in TEXT_AS_IT_IS:
        yield _file(f"name: {text}\ntype: state\n")
    for text in NUMBERS_TO_QUOTE:
        yield _file(f"name: {text}\ntype: state\n", "Y112", 1, says="number")
        yield _file(f'name: "{text[:300]}"\ntype: state\n')
    for text in ("True", "TRUE", "False", "FALSE"):
        yield _file(f"name: {text}\ntype: state\n", "Y112", 1, says=text.lower())
    for text in ("true", "false", "5", "-5", "0", "2024", "123456789012345"):
        yield _file(f"name: {text}\ntype: state\n", "V203", 1, says=text)
    yield _file(EVENT.format(date="2024"), kind="event")
    yield _file(EVENT.format(date="0999"), "Y112", 2, "event")
    yield _file(EVENT.format(date="999"), "V203", 2, "event")


def encodings() -> Iterator[Hostile]:
    """Bytes that are not UTF-8."""
    text = "name: Côte d'Ivoire\ntype: state\n"
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Hostile(text.encode(name), "Y109", 1, says="UTF-16" if "16" in name else "UTF-32")
    yield Hostile(("\ufeff" + text).encode("utf-16-be"), "Y109", 1, says="UTF-16")
    for name in ("latin-1", "cp1252"):
        yield Hostile(text.encode(name), "Y109", 1, says="0xF4")
    yield Hostile(b"name: X\ntype: state\nsummary: " + "Россия".encode("cp1251") + b"\n", "Y109", 3)
    yield Hostile(b"name: X\ntype: state\nsummary: " + "조선".encode("euc-kr") + b"\n", "Y109", 3)
    yield Hostile("name: 日本\ntype: state\n".encode("shift-jis"), "Y109", 1)
    for number, broken in enumerate(
        (b"\xff", b"\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80", b"\xc3", b"\xf0\x9f\x98")
    ):
        yield Hostile(b"name: X\n" + b"# comment\n" * number + b"summary: " + broken + b"\n", "Y109", 2 + number)
    yield Hostile(b"name: X\r\ntype: state\r\nsummary: \xff\r\n", "Y109", 3)
    yield Hostile(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "Y109", 1)
    yield Hostile(b"\x89PNG\r\n\x1a\n", "Y109", 1)
    yield Hostile(b"PK\x03\x04\x14\x00", "Y110", 1)


UNSAFE = (
    *range(0x00, 0x09),
    0x0B,
    0x0C,
    *range(0x0E, 0x20),
    0x7F,
    0x80,
    0x85,
    0x9B,
    0x9F,
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
    0xFFF9,
    0xFFFA,
    0xFFFB,
    0xFFFE,
    0xFFFF,
)


def unsafe_characters() -> Iterator[Hostile]:
    """Characters that end a line unseen, turn text round, or are none; as themselves and by an escape."""
    for number in UNSAFE:
        yield _file(f"name: X\ntype: state\n# a comment\nsummary: a{chr(number)}b\n", "Y110", 4, says=f"U+{number:04X}")
        yield _file(f'name: X\nsummary: "a\\u{number:04x}b"\n', "Y110", 2, says="backslash")
    for escape in ("\\0", "\\a", "\\b", "\\e", "\\f", "\\v", "\\r", "\\N", "\\L", "\\P"):
        yield _file(f'name: X\nsummary: "a{escape}b"\n', "Y110", 2, says="backslash")
    yield _file("name: X\n# hidden\u2028type: state\n", "Y110", 2)
    yield _file("name: X\r\ntype: state\r\nsummary: \u202eabc\r\n", "Y110", 3)
    yield _file("name: X\rtype: state\rsummary: \u202eabc\r", "Y110", 3)


def limits() -> Iterator[Hostile]:
    """Too large, too deep, too many, too long."""
    yield _file("name: X\n" + "#" * 1024 * 1024, "Y111", 1, says="KiB")
    yield _file("name: X\naliases:" + "\n- a" * 100_001, "Y111", 99_998, says="values")
    for opening in ("[", "{a: ", "- ", "[{b: ", "[["):
        yield _file("aliases:\n " + opening * 3000 + "\n", "Y111", 2, says="levels")
    yield _file("aliases:\n " + "? " * 3000 + "\n", "Y114", 2)
    deep = "".join(f"{' ' * depth}a:\n" for depth in range(40)) + " " * 40 + "b\n"
    yield _file(deep, "Y111", 33, says="levels")
    yield _file("name: X\naliases: " + "[" * 100_000 + "]" * 100_000 + "\n", "Y111", 2, says="levels")
    yield _file("name: " + "x" * 301 + "\ntype: state\n", "V209", 1, says="301")
    yield _file("name: " + "x" * 1_000_000 + "\ntype: state\n", "V209", 1, says="1000000")
    yield _file(STATE + "aliases:\n" + "- a\n" * 61, "V209", 4, says="61")
    yield _file(STATE + "aliases:\n" + "- a\n" * 49_000, "V209", 4, says="49000")
    yield _file(STATE + "part_of: " + "x" * 201 + "\n", "V209", 3, says="201")
    yield _file(STATE + "part_of: " + "x" * 200 + "\n", "L301", 3, says="x…")
    yield _file(STATE + "summary: " + "\U0001f1f0\U0001f1f5" * 750 + "\n")
    yield _file(STATE + "summary: " + "\U0001f1f0\U0001f1f5" * 751 + "\n", "V209", 3, says="1502")
    yield _file(EVENT.format(date="1" * 400 + "-01-01"), "V207", 2, "event")
    yield _file(EVENT.format(date="[" + "1" * 100_000 + "..]"), "V203", 2, "event")
    yield _file("a" * 2000 + ": b\n", "Y101", 1)
    yield _file(STATE + "summary: '" + "\\" * 1400 + "'\n")
    yield _file(STATE + "names: {" + ", ".join(f"aa-{number:08d}: X" for number in range(61)) + "}\n", "V209", 3, says="61")


def schema() -> Iterator[Hostile]:
    """Records that break their schema in one place."""
    for text, code, line, says in (
        ("naem: X\ntype: state\n", "V201", 1, "naem"),
        (STATE + "sumary: s\n", "V201", 3, "sumary"),
        (STATE + "naem: Y\n", "V201", 3, "naem"),
        ("name: X\ntype: kingdom\n", "V205", 2, "kingdom"),
        ("name: X\ntype: stat\n", "V205", 2, "stat"),
        ("name: X\ntype: State\n", "V205", 2, "State"),
        ("name: X\n", "V202", 1, "type"),
        ("name: [X]\ntype: state\n", "V203", 1, "a list"),
        ("name: {en: X}\ntype: state\n", "V203", 1, "keys"),
        (STATE + "aliases: Y\n", "V203", 3, "a list"),
        (STATE + "aliases: {a: b}\n", "V203", 3, "a list"),
        (STATE + "names: X\n", "V203", 3, "keys"),
        (STATE + "names: [X]\n", "V203", 3, "keys"),
        (STATE + "aliases: []\n", "V209", 3, "empty"),
        (STATE + "names: {}\n", "V209", 3, "no key"),
        ('name: ""\ntype: state\n', "V209", 1, "empty"),
        (STATE + "aliases: ['']\n", "V209", 3, "empty"),
        (STATE + "names: {русский: X}\n", "V210", 3, "русский"),
        (STATE + "names: {ru_RU: X}\n", "V210", 3, "ru_RU"),
        (STATE + "names:\n  ru: X\n  korean language: Y\n", "V210", 5, "korean"),
        (STATE + "ids: {iso3166: nor}\n", "V206", 3, "nor"),
        (STATE + "ids: {iso3166: al}\n", "V206", 3, "al"),
        (STATE + 'ids: {iso3166: "AL\\n"}\n', "V206", 3, "AL"),
        (STATE + "ids: {wikidata: Q0}\n", "V206", 3, "Q0"),
        (STATE + "ids: {wikidata: 159}\n", "V203", 3, "159"),
        (STATE + 'ids: {iso3166: ""}\n', "V209", 3, "empty"),
        (STATE + "ids: {isin: X}\n", "V201", 3, "isin"),
        (STATE + "sources: []\n", "V209", 3, "empty"),
        (STATE + "sources: press\n", "V203", 3, "a list"),
        (STATE + "sources: [5]\n", "V203", 3, "5"),
        (STATE + "sources: [[press]]\n", "V203", 3, "a list"),
        (STATE + "sources: [{at: p. 1}]\n", "V202", 3, "source"),
        (STATE + "sources: [{sorce: press}]\n", "V201", 3, "sorce"),
        (STATE + "sources: [{source: press, page: '4'}]\n", "V201", 3, "page"),
        (STATE + "existed: {from: 1991, untill: 1995, sources: [press]}\n", "V201", 3, "untill"),
        (STATE + "unknown: [{note: n}]\n", "V202", 3, "about"),
        (STATE + "waive: [{rule: C420, reason: r}]\n", "V202", 3, "until"),
        (STATE + "waive: [{rule: C4, reason: r, until: 2030}]\n", "V206", 3, "C4"),
        (STATE + "contested: [{field: name, value: Y}]\n", "V202", 3, "sources"),
        (STATE + "withdrawn: {date: 2024}\n", "V202", 3, "reason"),
        (
            STATE + "notes:\n  - {date: 2024-01-01, text: t, sources: [press]}\n  - {text: t, sources: [press]}\n",
            "V202",
            5,
            "date",
        ),
    ):
        yield _file(text, code, line, says=says)
    for key in ("status", "in_force", "in_force_since", "ratified", "bound", "ended"):
        yield _file(TREATY + f"{key}: x\n", "V204", END, "treaty", key)
    for text, code, says in (
        ("articles: '23'\n", "V203", "a whole number"),
        ("articles: 0\n", "V209", "less than 1"),
        ("articles: 2001\n", "V209", "more than 2000"),
        ("articles: true\n", "V203", "true"),
        ("topics: [alliances]\n", "V205", "alliances"),
        ("languages: [russian!]\n", "V206", "russian!"),
        ("provisions: [{article: '4', sources: [press]}]\n", "V202", "heading"),
        ("duration: {kind: forever, sources: [press]}\n", "V205", "forever"),
        ("languages: [ru, 5]\n", "V203", "5"),
        ("text: {published: 2024}\n", "V202", "sources"),
        ("registration: {number: '1'}\n", "V202", "sources"),
    ):
        yield _file(TREATY + text, code, END, "treaty", says)
    for was, now, code, says in (
        ("{rule: signature}", "{rule: count, count: half}", "V205", "half"),
        ("{rule: signature}", "{rule: count, count: 0}", "V209", "less"),
        ("{rule: signature}", "{}", "V202", "rule"),
        ("[ann-lee]}", "[]}", "V209", "empty"),
        ("form: bilateral", "form: dual", "V205", "dual"),
    ):
        line = TREATY[: TREATY.index(was)].count("\n") + 1
        yield _file(TREATY.replace(was, now), code, line, "treaty", says)


GOOD_DATES = (
    "1961-07-06",
    "2024-10",
    "2024",
    "2024~",
    "2024-10?",
    "2024-10-15T12:00+09:00",
    "2024-10-15T12:00Z",
    "2001-01-08/2001-01-13",
    "[1995-09..1996-09]",
    "../2001",
    "2001-05/..",
    "[..2001]",
    "[2001..]",
    "2000-02-29",
    "0001",
    "9999",
    "2001-02-03?",
)
BAD_DATES = (
    "2024-13-01",
    "2024-00-10",
    "2024-02-30",
    "2023-02-29",
    "2024-04-31",
    "2024-1-5",
    "2024-10-1",
    "24-10-15",
    "2024/10/15",
    "15.10.2024",
    "10/15/2024",
    "15 October 2024",
    "October 2024",
    "2024-10-15T25:00Z",
    "2024-10-15T12:00",
    "2024-10-15T12:60Z",
    "2024-10-15T12:00+15:00",
    "2024-10-15 12:00",
    "2024-10-13/2024-10-08",
    "2024-10-08/",
    "/2024",
    "../..",
    "[2024]",
    "'[..]'",
    "2024..2025",
    "2024-10-08-2024-10-13",
    "2024-Q3",
    "2024-W05",
    "20xx",
    "199u",
    "2024-1X",
    "~2024",
    "2024~?",
    "today",
    "n.d.",
    "٢٠٢٤",
    "２０２４",
    "-0044",
    "12024",
    "2024-10-15\u200b",
    '"2024-10-15 "',
    '"2024-10-15\\n"',
    '" 2024"',
    '"2024-10-15\\t"',
    "2024-10-15Z",
    "2024-288",
    "2024-10-15T12",
    "+2024",
    "2024-0-0",
    "2024-10-15/16",
    "1e3-01-01",
    "'0000'",
    "2024-02-29/2023-02-29",
)


def dates() -> Iterator[Hostile]:
    """Dates that are none, and dates that are."""
    for text in GOOD_DATES:
        yield _file(EVENT.format(date=f'"{text}"'), kind="event")
    for text in BAD_DATES:
        written = text if text[0] in "\"'" else f"'{text}'"
        yield _file(EVENT.format(date=written), "V207", 2, "event")
    yield _file(STATE + "existed: {from: .., sources: [press]}\n", "V207", 3)
    yield _file(STATE + "existed: {from: 1991, until: 1995, sources: [press]}\n")


GOOD_ADDRESSES = (
    "https://tass.com/politics/1882599",
    "http://example.org",
    "https://ru.wikipedia.org/wiki/%D0%A0",
    "https://ru.wikipedia.org/wiki/Россия",
    "https://en.wikipedia.org/wiki/Treaty_(disambiguation)",
    "https://a.b/c?d=e&f=g#h",
    "https://xn--e1afmkfd.xn--p1ai/",
    "https://пример.рф/",
    "http://[::1]/",
    "https://a.b:8443/~x/!$'()*+,;=:@y",
    "https://web.archive.org/web/2024/https://tass.com/1",
)
BAD_ADDRESSES = (
    "www.tass.com",
    "tass.com/1",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "ftp://a.b/",
    "file:///etc/passwd",
    "//a.b/c",
    "https:/a.b",
    "https:a.b",
    "https://",
    "http:///a",
    "https://a b.c/",
    "https://a.b/<script>",
    "https://user:pw@a.b/",
    "https://a.b@evil.c/",
    "https://[::1",
    "https://a.b:99999/",
    "https://a.b:x/",
    "https://a.b/\\\\c",
    "https://a.b/`x`",
    "https://a.b/{x}",
    "https://a.b/|",
    "vbscript:x",
    " https://a.b",
    "https://a.b ",
    "mailto:a@b.c",
    "https://a.b/^",
)


def addresses() -> Iterator[Hostile]:
    """Web addresses that a browser would read otherwise, or not at all, and some that are right."""
    for text in GOOD_ADDRESSES:
        yield _file(SOURCE + f'url: "{text}"\n', kind="source")
    for text in BAD_ADDRESSES:
        yield _file(SOURCE + f'url: "{text}"\n', "V208", 4, "source")
    yield _file(SOURCE + 'url: "https://a.b/\\n"\n', "V208", 4, "source")
    yield _file(SOURCE + 'url: "https://a.b/\\tc"\n', "V208", 4, "source")
    yield _file(SOURCE + 'url: "https://a.b/\\"c"\n', "V208", 4, "source")


def references() -> Iterator[Hostile]:
    """References to nobody, to the wrong kind, and out of the project."""
    for text, code, says in (
        ("alandd", "L301", "alandd"),
        ("Aland", "L301", "Aland"),
        ("aland ", "", ""),
        ('"aland "', "L301", "aland "),
        ("organization/aland", "", ""),
        ("organization/nobody", "L301", "nobody"),
        ("organization/", "L301", "''"),
        ('""', "L301", "''"),
        ("/aland", "L302", "which kind"),
        ("person/ann-lee", "L302", "person"),
        ("treaty/friendship", "L302", "treaty"),
        ("ann-lee", "L301", "ann-lee"),
        ("persn/ann-lee", "L302", "persn"),
        ("../../etc/passwd", "L302", "etc"),
        ("../organization/aland", "L302", ".."),
        ("/etc/passwd", "L302", "/etc"),
        ("seeds/organization/aland", "L302", "seeds"),
        ("aland.yaml", "L301", "aland.yaml"),
        ("organization/aland.html", "L301", "aland.html"),
        ("aland#article-4", "L304", "place"),
        ('"#x"', "L304", "place"),
        ("organization\\aland", "L301", "aland"),
        ("http://a.b/aland", "L302", "http"),
        ("organization//aland", "L302", "organization/"),
        ("al\u0430nd", "L301", "al"),
        ("aland\u200b", "L301", "aland"),
        ("ÅLAND", "L301", "ÅLAND"),
        ("ａｌａｎｄ", "L301", "ａｌａｎｄ"),
        ("con", "L301", "con"),
        ("nul/nul", "L302", "nul"),
    ):
        yield _file(STATE + f"part_of: {text}\n", code, 3, says=says)
    for text, code, says in (
        ("ann-lee", "L302", "which kind"),
        ("organisation/aland", "L302", "organisation"),
        ("person/ann-le", "L301", "ann-le"),
        ("person/ann-lee", "", ""),
    ):
        yield _file(
            f"speaker: {text}\ndate: 2001\nabout: [treaty/friendship]\nsummary: s\nstance: asserts\nsources: [press]\n",
            code,
            1,
            "statement",
            says,
        )
