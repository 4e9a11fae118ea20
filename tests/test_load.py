"""Reading: what a file means, how it may be written, which files are records, and where a finding stands."""

from __future__ import annotations

import difflib
import json
import os
import re
import socket
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml

from pipeline import build as spine
from pipeline import checked_file
from pipeline.explain import pages
from pipeline.load import load
from pipeline.load.cache import ParseCache
from pipeline.load.events import MAX_DEPTH, MAX_NODES, read
from pipeline.load.files import ID, MAX_BYTES, MAX_FOLDERS, decode
from pipeline.load.marks import with_positions
from pipeline.load.syntax import Finding
from pipeline.model import Diagnostic, Places, View, values_at
from tests.helpers import DAY, WORLD, assert_sound, errors, findings, loaded, make_root, only, place, run, write
from tests.hostile import NUMBERS_TO_QUOTE, STATE, TEXT_AS_IT_IS
from tests.worlds import PROJECT

SEEDS = {path: path.read_bytes().decode() for path in sorted((PROJECT / "seeds").rglob("*.yaml"))}


def one(text: str) -> Finding:
    """The one finding about a text."""
    _, found = read(text)
    assert len(found) == 1, found
    return found[0]


# Types


@pytest.mark.parametrize("text", TEXT_AS_IT_IS)
def test_what_is_not_a_number_is_text_letter_for_letter(text: str) -> None:
    assert read(f"a: {text}\nb: [{text}]\n" if not set(text) & set(",[]{}") else f"a: {text}\n")[0]["a"] == text


@pytest.mark.parametrize("text", ["0", "5", "-5", "23", "2024", "123456789012345", "-999999999999999"])
def test_canonical_integers_are_integers(text: str) -> None:
    assert read(f"a: {text}\n") == ({"a": int(text)}, [])
    assert read(f'a: "{text}"\n') == ({"a": text}, [])


@pytest.mark.parametrize("text", NUMBERS_TO_QUOTE)
def test_other_numbers_are_refused_and_accepted_in_quotes(text: str) -> None:
    finding = one(f"a: {text}\n")
    assert finding.code == "Y112" and "Quote it" in finding.help
    assert read(f"a: '{text}'\n") == ({"a": text}, [])


def test_only_true_and_false_are_decisions() -> None:
    assert read("a: true\nb: false\nc: 'true'\nd: no\n")[0] == {"a": True, "b": False, "c": "true", "d": "no"}


def test_a_bare_year_is_a_date_where_a_date_is_wanted_and_nowhere_else(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/event/year.yaml": "name: X\ndate: 2024\nsummary: s\nsources: [press]\nplace: 2024\n"})
    assert loaded(root).records["event/year"].data["date"] == "2024"
    finding = only(findings(root))
    assert (finding.code, finding.pointer) == ("V203", ("place",))


@pytest.mark.parametrize(
    "text",
    ["日本", "조선민주주의인민공화국", "עברית", "العربية", "Россия", "🇰🇵 👩‍🚀", "e\u0301", "a\u200db", "«x» “y” ‘z’", "AT&T <b>"],
)
def test_every_script_is_kept(text: str) -> None:
    for written in (f"a: {text}\n", f'a: "{text}"\n', f"a: '{text}'\n", f"a: |-\n  {text}\n", f"a: >-\n  {text}\n"):
        assert read(decode(written.encode())[0]) == ({"a": text}, [])


# The same meaning however it is written


def variants(text: str) -> dict[str, bytes]:
    """One record written in other ways."""
    blocks = re.split(r"(?m)^(?=[A-Za-z\"'])", text)
    beginning, blocks = (
        (blocks[0], blocks[1:]) if not re.match(r"[A-Za-z\"']", text) else ("", [block for block in blocks if block])
    )
    data, _ = read(text)
    return {
        "other line ends": text.replace("\n", "\r\n").encode(),
        "old line ends": text.replace("\n", "\r").encode(),
        "byte order mark": b"\xef\xbb\xbf" + text.encode(),
        "comments": (beginning + "".join(f"# a remark\n\n{block}" for block in blocks) + "# the end\n").encode(),
        "other order": (beginning + "".join(f"{block.rstrip()}\n" for block in reversed(blocks))).encode(),
        "document marks": f"---\n{text}...\n".encode(),
        "quotes and brackets": json.dumps(data, ensure_ascii=False).encode(),
        "indented quotes": json.dumps(data, ensure_ascii=False, indent=3).encode(),
        "escapes": json.dumps(data, ensure_ascii=max(text) < "\U00010000").encode(),  # JSON writes others as two halves
    }


def test_the_way_of_writing_has_no_effect() -> None:
    tried = 0
    for path, text in SEEDS.items():
        expected = json.dumps(read(text)[0])
        for name, content in variants(text).items():
            again, problem = decode(content)
            data, found = read(again)
            assert problem is None and not found, f"{path.name}, {name}: {problem or found}"
            assert json.dumps(data) == expected, f"{path.name}, {name}"
            tried += 1
    assert tried >= 9 * len(SEEDS), f"{tried} variants"


def test_the_data_are_what_the_file_says() -> None:
    for text in SEEDS.values():
        assert json.dumps(_letters(read(text)[0]), sort_keys=True) == json.dumps(
            yaml.load(text, Loader=yaml.CBaseLoader), sort_keys=True
        )


def _letters(value: object) -> object:
    if isinstance(value, dict):
        return {key: _letters(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_letters(child) for child in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


# Words


@pytest.mark.parametrize(
    ("text", "message", "cure"),
    [
        ("a: b\nc: d\na: e\n", "the key 'a' stands twice in one place: here and in line 1", "Keep one of the two."),
        (
            'name: "Foo\nsummary: "Bar"\n',
            "a quotation mark is opened here and closed only in line 2, where the next one stands",
            "Close the quotation mark at the end of the text.",
        ),
        ("a:\n\tb: c\n", "a tab in the indentation", "Indent with spaces: replace the tab."),
        ("a: b: c\n", "a second colon in one line", "Put the text in quotes if it contains a colon followed by a space."),
        (
            "a: &x b\n",
            "&x names a value to be used again (an anchor), which is not allowed",
            "Delete it, and write the value out in each place. If it is part of the text, put the text in quotes.",
        ),
        ("a: 1.10\n", "'1.10' could be read as a number", 'Quote it: "1.10".'),
        (
            "a:\nb: c\n",
            "the key 'a' has no value",
            "Write a value, or delete the key. Lines that belong to it are indented further than it.",
        ),
        (
            "a: b\n---\nc: d\n",
            "a second record begins here",
            "One file holds one record: delete the line of --- or ..., or move what follows to a file of its own.",
        ),
        (
            "- a\n",
            "a record is made of keys with values, and this is a list",
            "Begin with a key, a colon and a space, such as `name: …`.",
        ),
    ],
)
def test_findings_say_what_is_wrong_and_what_to_do(text: str, message: str, cure: str) -> None:
    assert (one(text).message, one(text).help) == (message, cure)


def test_messages_are_short_whatever_a_file_holds() -> None:
    for text in (
        "k" * 5000 + ":\n",
        '"' + "k" * 5000 + '": a\n"' + "k" * 5000 + '": b\n',
        "a: &" + "x" * 5000 + " b\n",
        "a: !" + "x" * 5000 + " b\n",
        "a: *" + "x" * 5000 + "\n",
        "9" * 5000 + ": a\n",
        "a: " + "9" * 5000 + "\n",
        "a: @" + "x" * 5000 + "\n",
    ):
        for finding in read(text)[1]:
            assert len(finding.message) + len(finding.help) < 400


def test_several_mistakes_in_one_file_are_several_findings() -> None:
    _, found = read("a: 1.10\na: b\nc: !x d\ne:\n")
    assert [(finding.code, finding.position.line) for finding in found] == [("Y112", 1), ("Y102", 2), ("Y106", 3), ("Y112", 4)]


EXAMPLES = re.compile(r"    # before[^\n]*\n((?:    .*\n)+?)    # after[^\n]*\n((?:    .*\n)+?)(?=\n|    # before)")


@pytest.mark.parametrize("code", ["Y101", "Y102", "Y103", "Y104", "Y105", "Y106", "Y112", "Y113", "Y114"])
def test_the_examples_of_the_pages_are_true(code: str) -> None:
    tried = 0
    for example in EXAMPLES.findall(pages()[code][1] + "\n\n"):
        before, after = (re.sub(r"(?m)^    ", "", part) for part in example)
        assert {finding.code for finding in read(before)[1]} == {code}, before
        assert not read(after)[1], after
        tried += 1
    assert tried, f"{code} has no example"


# Limits


def test_limits_refuse_what_is_beyond_them_and_nothing_else(tmp_path: Path) -> None:
    assert not read("a: " + "[" * (MAX_DEPTH - 1) + "b" + "]" * (MAX_DEPTH - 1))[1]
    assert one("a: " + "[" * MAX_DEPTH + "b" + "]" * MAX_DEPTH).code == "Y111"
    assert not read("\n".join(["- a"] * (MAX_NODES - 1)))[1][1:]
    assert one("\n".join(["- a"] * MAX_NODES)).code == "Y111"
    root = make_root(tmp_path)
    write(root, {"seeds/organization/large.yaml": STATE + "#" * (MAX_BYTES - len(STATE))})
    assert not errors(findings(root))
    write(root, {"seeds/organization/large.yaml": STATE + "#" * (MAX_BYTES - len(STATE) + 1)})
    assert only(findings(root)).code == "Y111"


@pytest.mark.parametrize(
    "text",
    ["a: &a [b, c]\n" + "d: [*a]\n" * 20_000, "<<: {a: b}\n" * 20_000, "a: b\n" * 40_000, "[" * 500_000, "a: {b: c, d}\n" * 9000],
)
def test_the_parser_gives_each_event_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is expanded: there are no more values than words in the file."""
    seen = 0
    from pipeline.load import events

    class Counting(events._Builder):
        def feed(self, event: object) -> None:
            nonlocal seen
            seen += 1
            super().feed(event)

    monkeypatch.setattr(events, "_Builder", Counting)
    _, found = read(text)
    assert found and seen <= len(text)


# Files


ODD_NAMES = {
    "Capital.yaml": "Y115",
    "under_score.yaml": "Y115",
    "a b.yaml": "Y115",
    "é.yaml": "Y115",
    "e\u0301.yaml": "Y115",
    "Россия.yaml": "Y115",
    "-a.yaml": "Y115",
    "a.b.yaml": "Y115",
    "a" * 121 + ".yaml": "Y115",
    "a\nb.yaml": "Y115",
    "a\x1b[31m.yaml": "Y115",
    "a%0Ab.yaml": "Y115",
    "ａ.yaml": "Y115",
    "ﬁ.yaml": "Y115",
    "ıa.yaml": "Y115",
    "K.yaml": "Y115",
    "٣.yaml": "Y115",
    "a\u200b.yaml": "Y115",
    "a\u202eb.yaml": "Y115",
    "~a.yaml": "Y115",
    "a'b.yaml": "Y115",
    'a"b.yaml': "Y115",
    "a;b.yaml": "Y115",
    "$(id).yaml": "Y115",
    "a<b.yaml": "Y115",
    "a\\b.yaml": "Y115",
    "aé.yaml": "Y115",
    "con.yaml": "Y115",
    "nul.yaml": "Y115",
    "com1.yaml": "Y115",
    "lpt9.yaml": "Y115",
    "index.yaml": "Y115",
    "page-2.yaml": "Y115",
    "a.yml": "Y116",
    "a.YAML": "Y116",
    "a.yaml.txt": "Y116",
    "a.json": "Y116",
    "a.md": "Y116",
    "a": "Y116",
    "a.yaml~": "Y116",
    "a.yaml.orig": "Y116",
    ".a.yaml": "Y116",
    ".hidden.yml": "Y116",
    "yaml": "Y116",
    "a.yaml ": "Y116",
    "a.yaml\n": "Y116",
}


def test_odd_names_are_refused_with_one_finding_each(tmp_path: Path) -> None:
    root = make_root(tmp_path, {f"seeds/organization/{name}": STATE for name in ODD_NAMES})
    found = findings(root)
    assert {diagnostic.path.removeprefix("seeds/organization/"): diagnostic.code for diagnostic in found} == ODD_NAMES
    assert len(found) == len(ODD_NAMES)
    printed = run("check", "--root", root).output
    assert printed.count("error[") == len(ODD_NAMES) and printed.replace("\n", "").isprintable()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not store such names")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for raw in (b"\xff.yaml", b"\xe9t\xe9.yaml", b"\xed\xa0\x80.yml"):
        Path(os.fsdecode(os.fsencode(root / "seeds/organization") + b"/" + raw)).write_text(STATE, encoding="utf-8")
    folder = os.fsdecode(os.fsencode(root / "seeds/organization") + b"/\xff\xfe")
    os.mkdir(folder)
    (Path(folder) / "inside.yaml").write_text(STATE, encoding="utf-8")
    os.mkdir(os.fsdecode(os.fsencode(root / "seeds") + b"/\xffkind"))
    found = findings(root)
    assert sorted(diagnostic.code for diagnostic in found) == ["Y115", "Y115", "Y115", "Y116", "Y117"]
    for voice in ("text", "concise", "json", "github"):
        assert run("check", "--root", root, "--format", voice).exit_code == 1


@pytest.mark.parametrize("name", [".git", ".DS_Store", ".#a.yaml", "._a.yaml", ".a.yaml.swp", ".cache/x.yaml"])
def test_files_that_systems_leave_are_passed_over(name: str, tmp_path: Path) -> None:
    assert not findings(make_root(tmp_path, {f"seeds/organization/{name}": "no record"}))


def test_no_two_ids_can_be_one_file_on_another_system() -> None:
    """Every character an id can have is its own small letter and its own compatibility form."""
    allowed = [char for char in map(chr, range(sys.maxunicode + 1)) if ID.fullmatch(f"a{char}")]
    assert len(allowed) == 37
    for char in allowed:
        assert char == char.casefold() == unicodedata.normalize("NFKC", char) == unicodedata.normalize("NFD", char)
    for text in ("a\n", "", "-", "a" * 121, "a/b", "..", "a\x00"):
        assert ID.fullmatch(text) is None


def test_records_may_lie_in_folders_but_an_id_is_there_once(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/organization/asia/celand.yaml": STATE})
    assert not errors(findings(root))
    write(root, {"seeds/organization/europe/celand.yaml": STATE, "seeds/organization/zz/aland.yaml": "name: [\n"})
    found = errors(findings(root))
    assert [(diagnostic.code, diagnostic.path) for diagnostic in found] == [
        ("Y120", "seeds/organization/europe/celand.yaml"),
        ("Y120", "seeds/organization/zz/aland.yaml"),
    ]
    assert "seeds/organization/asia/celand.yaml" in found[0].message


def test_neither_of_two_files_with_one_id_is_judged(tmp_path: Path) -> None:
    """The first has a mistake of its own, and the treaty names the id: neither is said beside it."""
    files = {"seeds/organization/a/beland.yaml": "naem: Beland\ntype: state\n"}
    assert [finding.code for finding in findings(make_root(tmp_path, files))] == ["Y120"]


def test_deep_folders_are_refused_once(tmp_path: Path) -> None:
    deep = "seeds/organization/" + "d/" * MAX_FOLDERS + "e"
    root = make_root(tmp_path, {f"{deep}/celand.yaml": STATE, f"{deep}/f/g/h/beland-two.yaml": STATE})
    assert only(findings(root)).code == "Y111"
    shallow = make_root(tmp_path / "other", {"seeds/organization/" + "d/" * 12 + "celand.yaml": STATE})
    assert not errors(findings(shallow))


def test_folders_and_files_out_of_place(tmp_path: Path) -> None:
    root = make_root(
        tmp_path, {"seeds/README.md": "x", "seeds/persons/bob.yaml": "name: Bob\n", "seeds/vessel/hope.yaml": "name: Hope\n"}
    )
    found = {diagnostic.path: diagnostic for diagnostic in findings(root)}
    assert {path: diagnostic.code for path, diagnostic in found.items()} == {
        "seeds/README.md": "Y116",
        "seeds/persons": "Y117",
        "seeds/vessel": "Y117",
    }
    assert found["seeds/persons"].help.startswith("Did you mean seeds/person?")


SECRET = "root:x:0:0:secret"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_nothing_outside_the_project_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(
        outside,
        {
            "passwd": SECRET,
            "organization/secret-state.yaml": f"name: {SECRET}\ntype: state\n",
            "broken.yaml": f"name: [{SECRET}\n",
        },
    )
    root = make_root(tmp_path)
    links = {
        "organization/file.yaml": "organization/secret-state.yaml",
        "organization/broken.yaml": "broken.yaml",
        "organization/passwd.yaml": "passwd",
        "organization/folder": "organization",
        "organization/dangling.yaml": "nowhere",
        "event/up": "..",
        "shadow": "organization",
        "linked.yaml": "passwd",
    }
    for name, target in links.items():
        (root / "seeds" / name).symlink_to(outside / target)
    (root / "seeds/organization/loop").symlink_to(".")
    found = findings(root)
    assert {diagnostic.code for diagnostic in found} == {"Y118"} and len(found) == len(links) + 1
    for voice in ("text", "concise", "json", "github"):
        assert SECRET not in run("check", "--root", root, "--format", voice).output


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_seeds_itself_may_not_be_a_link(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "seeds").rename(tmp_path / "elsewhere")
    (root / "seeds").symlink_to(tmp_path / "elsewhere")
    finding = only(findings(root))
    assert (finding.code, finding.path) == ("Y118", "seeds")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_special_files_are_not_opened(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    os.mkfifo(root / "seeds/organization/pipe.yaml")
    os.mkfifo(root / "seeds/organization/pipe.txt")
    os.mkfifo(root / "seeds/pipe")
    here = os.getcwd()
    os.chdir(root / "seeds/organization")  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.yaml")
    finally:
        os.chdir(here)
    assert [(diagnostic.code, diagnostic.path.rpartition("/")[2]) for diagnostic in findings(root)] == [
        ("Y116", "pipe.txt"),
        ("Y118", "pipe.yaml"),
        ("Y118", "socket.yaml"),
        ("Y116", "pipe"),
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/organization/locked.yaml": STATE, "seeds/organization/closed/celand.yaml": STATE})
    (root / "seeds/organization/locked.yaml").chmod(0)
    (root / "seeds/organization/closed").chmod(0)
    try:
        assert [diagnostic.code for diagnostic in findings(root)] == ["Y119", "Y119"]
    finally:
        (root / "seeds/organization/closed").chmod(0o700)


def test_what_cannot_be_read_is_named_whoever_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_root(tmp_path, {"seeds/organization/closed/celand.yaml": STATE})
    whole, opening = os.scandir, os.open

    def scan(folder: str) -> object:
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return whole(folder)

    def open_file(path: str, *arguments: int) -> int:
        if str(path).endswith("/aland.yaml"):
            raise OSError(5, "Input/output error", path)
        return opening(path, *arguments)

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(os, "open", open_file)
    assert sorted({diagnostic.path.rpartition("/")[2] for diagnostic in findings(root)}) == ["aland.yaml", "closed"]
    assert {diagnostic.code for diagnostic in findings(root)} == {"Y119"}


# One mistake, one finding


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("seeds/organization/aland.yaml", "seeds/organization/aland.yml"),
        ("seeds/organization/aland.yaml", "seeds/organization/Aland.yaml"),
        ("seeds/organization/aland.yaml", "seeds/aland.yaml"),
        ("seeds/organization/aland.yaml", "seeds/organization/.aland.yaml"),
        ("seeds/organization", "seeds/organizations"),
        ("seeds/source", "seeds/Source"),
        ("seeds/event/signing.yaml", "seeds/event/signing.yaml.txt"),
    ],
)
def test_references_to_a_misplaced_record_are_silent(was: str, now: str, tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / was).rename(root / now)
    assert only(findings(root)).path == now


@pytest.mark.parametrize("text", ["", "name: [\n", "nmae: X\n", "name: X\nname: X\n"])
def test_references_to_a_record_set_aside_are_silent(text: str, tmp_path: Path) -> None:
    for path in WORLD:
        root = make_root(tmp_path / path.replace("/", "-"), {path: text})
        assert {diagnostic.path for diagnostic in errors(findings(root))} == {path}


# Schemas


def schema_of(root: Path, kind: str) -> dict[str, object]:
    """A schema of the project, to be changed."""
    return json.loads((root / f"schemas/{kind}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("", "not JSON", 1),
        ("{\n\n  broken\n}", "not JSON", 3),
        ("[]", "JSON object", 1),
        ('{"title": 5}', "'title' must be text", 1),
        ('{"properties": []}', "'properties' must be", 1),
        ('{"$defs": []}', "'$defs' must be", 1),
        ('{"x-kind": "x"}', "'x-kind' must be", 1),
        ('{"x-kind": {"label": "name"}}', "'label' must be", 1),
        ('{"x-kind": {"share": "yes"}}', "'share' must be true or false", 1),
        ('{"x-kind": {"label": [1]}}', "label", 1),
        ('{"x-kind": {"rows": "many"}}', "'rows' must be", 1),
        ('{"x-kind": {"rows": 0}}', "at least one row", 1),
        ('{"x-ref": 5}', "'x-ref' must be", 1),
        ('{"x-ref": []}', "x-ref", 1),
        ('{"$ref": 5}', "'$ref' must be", 1),
        ('{"$ref": "https://a.b/c.json"}', "leaves the project", 1),
        ('{"$ref": "../../etc/passwd"}', "leaves the project", 1),
        ('{"$ref": "file:///etc/passwd"}', "leaves the project", 1),
        ('{"$ref": "#/$defs/nothing"}', "leads nowhere", 1),
        ('{"$ref": "common.schema.json#/$defs/nothing"}', "leads nowhere", 1),
        ('{"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}', "back to itself", 1),
        (
            '{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}',
            "back to itself",
            1,
        ),
        (
            '{"$defs": {"a": {"properties": {"x": {"$ref": "#/$defs/a"}, "y": {"$ref": "#/$defs/a"}, '
            '"z": {"$ref": "#/$defs/a"}}}}, "$ref": "#/$defs/a"}',
            "too many places",
            1,
        ),
        ('{"title": "X", "title": "Y"}', "stands twice", 1),
        ('{"x": NaN}', "NaN", 1),
        ('{"oneOf": {}}', "'oneOf' must be", 1),
        ("[" * 100_000, "schema", 1),
        ('{"a": ' * 900 + "1" + "}" * 900, "", 1),
        ('{"items": ' * 900 + "{}" + "}" * 900, "", 1),
        ('{"type": "objekt"}', "not valid JSON Schema", 1),
        ('{"required": "name"}', "not valid JSON Schema", 1),
        ('{"pattern": "("}', "not valid JSON Schema", 1),
        ('{"x-inverse": {"name": 5}}', "'name' must be", 1),
        ('{"properties": {"notes": {"type": "string"}}}', "'notes' means the same in all kinds", 1),
        ('{"properties": {"sources": true}}', "'sources' means the same in all kinds", 1),
        ('{"$defs": {"waive": {}}, "properties": {"waive": {"$ref": "common.schema.json#/$defs/waive"}}}', "'waive' means the same", 1),
    ],
)
def test_a_broken_schema_is_one_finding_and_sets_its_records_aside(text: str, says: str, line: int, tmp_path: Path) -> None:
    root = make_root(tmp_path)
    write(root, {"schemas/organization.schema.json": text})
    finding = only(findings(root))
    assert finding.code in ("Y130", "V200") and finding.path == "schemas/organization.schema.json"
    assert says in finding.message and place(finding)[1] == line


@pytest.mark.parametrize("key", ["sources", "contested", "notes", "unknown", "known", "moved_to", "withdrawn", "waive"])
@pytest.mark.parametrize("value", ["true", "5", "[5]", "{a: 1}", "[[a]]"])
def test_in_an_open_schema_a_key_that_all_kinds_share_keeps_its_shape(key: str, value: str, tmp_path: Path) -> None:
    schema = {"title": "Vessel", "type": "object", "properties": {"name": {"type": "string"}}}
    root = make_root(tmp_path, {"schemas/vessel.schema.json": json.dumps(schema), "seeds/vessel/hope.yaml": f"name: Hope\n{key}: {value}\n"})
    found = errors(findings(root))
    assert found and {(finding.path, finding.pointer[0]) for finding in found} == {("seeds/vessel/hope.yaml", key)}


@pytest.mark.parametrize("text", ["{", '{"$defs": 5}', "[1]", '{"items": ' * 990 + "{}" + "}" * 990, '{"items": ' * 3000 + "{}" + "}" * 3000])
def test_broken_shared_pieces_are_one_finding(text: str, tmp_path: Path) -> None:
    root = make_root(tmp_path, {"schemas/common.schema.json": text, "seeds/event/broken.yaml": "a: [\n"})
    assert only(findings(root)).path == "schemas/common.schema.json"


def test_the_shipped_shared_pieces_serve_where_the_root_has_none(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "schemas/common.schema.json").unlink()
    assert not findings(root)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_schema_that_is_a_pipe_is_not_opened(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "schemas/event.schema.json").unlink()
    os.mkfifo(root / "schemas/event.schema.json")
    assert only(findings(root)).path == "schemas/event.schema.json"


def test_a_schema_that_contains_itself_is_used(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    node = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "inner": {"$ref": "#/$defs/node"}},
        "additionalProperties": False,
    }
    write(
        root,
        {
            "schemas/nest.schema.json": json.dumps({"title": "Nest", "$defs": {"node": node}, "$ref": "#/$defs/node"}),
            "seeds/nest/one.yaml": "name: A\ninner: {name: B, inner: {name: C, innner: {name: D}}}\n",
        },
    )
    finding = only(findings(root))
    assert (finding.code, finding.pointer) == ("V201", ("inner", "inner", "innner"))


# Places


def test_places_are_found_at_any_depth(tmp_path: Path) -> None:
    text = "# first\nname: X\ntype: state\nnotes:\n  - date: 2024-01-01\n    text: t\n"
    text += "    sources:\n      - press\n      - {source: press, att: p}\n"
    finding = only(findings(make_root(tmp_path, {"seeds/organization/x.yaml": text})))
    assert place(finding) == ("seeds/organization/x.yaml", 9, 25)
    assert finding.position is not None
    assert (finding.position.length, finding.position.excerpt) == (3, "      - {source: press, att: p}")


def test_of_a_long_line_the_part_round_the_place_is_kept(tmp_path: Path) -> None:
    text = STATE + "aliases: [" + "a, " * 400 + "1.10, " + "b, " * 400 + "c]\n"
    finding = only(findings(make_root(tmp_path, {"seeds/organization/x.yaml": text})))
    position = finding.position
    assert position is not None and position.column == 1211 and len(position.excerpt) <= 200
    assert position.excerpt[position.column - position.excerpt_column :].startswith("1.10")


def test_a_file_with_many_findings_is_read_again_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"many.yaml": "".join(f"k{number}: v\n" for number in range(30_000))})
    composed = 0
    whole = yaml.compose

    def compose(*arguments: object, **options: object) -> object:
        nonlocal composed
        composed += 1
        return whole(*arguments, **options)

    monkeypatch.setattr(yaml, "compose", compose)
    diagnostics = tuple(Diagnostic("V201", "m", "many.yaml", pointer=(f"k{number}",), on_key=True) for number in range(30_000))
    placed = with_positions(diagnostics, tmp_path)
    assert composed == 1 and [place(diagnostic)[1] for diagnostic in placed] == list(range(1, 30_001))


def test_ten_thousand_unknown_keys_are_bounded_and_not_compared_with_every_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0
    whole = difflib.get_close_matches

    def match(*arguments: object, **options: object) -> object:
        nonlocal compared
        compared += 1
        return whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(difflib, "get_close_matches", match)
    root = make_root(tmp_path, {"seeds/organization/x.yaml": STATE + "".join(f"k{number}: v\n" for number in range(10_000))})
    found = findings(root)
    assert len(found) == 1001 and compared < 200
    assert "V298" in {diagnostic.code for diagnostic in found}
    assert_sound(found, root)


def test_a_file_with_too_many_mistakes_is_not_read_on(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/organization/x.yaml": "a:\n" + "- 1.10\n" * 5000})
    found = findings(root)
    assert len(found) == 1001 and {diagnostic.code for diagnostic in found[-2:]} == {"Y111", "Y112"}
    assert place(found[-1])[1] == 1001
    assert_sound(found, root)


# The cache


def test_the_cache_changes_nothing(tmp_path: Path) -> None:
    root = make_root(
        tmp_path,
        {"seeds/event/year.yaml": "name: X\ndate: 2024\nsummary: s\nsources: [press]\n", "seeds/event/bad.yaml": "a: [\n"},
    )
    plain = loaded(root)
    for _ in range(3):
        cache = ParseCache(tmp_path / "cache.json", "engine")
        with_cache = load(root, PROJECT, cache)
        cache.save()
        assert (with_cache.records, with_cache.rejected, with_cache.diagnostics) == (
            plain.records,
            plain.rejected,
            plain.diagnostics,
        )
    assert with_cache.counts["parsed"] == 1, "only the file with a finding is read again"


def test_worker_processes_read_what_one_process_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"seeds/event/year-{number}.yaml": f"name: X {number}\ndate: 2024\nsources: [press]\n" for number in range(30)}
    broken = {"seeds/event/bad.yaml": "a: [\n", "seeds/event/below/year-3.yaml": "name: Twice\n", "seeds/event/byte.yaml": "name: a\x00b\n"}
    root = make_root(tmp_path, files | broken)
    plain = loaded(root)
    monkeypatch.setattr("pipeline.load.MANY", 1)
    monkeypatch.setattr("pipeline.load._CHUNK", 4)
    monkeypatch.setattr("pipeline.load.worker_count", lambda: 2)
    for change in ("", "name: Changed\ndate: 2025\nsources: [press]\n"):
        if change:
            (root / "seeds/event/year-7.yaml").write_text(change, encoding="utf-8")
            monkeypatch.setattr("pipeline.load.cache.ParseCache.__len__", lambda self: 0)  # as if most were new
            plain = loaded(root)
        cache = ParseCache(tmp_path / "cache.json", "engine")
        found = load(root, PROJECT, cache)
        cache.save()
        assert (found.records, found.rejected, found.diagnostics) == (plain.records, plain.rejected, plain.diagnostics)
    assert found.counts["parsed"] == 3, "the changed one and the two that are broken"
    again = ParseCache(tmp_path / "cache.json", "engine")
    assert load(root, PROJECT, again).counts["parsed"] == 2, "what workers found in the cache is still in it"


@pytest.mark.parametrize("kind", sorted(path.name for path in (PROJECT / "seeds").iterdir()))
def test_one_walk_finds_what_each_pattern_finds(kind: str) -> None:
    corpus = load(PROJECT, PROJECT)
    patterns = [reference.pattern for reference in corpus.kinds[kind].references] + list(corpus.kinds[kind].date_paths)
    places = Places(patterns)
    for record in corpus.records.values():
        one_by_one = [(number, *found) for number, pattern in enumerate(patterns) for found in values_at(record.data, pattern)]
        assert places.values_in(record.data) == one_by_one


def cache_parts(folder: Path) -> list[Path]:
    return [folder / f"cache-{figure}.json" for figure in "0123456789abcdef"]


def test_a_changed_record_has_a_part_of_the_cache_written_anew(tmp_path: Path) -> None:
    records = {f"seeds/event/e-{number}.yaml": f"name: E {number}\ndate: 2024\nsummary: s\nsources: [press]\n" for number in range(60)}
    root = make_root(tmp_path, records)

    def run_once() -> tuple[int, list[int]]:
        cache = ParseCache(tmp_path / "cache.json", "engine")
        parsed = load(root, PROJECT, cache).counts["parsed"]
        cache.save()
        return parsed, [part.stat().st_ino for part in cache_parts(tmp_path) if part.exists()]

    first, before = run_once()
    assert first == 60 + len(WORLD) and len(before) > 8
    assert run_once() == (0, before), "nothing is written where nothing has changed"
    write(root, {"seeds/event/e-7.yaml": records["seeds/event/e-7.yaml"].replace("E 7", "Seven")})
    second, after = run_once()
    assert second == 1 and 1 <= sum(one != other for one, other in zip(before, after, strict=True)) <= 2


@pytest.mark.parametrize(
    "value",
    [
        5,
        [],
        {},
        {"engine": "engine"},
        {"engine": "engine", "records": []},
        {"engine": "engine", "records": None},
        {"engine": 5, "records": {}},
    ],
)
def test_a_strange_cache_is_as_if_it_were_not_there(value: object, tmp_path: Path) -> None:
    for part in cache_parts(tmp_path):
        checked_file.write(part, value)
    root = make_root(tmp_path)
    assert load(root, PROJECT, ParseCache(tmp_path / "cache.json", "engine")).records == loaded(root).records


@pytest.mark.parametrize("content", [b"", b"\n", b"x", b"\xff\xff", b"0" * 64 + b"\n{}", b"[" * 100_000])
def test_a_damaged_cache_is_as_if_it_were_not_there(content: bytes, tmp_path: Path) -> None:
    for part in cache_parts(tmp_path):
        part.write_bytes(content)
    root = make_root(tmp_path)
    assert load(root, PROJECT, ParseCache(tmp_path / "cache.json", "engine")).records == loaded(root).records


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    root = make_root(tmp_path, {".cache": "a file in the place of the folder"})
    assert run("check", "--root", root).exit_code == 0


def test_what_other_code_has_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = spine.open_project(make_root(tmp_path))
    parsed = [spine.prepare(project, View.on(DAY), DAY).corpus.counts["parsed"] for _ in range(2)]
    assert parsed[0] > 0 and parsed[1] == 0
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "events.py").write_text("# a stricter reader", encoding="utf-8")
    monkeypatch.setattr(spine, "__file__", str(tmp_path / "build.py"))
    assert spine.prepare(project, View.on(DAY), DAY).corpus.counts["parsed"] == parsed[0]
