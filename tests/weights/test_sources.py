"""The notation of sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.weights.sources import Package, Source, parse_source

NAME = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,12}", fullmatch=True)
PATH = st.lists(st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True), min_size=1, max_size=3).map("/".join)


def test_each_scheme() -> None:
    assert parse_source("pypi:a-b==1.0.0/a_b/data/x.bin") == Source("pypi", "a-b", "1.0.0", "a_b/data/x.bin")
    assert parse_source("npm:@scope/pack@1.2.1/package/v/x.bin") == Source(
        "npm", "@scope/pack", "1.2.1", "package/v/x.bin"
    )
    assert parse_source("hf:owner/repo@main/dir/model.bin") == Source("hf", "owner/repo", "main", "dir/model.bin")
    assert parse_source("file:/some/where").path == "/some/where"


def test_what_is_fetched_for_it() -> None:
    assert parse_source("pypi:a==1/x").package == parse_source("pypi:a==1/y").package == Package("pypi", "a", "1")
    assert parse_source("hf:o/r@main/x").package != parse_source("hf:o/r@main/y").package
    assert parse_source("file:/x").package is None
    assert str(parse_source("npm:p@2/x").package) == "npm:p@2"


@given(st.sampled_from(["pypi:{}==1.0/{}", "npm:{}@1.0/{}", "hf:o/{}@main/{}"]), NAME, PATH)
def test_reads_what_it_writes(form: str, name: str, path: str) -> None:
    text = form.format(name, path)
    if ".." in path.split("/"):
        with pytest.raises(ValueError, match="not a source"):
            parse_source(text)
    else:
        assert str(parse_source(text)) == text


@given(NAME, NAME)
def test_packages_do_not_share_a_file_name(one: str, other: str) -> None:
    slugs = {Package("pypi", one, "1").slug, Package("pypi", other, "1").slug, Package("npm", one, "1").slug}
    assert len(slugs) == (2 if one == other else 3)
    assert all("/" not in slug for slug in slugs)


@pytest.mark.parametrize(
    "text", ["", "model.bin", "http://x/y", "pypi:a/x", "pypi:a==1", "npm:a/x", "file:relative", "pypi:a==1/../../x"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a source"):
        parse_source(text)
