"""Trains the model on half of a public data set, in the runtime `python` itself, and writes it as numbers.

The data are 569 tumours with 30 measurements each, from the package scikit-learn (load_breast_cancer): W. H. Wolberg,
W. N. Street and O. L. Mangasarian, Breast Cancer Wisconsin (Diagnostic), UCI, 1995. Every other row trains. The others
are the clinic's patients. Their measurements alone are brought; their diagnoses are kept to see how good the model is.
"""

import json

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

data = load_breast_cancer()
names = [str(name).replace(" ", "_") for name in data.feature_names]
rows = pd.DataFrame(data.data, columns=names)
# In the data set 0 is malignant: the risk is of that.
malignant = pd.Series(data.target == 0)
training = rows.index % 2 == 0

scaler = StandardScaler().fit(rows[training])
model = LogisticRegression(C=0.1, max_iter=1000).fit(scaler.transform(rows[training]), malignant[training])
features = [
    {"name": name, "mean": round(float(mean), 9), "scale": round(float(scale), 9), "weight": round(float(weight), 9)}
    for name, mean, scale, weight in zip(names, scaler.mean_, scaler.scale_, model.coef_[0])
]
with open("/output/model.json", "w") as file:
    json.dump({"intercept": round(float(model.intercept_[0]), 9), "features": features}, file)

patients = rows[~training].reset_index(drop=True)
patients.insert(0, "patient", range(1, len(patients) + 1))
patients.to_csv("/output/patients.csv", index=False)
truth = pd.DataFrame({"patient": patients["patient"], "malignant": malignant[~training].to_numpy()})
truth["risk"] = model.predict_proba(scaler.transform(rows[~training]))[:, 1]
truth.to_csv("/output/truth.csv", index=False)
