"""The spine: runs the rooms in their order. The only reader of the clock and of the machine's environment, in two functions.

    load → validate → link → derive → check → (render → publish)

It decides nothing about treaties or pages; it hands the one value on.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.derive import derive, project
from pipeline.derive import with_news as add_news
from pipeline.derive.collections import day_extract
from pipeline.derive.collections import with_days as add_days
from pipeline.derive.tables import with_tables as add_tables
from pipeline.diff import Change, State, as_plain, changes
from pipeline.link import link
from pipeline.load import load
from pipeline.load.cache import ParseCache
from pipeline.load.history import last_changes
from pipeline.load.marks import with_positions
from pipeline.load.revisions import UnreadableRevision, revision_folder
from pipeline.model import Corpus, Diagnostic, Font, Printer, View
from pipeline.rules import check
from pipeline.validate import validate

#: Libraries that a page's bytes depend on.
_LIBRARIES = ("pyyaml", "jinja2", "markupsafe", "markdown-it-py")

#: Where Linux, macOS and Windows keep the fonts of the whole machine. Those of one user are left alone.
FONT_FOLDERS = tuple(
    Path(name)
    for name in ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
)
#: So much of a font file's beginning holds the checksums of all its tables.
_FONT_HEAD = 16_384


@dataclass(frozen=True, slots=True)
class Project:
    """A root of records, and the folder of files shipped with depositary for what it lacks."""

    root: Path
    shipped: Path

    def folder(self, name: str) -> Path:
        """The root's own folder of this name, or the shipped one."""
        own = self.root / name
        return own if own.is_dir() else self.shipped / name

    def folders(self, name: str) -> list[Path]:
        """The root's own folder first, then the shipped one: what the first lacks comes from the second."""
        return [folder for folder in dict.fromkeys((self.root / name, self.shipped / name)) if folder.is_dir()]

    @property
    def cache(self) -> Path:
        """Where what can be made again is kept."""
        return self.root / ".cache"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked corpus and what of it a view shows.

    `corpus` holds every record with all findings, placed; `shown` is the corpus to publish,
    with links and facts for the view.
    """

    project: Project
    view: View
    corpus: Corpus
    shown: Corpus

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings, each with its place."""
        return self.corpus.diagnostics


class NotAProject(Exception):
    """The folder cannot be worked on; the message says what is missing and what to do."""


def shipped_folder() -> Path:
    """The folder with the schemas, templates and theme that come with depositary."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def open_project(root: Path) -> Project:
    """The project at a root, or NotAProject."""
    root = root.resolve()
    if not root.is_dir():
        raise NotAProject(f"there is no folder {root}")
    missing = [name for name in ("seeds", "schemas") if not (root / name).is_dir()]
    if missing:
        listed = " and ".join(f"{name}/" for name in missing)
        raise NotAProject(
            f"{root} has no {listed}. A project is a folder with seeds/<kind>/<id>.yaml and schemas/<kind>.schema.json. "
            "Name it with --root DIR, or go there first."
        )
    if not any((root / "schemas").glob("*.schema.json")):
        raise NotAProject(f"{root}/schemas holds no schema. Each kind of record has one: schemas/<kind>.schema.json.")
    return Project(root, shipped_folder())


def as_of_day(given: date | None = None, environment: Mapping[str, str] | None = None) -> date:
    """The as-of day: the one given, else the day of SOURCE_DATE_EPOCH, else today, in UTC.

    Called once, at the entry point; everything below gets the day as a value.
    """
    if given is not None:
        return given
    epoch = (os.environ if environment is None else environment).get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdigit() and len(epoch) < 12:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    return datetime.now(UTC).date()


def card_printer(wanted: re.Pattern[str], folders: Iterable[Path] = FONT_FOLDERS) -> Printer | None:
    """What this machine can print share cards with: the renderer, and the fonts whose names fit; nothing without the renderer.

    Called once, where the site is made; everything below gets it as a value.
    """
    try:
        importlib.import_module("resvg_py")  # installed but broken is as good as absent
    except ImportError:
        return None
    found: dict[str, Font] = {}
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf", ".ttc")):
            if path.stem not in found and wanted.fullmatch(path.stem):
                with suppress(OSError):  # a font that cannot be read is none
                    found[path.stem] = Font(path.stem, str(path), _font_digest(path))
    return Printer(f"resvg-py {_version_of('resvg-py')}", tuple(found.values()))


def _font_digest(path: Path) -> str:
    """A digest of the font's size and of its table directory, which holds a checksum of each table."""
    with open(path, "rb") as file:
        return hashlib.sha256(f"{path.stat().st_size}\n".encode() + file.read(_FONT_HEAD)).hexdigest()


def engine_digest(project: Project) -> str:
    """The digest of all that makes pages beside the records: our code, libraries, schemas, templates, theme, configuration."""
    digest = hashlib.sha256(__version__.encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {_version_of(name)}\n".encode())
    package = Path(__file__).resolve().parent
    for path in sorted(package.rglob("*.py")):
        _add_file(digest, path, path.relative_to(package).as_posix())
    for folder_name in ("schemas", "templates", "site"):
        for folder in project.folders(folder_name):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    _add_file(digest, path, f"{folder_name}/{path.relative_to(folder).as_posix()}")
    return digest.hexdigest()


def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "absent"


def _add_file(digest: hashlib._Hash, path: Path, name: str) -> None:
    digest.update(f"{name} {path.stat().st_size}\n".encode())
    digest.update(path.read_bytes())


def read_corpus(project: Project, cache: ParseCache | None = None) -> Corpus:
    """Loaded, validated and linked."""
    return link(validate(load(project.root, project.shipped, cache)))


def prepare(project: Project, view: View, today: date, *, use_cache: bool = True) -> Prepared:
    """Everything up to the check, and the facts of the view.

    `today` is the real as-of day, against which rules judge; `view` what the site is to show.
    """
    cache = ParseCache(project.cache / "parsed.json", _parser_version()) if use_cache else None
    corpus = read_corpus(project, cache)
    if cache is not None:
        cache.save()
    whole = derive(corpus, View.on(today))
    checked = check(whole, today)
    shown = _shown(checked, view, today)
    placed = replace(checked, diagnostics=with_positions(checked.diagnostics, project.root))
    return Prepared(project, view, placed, shown)


def _shown(checked: Corpus, view: View, today: date) -> Corpus:
    """The corpus as the view shows it: records reduced to it, linked and derived again where that changes anything."""
    reduced = project(checked, view)
    if reduced is checked and view.as_of == today:
        return replace(checked, facts=replace(checked.facts, view=view))
    return derive(link(replace(reduced, links=(), diagnostics=())), view)


def with_days(prepared: Prepared, days: Iterable[date]) -> Prepared:
    """The same, with a page for each of these days that is not after the view's: what its reader knew.

    Of a day's corpus only an extract is kept, and the corpus itself until its difference to the next one is taken.
    """
    view = prepared.view
    extracts, before = [], None
    for day in sorted({day for day in days if day <= view.as_of}):
        then = View.on(day, min(day, view.known_by), explicit=True)
        corpus = derive(link(replace(project(prepared.corpus, then), links=(), diagnostics=())), then)
        extracts.append(day_extract(corpus, _changes(before, corpus)))
        before = corpus
    if not extracts:
        return prepared
    return replace(prepared, shown=add_days(prepared.shown, extracts, _changes(before, prepared.shown)))


def for_publishing(prepared: Prepared, days: Iterable[date]) -> Prepared:
    """The same, with what only a site shows: chosen days, news, the diary, answers, and the facts as tables for taking away."""
    prepared = with_days(prepared, days)
    return replace(prepared, shown=add_tables(add_news(prepared.shown)))


def with_history(prepared: Prepared) -> Prepared:
    """The same, with the day on which each file last changed, for what is published.

    Not in a view that a reader asked for: the day on which a record last changed is later knowledge than it shows.
    """
    if prepared.view.explicit:
        return prepared
    changed = last_changes(prepared.project.root, prepared.project.cache / "history.json")
    return replace(prepared, shown=replace(prepared.shown, changed=changed))


def _changes(before: Corpus | None, after: Corpus) -> list[dict[str, Any]]:
    """What a reader of the later corpus finds changed, in words; nothing where there is no earlier one."""
    return as_plain(changes(before, after)) if before is not None else []


@contextmanager
def project_at(place: str, root: Path) -> Iterator[Project]:
    """The project that a folder, or a git revision of the root, holds; a revision's files last as long as the context.

    A folder goes before a revision of the same name. NotAProject says why there is neither.
    """
    folder = Path(place)
    if place and folder.is_dir() and all((folder / name).is_dir() for name in ("seeds", "schemas")):
        yield open_project(folder)
        return
    if not root.is_dir():
        raise NotAProject(f"there is no folder {root}")
    try:
        with revision_folder(root.resolve(), place) as read:
            yield open_project(read)
    except UnreadableRevision as error:
        hint = f" ({folder} is a folder, but it has no seeds/ and schemas/)" if place and folder.is_dir() else ""
        raise NotAProject(f"{error}{hint}") from None


def compare(before: Prepared, after: Prepared, names: tuple[str, str]) -> tuple[State, State, tuple[Change, ...]]:
    """Two prepared projects, or one in two views: what each is, and every change from the first to the second."""
    states = tuple(
        State(
            name, side.view.as_of.isoformat(), side.view.known_by.isoformat(), len(side.corpus.errors),
            len(side.diagnostics) - len(side.corpus.errors),
        )
        for side, name in zip((before, after), names, strict=True)
    )
    old, new = (replace(side.shown, diagnostics=side.diagnostics) for side in (before, after))
    return states[0], states[1], changes(old, new)


def _parser_version() -> str:
    """What reading a record depends on: the parser, and our own code that makes plain data of what it says."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parent / "load"
    for path in sorted(folder.glob("*.py")):
        _add_file(digest, path, path.name)
    return f"{__version__} pyyaml {_version_of('pyyaml')} {digest.hexdigest()[:16]}"
