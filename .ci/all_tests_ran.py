"""Fails where a test run hides something: no test ran, a browser test was skipped, or the HTML checker where it could run.

Reads pytest's JUnit file.
"""

from __future__ import annotations

import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

#: Written by `make test` once the checker is there. An npm that cannot be reached stops no one from testing all the rest.
INSTALLED = Path(".venv/html-checker/.installed")


def complaints(report: Path, has_browser_tests: bool, can_check_html: bool = False) -> list[str]:
    """What a run must not hide."""
    cases = list(ET.parse(report).getroot().iter("testcase"))
    skipped = [case for case in cases if case.find("skipped") is not None]
    ran = [case for case in cases if case not in skipped]
    found = [] if ran else ["no test ran"]
    if has_browser_tests:
        found += [] if any(_in_browser(case) for case in ran) else ["no browser test ran"]
        found += [f"a browser test was skipped: {_name(case)}" for case in skipped if _in_browser(case)]
    if can_check_html:
        unchecked = [_name(case) for case in skipped if "html_checker" in _name(case)]
        found += [f"there are Java and the HTML checker, but this was skipped: {name}" for name in unchecked]
    return found


def _in_browser(case: ET.Element) -> bool:
    return "browser" in (case.get("classname") or case.get("name", ""))


def _name(case: ET.Element) -> str:
    return f"{case.get('classname', '')}.{case.get('name', '')}"


def main() -> int:
    """Prints the complaints; 1 where there are any."""
    has_browser_tests = any("browser" in path.as_posix() for path in Path("tests").rglob("test_*.py"))
    can_check_html = shutil.which("java") is not None and INSTALLED.is_file()
    found = complaints(Path(sys.argv[1]), has_browser_tests, can_check_html)
    print("\n".join(found) or "All tests that should run ran.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
