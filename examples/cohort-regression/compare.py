"""The coefficients as a table, and whether they are what reference.py computed apart from the session.

`compare.py RESULT EXPECTED` fails unless each number is the expected one, rounded to the six digits that the manifest
lets out.
"""

import json
import pathlib
import sys

DIGITS = 6
# Half of the last digit, and what two computations with doubles may differ by.
TOLERANCE = 0.5 * 10**-DIGITS + 1e-9
NUMBERS = ("estimate", "standardError")


def main():
    result, expected = (json.loads(pathlib.Path(path).read_text()) for path in sys.argv[1:])
    names = [[entry["name"] for entry in fit["coefficients"]] for fit in (result, expected)]
    if result["rows"] != expected["rows"] or names[0] != names[1]:
        sys.exit("compare: error: the result is of other rows or other variables")

    print(f"  {'variable':<12} {'estimate':>12} {'standard error':>15} {'t':>8}")
    largest = 0.0
    for fitted, exact in zip(result["coefficients"], expected["coefficients"]):
        largest = max([largest] + [abs(fitted[key] - exact[key]) for key in NUMBERS])
        ratio = fitted["estimate"] / fitted["standardError"]
        print(f"  {fitted['name']:<12} {fitted['estimate']:>12.5f} {fitted['standardError']:>15.5f} {ratio:>8.2f}")
    print(
        f"\n  {result['rows']} patients. Largest difference from the pooled fit: {largest:.1e}, "
        f"as {DIGITS} digits allow"
    )
    if not largest <= TOLERANCE:
        sys.exit(f"compare: error: that is more than {TOLERANCE}")


if __name__ == "__main__":
    main()
