"""The pooled fit, computed apart from the guests: writes expected.json beside this file.

Exact rational arithmetic over all 442 rows in one place, which is what nobody may do in the
session. Only the square roots of the standard errors are rounded, to 50 digits.
"""

import csv
import json
import pathlib
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 50
here = pathlib.Path(__file__).resolve().parent


def read_rows(folder):
    """The column names, and each row as exact fractions."""
    names, rows = None, []
    for path in sorted(folder.glob("hospital-*.csv")):
        with open(path, newline="", encoding="ascii") as file:
            header, *lines = csv.reader(file)
        if names not in (None, header):
            raise SystemExit(f"{path.name}: the columns differ from the other files'")
        names = header
        rows += [[Fraction(field) for field in line] for line in lines]
    return names, rows


def invert(matrix):
    """Gauss and Jordan, without rounding."""
    order = len(matrix)
    work = [row[:] + [Fraction(i == j) for j in range(order)] for i, row in enumerate(matrix)]
    for column in range(order):
        pivot = next(row for row in range(column, order) if work[row][column] != 0)
        work[column], work[pivot] = work[pivot], work[column]
        factor = work[column][column]
        work[column] = [value / factor for value in work[column]]
        for row in range(order):
            if row != column and (factor := work[row][column]) != 0:
                work[row] = [value - factor * other for value, other in zip(work[row], work[column])]
    return [row[order:] for row in work]


def fit(names, rows):
    """Ordinary least squares of the last column on the others and a constant."""
    design = [[Fraction(1)] + row[:-1] for row in rows]
    outcome = [row[-1] for row in rows]
    order = len(names)
    gram = [[sum(row[i] * row[j] for row in design) for j in range(order)] for i in range(order)]
    moments = [sum(row[i] * y for row, y in zip(design, outcome)) for i in range(order)]
    inverse = invert(gram)
    estimates = [sum(value * moment for value, moment in zip(row, moments)) for row in inverse]
    residuals = [y - sum(b * x for b, x in zip(estimates, row)) for row, y in zip(design, outcome)]
    variance = sum(residual * residual for residual in residuals) / (len(rows) - order)
    errors = [rounded(variance * inverse[i][i]).sqrt() for i in range(order)]
    return [
        {"name": name, "estimate": float(estimate), "standardError": float(error)}
        for name, estimate, error in zip(["intercept"] + names[:-1], estimates, errors)
    ]


def rounded(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


if __name__ == "__main__":
    names, rows = read_rows(here / "data")
    result = {"rows": len(rows), "coefficients": fit(names, rows)}
    (here / "expected.json").write_text(json.dumps(result, indent=2) + "\n")
