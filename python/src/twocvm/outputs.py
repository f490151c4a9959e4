"""What came out of a run: tables as DataFrames, each with what its gate did."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _frames, _html
from .errors import visible

if TYPE_CHECKING:
    import pandas

__all__ = ["Gate", "Output", "Outputs"]

_SHOWN_ROWS = 20


@dataclass(frozen=True)
class Gate:
    """What a gate did to an output: how many rows the code wrote, and how many cells or rows its rules touched."""

    rows: int | None = None
    noised_cells: int = 0
    dropped_rows: int = 0
    rounded_cells: int = 0

    def __str__(self) -> str:
        return (
            f"{self.dropped_rows} of {self.rows} rows dropped, "
            f"{self.noised_cells} cells with noise, {self.rounded_cells} rounded"
        )


@dataclass(frozen=True)
class Output:
    """One released file."""

    name: str
    path: pathlib.Path
    format: Any
    gate: Gate | None = None
    """What a rehearsal tells of the gate. Of a sealed run nobody learns it."""

    @property
    def text(self) -> str:
        """Its content."""
        return self.path.read_text(encoding="utf-8")

    def rows(self) -> list[dict[str, Any]]:
        """A table's rows: dictionaries of whole numbers, exact decimals, texts, dates and booleans."""
        return _frames.rows(self.path, self.format)

    def frame(self, exact: bool = False) -> pandas.DataFrame:
        """A table as a DataFrame. Decimals are floats, or `decimal.Decimal` where it is `exact`."""
        return _frames.frame(self.path, self.format, exact)


class Outputs(Mapping[str, Any]):
    """Released outputs by name. `outputs["ages"]` is a DataFrame where it is a table, and else its bytes."""

    def __init__(self, outputs: Mapping[str, Output]) -> None:
        self.outputs = dict(outputs)

    def __getitem__(self, name: str) -> Any:
        output = self.outputs[name]
        is_table = isinstance(output.format, Mapping) and output.format.get("kind") == "csv"
        return output.frame() if is_table else output.path.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self.outputs)

    def __len__(self) -> int:
        return len(self.outputs)

    def _title(self) -> str:
        return "outputs"

    def _notes(self) -> list[str]:
        return []

    def __repr__(self) -> str:
        lines = [self._title(), *self._notes()]
        for output in self.outputs.values():
            gate = f": {output.gate}" if output.gate else ""
            lines.append(f"{output.name}, {output.path.stat().st_size} bytes{gate}")
        return "\n".join(visible(line) for line in lines)

    def _repr_html_(self) -> str:
        parts = [_html.paragraph(line) for line in [self._title(), *self._notes()]]
        for output in self.outputs.values():
            gate = f" ({output.gate})" if output.gate else ""
            try:
                rows = output.rows()
            except Exception:  # noqa: BLE001 - whatever it is, it is shown as text
                content = output.path.read_bytes()[:4096]
                parts += [_html.paragraph(output.name + gate), _html.text(content.decode(errors="replace"))]
                continue
            names = list(rows[0]) if rows else [column["name"] for column in output.format["columns"]]
            cells = [["" if cell is None else cell for cell in row.values()] for row in rows[:_SHOWN_ROWS]]
            parts.append(_html.grid(output.name + gate, names, cells))
            if len(rows) > _SHOWN_ROWS:
                parts.append(_html.paragraph(f"{len(rows) - _SHOWN_ROWS} more rows"))
        return _html.frame(_html.page(self._title(), parts), self._title(), height=280)
