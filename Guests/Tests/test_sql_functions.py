"""The functions that SQLite does not have, against numpy and Python's own."""

import random
import re
import time
import unittest

from test_sql import Queries, setUpModule  # noqa: F401

try:
    import numpy
except ImportError:
    numpy = None


def close(found, expected):
    return found == expected or abs(float(found) - expected) <= 1e-12 * abs(expected)


@unittest.skipUnless(numpy, "numpy's pinned wheel is of CPython 3.11")
class Statistics(Queries):
    SQL = (
        "select variance(x), stddev(x), covariance(x, y), variance_pop(x), stddev_pop(x), covariance_pop(x, y),"
        " correlation(x, y), median(x), percentile(x, 12.5), percentile(x, 0), percentile(x, 100), percentile(x, 99)"
        " from t"
    )

    def expected(self, x, y):
        pairs, population = numpy.cov(x, y), numpy.cov(x, y, ddof=0)
        places = [numpy.percentile(x, place) for place in (12.5, 0, 100, 99)]
        one = [x.var(ddof=1), x.std(ddof=1), pairs[0, 1], x.var(), x.std(), population[0, 1]]
        return one + [numpy.corrcoef(x, y)[0, 1], numpy.median(x), *places]

    def test_are_numpys(self):
        draw = numpy.random.default_rng(5)
        columns = {
            "two": numpy.array([1.5, -2.0]),
            "normal": draw.normal(size=1001),
            "far from zero": draw.normal(size=1000) + 1e9,
            "wide": draw.standard_cauchy(5000) * 1e6,
            "small": draw.normal(size=300) * 1e-100,
            "in steps": draw.integers(-4, 4, 2000).astype(float),
        }
        for name, x in columns.items():
            y = draw.normal(size=len(x)) + x
            text = "x,y\n" + "".join(f"{float(a)!r},{float(b)!r}\n" for a, b in zip(x, y))
            found = self.rows(self.SQL, t=text)[1]
            for index, (one, other) in enumerate(zip(found, self.expected(x, y))):
                self.assertTrue(close(one, float(other)), (name, index, one, other))

    def test_over_a_window_are_numpys_after_a_large_number_has_left(self):
        x = numpy.random.default_rng(6).normal(size=300) + 1000
        x[100] = 1e9
        text = "i,x\n" + "".join(f"{i},{float(v)!r}\n" for i, v in enumerate(x))
        sql = "select stddev(x) over (order by i rows between 9 preceding and current row) s from t order by i"
        found = ["".join(row) for row in self.rows(sql, t=text)[1:]]
        self.assertEqual(found[0], "")
        for i in range(1, 300):
            self.assertTrue(abs(float(found[i]) - x[max(0, i - 9) : i + 1].std(ddof=1)) < 1e-9 * x.std(), i)

    def test_equal_numbers_vary_by_nothing_and_too_few_give_null(self):
        sql = "select variance(x), stddev_pop(x), covariance(x, x), correlation(x, x), median(x) from t"
        self.assertEqual(self.rows(sql, t="x\n0.1\n0.1\n0.1\n")[1], ["0.0", "0.0", "0.0", "", "0.1"])
        self.assertEqual(self.rows(sql, t="x\n3.5\n\n")[1], ["", "0.0", "", "", "3.5"])
        self.assertEqual(self.rows(sql, t="x\n")[1], ["", "", "", "", ""])

    def test_take_numbers_alone(self):
        words = "q.sql: median, percentile, variance, stddev and covariance take numbers alone"
        self.refused(words, "select median(x) from t", t="x\n1\na\n")
        self.refused("q.sql: percentile takes a number from 0 to 100 behind the column", "select percentile(1, 101)")
        words = "q.sql: percentile takes one number behind the column, the same for each row"
        self.refused(words, "select percentile(x, x) from t", t="x\n1\n2\n")


class Patterns(Queries):
    PIECES = [
        "a",
        "b",
        "c",
        ".",
        "[ab]",
        "[^a]",
        r"\d",
        r"\w",
        "[b-c]",
        "é",
        "x",
        "1",
        r"\s",
        r"\b",
        r"\B",
        r"\.",
        r"[\d-]",
    ]

    def pattern(self, depth=0):
        way = random.random()
        if depth > 3 or way < 0.4:
            return random.choice(self.PIECES)
        if way < 0.6:
            return self.pattern(depth + 1) + self.pattern(depth + 1)
        if way < 0.75:
            return f"({self.pattern(depth + 1)}|{self.pattern(depth + 1)})"
        repetition = random.choice(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "{0}"])
        return f"(?:{self.pattern(depth + 1)}){repetition}"

    def test_match_what_python_matches(self):
        random.seed(3)
        cases = []
        for _ in range(3000):
            pattern = random.choice(["", "^"]) + self.pattern() + random.choice(["", "$"])
            cases.append((pattern, "".join(random.choice("abcé1x \n.-") for _ in range(random.randint(1, 9)))))
        table = "i,p,t\n" + "".join(f'{i},"{p}","{t}"\n' for i, (p, t) in enumerate(cases))
        found = self.rows("select t regexp p from t order by i", t=table)[1:]
        for (pattern, text), row in zip(cases, found):
            expected = re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None
            self.assertEqual(row[0] == "1", expected, (pattern, text))

    def test_take_time_in_proportion_to_the_text(self):
        hard = "select t regexp '^(a|aa|a*)*(a|aa)+b$' from t"
        times = []
        for count in (20_000, 400_000):
            start = time.perf_counter()
            self.assertEqual(self.rows(hard, t="t\n" + "a" * count + "\n")[1], ["0"])
            times.append(time.perf_counter() - start)
        self.assertLess(times[1], 200 * max(times[0], 0.01))

    def test_that_are_none_are_refused(self):
        cases = {
            "(": "a parenthesis is never closed",
            ")": "a parenthesis is never opened",
            "a{": "behind { stand one or two numbers and }",
            "a{1": "behind { stand one or two numbers and }",
            "*": "a repetition stands where there is nothing to repeat",
            "a**": "a repetition stands where there is nothing to repeat",
            r"\q": "a backslash stands before a letter or digit that it gives no sense",
            "[b-a]": "a range in brackets runs backwards",
            "a{2,1}": "a repetition's numbers run backwards",
            "[a": "the pattern ends too early",
            "(" * 60: "the pattern is nested too deep",
            "((((a{50}){50}){50}){50})": "the pattern is too large",
            "a{99999999999}": "the pattern is too large",
            "a|" * 80: "more than 64 choices",
            "x" * 1001: "the pattern is longer than 1000 bytes",
        }
        for pattern, words in cases.items():
            self.refused(f"q.sql: regexp: {words}", f"select 'a' regexp '{pattern}'")


if __name__ == "__main__":
    unittest.main()
