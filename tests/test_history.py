"""The day on which a file last changed: what a real repository tells of it, and where it shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import checked_file
from pipeline.load import history
from pipeline.load.history import last_changes, latest_days, pieces
from tests.building import build_site, clean_build, make_project, publish, tree
from tests.exports import book_of, files, golden
from tests.helpers import git, write
from tests.worlds import PROJECT, source_date_epoch

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")

A, B = "seeds/person/a.yaml", "seeds/person/b.yaml"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def commit(root: Path, day: str, written: dict[str, str | bytes] | None = None, *, first_written: str = "") -> None:
    """A commit of everything, made at noon in UTC or at the time given; of an author who wrote it then or earlier."""
    write(root, written or {})
    moment = day if "T" in day else f"{day}T12:00:00+00:00"
    git(root, "add", "--all", "--force")
    author = f"{first_written}T12:00:00+00:00" if first_written else moment
    git(root, "commit", "--quiet", "--allow-empty", "--message", day, GIT_COMMITTER_DATE=moment, GIT_AUTHOR_DATE=author)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of two files, committed one after the other."""
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "--quiet")
    commit(root, "2026-01-01", {A: "a\n"})
    commit(root, "2026-02-02", {B: "b\n"})
    return root


def days(root: Path) -> dict[str, str]:
    """What the history tells, with no cache to help."""
    return last_changes(root.resolve(), Path(os.devnull) / "history.json")


def days_kept(root: Path) -> dict[str, str]:
    """What the history tells, through the cache of the project."""
    return last_changes(root.resolve(), kept_in(root))


def kept_in(root: Path) -> Path:
    return root / ".cache" / "history.json"


# The day


def test_each_file_has_the_day_of_the_last_commit_that_touched_it(root: Path) -> None:
    assert days(root) == {A: "2026-01-01", B: "2026-02-02"}
    commit(root, "2026-03-03", {A: "other\n", "README.md": "Not a record.\n", "site/docs/about.md": "# About\n"})
    assert days(root) == {A: "2026-03-03", B: "2026-02-02", "site/docs/about.md": "2026-03-03"}
    commit(root, "2026-04-04", {"README.md": "Nor now.\n"})
    assert days(root)[A] == "2026-03-03"


def test_the_day_is_that_of_the_commit_and_not_of_the_writing(root: Path) -> None:
    commit(root, "2026-03-03", {A: "other\n"}, first_written="2019-05-05")
    assert days(root)[A] == "2026-03-03"


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-03-01T23:30:00-05:00", "2026-03-02"), ("2026-03-01T00:30:00+09:00", "2026-02-28"), ("2026-03-01T23:59:59+00:00", "2026-03-01")],
)
def test_the_day_is_that_of_utc_wherever_it_was_made_or_is_read(root: Path, moment: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(root, moment, {A: "other\n"})
    for zone in ("UTC", "Asia/Seoul", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert days(root)[A] == day
    monkeypatch.undo()
    time.tzset()


def test_what_is_not_committed_changes_no_day(root: Path) -> None:
    write(root, {A: "changed\n", "seeds/person/new.yaml": "new\n"})
    git(root, "add", A)
    assert days(root) == {A: "2026-01-01", B: "2026-02-02"}


def test_a_renamed_file_has_changed_and_a_restored_one_too(root: Path) -> None:
    git(root, "mv", A, "seeds/person/c.yaml")
    commit(root, "2026-03-03")
    assert days(root)["seeds/person/c.yaml"] == "2026-03-03"
    git(root, "mv", "seeds/person/c.yaml", A)
    commit(root, "2026-04-04")
    assert days(root)[A] == "2026-04-04"


def test_the_latest_commit_counts_though_a_clock_was_wrong(root: Path) -> None:
    commit(root, "2020-03-03", {A: "by a clock that is late\n"})
    assert days(root)[A] == "2026-01-01"


# Branches


def branch(root: Path, name: str, day: str, written: dict[str, str | bytes]) -> None:
    """A branch with one commit; back on main afterwards."""
    git(root, "checkout", "--quiet", "-b", name)
    commit(root, day, written)
    git(root, "checkout", "--quiet", "main")


def merge(root: Path, name: str, day: str, *options: str) -> None:
    moment = f"{day}T12:00:00+00:00"
    git(root, "merge", "--quiet", "--no-ff", *options, "-m", "merge", name, GIT_COMMITTER_DATE=moment, GIT_AUTHOR_DATE=moment)


def test_a_merge_that_changes_nothing_itself_touches_no_file(root: Path) -> None:
    branch(root, "other", "2026-03-03", {A: "other\n"})
    commit(root, "2026-03-05", {B: "main\n"})
    merge(root, "other", "2026-04-04")
    assert days(root) == {A: "2026-03-03", B: "2026-03-05"}


def test_a_merge_counts_for_what_it_changed_itself(root: Path) -> None:
    branch(root, "other", "2026-03-03", {A: "other\n", B: "other\n"})
    commit(root, "2026-03-05", {A: "main\n"})
    with pytest.raises(subprocess.CalledProcessError):
        merge(root, "other", "2026-04-04")
    commit(root, "2026-04-04", {A: "both\n"})
    assert len(git(root, "log", "-1", "--format=%P").split()) == 2
    assert days(root) == {A: "2026-04-04", B: "2026-03-03"}


def test_a_branch_of_which_nothing_was_taken_touches_no_file(root: Path) -> None:
    branch(root, "other", "2026-03-03", {A: "other\n"})
    commit(root, "2026-03-05", {B: "main\n"})
    merge(root, "other", "2026-04-04", "--strategy", "ours")
    assert days(root) == {A: "2026-01-01", B: "2026-03-05"}


# Names


@pytest.mark.parametrize(
    "name", ["조약.yaml", "Größe.yaml", "two words.yaml", "a\nb.yaml", "a\n1999999999", "1999999999", "\t\"quoted\".yaml", "-c.yaml", "..a", "😀"]
)
def test_any_name_comes_back_as_it_is(root: Path, name: str) -> None:
    path = f"seeds/person/{name}"
    commit(root, "2026-03-03", {path: "x\n"})
    assert days(root) == {A: "2026-01-01", B: "2026-02-02", path: "2026-03-03"}


def test_a_name_that_is_no_text_is_passed_over(root: Path) -> None:
    try:
        with open(os.fsencode(root) + b"/seeds/person/\xff.yaml", "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes no such name")
    commit(root, "2026-03-03", {A: "other\n"})
    assert days_kept(root) == days_kept(root) == {A: "2026-03-03", B: "2026-02-02"}


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 30))
def test_pieces_are_what_stands_between_zero_bytes(parts: list[bytes], size: int) -> None:
    stream = b"\0".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "_BLOCK", size)
        assert list(pieces(BytesIO(stream))) == stream.split(b"\0")


def test_a_time_that_no_calendar_has_is_no_day() -> None:
    assert latest_days([b"0", b"\nseeds/a", b"999999999999", b"\nseeds/b"]) == {"seeds/a": "1970-01-01"}
    assert latest_days([b"seeds/before-any-time", b"", b"9" * 40, b"\n"]) == {}


# A project below the top of its repository


@pytest.mark.parametrize("folder", ["treaties", "1999999999", "a*b [c]/조약", ":x/seeds", "-c", "two\nlines"])
def test_a_project_in_a_folder_of_a_repository_has_the_days_of_its_own_files(root: Path, folder: str) -> None:
    inside = root / folder
    commit(root, "2026-03-03", {f"{folder}/{A}": "a\n", f"{folder}/site/docs/about.md": "# About\n", "aXb c/조약/seeds/person/a.yaml": "other\n"})
    commit(root, "2026-04-04", {A: "at the top\n", f"{folder}/{B}": "b\n"})
    assert days(inside) == {A: "2026-03-03", "site/docs/about.md": "2026-03-03", B: "2026-04-04"}
    assert days(root) == {A: "2026-04-04", B: "2026-02-02"}


def test_a_merge_below_the_top_counts_for_what_it_changed_itself(root: Path) -> None:
    inside = root / "treaties"
    commit(root, "2026-02-03", {f"treaties/{A}": "a\n", f"treaties/{B}": "b\n"})
    branch(root, "other", "2026-03-03", {f"treaties/{A}": "other\n", f"treaties/{B}": "other\n"})
    commit(root, "2026-03-05", {f"treaties/{A}": "main\n"})
    with pytest.raises(subprocess.CalledProcessError):
        merge(root, "other", "2026-04-04")
    commit(root, "2026-04-04", {f"treaties/{A}": "both\n"})
    assert days(inside) == {A: "2026-04-04", B: "2026-03-03"}


def test_what_is_kept_of_one_folder_is_not_told_of_another(root: Path) -> None:
    commit(root, "2026-03-03", {f"one/{A}": "a\n"})
    assert days_kept(root / "one") == days_kept(root / "one") == {A: "2026-03-03"}
    shutil.copytree(root / "one", root / "two")
    assert kept_in(root / "two").is_file() and days_kept(root / "two") == {}, "it was not committed"


def test_a_repository_of_another_user_above_is_not_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(root, "2026-03-03", {f"inside/{A}": "a\n"})
    stat = Path.stat

    def of_another(path: Path, **options: Any) -> os.stat_result:
        found = stat(path, **options)
        return os.stat_result((*found[:4], found.st_uid + 1, *found[5:])) if path.name == ".git" else found

    monkeypatch.setattr(Path, "stat", of_another)
    assert days(root / "inside") == {}
    assert days(root) == {A: "2026-01-01", B: "2026-02-02"}, "a root is its own, whoever unpacked it"


# Where there is none


def test_a_project_that_was_not_committed_has_no_history(root: Path, tmp_path: Path) -> None:
    assert days(make_project(tmp_path / "plain", PROJECT / "tests" / "golden" / "seeds")) == {}
    assert days(make_project(root / "inside", PROJECT / "tests" / "golden" / "seeds")) == {}


def test_a_repository_without_a_commit_has_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert days(tmp_path) == {}


def test_a_history_that_is_cut_off_tells_nothing(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", "--depth", "1", root.as_uri(), str(copy))
    assert days(copy) == {}
    shutil.copytree(root, tmp_path / "cached")
    assert days_kept(tmp_path / "cached")
    shutil.copytree(tmp_path / "cached" / ".cache", copy / ".cache")
    assert days_kept(copy) == {}, "nor with a cache that knows more: caches save time and change nothing"
    git(copy, "fetch", "--quiet", "--unshallow")
    assert days_kept(copy) == {A: "2026-01-01", B: "2026-02-02"}


def test_what_is_elsewhere_is_not_fetched(root: Path, tmp_path: Path) -> None:
    git(root, "config", "uploadpack.allowFilter", "true")
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=tree:0", root.as_uri(), str(copy))
    before = tree(copy / ".git" / "objects")
    assert days(copy) == {}
    assert tree(copy / ".git" / "objects") == before


def test_a_broken_repository_tells_nothing(root: Path) -> None:
    for path in (root / ".git" / "objects").glob("??/*"):
        path.unlink()
    assert days(root) == {}
    shutil.rmtree(root / ".git")
    write(root, {".git": "gitdir: /nowhere\n"})
    assert days(root) == {}


def test_without_the_program_there_is_no_history(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert days(root) == {}


@pytest.mark.parametrize("script", ["exit 1", "echo; echo nonsense", "echo false; echo 'x y'", "echo false; printf '\\377\\n'"])
def test_a_program_that_is_not_git_does_no_harm(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    write(tmp_path, {"bin/git": f"#!/bin/sh\n{script}\n"})
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert days(root) == {}


@pytest.mark.parametrize(("limit", "most"), [("MAX_BYTES", 20), ("_MAX_PIECE", 4)])
def test_more_than_can_be_expected_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    monkeypatch.setattr(history, limit, most)
    monkeypatch.setattr(history, "_BLOCK", 7)
    assert days_kept(root) == {} and not kept_in(root).exists()


def test_a_program_that_does_not_end_is_ended(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"bin/git": f"#!/bin/sh\ncase \"$*\" in *rev-parse*) echo false; echo {'a' * 40};; *) exec {shutil.which('sleep')} 60;; esac\n"})
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(history, "WAIT", 1)
    assert days(root) == {}


# Settings and surroundings


def sign(root: Path, scratch: Path) -> None:
    """Gives the newest commit a signature, which git would have a program look at."""
    head, _, message = git(root, "cat-file", "commit", "HEAD").partition("\n\n")
    scratch.write_text(f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n abcd\n -----END PGP SIGNATURE-----\n\n{message}\n")
    git(root, "update-ref", "HEAD", git(root, "hash-object", "-t", "commit", "-w", str(scratch)))


def test_settings_of_the_repository_change_nothing_and_start_nothing(root: Path, tmp_path: Path) -> None:
    commit(root, "2026-03-03", {"seeds/person/c.yaml": "c\n"})
    sign(root, tmp_path / "signed")
    expected = days(root)
    touched = tmp_path / "touched"
    program = str(tmp_path / "program")
    write(tmp_path, {"program": f"#!/bin/sh\ntouch {touched}\n"})
    Path(program).chmod(0o755)
    for name, value in {
        "log.showSignature": "true", "gpg.program": program, "core.fsmonitor": program, "core.pager": program, "pager.log": "true",
        "log.showRoot": "false", "log.follow": "true", "log.date": "relative", "diff.renames": "copies", "diff.orderFile": "/nowhere",
        "diff.external": program, "diff.relative": "true", "core.quotePath": "false", "core.worktree": str(tmp_path), "core.bare": "false",
        "format.pretty": "fuller", "alias.log": f"!{program}", "log.diffMerges": "off", "color.ui": "always", "log.decorate": "full",
    }.items():  # fmt: skip
        git(root, "config", name, value)
    write(root, {".git/info/grafts": git(root, "rev-parse", "HEAD") + "\n"})
    assert days(root) == expected == {A: "2026-01-01", B: "2026-02-02", "seeds/person/c.yaml": "2026-03-03"}
    assert not touched.exists()


def test_the_surroundings_change_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a hook of git, which names its own repository to all programs."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    commit(other, "2001-01-01", {A: "a\n"})
    write(tmp_path, {"settings": "[log]\n\tshowRoot = false\n\tnonsense\n"})
    for name, value in {
        "GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other), "GIT_CONFIG_GLOBAL": str(tmp_path / "settings"), "GIT_TRACE": "1",
        "GIT_LITERAL_PATHSPECS": "1", "GIT_OBJECT_DIRECTORY": "/nowhere", "HOME": "/nowhere", "LC_ALL": "ko_KR.UTF-8",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(other)
    assert days(root) == {A: "2026-01-01", B: "2026-02-02"}


def test_a_second_work_tree_has_the_history_of_its_branch(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "second"), "HEAD~1")
    assert days(tmp_path / "second") == {A: "2026-01-01"}


# The cache


def test_an_unchanged_history_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = days_kept(root)
    write(root, {A: "an edit\n"})
    calls = []
    run = subprocess.run
    monkeypatch.setattr(history, "_days", lambda *_: pytest.fail("the history is read again"))
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **named: calls.append(arguments) or run(*arguments, **named))
    assert days_kept(root) == expected and len(calls) == 1


def test_another_commit_is_read_anew(root: Path) -> None:
    days_kept(root)
    commit(root, "2026-03-03", {A: "other\n"})
    assert days_kept(root)[A] == "2026-03-03"
    git(root, "checkout", "--quiet", "--force", "HEAD~1")
    assert days_kept(root)[A] == "2026-01-01"


def test_a_damaged_cache_costs_time_only(root: Path) -> None:
    expected = days_kept(root)
    kept = checked_file.read(kept_in(root))
    assert isinstance(kept, dict) and kept["days"] == expected
    whole = kept_in(root).read_bytes()
    for content in (b"", whole[:-3], whole.replace(b"2026-01-01", b"2025-01-01")):
        kept_in(root).write_bytes(content)
        assert days_kept(root) == expected
    for value in ([], {}, kept | {"days": None}, kept | {"days": {A: 1}}, kept | {"days": {A: "<b>"}}, kept | {"format": 0, "days": {}}, kept | {"folder": "x", "days": {}}, kept | {"commit": "x", "days": {}}):
        checked_file.write(kept_in(root), value)
        assert days_kept(root) == expected
    kept_in(root).unlink()
    kept_in(root).mkdir()
    assert days_kept(root) == expected


# What readers see


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The golden world with the project's own configuration and pages, in a repository of two commits."""
    made = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    shutil.copytree(PROJECT / "site", made / "site")
    write(made, {".gitignore": ".cache\nbuild\n"})
    git(made, "init", "--quiet")
    commit(made, "2002-11-11")
    path = made / "seeds/treaty/border-2001.yaml"
    commit(made, "2002-12-12", {"seeds/treaty/border-2001.yaml": path.read_text(encoding="utf-8") + "# a remark\n"})
    return made


def foot(page: Path) -> str:
    """The line of a page's foot that says when it last changed."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if "Last changed" in line]
    assert len(lines) <= 1
    return lines[0] if lines else ""


def last_days(site: Path) -> dict[str, str | None]:
    """The map's pages, from the root of the site, with their last days."""
    found = ElementTree.parse(site / "sitemap.xml").getroot()
    return {str(url.findtext(f"{MAP}loc")).removeprefix("https://example.org/"): url.findtext(f"{MAP}lastmod") for url in found}


def test_the_foot_says_when_the_record_last_changed(project: Path, tmp_path: Path) -> None:
    site = build_site(project, tmp_path / "out" / "site")
    told = '<div><dt>Last changed</dt><dd><time datetime="{}">{}</time></dd></div>'
    assert foot(site / "treaty/border-2001.html") == told.format("2002-12-12", "12 December 2002")
    for page in ("treaty/league-1970.html", "person/ann-first.html", "about.html"):
        assert foot(site / page) == told.format("2002-11-11", "11 November 2002"), page
    for page in ("index.html", "treaty/index.html", "search.html", "compare.html", "404.html"):
        assert foot(site / page) == "", page


def test_the_document_of_a_record_says_it_too(project: Path, tmp_path: Path) -> None:
    site = build_site(project, tmp_path / "out" / "site")
    document = json.loads((site / "api/v1/treaty/border-2001.json").read_bytes())
    assert document["changed"] == "2002-12-12"
    schema = json.loads((site / "api/v1/schemas/documents/treaty.json").read_bytes())
    own = {**schema, "properties": {**schema["properties"], "record": {}, "derived": {}}}
    jsonschema.validate(document, own)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "changed": "yesterday"}, own)


def test_the_map_has_the_days_of_files_and_of_lists(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    found = last_days(build_site(project, tmp_path / "out" / "site"))
    assert found["treaty/border-2001.html"] == found["treaty/index.html"] == "2002-12-12"
    assert found["treaty/league-1970.html"] == found["person/index.html"] == found["method.html"] == "2002-11-11"
    assert found["index.html"] is found["compare.html"] is found["search.html"] is None
    shutil.rmtree(project / ".git")
    assert set(last_days(build_site(project, tmp_path / "out" / "site")).values()) == {None}


def test_a_part_of_a_list_has_the_latest_day_of_the_records_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.render.pages.list_length", lambda kind: 2)
    changed = {record.path: f"2002-01-{day:02}" for day, record in enumerate(golden().records.values(), start=1)}
    made = book_of(replace(golden(), changed=changed))
    found = {str(url.findtext(f"{MAP}loc")): url.findtext(f"{MAP}lastmod") for url in ElementTree.fromstring(files(made)["sitemap.xml"])}
    refs = made.lists["event"]
    assert len(refs) > 2
    for name, part in (("index", refs[:2]), ("page-2", refs[2:4])):
        expected = max(changed[made.corpus.records[ref].path] for ref in part)
        assert found[f"https://example.org/treaties/event/{name}.html"] == expected


def test_a_commit_makes_anew_only_the_page_of_its_record(project: Path, tmp_path: Path) -> None:
    publish(project, tmp_path / "out" / "site")
    path = "seeds/person/ann-first.yaml"
    write(project, {path: (project / path).read_text(encoding="utf-8") + "# a remark\n"})
    assert publish(project, tmp_path / "out" / "site").rendered == ()
    commit(project, "2002-12-24")
    made = publish(project, tmp_path / "out" / "site")
    assert made.rendered == ("person/ann-first.html",)
    assert "24 December 2002" in foot(tmp_path / "out" / "site" / "person/ann-first.html")
    assert tree(tmp_path / "out" / "site") == clean_build(project, tmp_path / "clean")


def test_without_a_history_nothing_else_changes(project: Path, tmp_path: Path) -> None:
    with_days = tree(build_site(project, tmp_path / "with" / "site"))
    shutil.rmtree(project / ".git")
    without = tree(build_site(project, tmp_path / "without" / "site"))
    assert sorted(without) == sorted(with_days)
    for path, content in without.items():
        lines = [line for line in with_days[path].splitlines(keepends=True) if b"<dt>Last changed</dt>" not in line]
        if path.endswith(".json"):
            document = json.loads(with_days[path])
            assert json.loads(content) == {key: value for key, value in document.items() if key != "changed"}
        elif path.endswith(".html"):
            assert b"".join(lines).split() == content.split(), path
        else:
            assert with_days[path] == content, path


def test_a_view_does_not_tell_what_was_changed_later(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    day = date(2001, 2, 10)
    seen = tree(build_site(project, tmp_path / "with" / "site", as_of=day))
    assert set(last_days(tmp_path / "with" / "site").values()) == {None}
    shutil.rmtree(project / ".git")
    assert seen == tree(build_site(project, tmp_path / "without" / "site", as_of=day))


def test_both_ways_of_building_tell_the_same_days(project: Path) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(date(2003, 1, 1)), "SITE_URL": "https://example.org/"}
    link = project.parent / "link"
    link.symlink_to(project)
    trees = []
    for arguments in (
        ["pipeline", "build", "--root", str(project)],
        ["mkdocs", "build", "--strict", "-f", str(project / "site" / "mkdocs.yml")],
        ["mkdocs", "build", "--strict", "-f", str(link / "site" / "mkdocs.yml")],
    ):
        shutil.rmtree(project / ".cache", ignore_errors=True)
        result = subprocess.run([sys.executable, "-m", *arguments], env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        trees.append(tree(project / "build" / "site"))
    assert trees[0] == trees[1] == trees[2]
    assert b"12 December 2002" in trees[0]["treaty/border-2001.html"] and b"Last changed" in trees[0]["about.html"]
