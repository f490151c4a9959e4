"""The regression of this example as one script with pandas, for the runtime `python`.

It does what the components `moments` and `regression` do: it answers for sites of 30 rows or more alone, and writes the
coefficients with their standard errors. Unlike them it reads all rows in one place, which is this script's alone: who
signs a manifest with it grants it three mounts, where each `moments` has one.
"""

import json
import sys

import numpy as np
import pandas as pd

SITES = ("a", "b", "c")
LEAST_ROWS = 30

tables = []
for site in SITES:
    table = pd.read_csv(f"/data/patients-{site}.csv")
    # What is said of a site reaches whoever reads the log: never a value.
    if len(table) < LEAST_ROWS:
        sys.exit(f"site {site} has fewer than {LEAST_ROWS} rows")
    if tables and list(table.columns) != list(tables[0].columns):
        sys.exit(f"site {site} has other columns than the first one")
    tables.append(table)

rows = pd.concat(tables, ignore_index=True)
outcome = rows.pop("progression").to_numpy(float)
# Around their means, since a constant beside values of a hundred loses digits.
means = rows.mean()
design = np.column_stack([np.ones(len(rows)), rows - means])
inverse = np.linalg.inv(design.T @ design)
estimates = inverse @ (design.T @ outcome)
residuals = outcome - design @ estimates
variance = residuals @ residuals / (len(rows) - design.shape[1])
# Back to the values themselves: the intercept is a sum of the estimates.
back = np.eye(design.shape[1])
back[0, 1:] = -means
errors = np.sqrt(variance * np.diag(back @ inverse @ back.T))
coefficients = [
    {"name": name, "estimate": float(estimate), "standardError": float(error)}
    for name, estimate, error in zip(["intercept", *rows.columns], back @ estimates, errors)
]
with open("/output/coefficients.json", "w") as file:
    json.dump({"rows": len(rows), "coefficients": coefficients}, file)
