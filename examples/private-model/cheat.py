"""What an owner who wants the clinic's patients would write: the first patient's measurements in place of a count.

Whoever signs a manifest with this script has not read it. The output's format has no room for a measurement.
"""

import pandas as pd

patients = pd.read_csv("/data/patients.csv")
pd.DataFrame({"patient": patients["patient"], "risk": 0.5}).to_csv("/output/predictions.csv", index=False)
first = patients.drop(columns="patient").iloc[0]
pd.DataFrame({"predictions": first.to_numpy()}).to_csv("/output/count.csv", index=False)
