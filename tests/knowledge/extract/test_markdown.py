"""Markdown by its tokens."""

from __future__ import annotations

from visavis.knowledge.extract.block import cleaned
from visavis.knowledge.extract.markdown import read_markdown

TEXT = """---
title: "The coffee machine"
tags: [a]
---
# First use

Fill the *tank* with [fresh water](https://example.org/water),
then press `ON`.

## Descale ##

1. Empty it
2. Add **descaler**
   - twice for hard water

| part | life |
|------|-----:|
| seal | 2 years |

```
E-42 = no water
```

<p>A note in <b>HTML</b></p>

![the machine](x.png)
"""


def test_structure_without_marks() -> None:
    extract = read_markdown(TEXT.encode())
    assert extract.title == "The coffee machine"
    assert [(block.kind, block.level, block.text) for block in cleaned(extract.blocks, 10_000)] == [
        ("heading", 1, "First use"),
        ("text", 0, "Fill the tank with fresh water, then press ON."),
        ("heading", 2, "Descale"),
        ("item", 0, "Empty it"),
        ("item", 0, "Add descaler"),
        ("item", 0, "twice for hard water"),
        ("table", 0, "part | life\nseal | 2 years"),
        ("code", 0, "E-42 = no water"),
        ("text", 0, "A note in HTML"),
        ("text", 0, "the machine"),
    ]


def test_the_title_is_the_first_heading_where_none_is_named() -> None:
    assert read_markdown(b"intro\n\n# Trams *and* buses\n\nx").title == "Trams and buses"
    assert read_markdown(b"just words").title == ""


def test_deep_nesting_is_no_trouble() -> None:
    blocks = read_markdown(b"> " * 5_000 + b"x\n\nafter it\n\n" + b"[" * 3_000).blocks
    assert blocks[0].text == "after it"
