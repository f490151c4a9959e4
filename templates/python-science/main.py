"""Adds up the column `amount` of /data/rows.csv: /output/result.csv has how many rows, and their sum."""

import pandas as pd

rows = pd.read_csv("/data/rows.csv")
# What is not caught fails the run, and a log may show it to others: name a column, never a value.
result = pd.DataFrame({"rows": [len(rows)], "total": [rows["amount"].sum()]})
result.to_csv("/output/result.csv", index=False)
