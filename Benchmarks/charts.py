"""Charts as SVG, small enough to read as text. Colours follow the reader's light or dark scheme."""

import dataclasses
import html
import math

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e } .title { font-size: 15px; font-weight: 600 }
  .grid { stroke: #d1d9e0; stroke-width: 1 } .one { stroke: #59636e; stroke-width: 1.5 }
  .ours { fill: #0969da } .huge { fill: #1a7f37 } .range { stroke: #0969da; stroke-width: 2; opacity: .45 }
  .other { fill: none; stroke: #818b98; stroke-width: 1.4 } .paper { fill: none; stroke: #cf222e; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 }
    .grid { stroke: #3d444d } .one { stroke: #9198a1 }
    .ours { fill: #4493f8 } .huge { fill: #3fb950 } .range { stroke: #4493f8 }
    .other { stroke: #9198a1 } .paper { stroke: #f85149 }
  }
"""

TICKS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3]


@dataclasses.dataclass
class Row:
    label: str
    group: str
    # By the name of the column: its time against native code.
    ratios: dict
    # Of the column `engine`.
    range: tuple
    # A figure of the paper, where it has one.
    paper: float | None


class Scale:
    """Ratios on a logarithmic axis: twice as slow lies as far from 1 as twice as fast."""

    def __init__(self, left, right, low, high):
        self.left, self.right, self.low, self.high = left, right, low, high

    def __call__(self, ratio):
        clipped = min(max(ratio, self.low), self.high)
        share = math.log(clipped / self.low) / math.log(self.high / self.low)
        return round(self.left + share * (self.right - self.left), 1)

    def grid(self, top, bottom):
        for tick in TICKS:
            if self.low <= tick <= self.high:
                kind = "one" if tick == 1 else "grid"
                yield f'<line class="{kind}" x1="{self(tick)}" y1="{top}" x2="{self(tick)}" y2="{bottom}"/>'
                yield f'<text class="small" x="{self(tick)}" y="{bottom + 15}" text-anchor="middle">{tick:g}</text>'


def words(x, y, text, kind="", anchor="start"):
    shown = html.escape(text)
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{shown}</text>'


def document(width, height, title, parts):
    name = html.escape(title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">',
            f"<style>{STYLE}</style>",
            words(12, 24, title, "title"),
            *parts,
            "</svg>",
            "",
        ]
    )


def cross(x, y, size=4):
    return (
        f'<path class="other" d="M{x - size} {y - size}L{x + size} {y + size}'
        f'M{x - size} {y + size}L{x + size} {y - size}"/>'
    )


def diamond(x, y, size=6):
    return f'<path class="paper" d="M{x} {y - size}L{x + size} {y}L{x} {y + size}L{x - size} {y}Z"/>'


def ratios(rows, machine):
    """Each kernel's time in WebAssembly, native code being 1: our settings as dots, the others as outlines."""
    others = [("epochs", circle), ("fuel", square), ("no-reservation", cross)]
    step, top = 22, 84
    groups = list(dict.fromkeys(row.group for row in rows))
    bottom = top + step * (len(rows) + len(groups))
    highest = max(max(row.ratios.values()) for row in rows)
    scale = Scale(190, 740, 0.5, 3 if highest > 2.5 else 2.5)
    parts = [words(12, 42, f"Time in WebAssembly, native code = 1; left is faster. {machine}", "small"), *legend(58)]
    parts += scale.grid(top - 8, bottom - 4)
    y = top + 8
    for group in groups:
        parts.append(words(12, y, group, "small"))
        y += step
        for row in (row for row in rows if row.group == group):
            parts += [words(182, y, row.label, anchor="end"), *marks(row, scale, y - 4, others)]
            y += step
    return document(760, bottom + 30, "What isolation costs, kernel by kernel", parts)


def marks(row, scale, y, others):
    low, high = (scale(value) for value in row.range)
    yield f'<line class="range" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
    for name, mark in others:
        yield mark(scale(row.ratios[name]), y)
        if row.ratios[name] > scale.high:
            yield words(scale.right + 6, y + 4, "›", "small")
    yield f'<circle class="ours" cx="{scale(row.ratios["engine"])}" cy="{y}" r="5"/>'
    yield f'<circle class="huge" cx="{scale(row.ratios["huge-pages"])}" cy="{y}" r="3"/>'
    if row.paper:
        yield diamond(scale(row.paper), y)


def circle(x, y):
    return f'<circle class="other" cx="{x}" cy="{y}" r="4"/>'


def square(x, y):
    return f'<rect class="other" x="{x - 3.5}" y="{y - 3.5}" width="7" height="7"/>'


def legend(y):
    entries = [
        (12, f'<circle class="ours" cx="18" cy="{y - 4}" r="5"/>', "ours, 4 KiB pages"),
        (140, f'<circle class="huge" cx="146" cy="{y - 4}" r="3"/>', "ours, huge pages"),
        (262, circle(268, y - 4), "epochs"),
        (330, square(336, y - 4), "fuel"),
        (382, cross(388, y - 4), "no reservation"),
        (490, diamond(498, y - 4), "the paper's figure, not measured here"),
    ]
    for x, mark, text in entries:
        yield mark
        yield words(x + 16, y, text, "small")


def settings(bars, machine):
    """For each setting the geometric mean of a class, native code being 1."""
    step, top = 15, 66
    height = sum(step * len(classes) + 12 for _, classes in bars)
    highest = max(value for _, classes in bars for _, value in classes)
    scale = Scale(270, 700, 0.5, 3 if highest > 2.5 else 2.5)
    parts = [words(12, 42, f"Geometric mean of a class, native code = 1. {machine}", "small")]
    parts += scale.grid(top - 8, top + height)
    y = top + 8
    for index, (name, classes) in enumerate(bars):
        parts.append(words(12, y, name))
        kind = {0: "ours", 1: "huge"}.get(index, "other")
        for group, value in classes:
            start, end = sorted((scale(1), scale(value)))
            width = max(round(end - start, 1), 1)
            parts += [
                words(262, y, group, "small", "end"),
                f'<rect class="{kind}" x="{start}" y="{y - 9}" width="{width}" height="9"/>',
                words(end + 6, y, f"{value:.2f}", "small"),
            ]
            y += step
        y += 12
    return document(760, top + height + 30, "What each engine setting costs", parts)
