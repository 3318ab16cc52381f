"""What the page's files may hold, so that it stays safe and small: this module tests them as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.sandbox.server import STATIC

SCRIPTS = sorted(STATIC.rglob("*.js"))
STYLES = sorted(STATIC.rglob("*.css"))
MOST_LINES = 300
MARKUP_FROM_DATA = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.cssText")


def test_the_page_has_scripts_and_styles() -> None:
    assert len(SCRIPTS) > 20
    assert len(STYLES) > 4


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_never_makes_markup_of_data(path: Path) -> None:
    assert MARKUP_FROM_DATA.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_a_file_is_short_and_says_first_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("/* ")
    assert len(text.splitlines()) <= MOST_LINES


def test_every_file_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [STATIC / "index.html", *SCRIPTS])
    assert [path.name for path in [*SCRIPTS, *STYLES] if path.name not in text] == []


def test_the_page_itself_holds_no_script_no_style_and_nothing_from_elsewhere() -> None:
    html = (STATIC / "index.html").read_text("utf-8")
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?://", html) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_fetches_nothing(path: Path) -> None:
    assert re.findall(r"url\(|@import", path.read_text("utf-8")) == []
