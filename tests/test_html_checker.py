"""The Nu HTML checker finds nothing in any page, the style sheet or the icon: of the golden world and of the real records.

Java starts once and reads everything. Skipped where there is no Java or no npm to install the checker
with (`make test` does); in CI that is a failure where both are there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.building import TODAY, build_site, make_project
from tests.golden.bless import DAYS, build_golden
from tests.worlds import PROJECT

CHECKER = Path(sys.prefix) / "html-checker" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA = shutil.which("java")

#: What the checker says and is not so, each with the reason. A pattern matches the message and the piece of the page.
EXCUSED = {
    r"external (stylesheet|script) “[a-z./]*(css/site\.css|js/(search|lists)\.js)” blocked by":
        "The policy allows 'self', and a page read from a folder has no origin to be the same as; browser tests obey the policy.",
    r'Inline script violates Content Security Policy.*<script type="application/ld\+json">':
        "A data block is not executed, so that the policy does not concern it; no browser complains.",
    r"“paint-order”: Property “paint-order” doesn't exist":
        "It is a property of SVG 2 and in every browser; the checker's list of CSS properties lacks it.",
}  # fmt: skip


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The golden sites, the real one on the web and as of a day, and one with a mistake, which proves that it is read."""
    if JAVA is None:
        pytest.skip("Java is not installed: apt-get install default-jre-headless")
    if not CHECKER.is_file():
        pytest.skip("the HTML checker is not installed: make test installs it where there is npm")
    folder = tmp_path_factory.mktemp("checker")
    made = {name: build_golden(folder / "golden", name) for name in DAYS}
    root = make_project(folder / "project", PROJECT / "seeds")
    shutil.copytree(PROJECT / "site", root / "site")
    (root / "seeds" / "person" / "moved-person.yaml").write_text("name: Moved\nmoved_to: person/kim-jong-un\n", encoding="utf-8")
    made["then"] = build_site(root, folder / "then" / "site", today=TODAY, as_of=date(2024, 10, 16))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SITE_URL", "https://example.org/treaties/")
        environment.setenv("CORRECTIONS_URL", "https://example.org/new?title={title}&body={path}")
        made["web"] = build_site(root, folder / "web" / "site", today=TODAY)
    made["wrong"] = folder / "wrong"
    made["wrong"].mkdir()
    (made["wrong"] / "page.html").write_text('<!doctype html><html lang="en"><title>T</title><p><table></p>', encoding="utf-8")
    (made["wrong"] / "site.css").write_text("p { colour: red }", encoding="utf-8")
    (made["wrong"] / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><nothing/></svg>', encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def messages(sites: dict[str, Path]) -> list[tuple[Path, str]]:
    """What the checker says: each file that it speaks of, and the message with the piece of the file."""
    command = [JAVA or "java", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", "--stdout"]
    command += ["--skip-non-html", "--also-check-css", "--also-check-svg", *(str(path.resolve()) for path in sites.values())]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    found: list[dict[str, Any]] = json.loads(said)["messages"]
    return [(Path(unquote(urlsplit(one.get("url", "")).path)), f"{one['message']} {one.get('extract', '')}".replace("\n", " ")) for one in found]


def test_nothing_is_wrong(sites: dict[str, Path], messages: list[tuple[Path, str]]) -> None:
    """No error, no warning and no remark beside those excused."""
    ours = [(path, text) for path, text in messages if path.parent != sites["wrong"].resolve()]
    unexpected = [f"{path}: {text}" for path, text in ours if not any(re.search(excused, text) for excused in EXCUSED)]
    assert len(list(sites["web"].rglob("*.html"))) > 800
    assert not unexpected, "\n".join([f"{len(unexpected)} in all", *unexpected[:20]])


@pytest.mark.parametrize("excused", EXCUSED)
def test_what_is_excused_is_still_said(messages: list[tuple[Path, str]], excused: str) -> None:
    assert any(re.search(excused, text) for _, text in messages), f"no longer said, so take it out: {excused}"


@pytest.mark.parametrize("name", ["page.html", "site.css", "icon.svg"])
def test_a_mistake_is_found(sites: dict[str, Path], messages: list[tuple[Path, str]], name: str) -> None:
    assert sites["wrong"].resolve() / name in [path for path, _ in messages]
