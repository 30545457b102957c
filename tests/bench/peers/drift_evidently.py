"""Runs Evidently as people do, in either version: drift_evidently.py REFERENCE CURRENT OUT [PAGE]

With PAGE it compares reference with each ISO week of current and with the whole of it. It computes what the monitoring of a regression
needs: drift of every column, missing values, regression quality. It saves the report of the whole to PAGE as HTML. Without PAGE it
computes only the drift of every column against the whole. It writes the columns' scores as JSON to OUT.
"""

import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
# Hides warnings about a division by a share of 0.
np.seterr(all="ignore")

try:
    from evidently import ColumnMapping

    NEW = False
except ImportError:
    NEW = True


def old_scores(reference, current, numerical, categorical, weekly, page=None):
    from evidently.metrics import DataDriftTable, DatasetMissingValuesMetric, RegressionQualityMetric
    from evidently.report import Report

    mapping = ColumnMapping(numerical_features=numerical, categorical_features=categorical, target=None, prediction=None)
    metrics = [DataDriftTable()]
    if weekly:
        mapping = ColumnMapping(target="trips", prediction="prediction", numerical_features=numerical)
        metrics += [DatasetMissingValuesMetric(), RegressionQualityMetric()]
    report = Report(metrics=metrics)
    report.run(reference_data=reference, current_data=current, column_mapping=mapping)
    if page:
        report.save_html(page)
    table = report.as_dict()["metrics"][0]["result"]["drift_by_columns"]
    return {name: float(column["drift_score"]) for name, column in table.items()}


def new_scores(reference, current, numerical, categorical, weekly, page=None):
    from evidently import DataDefinition, Dataset, Regression, Report
    from evidently.metrics import DatasetMissingValueCount
    from evidently.presets import DataDriftPreset, RegressionQuality

    metrics = [DataDriftPreset()]
    definition = DataDefinition(numerical_columns=numerical, categorical_columns=categorical)
    if weekly:
        definition = DataDefinition(
            numerical_columns=numerical + ["trips", "prediction"],
            regression=[Regression(target="trips", prediction="prediction")],
        )
        metrics += [DatasetMissingValueCount(), RegressionQuality()]
    data = [Dataset.from_pandas(each, data_definition=definition) for each in (current, reference)]
    snapshot = Report(metrics).run(*data)
    if page:
        snapshot.save_html(page)
    drift = [metric for metric in snapshot.dict()["metrics"] if metric["metric_name"].startswith("ValueDrift(")]
    return {metric["config"]["column"]: float(metric["value"]) for metric in drift}


reference_file, current_file, out, *pages = sys.argv[1:]
read = pd.read_parquet if reference_file.endswith(".parquet") else pd.read_csv
reference, current = read(reference_file), read(current_file)
weekly = len(pages) > 0
dates = pd.to_datetime(current["date"]) if weekly else None
if weekly:
    reference, current = (table.drop(columns=["date", "hour"]) for table in (reference, current))
features = [name for name in reference.columns if not weekly or name not in ("trips", "prediction")]
numerical = [name for name in features if pd.api.types.is_numeric_dtype(reference[name])]
categorical = [name for name in features if name not in numerical]
scores = new_scores if NEW else old_scores
result = {"whole": scores(reference, current, numerical, categorical, weekly, *pages)}
if weekly:
    iso = dates.dt.isocalendar()
    weeks = iso["year"].astype(str) + "-W" + iso["week"].astype(str).str.zfill(2)
    for week in sorted(weeks.unique()):
        result[week] = scores(reference, current[weeks == week], numerical, categorical, True)
with open(out, "w") as file:
    json.dump(result, file)
