"""Predicts every row of a file as a user would with pandas and NumPy: predict_file_pandas.py INPUT OUTPUT, csv or parquet."""

import sys

import pandas as pd
from serving_model import Model

source, target = sys.argv[1:]
table = pd.read_parquet(source) if source.endswith(".parquet") else pd.read_csv(source)
table["prediction"] = Model().predict(table.to_dict("records"))
if target.endswith(".parquet"):
    table.to_parquet(target, index=False)
else:
    table.to_csv(target, index=False)
