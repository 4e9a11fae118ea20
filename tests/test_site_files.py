"""The map of the site, the small files beside it, moved records, and the page for what is not there."""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from pipeline.export import site_files, sitemap
from pipeline.publish.mkdocs import PublishFailed
from tests.building import build_site, make_project
from tests.exports import ADDRESS, NO_ADDRESS, book_as_of, book_of, files, golden
from tests.worlds import PROJECT

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEEDS = PROJECT / "tests" / "golden" / "seeds"


def located(content: bytes) -> dict[str, str | None]:
    """The addresses of a map with their last days."""
    root = ElementTree.fromstring(content)
    return {str(node.findtext(f"{MAP}loc")): node.findtext(f"{MAP}lastmod") for node in root}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The golden world with the project's own configuration, hand-written pages and theme."""
    made = make_project(tmp_path / "project", SEEDS)
    shutil.copytree(PROJECT / "site", made / "site")
    return made


# The map


def test_every_page_of_the_site_is_on_the_map(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/treaties/")
    site = build_site(root, tmp_path / "out" / "site")
    pages = {f"https://example.org/treaties/{path.relative_to(site).as_posix()}" for path in site.rglob("*.html")}
    assert set(located((site / "sitemap.xml").read_bytes())) == pages - {"https://example.org/treaties/404.html"}


def test_a_last_day_stands_only_where_a_history_tells_one() -> None:
    assert set(located(files(book_of(golden()))["sitemap.xml"]).values()) == {None}
    changed = {"seeds/treaty/border-2001.yaml": "2002-05-06", "docs/about.md": "2002-07-08"}
    site = replace(ADDRESS, written={"about.html": "docs/about.md", "method.html": "docs/method.md"})
    found = located(files(book_of(replace(golden(), changed=changed), site=site))["sitemap.xml"])
    days = {"treaty/border-2001.html": "2002-05-06", "treaty/index.html": "2002-05-06", "about.html": "2002-07-08"}
    assert {address: day for address, day in found.items() if day} == {f"{ADDRESS.url}{path}": day for path, day in days.items()}
    assert f"{ADDRESS.url}method.html" in found


def test_a_long_map_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = located(files(book_of(golden()))["sitemap.xml"])
    monkeypatch.setattr(sitemap, "MOST", 10)
    made = files(book_of(golden()))
    parts = list(located(made["sitemap.xml"]))
    assert parts == [f"{ADDRESS.url}sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    together: dict[str, str | None] = {}
    for part in parts:
        found = located(made[part.removeprefix(ADDRESS.url)])
        assert 1 <= len(found) <= 10
        together |= found
    assert together == whole


def test_without_an_address_there_is_no_map_and_no_absolute_address() -> None:
    made = files(book_of(golden(), site=NO_ADDRESS))
    assert "sitemap.xml" not in made and "opensearch.xml" not in made
    assert made["robots.txt"] == b"User-agent: *\nAllow: /\n"
    assert b"](treaty/index.html)" in made["llms.txt"] and b"http" not in made["llms.txt"]


# Small files


def test_robots_are_let_in_and_shown_the_map() -> None:
    text = files(book_of(golden()))["robots.txt"].decode()
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    assert robots.can_fetch("AnyBot", f"{ADDRESS.url}treaty/border-2001.html")
    assert robots.site_maps() == [f"{ADDRESS.url}sitemap.xml"]


def test_the_site_in_brief_links_to_files_that_exist(root: Path, tmp_path: Path) -> None:
    site = build_site(root, tmp_path / "out" / "site")
    links = re.findall(r"^- \[[^\]]+\]\((\S+)\): ", (site / "llms.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(links) > 10 and all((site / found).is_file() for found in links)


def test_the_site_in_brief_names_what_it_is_and_which_day_it_shows() -> None:
    assert files(book_of(golden()))["llms.txt"].decode().startswith("# Depositary\n\n> Where treaties stand.\n")
    assert files(book_as_of(golden(), "2001-02-10"))["llms.txt"].decode().startswith("# Depositary (as of 10 February 2001)\n")


def test_a_browser_can_search_the_site() -> None:
    root = ElementTree.fromstring(files(book_of(golden()))["opensearch.xml"])
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    url = root.find(f"{space}Url")
    assert url is not None and url.get("template") == f"{ADDRESS.url}search.html?q={{searchTerms}}"
    assert len(root.findtext(f"{space}ShortName") or "") <= 16


def test_the_headers_say_what_the_pages_say() -> None:
    theme = (PROJECT / "site" / "theme" / "base.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', theme)
    referrer = re.search(r'name="referrer" content="([^"]+)"', theme)
    assert policy and referrer
    text = files(book_of(golden()))["_headers"].decode()
    assert f"/*\n  Content-Security-Policy: {policy[1]}\n" in text
    assert f"  Referrer-Policy: {referrer[1]}\n" in text
    assert site_files.POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    for line in text.splitlines():
        assert re.fullmatch(r"/\S*|  [A-Za-z-]+: [\x20-\x7e]+", line), line


# Moved records


def test_a_moved_record_leads_on_without_script(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/treaties/")
    (root / "seeds" / "person" / "ann-old.yaml").write_text("name: Ann First\nmoved_to: person/ann-first\n", encoding="utf-8")
    site = build_site(root, tmp_path / "out" / "site")
    page = (site / "person" / "ann-old.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=ann-first.html">' in page
    assert re.search(r'This record is now <a href="ann-first\.html">', page)
    assert "ann-old" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' not in (site / "person" / "ann-first.html").read_text(encoding="utf-8")


# The page for what is not there


@pytest.mark.parametrize("address", ["", "https://example.org/", "https://example.org/treaties/"])
def test_the_page_for_what_is_not_there_works_at_any_depth(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SITE_URL", address)
    site = build_site(root, tmp_path / "out" / "site")
    text = (site / "404.html").read_text(encoding="utf-8")
    base = urlsplit(address).path or "/"
    addresses = [found for found in re.findall(r'(?:href|src|action)="([^"#]+)"', text) if not urlsplit(found).scheme]
    assert len(addresses) > 10
    for found in addresses:
        path = urlsplit(urljoin("https://host/treaties/no/such/page.html", found)).path
        assert path.startswith(base) and (site / path.removeprefix(base)).is_file(), found
    assert f'href="{base}search.html"' in text and f'href="{base}treaty/index.html"' in text


# The foot of a page


def test_the_foot_says_where_to_follow_and_to_correct(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/treaties/")
    monkeypatch.setenv("CORRECTIONS_URL", "https://example.org/new?title={title}&body={path}")
    site = build_site(root, tmp_path / "out" / "site")
    page = (site / "treaty" / "border-2001.html").read_text(encoding="utf-8")
    foot = page[page.index('<dl class="colophon">') :]
    links = [html.unescape(found) for found in re.findall(r'href="([^"]+)"', foot)]
    assert {"border-2001.atom", "border-2001.ics", "../feed.atom", "../calendar.ics"} <= set(links)
    assert "https://example.org/treaties/treaty/border-2001.html" in links
    assert "https://example.org/new?title=Border%20Treaty%20%282001%29&body=seeds/treaty/border-2001.yaml" in links
    assert "seeds/treaty/border-2001.yaml" in foot
    assert '<link rel="alternate" type="application/atom+xml" title="Border Treaty (2001)" href="border-2001.atom">' in page
    assert 'Cite this</h2>' in page and '@misc{treaty-border-2001,' in page
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "Suggest a correction" not in home and 'href="feed.atom"' in home


def test_without_a_place_for_corrections_none_is_suggested(root: Path, tmp_path: Path) -> None:
    site = build_site(root, tmp_path / "out" / "site")
    assert not [path for path in site.rglob("*.html") if "Suggest a correction" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//host/x", "example.org", "https://[x", 'https://x/"onx', "https://x/ y"])
def test_an_address_for_corrections_that_could_run_is_refused(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str) -> None:
    monkeypatch.setenv("CORRECTIONS_URL", address)
    with pytest.raises(PublishFailed):
        build_site(root, tmp_path / "out" / "site")
    assert "write an address that begins with https:" in caplog.text
