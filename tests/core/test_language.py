import pytest

from visavis.core.language import as_language


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("en-US", "en"), ("es_MX", "es"), ("zh-Hant-TW", "zh"), ("cmn", "zh"), ("yue", "zh"),
     ("ZH", "zh"), ("fr", None), ("", None), (None, None), ("english", None)],
)  # fmt: skip
def test_tags_become_one_of_three_languages(tag: str | None, language: str | None) -> None:
    assert as_language(tag) == language
