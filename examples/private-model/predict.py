"""Predicts for each patient of a clinic by the model of an owner. Both read this script before they sign.

The model is numbers in JSON: means, scales and weights of a logistic regression. Nothing in it is code, as it would be
in a pickle. The clinic receives each patient's risk, the owner how many were predicted.
"""

import json
import sys

import numpy as np
import pandas as pd

with open("/data/model.json") as file:
    model = json.load(file)
patients = pd.read_csv("/data/patients.csv")
names = [feature["name"] for feature in model["features"]]
if sorted(names) != sorted(set(patients.columns) - {"patient"}):
    sys.exit("model and patients have other measurements")

values = patients[names].to_numpy(float)
means, scales, weights = (
    np.array([feature[key] for feature in model["features"]]) for key in ("mean", "scale", "weight")
)
risks = 1 / (1 + np.exp(-(((values - means) / scales) @ weights + model["intercept"])))
pd.DataFrame({"patient": patients["patient"], "risk": risks.round(3)}).to_csv("/output/predictions.csv", index=False)
pd.DataFrame({"predictions": [len(patients)]}).to_csv("/output/count.csv", index=False)
