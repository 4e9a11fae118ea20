"""The index of search: folding, romanisation, what stands in which file, and that one record changes few of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import write
from pipeline import build as spine
from pipeline.export import search
from pipeline.export.folding import SOUND, fold, sound, words_of_name, words_of_text
from pipeline.export.romanisation import romanisations
from pipeline.export.shards import END, leaves, tree, utf16_path
from pipeline.model import View
from pipeline.render import Book, Site, open_book
from tests.building import TODAY
from tests.worlds import PROJECT, seen, treaty, world

STATES = {"organization/aland": "name: Aland\nnames: {ru: Аланд}\ntype: state\n", "organization/beland": "name: Beland\ntype: state\n"}
SOURCE = {"source/undated": "title: Undated\npublisher: The Press\nclass: press\n"}
ACTS = "- {act: signature, date: 2001-01-10, sources: [undated]}\n"


def book_of(records: dict[str, str]) -> Book:
    return open_book(seen(world(records), "2003-01-01"), Site())


def files_of(book: Book) -> dict[str, bytes]:
    (bundle,) = search.exports(book)
    return {export.path: export.make() for export in bundle.make()}


def content(file: bytes) -> Any:
    text = file.decode("utf-8")
    assert text.startswith("depositarySearch(") and text.endswith(");\n")
    return json.loads(f"[{text.removeprefix('depositarySearch(').removesuffix(');' + chr(10))}]")[1]


def index_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Every word with its postings as identifiers, out of the files alone."""
    found = {}
    for path, file in files.items():
        if path.startswith("search/w/"):
            for word, entry in content(file)["words"].items():
                found[word] = [[text[at + 3 : at + 9] for at in range(0, len(text), 9)] for text in entry if isinstance(text, str)]
    return found


def refs_for(files: Mapping[str, bytes], word: str) -> set[str]:
    cards = {key: card[0][0] for path, file in files.items() if path.startswith("search/c/") for key, card in content(file).items()}
    return {cards[identifier] for postings in index_of(files).get(word, []) for identifier in postings}


@pytest.fixture(scope="module")
def real() -> dict[str, bytes]:
    prepared = spine.prepare(spine.open_project(PROJECT), View.on(TODAY), TODAY)
    return files_of(open_book(prepared.shown, Site()))


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Book:
    root = tmp_path_factory.mktemp("synthetic") / "project"
    write(3000, root)
    today = date(2026, 1, 1)
    return open_book(spine.prepare(spine.open_project(root), View.on(today), today).shown, Site())


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Erdoğan", "erdogan"), ("ŞUŞA", "susa"), ("партнёрство", "партнерство"), ("Łódź", "lodz"), ("Straße", "strasse"), ("Ｋｉｍ", "kim"),
        ("İlham", "ilham"), ("People’s", "peoples"), ("Ærø", "aero"), ("김정은", "김정은"), ("ΣΊΣΥΦΟΣ", "σισυφοσ"), ("Đặng", "dang"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded == fold(folded)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kim Jong-un", {"kim", "jong", "un", "jongun"}), ("Kim Jong Un", {"jongun"}), ("김정은", {"김정은", "정은", "gimjeongeun", "kimjongun"}),
        ("전략적 동반자관계", {"전략적동반자관계", "동반자관계", "적동반자관계"}), ("Дмитрий Песков", {"песков", "peskov", "peskow"}),
        ("条約", {"条約", "約"}), ("Хрущёв", {"хрущев", "khrushchev", "chruschtschew"}), ("Vienna, 1961", {"vienna", "1961"}),
    ],
)
def test_the_words_of_a_name(name: str, words: set[str]) -> None:
    assert words <= words_of_name(name)


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("평양", "pyeongyang"), ("평양", "pyongyang"), ("조약", "joyak"), ("신라", "silla"), ("독립", "dongnip"), ("최선희", "choesonhui"),
        ("Лавров", "lavrov"), ("Лавров", "lawrow"), ("Жуков", "zhukov"), ("Жуков", "schukow"), ("Жуков", "joukov"), ("Щербаков", "shcherbakov"),
        ("Київ", "kiyiv"), ("Ющенко", "juschtschenko"),
    ],
)
def test_romanisation(word: str, spelled: str) -> None:
    assert spelled in romanisations(word)


@pytest.mark.parametrize("group", ["peskov peskow peskoff", "lavrov lavrow lawrow", "zhukov schukow", "tchaikovsky chaikovski tschaikowsky", "putin putyin", "pyongyang pyeongyang pjongjang"])
def test_spellings_of_one_sound(group: str) -> None:
    assert len({sound(word) for word in group.split()}) == 1, {word: sound(word) for word in group.split()}
    assert SOUND + sound(group.split()[0]) in words_of_name(group.split()[-1].capitalize())


def test_text_has_no_romanised_words() -> None:
    assert words_of_text("Песков said so") == {"песков", "said", "so"}


# Files


def test_files_split_where_they_grow_too_large() -> None:
    words = sorted(["tea", "treaty", "treat", "трактат", "조약", "조약법", "a" * 30, "b"], key=utf16_path)
    paths = [utf16_path(word) for word in words]
    for limit in (0, 50, 120, 10_000):
        made = list(leaves(paths, [40] * len(paths), limit))
        assert [paths[at] for leaf in made for at in range(leaf.start, leaf.stop)] == paths
        for leaf in made:
            assert all((path + END).startswith(leaf.name) for path in paths[leaf.start : leaf.stop])
            assert leaf.stop - leaf.start == 1 or 40 * (leaf.stop - leaf.start) <= limit
        assert read_tree(tree([leaf.name for leaf in made])) == [leaf.name for leaf in made]


def read_tree(text: str) -> list[str]:
    """As search.js reads it."""
    names, above, name = [], [""], ""
    for at, digit in enumerate(text):
        if digit == "(":
            above.append(name)
        elif digit == ")":
            above.pop()
        else:
            name = above[-1] + digit
            if text[at + 1 : at + 2] != "(":
                names.append(name)
    return names or [""]


def names_in(files: Iterable[str], letter: str) -> list[str]:
    start = f"search/{letter}/"
    return sorted(path.removeprefix(start).removesuffix(".js").replace("all", "") for path in files if path.startswith(start))


def test_the_manifest_names_every_file(real: dict[str, bytes]) -> None:
    manifest = content(real["search/index.js"])
    assert sorted(read_tree(manifest["words"])) == names_in(real, "w")
    assert sorted(read_tree(manifest["cards"])) == names_in(real, "c")


@pytest.mark.parametrize(
    ("word", "ref"),
    [
        ("jong", "person/kim-jong-un"), ("김정은", "person/kim-jong-un"), ("조약", "treaty/russia-north-korea-2024"),
        ("동반자관계에관한", "treaty/russia-north-korea-2024"), ("договор", "treaty/russia-north-korea-2024"), ("peskow", "person/dmitry-peskov"),
        ("~peskov", "person/dmitry-peskov"), ("assistance", "treaty/russia-north-korea-2024#article-4"),
        ("unambiguous", "statement/2024-10-15-peskov-article-4"), ("=status/in-force", "treaty/russia-north-korea-2024"),
        ("=organization/north-korea", "statement/2024-10-15-peskov-article-4"), ("=year/2024", "treaty/russia-north-korea-2024"),
    ],
)
def test_words_lead_to_records(real: dict[str, bytes], word: str, ref: str) -> None:
    assert ref in refs_for(real, word)


def test_the_same_book_makes_the_same_bytes(synthetic: Book) -> None:
    assert files_of(synthetic) == files_of(synthetic)


def test_files_stay_small(synthetic: Book) -> None:
    files = files_of(synthetic)
    for path, file in files.items():
        if path.startswith("search/w/") and len(content(file)["words"]) > 1:
            assert len(file) < 60_000, path
        if path.startswith("search/c/"):
            assert len(file) < 12_000, path
    assert len(files["search/index.js"]) < 12_000
    assert sum(map(len, files.values())) < 3000 * 1500


def test_a_common_word_lists_no_more_than_the_most(synthetic: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 50)
    files = files_of(synthetic)
    entries = [entry for path, file in files.items() if path.startswith("search/w/") for entry in content(file)["words"].values()]
    assert all(len(text) <= 50 * 9 for entry in entries for text in entry if isinstance(text, str))
    assert any(isinstance(entry[-1], int) and entry[-1] > 50 for entry in entries)


def test_one_changed_record_leaves_the_files_without_it_as_they_were() -> None:
    """Whatever changes in one record, only the files that hold its words or its card change."""
    people = {f"person/p{number}": f"name: Name{number} Family{number * 7919 % 1000}\n" for number in range(800)}
    before = files_of(book_of(people))
    after = files_of(book_of(people | {"person/p400": "name: Zoltan Quaglia\n"}))
    old, new = people["person/p400"].split(": ")[1].strip(), "Zoltan Quaglia"
    touched = words_of_name(old) ^ words_of_name(new)
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]} - {"search/index.js"}
    for path in changed:
        if path.startswith("search/w/"):
            assert touched & (set(content(before[path])["words"]) | set(content(after[path])["words"])), path
        else:
            assert any("person/p400" in json.dumps(content(side[path])) for side in (before, after)), path
    assert len(before) > 30 and 2 <= len(changed) <= 12, (len(before), sorted(changed))
    assert len(before.keys() ^ after.keys()) <= 4


def test_withdrawn_and_moved_records_are_not_found() -> None:
    withdrawn = "name: Zoltan\nwithdrawn: {date: 2002-01-01, reason: A mistake.}\n"
    files = files_of(book_of({"person/zoltan": withdrawn, "person/ann": "name: Ann\n"}))
    assert refs_for(files, "ann") == {"person/ann"} and "zoltan" not in index_of(files)


def test_parties_are_those_of_what_a_record_refers_to() -> None:
    records = STATES | SOURCE | {"treaty/t": treaty(ACTS, parties="[{party: aland}, {party: beland}]"), "person/ann": "name: Ann\n"}
    records["statement/s"] = "speaker: person/ann\ndate: 2001-02-01\nabout: [treaty/t]\nsummary: Ann praised it.\nstance: supports\nsources: [undated]\n"
    files = files_of(book_of(records))
    assert refs_for(files, "=organization/aland") == {"treaty/t", "statement/s", "organization/aland"}
    facets = content(files["search/facets.js"])
    assert facets["party"] == [["organization/aland", "Aland"], ["organization/beland", "Beland"]]
    assert [value for value, _ in facets["kind"]] == ["treaty", "person", "organization", "statement", "source"]
    assert ["2001", "2001"] in facets["year"]


def test_hostile_values_stay_data() -> None:
    files = files_of(book_of({"person/x": 'name: "</script><b> __proto__ constructor \\" \\\\"\n'}))
    assert b"\xe2\x80\xa8" not in search._script("x", "\u2028")
    assert {"constructor", "proto", "script"} <= set(index_of(files)) and "__proto__" not in index_of(files)


def test_an_empty_book_has_an_index() -> None:
    files = files_of(book_of({}))
    assert set(files) >= {"search/index.js", "search/facets.js"}


def test_the_script_stays_small() -> None:
    import gzip

    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in (Path(PROJECT) / "site/theme/js").glob("*.js")}
    assert sum(sizes.values()) < 10_000, sizes
