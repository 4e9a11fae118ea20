"""Publishing through MkDocs: the one module that imports it, and the one plugin.

Records enter MkDocs as files of finished HTML out of the store, never as Markdown and never
in `nav`. The plugin points MkDocs at a folder beside the published site before MkDocs empties
anything, and switches to it after everything is written.

    on_config   prepare the corpus, refuse on errors, take the lock, build beside
    on_files    files for taking away are made; they and every page become files of the site
    on_env      missing pages are rendered into the store
    (MkDocs copies files, renders the hand-written pages)
    on_post_build   switch
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import config_options
from mkdocs.config.base import Config, load_config
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, InclusionLevel

from pipeline import build as spine
from pipeline import report
from pipeline.export import ExportFailed, all_exports
from pipeline.model import View
from pipeline.publish import switch
from pipeline.publish.making import Made, PageFailed, make_exports, make_pages
from pipeline.publish.store import Store, link_or_copy
from pipeline.render import Renderer, Site, add_helpers, open_book, site_templates, url_maker
from pipeline.render.pages import shell
from pipeline.render.sharing import FONT_NAMES
from pipeline.workers import worker_count

_RECORD_LINK = re.compile(r"\[([^\]\n]{1,300})\]\(record:([a-z0-9-]+/[a-z0-9-]+)(#[A-Za-z0-9().-]+)?\)")
_LOGGERS = ("mkdocs", "properdocs")


@dataclass(frozen=True, slots=True)
class Published:
    """What a build did, for the summary: the pages it rendered, and by exporter the files that the last build did not have."""

    output: Path
    counts: Mapping[str, int]
    rendered: tuple[str, ...]
    fresh: Mapping[str, tuple[str, ...]]


class PublishFailed(Exception):
    """The site could not be built; the published one is as it was. The message says why."""


class _StoredFile(File):
    """A finished page or other file: linked out of the store instead of read from the docs folder."""

    stored: Path | None = None

    def copy_file(self, dirty: bool = False) -> None:
        """Puts the stored file into the site."""
        assert self.stored is not None
        link_or_copy(self.stored, self.abs_dest_path)


class _WarningCounter(logging.Handler):
    """Counts warnings as MkDocs' strict mode does, which looks only after everything is written."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """One more."""
        self.count += 1


class _Day(config_options.BaseConfigOption[date]):
    """One whole day, written as 2024-10-16."""

    def run_validation(self, value: object) -> date:
        """The day; YAML reads an unquoted one as a date."""
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or str(day) != str(value):
            raise config_options.ValidationError(f"'{value}' is not a day. Write it as 2024-10-16.")
        return day


class _Address(config_options.BaseConfigOption[str]):
    """An address that a reader can follow, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.default = ""

    def run_validation(self, value: object) -> str:
        """The address; only of a kind that runs nothing."""
        text = str(value or "").strip()
        try:
            scheme = urlsplit(text).scheme
        except ValueError:
            scheme = "none"
        if text and (scheme not in ("http", "https", "mailto") or any(character in text for character in " \"<>")):
            raise config_options.ValidationError("write an address that begins with https:, http: or mailto:.")
        return text


class DepositaryConfig(Config):
    """Options of the plugin in mkdocs.yml.

    `days` are those of which the site has a page; `corrections` is where a reader may suggest one, with {path} of the
    record's file and {title} of its page filled in.
    """

    root = config_options.Type(str, default="..")
    workers = config_options.Type(int, default=0)
    days = config_options.ListOfItems(_Day(), default=[])
    corrections = _Address()


class DepositaryPlugin(BasePlugin[DepositaryConfig]):
    """The plugin. Under the command, `prepared` is given; under stock MkDocs, it prepares itself."""

    prepared: spine.Prepared | None = None
    progress: Callable[[int, int], None] | None = None

    def __init__(self) -> None:
        self.published: Published | None = None
        self._command = "build"
        self._stack = contextlib.ExitStack()
        self._output: Path | None = None
        self._sibling: Path | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """MkDocs says which of its commands runs."""
        self._command = command

    def on_config(self, config: Any) -> Any:
        """Prepares the corpus; refuses on errors before MkDocs has touched anything."""
        self._prepared = self.prepared or self._prepare(config)
        if self._prepared.corpus.errors:
            self._print_findings()
            raise Abort("Nothing was published.")
        self._prepared = spine.with_history(spine.for_publishing(self._prepared, self.config.days))
        theme = str(self._prepared.project.shipped / "site" / "theme")
        if theme not in config.theme.dirs:
            config.theme.dirs.insert(max(0, len(config.theme.dirs) - 1), theme)
        self._warnings = _WarningCounter()
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(self._warnings)
            self._stack.callback(logging.getLogger(name).removeHandler, self._warnings)
        if self._command != "serve":
            self._build_beside(config)
        return config

    def _prepare(self, config: Any) -> spine.Prepared:
        root = Path(config.config_file_path).parent / self.config.root
        try:
            project = spine.open_project(root)
        except spine.NotAProject as error:
            raise Abort(str(error)) from None
        today = spine.as_of_day()
        return spine.prepare(project, View.on(today), today)

    def _print_findings(self) -> None:
        sys.stderr.write(report.render(self._prepared.diagnostics, "text"))

    def _build_beside(self, config: Any) -> None:
        output = Path(config.site_dir)
        cache = self._prepared.project.cache
        try:
            self._stack.enter_context(switch.locked(output.parent / f".{output.name}.lock"))
            self._stack.enter_context(switch.locked(cache / "lock"))
            self._sibling = switch.new_sibling(output)
        except (switch.OutputRefused, OSError) as error:
            self._stack.close()
            raise Abort(f"{error} Nothing was published.") from None
        self._output = output
        config.site_dir = str(self._sibling)

    def on_files(self, files: Any, config: Any) -> Any:
        """Every page of the book becomes a file of the site, and so does every file for taking away."""
        config.theme.static_templates.discard("sitemap.xml")  # MkDocs' own knows only the hand-written pages
        try:
            templates = site_templates(self._prepared.project.folders("templates"))
        except jinja2.TemplateSyntaxError as error:
            raise Abort(f"error[R501] {error.name}:{error.lineno}: {error}\nNothing was published.") from None
        docs = os.path.relpath(Path(config.docs_dir).resolve(), self._prepared.project.root)
        written = {file.dest_uri: Path(docs, file.src_uri).as_posix() for file in files.documentation_pages()}
        site = _site(config, written, self.config.corrections)
        self._book = open_book(self._prepared.shown, site, templates)
        self._stored_files: dict[str, _StoredFile] = {}
        self._store = Store(self._prepared.project.cache / "pages", "view" if self._prepared.view.explicit else "plain")
        self._engine = spine.engine_digest(self._prepared.project)
        try:
            self._exported = make_exports(all_exports(self._book), self._store, self._engine)
        except ExportFailed as error:
            raise Abort(f"{error} Nothing was published.") from None
        for path in (*(page.path for page in self._book.pages), *self._exported.digests):
            file = _StoredFile(path, None, config.site_dir, use_directory_urls=False, inclusion=InclusionLevel.INCLUDED)
            file.generated_by = "depositary"
            self._stored_files[path] = file
            if files.get_file_from_path(path) is not None:
                raise Abort(f"site/docs has a file in the place of {path}. Nothing was published.")
            files.append(file)
        self._folders = {os.path.dirname(file.abs_dest_path) for file in self._stored_files.values()}
        return files

    def on_page_markdown(self, markdown: str, page: Any, config: Any, files: Any) -> str:
        """`[text](record:kind/id)` becomes a link, or plain text where the record is not in view."""

        def link(match: re.Match[str]) -> str:
            text, ref, anchor = match.groups()
            if ref not in self._prepared.shown.records:
                return text
            depth = page.file.dest_uri.count("/")
            return f"[{text}]({'../' * depth}{ref}.html{anchor or ''})"

        return _RECORD_LINK.sub(link, markdown)

    def on_env(self, env: jinja2.Environment, config: Any, files: Any) -> jinja2.Environment:
        """Renders the pages that the store lacks, and makes MkDocs' environment as strict as ours."""
        env.autoescape = True
        env.undefined = jinja2.StrictUndefined
        add_helpers(env)
        written = [page for page in (file.page for file in files.documentation_pages()) if page is not None]
        in_nav = [page for page in written if not page.file.inclusion.is_not_in_nav()]
        pages = tuple((str(page.title), page.file.dest_uri) for page in in_nav)
        self._book = replace(self._book, site=replace(self._book.site, pages=pages))
        assets = frozenset(file.dest_uri for file in files)
        project = self._prepared.project
        folders = [*project.folders("templates"), *(folder / "theme" for folder in project.folders("site"))]
        self._renderer = Renderer(self._book, folders, assets)
        workers = worker_count(self.config.workers)
        try:
            made = make_pages(self._renderer, self._store, self._engine, workers, self.progress)
        except PageFailed as error:
            raise Abort(f"error[R501] {error}\nNothing was published.") from None
        for folder in self._folders:
            os.makedirs(folder, exist_ok=True)
        for path, digest in (made.digests | self._exported.digests).items():
            self._stored_files[path].stored = self._store.path(digest)
        self._made = made
        return env

    def on_page_context(self, context: Any, page: Any, config: Any, nav: Any) -> Any:
        """The same shell round a hand-written page as round a record."""
        path = page.file.dest_uri
        description = str(page.meta.get("description", ""))
        changed = self._book.corpus.changed.get(self._book.site.written.get(path, ""), "")
        context["shell"] = shell(self._book, path, str(page.title), description, changed=changed)
        context["content"] = Markup(page.content)
        context["url"] = url_maker(self._renderer.exists, path)
        return context

    def on_template_context(self, context: Any, template_name: str, config: Any) -> Any:
        """The shell of 404.html, whose addresses must hold at any depth."""
        context["shell"] = shell(self._book, template_name, "Page not found", "")
        base = urlsplit(config.site_url or "/").path
        relative = url_maker(self._renderer.exists, template_name)
        context["url"] = (lambda target: f"{base.rstrip('/')}/{relative(target)}") if base else relative
        return context

    def on_post_build(self, config: Any) -> None:
        """Switches to the new site, unless strict mode found warnings."""
        if self._output is None or self._sibling is None:
            return
        if config.strict and self._warnings.count:
            self.abandon()
            raise Abort(f"{self._warnings.count} warnings in strict mode. Nothing was published.")
        before = switch.files_below(self._output)
        after = switch.files_below(self._sibling)
        switch.publish(self._sibling, self._output)
        self._store.save()
        counts = self._counts(before, after, self._made)
        self.published = Published(self._output, counts, self._made.rendered, self._exported.fresh)
        self._sibling = None
        self._stack.close()

    def _counts(self, before: set[str], after: set[str], made: Made) -> dict[str, int]:
        rendered = len(made.rendered)
        reused = len(made.digests) - rendered
        exports = len(self._exported.digests)
        kept = reused + exports - sum(map(len, self._exported.fresh.values()))
        return {
            **self._prepared.corpus.counts,
            "rendered": rendered,
            "reused": reused,
            "written": len(after) - kept,
            "removed": len(before - after),
            "pages": len(made.digests),
            "exports": exports,
        }

    def on_build_error(self, error: Exception) -> None:
        """Leaves the published site as it was."""
        self.abandon()

    def abandon(self) -> None:
        """Removes the unfinished folder and gives up the locks."""
        if self._sibling is not None:
            shutil.rmtree(self._sibling, ignore_errors=True)
            self._sibling = None
        self._stack.close()


def _site(config: Any, written: Mapping[str, str], corrections: str) -> Site:
    return Site(
        name=config.site_name,
        description=config.site_description or "",
        language=str(config.theme.locale) if "locale" in config.theme else "en",
        url=config.site_url or "",
        written=written,
        corrections=corrections,
        printer=spine.card_printer(FONT_NAMES) if config.site_url else None,  # networks show pictures by address only
    )


def run_mkdocs(
    prepared: spine.Prepared, output: Path, workers: int, progress: Callable[[int, int], None] | None = None
) -> Published:
    """Builds the site of a prepared corpus into `output`. Raises PublishFailed; the published site is then as it was."""
    config = _load(prepared.project, output)
    plugin = config.plugins["depositary"]
    plugin.prepared = prepared
    plugin.progress = progress
    plugin.config.workers = workers
    try:
        mkdocs_build(config)
    except Abort as error:
        raise PublishFailed(str(error)) from None
    except OSError as error:
        raise PublishFailed(f"{error.strerror or error} ({error.filename}). Nothing was published.") from None
    finally:
        plugin.abandon()
    assert plugin.published is not None
    return plugin.published


def _load(project: spine.Project, output: Path) -> Any:
    """The project's own mkdocs.yml, or the shipped one without our hand-written pages and days."""
    own = project.root / "site" / "mkdocs.yml"
    options: dict[str, Any] = {"site_dir": str(output)}
    if not own.is_file():
        docs = project.root / "site" / "docs"
        if not docs.is_dir():
            docs = project.cache / "no-docs"
            docs.mkdir(parents=True, exist_ok=True)
        options |= {"docs_dir": str(docs), "nav": [], "site_name": project.root.name, "site_description": "", "site_url": ""}
        options["plugins"] = ["depositary"]  # the days are those of our own records
    try:
        return load_config(str(own if own.is_file() else project.shipped / "site" / "mkdocs.yml"), **options)
    except (Abort, ValueError) as error:  # YAML itself takes 2024-13-01 for a date, and fails on it
        raise PublishFailed(f"mkdocs.yml cannot be used: {error}") from None
