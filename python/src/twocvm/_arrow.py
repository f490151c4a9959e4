"""Arrow's columns: what they hold, and a batch of them as CSV.

A column's cells are made by Arrow's own functions, all of a batch at once. Where a batch has a value that they cannot
vouch for, `Column.encode` takes that batch value by value. It alone refuses, so that there is one place that does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ._cells import MAXIMUM_CHARACTERS, MAXIMUM_DIGITS, Column, Digits, Kind, is_plain
from .errors import ConversionError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_CELLS = 1 << 20
MAXIMUM_BYTES = 32 << 20
"""What is converted at once, however many columns there are and however long their texts."""
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, as days since 1970."""


def arrow() -> Any:
    """The package, which nobody needs before there is such a table."""
    try:
        import pyarrow
        import pyarrow.compute
    except ImportError:
        raise Unavailable(
            "data.pyarrow", "reading Parquet or Arrow needs pyarrow", "pip install 'twocvm[parquet]'"
        ) from None
    return pyarrow


def arrow_kind(name: str, kind: Any) -> Kind | None:
    """What a column of an Arrow type holds."""
    types = arrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_boolean(kind):
        return "boolean"
    if types.is_integer(kind):
        return "integer"
    if types.is_floating(kind) or types.is_decimal(kind):
        return "decimal"
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "text"
    if types.is_date(kind) or types.is_timestamp(kind):
        return "date"
    if types.is_null(kind):
        return None
    hint = "bring its parts as columns of their own" if types.is_nested(kind) else "cast it to text or a number"
    raise ConversionError(name, f"its type is {kind}, which no format has", hint)


def arrow_values(array: Any) -> list[Any]:
    """An Arrow array's values as Python's own."""
    pa = arrow()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_floating(kind) and kind.bit_width < 64:
        texts = array.cast(pa.float32()).cast(pa.string()).to_pylist()
        return [None if text is None else _finite(text) for text in texts]
    if pa.types.is_timestamp(kind):
        return [None if value is None else _moment(value, kind) for value in array.cast(pa.int64()).to_pylist()]
    values: list[Any] = array.to_pylist()
    return values


def _finite(text: str) -> Any:
    return float(text) if text.lstrip("-") in ("nan", "inf") else Digits(text)


_PER_DAY = {"s": 86400, "ms": 86400 * 10**3, "us": 86400 * 10**6, "ns": 86400 * 10**9}


def _moment(count: int, kind: Any) -> Any:
    """A moment that no unit is too fine for: what is not midnight is refused, whichever it is."""
    days, rest = divmod(count, _PER_DAY[kind.unit])
    try:
        day = datetime.datetime(1970, 1, 1) + datetime.timedelta(days=days, seconds=1 if rest else 0)
    except OverflowError:
        return (days, rest)
    return day.replace(tzinfo=datetime.UTC) if kind.tz is not None else day


# --- a batch as CSV ---


def csv_batches(batches: Iterator[Any], columns: Sequence[Column]) -> Iterator[tuple[int, bytes | memoryview]]:
    """Each batch's rows, and their text."""
    for batch in batches:
        for part in _bounded(batch):
            if part.num_rows:
                yield part.num_rows, csv_text(part.columns, columns)


def _bounded(batch: Any) -> Iterator[Any]:
    rows = batch.num_rows
    is_small = rows * batch.num_columns <= MAXIMUM_CELLS and sum(map(_weight, batch.columns)) <= MAXIMUM_BYTES
    if rows <= 1 or is_small:
        yield batch
        return
    yield from _bounded(batch.slice(0, rows // 2))
    yield from _bounded(batch.slice(rows // 2))


def _weight(array: Any) -> int:
    """How many bytes its values are, at the most."""
    pa = arrow()
    count: int = array.nbytes
    if pa.types.is_dictionary(array.type) and arrow_kind("", array.type) == "text":
        longest = pa.compute.max(pa.compute.binary_length(array.dictionary)).as_py()
        count = len(array) * (longest or 0)
    return count


def csv_text(values: Sequence[Any], columns: Sequence[Column]) -> memoryview:
    """The rows of some columns' values, each an Arrow array or a list."""
    pa = arrow()
    join = pa.compute.binary_join_element_wise
    whole: dict[str, Any] = {"null_handling": "replace", "null_replacement": ""}
    made = [_quoted(_cells(column, array)) for column, array in zip(columns, values)]
    if len(made) == 1:
        # An empty line would be no row.
        made = [pa.compute.if_else(pa.compute.equal(pa.compute.fill_null(made[0], ""), ""), '""', made[0])]
    made[-1] = join(made[-1], "", "\n", **whole)
    return _bytes(join(*made, ",", **whole) if len(made) > 1 else made[0])


def _bytes(array: Any) -> memoryview:
    """The bytes of an array of texts, one after the other."""
    _, offsets, data = array.buffers()
    if data is None:
        return memoryview(b"")
    places = memoryview(offsets).cast("i")
    return memoryview(data)[places[array.offset] : places[array.offset + len(array)]]


def _quoted(cells: Any) -> Any:
    """The cells as CSV has them: in quotation marks where a mark or a comma is in them."""
    pc = arrow().compute
    data = bytes(_bytes(cells))
    if b'"' not in data and b"," not in data:
        return cells
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(
        pc.match_substring_regex(cells, '[",]'), pc.binary_join_element_wise('"', doubled, '"', ""), cells
    )


def _cells(column: Column, array: Any) -> Any:
    """A batch of one column as an array of texts, not quoted yet."""
    pa = arrow()
    if isinstance(array, list):
        return pa.array(column.encode(array), pa.string())
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    quick = _QUICK.get(column.kind) if column.kind is not None else None
    try:
        cells = None if quick is None else quick(column, array)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        cells = None
    if cells is None:
        return _one_by_one(column, array)
    column.has_empty |= array.null_count > 0
    return cells


def _one_by_one(column: Column, array: Any) -> Any:
    try:
        return arrow().array(column.encode(arrow_values(array)), arrow().string())
    except UnicodeDecodeError:
        column.refuse("holds a text that is not UTF-8", "write the file again, with its texts in UTF-8")
    except (OverflowError, ValueError):
        if column.kind != "date":
            raise
        column.refuse("holds a date before year 1 or after year 9999", "make such dates missing, or bring them as text")


# --- each kind: the cells, or `None` where the values have to be looked at one by one ---


def _booleans(column: Column, array: Any) -> Any:
    return array.cast(arrow().string())


def _integers(column: Column, array: Any) -> Any:
    ends = arrow().compute.min_max(array).as_py()
    bound = 10**MAXIMUM_DIGITS
    if ends["min"] is not None and not (-bound < ends["min"] and ends["max"] < bound):
        return None
    return array.cast(arrow().string())


def _decimals(column: Column, array: Any) -> Any:
    pa = arrow()
    pc = pa.compute
    kind = array.type
    if pa.types.is_floating(kind):
        array = array.cast(pa.float32() if kind.bit_width < 64 else pa.float64())
        if not pc.all(pc.is_finite(array)).as_py():
            return None
    texts = array.cast(pa.string())
    if any(sign in bytes(_bytes(texts)) for sign in (b"e", b"E")):
        # A few of them are written with an exponent: these alone have their digits counted one by one.
        is_long = pc.fill_null(pc.match_substring(texts, "e", ignore_case=True), False)
        short = _plain(column, array.filter(pc.invert(is_long)), texts.filter(pc.invert(is_long)))
        if short is None:
            return None
        long = pa.array(column.encode(arrow_values(array.filter(is_long))), pa.string())
        return pc.replace_with_mask(pc.replace_with_mask(texts, pc.invert(is_long), short), is_long, long)
    return _plain(column, array, texts)


def _plain(column: Column, array: Any, texts: Any) -> Any:
    """Numbers without an exponent, in the form that the programs read."""
    pa = arrow()
    pc = pa.compute
    if pa.types.is_decimal(array.type) and array.type.scale > 0:
        texts = pc.utf8_rtrim(pc.utf8_rtrim(texts, "0"), ".")
    bare = pc.utf8_ltrim(texts, "-") if b"-" in bytes(_bytes(texts)) else texts
    if bare is not texts:
        texts = pc.if_else(pc.equal(texts, "-0"), "0", texts)
    point = pc.find_substring(bare, ".")
    length = pc.binary_length(bare)
    is_whole = pc.less(point, 0)
    behind = pc.if_else(is_whole, 0, pc.subtract(pc.subtract(length, point), 1))
    before = pc.if_else(pc.starts_with(bare, "0"), 0, pc.if_else(is_whole, length, point))
    most, fraction, digits = (pc.max(count).as_py() or 0 for count in (pc.add(before, behind), behind, before))
    if most > MAXIMUM_DIGITS or fraction > _allowed_fraction(column):
        return None
    column.integer_digits = max(column.integer_digits, digits)
    column.most_fraction_digits = max(column.most_fraction_digits, fraction)
    if column.wanted == "integer" or not pc.any(is_whole).as_py():
        return texts
    return pc.if_else(is_whole, pc.binary_join_element_wise(texts, "0", "."), texts)


def _allowed_fraction(column: Column) -> int:
    if column.wanted == "integer":
        return 0
    return MAXIMUM_DIGITS if column.fraction_digits is None else column.fraction_digits


def _texts(column: Column, array: Any) -> Any:
    pa = arrow()
    pc = pa.compute
    array = array.cast(pa.string())
    data = bytes(_bytes(array))
    if not is_plain(data):
        return None
    if data.isascii():
        lengths = pc.binary_length(array)
    else:
        array.validate(full=True)
        lengths = pc.utf8_length(array)
    ends = pc.min_max(lengths).as_py()
    if ends["min"] == 0 or (ends["max"] or 0) > MAXIMUM_CHARACTERS:
        return None
    column.characters = max(column.characters, ends["max"] or 0)
    return array


def _dates(column: Column, array: Any) -> Any:
    pa = arrow()
    pc = pa.compute
    if pa.types.is_timestamp(array.type):
        if array.type.tz is not None:
            return None
        counts, per_day = array.cast(pa.int64()), _PER_DAY[array.type.unit]
        days = pc.divide(counts, per_day)
        if pc.any(pc.not_equal(pc.multiply(days, per_day), counts)).as_py():
            return None
    elif pa.types.is_date32(array.type):
        days = array.cast(pa.int32())
    else:
        return None
    ends = pc.min_max(days).as_py()
    if ends["min"] is not None and not (_FIRST_DAY <= ends["min"] and ends["max"] <= _LAST_DAY):
        return None
    return days.cast(pa.int32()).cast(pa.date32()).cast(pa.string())


_QUICK: dict[Kind, Callable[[Column, Any], Any]] = {
    "boolean": _booleans,
    "integer": _integers,
    "decimal": _decimals,
    "text": _texts,
    "date": _dates,
}
