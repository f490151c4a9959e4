"""Pages in a notebook. What others wrote stays inside a frame that can do nothing: no script, no form, no network.

This is the only place that makes HTML. The frame's `sandbox` is empty, so its page has an origin of its own and runs
nothing, whatever is in it. A page of this package says besides that it loads nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from .errors import visible

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_STYLE = (
    ":root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}body{margin:8px}table{border-collapse:collapse}"
    "th,td{border:1px solid #8888;padding:2px 8px;text-align:left}caption{text-align:left;font-weight:600}"
    "pre{white-space:pre-wrap;border-left:3px solid #8888;padding-left:8px}"
)


def frame(page: str, title: str, height: int = 480) -> str:
    """A whole page in a frame with an empty sandbox."""
    return (
        f'<iframe sandbox="" referrerpolicy="no-referrer" title="{html.escape(title, quote=True)}" '
        f'width="100%" height="{height}" style="border:1px solid #8888" '
        f'srcdoc="{html.escape(page, quote=True)}"></iframe>'
    )


def page(title: str, parts: Iterable[str]) -> str:
    """A page of parts that `paragraph`, `text` and `grid` made."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{_POLICY}"><title>{_shown(title)}</title><style>{_STYLE}</style><body>{"".join(parts)}</body></html>'
    )


def paragraph(words: str) -> str:
    """One line of words."""
    return f"<p>{_shown(words)}</p>"


def text(words: str) -> str:
    """Text as others wrote it, line by line."""
    return f"<pre>{html.escape(visible(words, keeping=chr(10)), quote=True)}</pre>"


def grid(caption: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table."""
    head = "".join(f"<th scope=col>{_shown(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{_shown(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{_shown(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(words: str) -> str:
    return html.escape(visible(words), quote=True)
