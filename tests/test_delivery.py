"""What carries the project to other machines: locks, continuous integration, editor settings, tracked files."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from pipeline import report
from pipeline.model import ERROR, WARNING, Diagnostic, Position
from tests.worlds import PROJECT, kinds

LOCKS = sorted(path.name for path in PROJECT.glob("requirements*.lock"))
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))


def read(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8")
    if listed.returncode:
        return ()  # not a clone
    return tuple(path for path in (PROJECT / name for name in listed.stdout.split("\0") if name) if path.is_file())


# Locks


def locked(lock: str) -> dict[str, str]:
    """The text of each requirement of a lock, by name."""
    entries = re.split(r"\n(?=[a-z0-9])", read(lock))
    return {re.match(r"[a-z0-9._-]+", entry)[0]: entry for entry in entries if entry.strip()}  # type: ignore[index]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_everything_by_hash_and_name_no_address(lock: str) -> None:
    for name, entry in locked(lock).items():
        assert re.match(rf"{re.escape(name)}==\S+ ", entry), f"{lock}: {name} is not pinned"
        assert "--hash=sha256:" in entry, f"{lock}: {name} has no hash"
    assert "://" not in read(lock)
    assert "index-url" not in read(lock)


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", text)[0].lower().replace("_", "-") for text in requirements}  # type: ignore[index]


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    site = names(project["project"]["dependencies"]) | names(extras["fast"]) | names(groups["build"])
    assert site <= set(locked("requirements.lock")), "run: make lock"
    assert site | names(extras["cards"]) | names(extras["test"]) <= set(locked("requirements-test.lock")), "run: make lock"
    assert site | names(extras["bench"]) | names(groups["lock"]) <= set(locked("requirements-tools.lock")), "run: make lock"


def test_locks_agree() -> None:
    for lock in LOCKS:
        for name, entry in locked("requirements.lock").items():
            assert locked(lock)[name].split(" ")[0] == entry.split(" ")[0], f"{lock}: another {name}; run: make lock"


# Continuous integration


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_pin_actions_and_ask_for_little(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for line in re.findall(r"uses: .*", text):
        assert re.fullmatch(r"uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    workflow: Any = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 30, name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", ""), f"{name}: a script must not be put together from outside"
    writing = {name for name, job in workflow["jobs"].items() if "write" in job["permissions"].values()}
    assert writing <= {"publish"}
    for name in writing:
        assert "github.ref == 'refs/heads/main'" in workflow["jobs"][name]["if"]
        assert all("run" not in step for step in workflow["jobs"][name]["steps"])


def test_ci_runs_what_the_readme_says() -> None:
    script = read(".ci/run")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert commands[0] == "set -euo pipefail"
    assert "step make site" in commands
    assert "step make test" in commands
    assert "|| true" not in script
    subprocess.run(["bash", "-n", PROJECT / ".ci" / "run"], check=True)
    assert (PROJECT / ".ci" / "run").stat().st_mode & 0o111


def all_tests_ran() -> ModuleType:
    spec = importlib.util.spec_from_file_location("all_tests_ran", PROJECT / ".ci" / "all_tests_ran.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def case(room: str, name: str, skipped: bool = False) -> str:
    inside = '<skipped type="pytest.skip" message="no browser"/>' if skipped else ""
    return f'<testcase classname="tests.{room}" name="{name}">{inside}</testcase>'


@pytest.mark.parametrize(
    ("cases", "complaints"),
    [
        ("", ["no test ran", "no browser test ran"]),
        (case("test_a", "one"), ["no browser test ran"]),
        (case("browser.test_b", "two", skipped=True) + case("browser.test_b", "three"),
         ["a browser test was skipped: tests.browser.test_b.two"]),
        (case("browser.test_b", "two") + case("test_a", "one", skipped=True), []),
    ],
    ids=["nothing", "no-pages", "one-page-skipped", "fine"],
)
def test_ci_fails_where_tests_were_not_run(cases: str, complaints: list[str], tmp_path: Path) -> None:
    (tmp_path / "tests.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", encoding="utf-8")
    assert all_tests_ran().complaints(tmp_path / "tests.xml", has_browser_tests=True) == complaints


@pytest.mark.parametrize("can_check", [True, False])
def test_ci_fails_where_the_html_checker_could_have_run(can_check: bool, tmp_path: Path) -> None:
    cases = case("test_a", "one") + case("test_html_checker", "two", skipped=True)
    (tmp_path / "tests.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", encoding="utf-8")
    complaints = all_tests_ran().complaints(tmp_path / "tests.xml", has_browser_tests=False, can_check_html=can_check)
    assert complaints == (["there are Java and the HTML checker, but this was skipped: tests.test_html_checker.two"] if can_check else [])


def test_the_html_checker_is_pinned_by_hash_and_names_no_address() -> None:
    lock = json.loads(read("tests/html_checker/package-lock.json"))
    asked = json.loads(read("tests/html_checker/package.json"))["devDependencies"]
    assert lock["packages"][""]["devDependencies"] == asked
    installed = {path.removeprefix("node_modules/"): entry for path, entry in lock["packages"].items() if path}
    assert {name: entry["version"] for name, entry in installed.items()} == asked
    assert all(entry["integrity"].startswith("sha512-") for entry in installed.values())
    assert "://" not in read("tests/html_checker/package-lock.json")
    assert "ignore-scripts=true" in read("tests/html_checker/.npmrc")


# The editor


def test_every_schema_is_mapped_to_its_folder() -> None:
    settings = json.loads(read(".vscode/settings.json"))
    assert settings["yaml.schemas"] == {f"./schemas/{kind}.schema.json": f"seeds/{kind}/**/*.yaml" for kind in sorted(kinds())}


def test_the_problem_matcher_reads_the_concise_voice() -> None:
    matcher = json.loads(read(".vscode/tasks.json"))["tasks"][0]["problemMatcher"]["pattern"]
    for level in (ERROR, WARNING):
        finding = Diagnostic("L301", "no person 'a: b'", "seeds/treaty/x.yaml", level, position=Position(31, 13))
        match = re.fullmatch(matcher["regexp"], report.concise_line(finding))
        assert match is not None
        found = [match[matcher[name]] for name in ("file", "line", "column", "severity", "code", "message")]
        assert found == ["seeds/treaty/x.yaml", "31", "13", level, "L301", "no person 'a: b'"]


# Tracked files

#: Addresses of registries, and paths of one machine: no file may hold them.
FORBIDDEN = re.compile(
    r"pypi\.(org|python)|pythonhosted\.|registry\.npmjs|deb\.debian\.|archive\.ubuntu\.|static\.crates|"
    r"/work/(main|shared|\.library)|/tmp/ven[v]\b|/root/[.]|/home/[a-z]+/"
)
BINARY = {".png", ".woff2", ".ico"}


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    for path in tracked():
        if path.suffix in BINARY or "seeds/source" in path.as_posix():
            continue
        match = FORBIDDEN.search(path.read_text(encoding="utf-8", errors="replace"))
        assert match is None, f"{path.relative_to(PROJECT)} holds {match and match[0]}"


def test_what_is_made_is_not_tracked() -> None:
    made = ("build/", ".cache/", ".venv/")
    assert [path for path in tracked() if path.relative_to(PROJECT).as_posix().startswith(made)] == []


def test_the_licences_are_there() -> None:
    assert read("LICENSE").startswith("MIT License")
    assert "https://creativecommons.org/licenses/by/4.0/" in read("LICENSE-RECORDS")
