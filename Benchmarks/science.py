"""What one script takes, part by part, as JSON in /output/result or the file that it is given.

scripts.py runs it natively and in the runtime `python`.
"""

import time

start = time.perf_counter()
begun = time.time()
import json  # noqa: E402
import sys  # noqa: E402

figures = {}


def timed(name, work):
    before = time.perf_counter()
    result = work()
    figures[name] = time.perf_counter() - before
    return result


def load(name):
    return timed(f"import {name}", lambda: __import__(name, fromlist=["x"]))


np = load("numpy")
pd = load("pandas")
sm = load("statsmodels.api")
linear = load("sklearn.linear_model")

COUNT = 2_000_000
draw = np.random.default_rng(1)
rows = pd.DataFrame({"key": draw.integers(0, 1000, COUNT), "x": draw.random(COUNT), "y": draw.random(COUNT)})
names = pd.DataFrame({"key": np.arange(1000), "name": [f"n{index}" for index in range(1000)]})
timed("group-by, 2,000,000 rows", lambda: rows.groupby("key").agg({"x": ["mean", "std"], "y": "sum"}))
timed("sort, 2,000,000 rows", lambda: rows.sort_values("x"))
timed("merge, 2,000,000 rows", lambda: rows.merge(names, on="key"))
square = draw.random((600, 600))
timed("matmul, 600 by 600", lambda: square @ square)


def loop():
    total = 0
    for index in range(3_000_000):
        total += index % 7
    return total


timed("a loop of 3,000,000 turns", loop)
design = draw.random((100_000, 10))
outcome = design @ np.arange(10) + draw.random(100_000)
timed("OLS, 100,000 rows by 10", lambda: sm.OLS(outcome, sm.add_constant(design)).fit())
timed(
    "logistic regression, 20,000 by 10", lambda: linear.LogisticRegression().fit(design[:20_000], outcome[:20_000] > 22)
)
figures["begun"] = begun
path = sys.argv[1] if len(sys.argv) > 1 else "/output/result"
with open(path, "w") as file:
    json.dump(figures, file)
