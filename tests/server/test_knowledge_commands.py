"""`visavis knowledge`, as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.knowledge.desks import LIBRARY, POOL, written
from visavis.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_ENGINES", "fake")
    monkeypatch.setenv("OLLAMA_BASE_URL", "")
    monkeypatch.setenv("VISAVIS_KNOWLEDGE", str(tmp_path / "kept"))
    monkeypatch.delenv("VISAVIS_DATABASE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["knowledge", "-c", "city", *arguments])


def test_add_list_search_remove(home: Path) -> None:
    written(home / "docs", pool_md=POOL, library_txt=LIBRARY, picture_png="no")
    added = said("add", "docs")
    assert added.exit_code == 0, added.output
    assert "pool.md: 2 passages" in added.output and "library.txt: 1 passages" in added.output
    assert "here already" in said("add", "docs/pool.md").output
    listed = said("list").output
    assert "City pool" in listed and "Biblioteca municipal" in listed and "ready" in listed
    assert "Prices" in said("search", "how much do children pay", "--limit", "1").output
    assert said("remove", "pool.md").output == "Removed pool.md\n"
    assert "City pool" not in said("list", "--all").output
    gone = said("remove", "pool.md")
    assert gone.exit_code == 1 and "no such document" in gone.output


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(home: Path) -> None:
    written(home / "docs", a_pdf="%PDF-1.7 broken", b_md=POOL)
    added = said("add", "docs")
    assert added.exit_code == 1
    assert "a.pdf: The PDF is broken" in added.output and "b.md: 2 passages" in added.output
