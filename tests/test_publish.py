"""Publishing: the same bytes whatever the circumstances, incrementally or from nothing; all or nothing."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import build as spine
from pipeline import checked_file
from pipeline.export import Bundle, Export, database, search
from pipeline.publish import switch
from pipeline.publish.making import make_exports
from pipeline.publish.mkdocs import Published, PublishFailed
from pipeline.publish.store import Store
from tests.building import TODAY, clean_build, make_project, publish, tree
from tests.worlds import PROJECT, source_date_epoch

SEEDS = PROJECT / "tests" / "golden" / "seeds"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The golden world as a project that a test may change."""
    return make_project(tmp_path / "project", SEEDS)


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user would, as of a fixed day."""
    variables = {**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(date(2003, 1, 1)), **environment}
    return subprocess.run([sys.executable, "-m", "pipeline", *arguments], cwd=PROJECT, env=variables, capture_output=True, text=True, check=False)


# The same bytes


def test_circumstances_change_no_byte(root: Path, tmp_path: Path) -> None:
    """Hash seeds, locales, time zones, worker counts, umask and folders."""
    circumstances = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LC_ALL": "ko_KR.UTF-8", "COLUMNS": "40"},
    ]
    trees = []
    for number, environment in enumerate(circumstances):
        copy = tmp_path.joinpath(f"elsewhere-{number}", *["deep"] * number, "project")
        shutil.copytree(root, copy)
        result = command("build", "--root", str(copy), "--output", str(tmp_path / f"out-{number}" / "site"), "--workers", str(number + 1), **environment)
        assert result.returncode == 0, result.stderr
        trees.append(tree(tmp_path / f"out-{number}" / "site"))
    assert trees[0] == trees[1] == trees[2]


def test_many_workers_make_the_same_pages_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.publish.making.MANY", 2)
    one, two = make_project(tmp_path / "one" / "project", SEEDS), make_project(tmp_path / "two" / "project", SEEDS)
    publish(one, tmp_path / "one-out" / "site", workers=1)
    publish(two, tmp_path / "two-out" / "site", workers=3)
    assert tree(tmp_path / "one-out" / "site") == tree(tmp_path / "two-out" / "site")


def test_where_no_process_can_be_forked_the_workers_asked_for_are_one(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = clean_build(root, tmp_path / "clean")
    monkeypatch.setattr("pipeline.publish.making.MANY", 2)
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr("pipeline.publish.making.worker_pool", None)
    publish(root, tmp_path / "out" / "site", workers=3)
    assert tree(tmp_path / "out" / "site") == expected


def test_writing_the_same_meaning_otherwise_changes_no_byte(root: Path, tmp_path: Path) -> None:
    """Line ends, a byte order mark, comments, quoting and the order of keys."""
    before = clean_build(root, tmp_path / "before")
    chance = random.Random(7)
    for path in sorted((root / "seeds").rglob("*.yaml")):
        blocks = _top_level_blocks(path.read_text(encoding="utf-8"))
        chance.shuffle(blocks)
        text = "# a comment\n" + "".join(blocks).replace("type: state", 'type: "state"').replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert clean_build(root, tmp_path / "after") == before


def _top_level_blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line[0] in " -" and blocks:
            blocks[-1] += line
        else:
            blocks.append(line)
    return blocks


@pytest.mark.parametrize("epoch", [source_date_epoch(TODAY), ""])
def test_stock_mkdocs_and_properdocs_build_the_same_site(tmp_path: Path, epoch: str) -> None:
    """The real project through three entry points, as of a fixed day and as of today."""
    copy = tmp_path / "project"
    for name in ("seeds", "schemas", "templates", "site"):
        shutil.copytree(PROJECT / name, copy / name)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    if not epoch:
        del environment["SOURCE_DATE_EPOCH"]
    day, trees = None, []
    while day != (day := spine.as_of_day(environment=environment)):  # once more where midnight came between
        trees = built_three_ways(copy, environment)
    assert trees[0] == trees[1] == trees[2]


def built_three_ways(root: Path, environment: dict[str, str]) -> list[dict[str, bytes]]:
    """The site that the command, MkDocs and properdocs make, each from nothing."""
    config = str(root / "site" / "mkdocs.yml")
    trees = []
    for arguments in (
        ["pipeline", "build", "--root", str(root)],
        ["mkdocs", "build", "--strict", "-f", config],
        ["properdocs", "build", "--strict", "-f", config],
    ):
        shutil.rmtree(root / ".cache", ignore_errors=True)
        result = subprocess.run([sys.executable, "-m", *arguments], env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        trees.append(tree(root / "build" / "site"))
    return trees


# Incremental equals clean


def edit(path: Path, old: str, new: str) -> None:
    """Changes a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_unchanged_build_renders_nothing(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site")
    again = publish(root, tmp_path / "out" / "site")
    assert (again.counts["rendered"], again.counts["parsed"], again.counts["removed"]) == (0, 0, 0)


def test_editing_a_field_on_no_card_renders_one_page(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site")
    edit(root / "seeds" / "event" / "2001-05-01-exchange.yaml", "sources:", "summary: In the old customs house.\nsources:")
    again = publish(root, tmp_path / "out" / "site")
    assert again.rendered == ("event/2001-05-01-exchange.html",)
    assert tree(tmp_path / "out" / "site") == clean_build(root, tmp_path / "clean")


def test_editing_a_name_renders_the_pages_that_show_it_and_no_others(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site")
    showed = {path for path, content in tree(tmp_path / "out" / "site").items() if path.endswith(".html") and b"Bo Second" in content}
    edit(root / "seeds" / "person" / "bo-second.yaml", "Bo Second", "Bo Third")
    again = publish(root, tmp_path / "out" / "site")
    assert set(again.rendered) == showed
    assert tree(tmp_path / "out" / "site") == clean_build(root, tmp_path / "clean")


def test_editing_a_name_among_the_real_records(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", PROJECT / "seeds")
    publish(root, tmp_path / "out" / "site")
    showed = {path for path, content in tree(tmp_path / "out" / "site").items() if path.endswith(".html") and "Leonid Slutsky" in content.decode()}
    edit(root / "seeds" / "person" / "leonid-slutsky.yaml", "name: Leonid Slutsky", "name: Leonid E. Slutskii")
    again = publish(root, tmp_path / "out" / "site")
    assert set(again.rendered) <= showed
    still = {path for path, content in tree(tmp_path / "out" / "site").items() if path.endswith(".html") and "Leonid Slutsky" in content.decode()}
    assert showed - set(again.rendered) == still - set(again.rendered), "these show the name in prose or in a title only"


def changed_files(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The files that are new or have other bytes."""
    return {path for path, content in after.items() if before.get(path) != content}


def told_by(published: Published) -> set[str]:
    """The pages and exports that the summary of a build counts as made anew."""
    return {*published.rendered, *(path for paths in published.fresh.values() for path in paths)}


@pytest.mark.parametrize(
    ("old", "new", "exports"),
    [
        # The note of a field: no table has it, and no word of it is searched for.
        ("was the first to print the full text.", "was the first to print the whole text.", {"data/treaty.csv"}),
        # The note of an act: it stands in feeds and calendars of everyone it concerns.
        (
            "note: Told to the press", "note: Said to the press",
            {
                "data/acts.csv", "calendar.ics", "treaty/russia-north-korea-2024.ics", "organization/russia.atom",
                "person/yury-ushakov.atom",
            },
        ),
        # What a provision says: search finds the provision by it.
        ("act in closer concert", "act in quaint concert", {"data/provisions.csv", "search/"}),
    ],
)  # fmt: skip
def test_editing_a_field_on_no_card_makes_only_the_files_that_hold_it(tmp_path: Path, old: str, new: str, exports: set[str]) -> None:
    root = make_project(tmp_path / "project", PROJECT / "seeds")
    publish(root, tmp_path / "out" / "site")
    before = tree(tmp_path / "out" / "site")
    path = root / "seeds" / "treaty" / "russia-north-korea-2024.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    again = publish(root, tmp_path / "out" / "site")
    after = tree(tmp_path / "out" / "site")
    assert again.rendered == ("treaty/russia-north-korea-2024.html",)
    assert told_by(again) == changed_files(before, after)
    always = {"api/v1/treaty/russia-north-korea-2024.json", "data/treaty.jsonl", "data/SHA256SUMS", "depositary.sqlite"}
    found = {path if not path.startswith("search/") else "search/" for path in told_by(again)}
    assert found == {"treaty/russia-north-korea-2024.html", *always, *exports}
    assert after == clean_build(root, tmp_path / "clean")


def test_an_unchanged_index_is_not_made_again_and_a_lost_file_of_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(root, tmp_path / "out" / "site")
    expected = tree(tmp_path / "out" / "site")
    made = []
    words_of = search.words_of
    monkeypatch.setattr(search, "words_of", lambda documents: made.append(1) or words_of(documents))
    edit(root / "seeds" / "person" / "bo-second.yaml", "about: When he took office", "about: When he took that office")
    assert (publish(root, tmp_path / "out" / "site").fresh["search"], made) == ((), [])
    edit(root / "seeds" / "person" / "bo-second.yaml", "about: When he took that office", "about: When he took office")
    edit(root / "seeds" / "person" / "bo-second.yaml", "name: Bo Second", "name: Bo Third")
    again = publish(root, tmp_path / "out" / "site")
    assert (made, bool(again.fresh["search"])) == ([1], True)
    edit(root / "seeds" / "person" / "bo-second.yaml", "name: Bo Third", "name: Bo Second")
    publish(root, tmp_path / "out" / "site")
    (shard,) = (tmp_path / "out" / "site" / "search").glob("index.js")
    stored = [path for path in (root / ".cache" / "pages").rglob("*") if path.is_file() and path.samefile(shard)]
    publish(root, tmp_path / "out" / "site")
    assert len(made) == 2
    stored[0].unlink()
    again = publish(root, tmp_path / "out" / "site")
    assert (len(made), again.fresh["search"]) == (3, ())
    assert tree(tmp_path / "out" / "site") == expected


@pytest.mark.parametrize("listed", ["[]", "{", '{"search/../../outside.js": "x"}', '{"/etc/outside.js": "x"}', '{"search/a.js": 1}', '{"x.js": "x"}', '{"search/a.js": "KEY"}'])
def test_a_list_of_files_in_the_cache_names_no_place_outside_its_folder_and_nothing_but_bytes(tmp_path: Path, listed: str) -> None:
    store = Store(tmp_path / "store")
    bundle = Bundle("search", lambda: [Export("search/index.js", lambda: b"1")], "key")
    honest = make_exports([("search", bundle)], store, "engine").digests
    assert list(honest) == ["search/index.js"]
    store.save()
    index = tmp_path / "store" / "index-plain.json"
    entries = checked_file.read(index)
    (own_key,) = [key for key, digest in entries.items() if key != digest]
    forged = store.put(listed.replace("KEY", own_key).encode())
    checked_file.write(index, {key: digest if key == digest else forged for key, digest in entries.items()})
    assert make_exports([("search", bundle)], Store(tmp_path / "store"), "engine").digests == honest


def random_edit(root: Path, chance: random.Random) -> None:
    """One edit as an editor makes them, at times one that keeps size and time of the file."""
    paths = sorted((root / "seeds").rglob("*.yaml"))
    path = chance.choice(paths)
    kind = path.parent.name
    what = chance.randrange(6)
    text = path.read_text(encoding="utf-8")
    if what == 0 and kind in ("person", "organization", "event"):
        lines = text.splitlines(keepends=True)
        number = next(index for index, line in enumerate(lines) if line.startswith("name: "))
        lines[number] = f"name: Name {chance.randrange(1000)}\n"
        path.write_text("".join(lines), encoding="utf-8")
    elif what == 1 and kind == "source":
        (root / "seeds" / "source" / f"new-{chance.randrange(50)}.yaml").write_text(text, encoding="utf-8")
    elif what == 2:
        for extra in sorted((root / "seeds" / "source").glob("new-*.yaml"))[:1]:
            extra.unlink()
    elif what == 3:
        path.write_text(text + f"# a comment {chance.random()}\n", encoding="utf-8")
    else:
        _swap_two_letters(path, chance)


def _swap_two_letters(path: Path, chance: random.Random) -> None:
    """An edit that leaves size and modification time as they were."""
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    for key in ("summary: ", "title: ", "place: ", "office: "):
        start = text.find(key)
        if start >= 0:
            at = start + len(key) + chance.randrange(3)
            if text[at : at + 2].isalpha():
                changed = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
                path.write_text(changed, encoding="utf-8")
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
                assert path.stat().st_size == before.st_size
                return


def test_incremental_equals_clean_over_random_edits(root: Path, tmp_path: Path) -> None:
    """After any sequence of edits the bytes are those of a clean build. Set DEPOSITARY_EDITS for a longer run."""
    chance = random.Random(20241204)
    edits = int(os.environ.get("DEPOSITARY_EDITS", "40"))
    for number in range(edits):
        random_edit(root, chance)
        publish(root, tmp_path / "out" / "site")
        if number % 4 == 3 or edits > 100:
            assert tree(tmp_path / "out" / "site") == clean_build(root, tmp_path / "clean"), number


def test_a_damaged_cache_is_harmless(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site")
    expected = tree(tmp_path / "out" / "site")
    chance = random.Random(3)
    damaged = 0
    for _ in range(30):
        files = sorted(path for path in (root / ".cache").rglob("*") if path.is_file() and path.stat().st_size)
        for path in chance.sample(files, 5):
            content = bytearray(path.read_bytes())
            how = chance.randrange(4)
            if how == 0:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            elif how == 1:
                del content[chance.randrange(len(content)) :]
            elif how == 2:
                content = bytearray(b"{}")
            path.unlink()
            if how != 3:
                path.write_bytes(bytes(content))
            damaged += 1
        publish(root, tmp_path / "out" / "site")
        assert tree(tmp_path / "out" / "site") == expected
    assert damaged == 150


# All or nothing


def test_a_finding_leaves_the_published_site_as_it_was(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "site"
    assert command("build", "--root", str(root), "--output", str(output)).returncode == 0
    before = tree(output)
    edit(root / "seeds" / "event" / "2001-01-10-signing.yaml", "date: 2001-01-10", "date: 2001-13-10")
    result = command("build", "--root", str(root), "--output", str(output))
    assert result.returncode == 1
    assert "2001-01-10-signing.yaml:2:7: error[V207]" in result.stderr
    assert "Nothing was published." in result.stderr
    assert tree(output) == before
    assert sorted(entry.name for entry in output.parent.iterdir()) == [".site-1", ".site.lock", "site"]


def test_a_broken_template_leaves_the_published_site_as_it_was(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "site"
    publish(root, output)
    before = tree(output)
    (root / "templates").mkdir()
    (root / "templates" / "person.html").write_text("{{ nothing.like.this }}", encoding="utf-8")
    with pytest.raises(PublishFailed, match="R501.*person/ann-first"):
        publish(root, output)
    (root / "templates" / "person.html").write_text("{{ 1 + record.name }}", encoding="utf-8")
    with pytest.raises(PublishFailed, match="R501.*person/ann-first.*TypeError"):
        publish(root, output)
    assert tree(output) == before
    assert not [entry for entry in output.parent.iterdir() if entry.name == ".site-2"]


def test_without_full_text_search_nothing_is_published_and_the_cure_is_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE VIRTUAL TABLE search USING fts5_that_is_not_there(ref)")

    monkeypatch.setattr(database, "_add_search", without)
    with pytest.raises(PublishFailed, match=r"depositary.sqlite cannot be made: SQLite .* \(FTS5\).*Nothing was published"):
        publish(root, tmp_path / "out" / "site")
    assert not (tmp_path / "out" / "site").exists()


def test_a_warning_in_strict_mode_leaves_the_published_site_as_it_was(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(SEEDS, copy / "seeds")
    for name in ("schemas", "templates", "site"):
        shutil.copytree(PROJECT / name, copy / name)
    arguments = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(copy / "site" / "mkdocs.yml")]
    assert subprocess.run(arguments, capture_output=True, check=False).returncode == 0
    before = tree(copy / "build" / "site")
    (copy / "site" / "docs" / "about.md").write_text("# About\n\n[nowhere](nowhere.md)\n", encoding="utf-8")
    assert subprocess.run(arguments, capture_output=True, check=False).returncode == 1
    assert tree(copy / "build" / "site") == before


def test_a_foreign_folder_is_refused(root: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"precious")
    with pytest.raises(PublishFailed, match="did not make"):
        publish(root, foreign)
    assert tree(foreign) == {"holiday.jpg": b"precious"}
    link = tmp_path / "link"
    link.symlink_to(foreign)
    with pytest.raises(PublishFailed, match="did not make"):
        publish(root, link)
    assert tree(foreign) == {"holiday.jpg": b"precious"}


def test_a_copy_of_our_own_site_may_be_replaced(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site")
    copy = tmp_path / "unpacked" / "site"
    shutil.copytree(tmp_path / "out" / "site", copy)
    publish(root, copy)
    assert copy.is_symlink()
    assert tree(copy) == tree(tmp_path / "out" / "site")


def test_a_kill_never_publishes_a_half(root: Path, tmp_path: Path) -> None:
    """Whenever a build is killed, the site is the old one or the new one, and the next build works and leaves no litter."""
    output = tmp_path / "out" / "site"
    assert command("build", "--root", str(root), "--output", str(output)).returncode == 0
    person = root / "seeds" / "person" / "ann-first.yaml"
    chance = random.Random(11)
    for number in range(int(os.environ.get("DEPOSITARY_KILLS", "12"))):
        old = tree(output)
        edit(person, person.read_text(encoding="utf-8").splitlines()[0], f"name: Ann {number}")
        shutil.rmtree(root / ".cache", ignore_errors=True)
        arguments = [sys.executable, "-m", "pipeline", "build", "--root", str(root), "--output", str(output)]
        process = subprocess.Popen(arguments, cwd=PROJECT, env={**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(date(2003, 1, 1))}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, 0.9))
        process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        process.wait()
        found = tree(output)
        assert command("build", "--root", str(root), "--output", str(output)).returncode == 0
        new = tree(output)
        assert found in (old, new), number
        assert len([entry for entry in output.parent.iterdir() if entry.name.startswith(".site-")]) == 1


def test_workers_end_with_a_killed_build_and_give_up_its_lock(tmp_path: Path) -> None:
    """A build killed while its workers render must not leave one that holds the lock: the next build would wait for ever."""
    root = make_project(tmp_path / "project", PROJECT / "seeds")
    output = tmp_path / "out" / "site"
    arguments = [sys.executable, "-m", "pipeline", "build", "--root", str(root), "--output", str(output), "--workers", "2"]
    quiet: dict[str, Any] = {
        "cwd": PROJECT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
        "env": {**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(TODAY)},
    }  # fmt: skip
    started = subprocess.Popen(arguments, **quiet)
    while started.poll() is None and not has_a_page(root / ".cache" / "pages"):
        time.sleep(0.01)
    started.kill()
    started.wait()
    assert subprocess.run(arguments, **quiet, timeout=300, check=False).returncode == 0


def has_a_page(store: Path) -> bool:
    """Whether a worker has put a page into the store; the other files are there before any worker is."""
    for path in store.glob("??/*"):
        with open(path, "rb") if path.suffix != ".tmp" else io.BytesIO() as file:
            if file.read(15).lower() == b"<!doctype html>":
                return True
    return False


def test_two_builds_at_once_wait_for_each_other(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "site"
    arguments = [sys.executable, "-m", "pipeline", "build", "--root", str(root), "--output", str(output)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(date(2003, 1, 1))}
    running = [subprocess.Popen(arguments, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert tree(output) == clean_build(root, tmp_path / "clean", today=date(2003, 1, 1))


@pytest.mark.parametrize("lock", ["out/.site.lock", "project/.cache/lock"])
def test_a_build_waits_for_the_one_that_holds_its_folder_or_its_cache(root: Path, tmp_path: Path, lock: str) -> None:
    started = time.monotonic()
    publish(root, tmp_path / "out" / "site")
    usual = time.monotonic() - started
    with ThreadPoolExecutor(1) as pool, switch.locked(tmp_path / lock):
        waiting = pool.submit(publish, root, tmp_path / "out" / "site")
        with pytest.raises(TimeoutError):
            waiting.result(timeout=2 * usual + 1)
    assert waiting.result().counts["rendered"] == 0


def test_a_record_that_goes_takes_its_page_with_it(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site")
    (root / "seeds" / "treaty" / "border-1950.yaml").unlink()
    edit(root / "seeds" / "treaty" / "border-2001.yaml", "relations:\n  - {type: supersedes, treaty: border-1950, effective: entry-into-force, extent: whole, sources: [herald-2001-05-02]}\n", "")
    before = set(tree(tmp_path / "out" / "site"))
    again = publish(root, tmp_path / "out" / "site")
    gone = before - set(tree(tmp_path / "out" / "site"))
    assert {"treaty/border-1950.html", "api/v1/treaty/border-1950.json"} <= gone
    assert all(path.rpartition("/")[2].startswith("border-1950.") for path in gone)
    assert again.counts["removed"] == len(gone)


def test_an_explicit_day_and_a_plain_build_keep_each_others_pages(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "plain" / "site")
    publish(root, tmp_path / "view" / "site", as_of=date(2001, 2, 10))
    assert publish(root, tmp_path / "plain" / "site").counts["rendered"] == 0
    assert publish(root, tmp_path / "view" / "site", as_of=date(2001, 2, 10)).counts["rendered"] == 0


def test_a_plain_build_carries_the_day_on_the_home_page_and_the_page_about_days_only(root: Path, tmp_path: Path) -> None:
    publish(root, tmp_path / "out" / "site", today=TODAY)
    later = publish(root, tmp_path / "out" / "site", today=date(2026, 1, 2))
    assert later.rendered == ("index.html", "as-of.html")


# Caches


def test_a_checked_file_trusts_only_what_matches_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.json"
    assert checked_file.read(path) is None
    checked_file.write(path, {"a": ["ж", 1]})
    assert checked_file.read(path) == {"a": ["ж", 1]}
    digest, _, body = path.read_bytes().partition(b"\n")
    path.write_bytes(digest + b"\n" + body.replace(b"1", b"2"))
    assert checked_file.read(path) is None
    path.write_text(json.dumps({"a": 1}), encoding="utf-8")
    assert checked_file.read(path) is None


def test_leftovers_of_killed_builds_are_removed(tmp_path: Path) -> None:
    output = tmp_path / "site"
    (tmp_path / ".site-7" / "half").mkdir(parents=True)
    (tmp_path / ".site-other").mkdir()
    sibling = switch.new_sibling(output)
    assert sibling.name == ".site-8"
    assert not (tmp_path / ".site-7").exists()
    assert (tmp_path / ".site-other").exists()
