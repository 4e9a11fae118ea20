"""The command line: reads what the user wants, calls the spine, prints through report. No logic of its own.

Exit codes: 0 fine; 1 findings, or nothing published; 2 wrong usage; 3 our bug.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline import __version__, dates, report
from pipeline import build as spine
from pipeline.model import ERROR, WARNING, Diagnostic, View

FINDINGS, OUR_BUG = 1, 3  # click itself exits 2 on wrong usage


class _Day(click.ParamType):
    """One whole day, written as 2024-10-16."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        if isinstance(value, date):
            return value
        day = dates.certain_day(str(value))
        if day is None:
            self.fail(f"'{value}' is not a day. Write it as 2024-10-16.", param, ctx)
        return day


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """The options every command has."""
    options = (
        click.option("--root", type=click.Path(path_type=Path), default=Path("."), metavar="DIR",
                     help="The project's folder: the one that holds seeds/ and schemas/. Default: here."),
        click.option("--as-of", type=_Day(), metavar="DATE",
                     help="Show how things stood at the end of this day, such as 2024-10-16. Default: today."),
        click.option("--known-by", type=_Day(), metavar="DATE",
                     help="Show only what was public by this day. Default: the day of --as-of."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="depositary")
def cli() -> None:
    """Depositary publishes hand-curated treaty records as a website.

    You write YAML files below seeds/. `depositary check` tells you what is wrong with them and
    how to mend it; `depositary build` makes the site; `depositary explain` says why a treaty
    stands where it stands, or what a finding's code means; `depositary diff` tells what changed.
    """


@cli.command()
@_common
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--format", "voice", type=click.Choice(sorted(report.VOICES)),
              help="How findings are printed: text for people, concise for one line each, json for programs, github for "
                   "notes beside the lines of a pull request. Default: text; inside GitHub Actions, github.")
@click.option("--strict", is_flag=True, help="Warnings count as errors: with one, the exit code is 1.")
def check(
    root: Path, as_of: date | None, known_by: date | None, paths: tuple[Path, ...], voice: str | None, strict: bool
) -> None:
    """Check the records and print every finding.

    A finding says where it is, what is wrong, and how to mend it; `depositary explain` with its
    code says more.

    With PATHs, only the findings in those files or folders are printed; the whole project is
    read all the same, because records refer to each other.

    The exit code is 0 where nothing is wrong, 1 where something is, 2 where the command was
    written wrongly.
    """
    prepared = _prepare(root, as_of, known_by)
    shown = _in_paths(prepared.diagnostics, paths, prepared.project.root)
    chosen = voice or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    outcome = _outcome(shown, prepared)
    click.echo(report.render(shown, chosen, color=_colors(sys.stdout), outcome=outcome), nl=False)
    levels = {diagnostic.level for diagnostic in shown}
    if ERROR in levels or (strict and WARNING in levels):
        sys.exit(FINDINGS)


@cli.command()
@_common
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR",
              help="Where the site goes. Default: build/site in the project.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that render pages. Default: one for each processor.")
@click.option("--verbose", "-v", is_flag=True, help="Name every page that was rendered and every other file that is new.")
def build(
    root: Path, as_of: date | None, known_by: date | None, output: Path | None, workers: int | None, verbose: bool
) -> None:
    """Check the records, and publish the site if there is no error.

    A build that fails leaves the site of the last one as it was.
    """
    started = time.monotonic()
    _end_cleanly_on_signals()
    prepared = _prepare(root, as_of, known_by)
    if prepared.diagnostics:
        outcome = "Nothing was published." if prepared.corpus.errors else ""
        click.echo(report.render(prepared.diagnostics, "text", color=_colors(sys.stderr), outcome=outcome), err=True, nl=False)
    if prepared.corpus.errors:
        sys.exit(FINDINGS)
    from pipeline.publish.mkdocs import PublishFailed, run_mkdocs  # MkDocs is slow to import, and check does not need it

    target = (output or prepared.project.root / "build" / "site").absolute()
    try:
        published = run_mkdocs(prepared, target, workers or 0, _progress())
    except PublishFailed as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{report.built(published.counts, published.fresh)}; {time.monotonic() - started:.2f} s")
    if verbose:
        for path in (*published.rendered, *sorted(path for paths in published.fresh.values() for path in paths)):
            click.echo(f"  {path}")
    click.echo(f"The site is in {_short(published.output)}: open {_short(published.output / 'index.html')}")


@cli.command()
@_common
@click.argument("what", metavar="CODE|RECORD")
def explain(root: Path, as_of: date | None, known_by: date | None, what: str) -> None:
    """Explain a finding, or why a treaty stands where it stands.

    CODE is the code of a finding, such as L301: what it means, why it matters, how to mend it.
    RECORD is a record's kind and id, such as treaty/ID, or its file: every fact derived for it,
    with the reasons and the sources, step by step.
    """
    from pipeline import explain as explaining

    page = explaining.explain_code(what)
    if page is not None:
        click.echo(page, nl=False)
        return
    prepared = _prepare(root, as_of, known_by)
    ref = explaining.find_record(prepared.shown, what)
    if ref is None:
        hidden = explaining.why_hidden(prepared.corpus, prepared.view, what)
        if hidden:
            raise click.ClickException(hidden)
        near = explaining.nearest(prepared.shown, what)
        kind = explaining.kind_meant(prepared.shown, what)
        where = f" The records of the kind {kind} are the files in seeds/{kind}/." if kind else ""
        hint = where or " Give a code such as C401, or a record such as treaty/ID."
        hint = f" Did you mean {' or '.join(near)}?" if near else hint
        raise click.UsageError(f"There is no code and no record '{what[:80]}' in this view.{hint}")
    click.echo(explaining.explain_record(prepared.shown, ref), nl=False)


@cli.command()
@click.argument("base", required=False, metavar="[BASE]")
@click.argument("head", required=False, metavar="[HEAD]")
@click.option("--root", type=click.Path(path_type=Path), default=Path("."), metavar="DIR",
              help="The project's folder, in whose git repository the revisions lie. Default: here.")
@click.option("--as-of", type=_Day(), multiple=True, metavar="DATE",
              help="Compare how things stood at the end of this day. Given twice without BASE, it compares the two days. "
                   "Default: today, for both sides.")
@click.option("--known-by", type=_Day(), multiple=True, metavar="DATE",
              help="Compare only what was public by this day; given twice, one for each side. Default: the day of --as-of.")
@click.option("--format", "voice", type=click.Choice(tuple(report.CHANGE_VOICES)), default="text",
              help="How changes are printed: text for people, markdown for a comment on a pull request, json for programs. "
                   "Default: text.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where there are changes, as git diff does.")
def diff(
    base: str | None, head: str | None, root: Path, as_of: tuple[date, ...], known_by: tuple[date, ...], voice: str,
    exit_code: bool,
) -> None:
    """Tell what changed between two states of the records, in sentences.

    BASE and HEAD are git revisions, such as main or HEAD~1, or folders of projects; a folder goes
    before a revision of the same name. Without HEAD, BASE is compared with the working tree at --root.

    Without BASE, and with --as-of given twice, the records are compared with themselves on two days:
    what happened between them, as a reader of each day knew it.

    Treaties and parties whose state changed, acts, expectations, claims, statements, events, and every
    field are told. What was removed is told first. The order of files and entries is no change.
    """
    today = spine.as_of_day()
    views = _two_views(base, as_of, known_by, today)
    with contextlib.ExitStack() as opened:
        before = _side(base, root, views[0], today, opened)
        after = _side(head, root, views[1], today, opened)
    if base is None:
        names = dates.in_words(views[0].as_of.isoformat()), dates.in_words(views[1].as_of.isoformat())
    else:
        names = base, head or "the working tree"
    old, new, found = spine.compare(before, after, names)
    click.echo(report.render_changes(old, new, found, voice, color=_colors(sys.stdout)), nl=False)
    if found and exit_code:
        sys.exit(FINDINGS)


def _two_views(base: str | None, as_of: tuple[date, ...], known_by: tuple[date, ...], today: date) -> tuple[View, View]:
    """The view of each side, or a usage error that says how the days are given."""
    if len(as_of) > 2 or len(known_by) > 2:
        raise click.UsageError("--as-of and --known-by can be given twice at most: there are two sides.")
    if base is None and len(as_of) != 2:
        raise click.UsageError(
            "Name a revision or a folder to compare with, such as HEAD~1; or give --as-of twice to compare two days."
        )
    if base is not None and (len(as_of) == 2 or len(known_by) == 2):
        raise click.UsageError("Two days are compared within one state of the records: give --as-of twice, or BASE, not both.")
    if len(as_of) == 2 and len(known_by) == 1:
        raise click.UsageError("With --as-of given twice, give --known-by twice too, in the same order, or leave it out.")
    explicit = bool(as_of or known_by)
    days = (as_of * 2)[:2] or (today, today)
    known = (known_by * 2)[:2] or (None, None)
    return View.on(days[0], known[0], explicit), View.on(days[1], known[1], explicit)


def _side(place: str | None, root: Path, view: View, today: date, opened: contextlib.ExitStack) -> spine.Prepared:
    """One side of a comparison, prepared. Only the working tree has a cache: nothing is written anywhere else."""
    try:
        project = spine.open_project(root) if place is None else opened.enter_context(spine.project_at(place, root))
        return spine.prepare(project, view, today, use_cache=place is None)
    except spine.NotAProject as error:
        message = str(error)
        raise click.UsageError(message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or place} cannot be read ({error.strerror or error}).") from None


def _prepare(root: Path, as_of: date | None, known_by: date | None) -> spine.Prepared:
    try:
        project = spine.open_project(root)
    except spine.NotAProject as error:
        raise click.UsageError(str(error)) from None
    today = spine.as_of_day()
    view = View.on(as_of or today, known_by, explicit=as_of is not None or known_by is not None)
    try:
        return spine.prepare(project, view, today)
    except OSError as error:
        raise click.ClickException(f"{error.filename or root} cannot be read ({error.strerror or error}).") from None


def _outcome(shown: tuple[Diagnostic, ...], prepared: spine.Prepared) -> str:
    """What the last line adds to the number of findings."""
    parts = [] if shown else [f"{prepared.corpus.counts['files']} files checked."]
    elsewhere = set(prepared.corpus.errors) - set(shown)
    if elsewhere:
        parts.append(f"Elsewhere: {report.summary(list(elsewhere))}; `depositary check` prints them.")
    return " ".join(parts)


def _in_paths(diagnostics: tuple[Diagnostic, ...], paths: tuple[Path, ...], root: Path) -> tuple[Diagnostic, ...]:
    if not paths:
        return diagnostics
    wanted = [_in_project(path, root) for path in paths]
    return tuple(d for d in diagnostics if any(d.path == path or d.path.startswith(f"{path}/") or path == "." for path in wanted))


def _in_project(path: Path, root: Path) -> str:
    """A path that the user gave, relative to the root. A link is not followed: a finding may be about it."""
    if not os.path.lexists(path):
        raise click.UsageError(f"There is no file or folder {path}.")
    folder, name = os.path.split(os.path.abspath(path))
    absolute = Path(os.path.realpath(folder), name)
    if root.is_relative_to(absolute):
        return "."
    if not absolute.is_relative_to(root):
        raise click.UsageError(f"{path} is not in the project {root}. Name the project with --root DIR.")
    return absolute.relative_to(root).as_posix()


def _colors(stream: Any) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ


def _progress() -> Callable[[int, int], None] | None:
    """A bar on a terminal; nothing in a log."""
    if not sys.stderr.isatty():
        return None
    bar: Any = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = click.progressbar(length=total, label="Rendering", file=sys.stderr)
            bar.__enter__()
        bar.update(1)
        if done == total:
            bar.__exit__(None, None, None)

    return show


def _end_cleanly_on_signals() -> None:
    """Turns a request to end into an exception, so that the unfinished folder is removed."""
    def end(number: int, _frame: Any) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


def _short(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def main() -> None:
    """The command `depositary`. Whatever escapes is our bug and says so."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Korean is no reason to fail
    gc.set_threshold(100_000, 50, 50)  # many small values live as long as the run: looking for garbage among them is waste
    try:
        cli.main(prog_name="depositary")
    except Exception as error:
        traceback.print_exc()
        message = f"depositary has a bug: {type(error).__name__}. Please report it with the lines above. Nothing was published."
        click.echo(f"\n{message}", err=True)
        sys.exit(OUR_BUG)
