"""Checks that a registered model predicts the same in Python as in the prediction service.

    python check_onnx.py MODEL ROWS.json [--pyfunc]

MODEL      a model folder (or one that `mlflow artifacts download -u models:/citibike-trips@champion` made), a file
           `model.onnx`, or with --pyfunc also `models:/NAME@ALIAS`.
ROWS.json  {"features": [[...], ...], "day": [...], "hour": [...], "prediction": [...], "lower": [...], "upper": [...]}: raw
           features in the order of spec.json, days since spec.json's growth.origin, hours of the day, and the service's answers.

Prints the largest difference of each output in trips per hour as JSON. It exits with 1 if a difference is above a thousandth of a trip
plus 1e-5 of the answer. It reads features as float32, which causes the whole difference.
Needs onnxruntime and numpy; with --pyfunc also mlflow and onnx.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

LEAST_TOLERANCE = 1e-3
RELATIVE_TOLERANCE = 1e-5


def predict_with_onnxruntime(model, feed):
    import onnxruntime

    path = Path(model)
    session = onnxruntime.InferenceSession(
        path / "model.onnx" if path.is_dir() else path, providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feed)))


def predict_with_pyfunc(model, feed):
    import mlflow

    return mlflow.pyfunc.load_model(model).predict(feed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("rows")
    parser.add_argument("--pyfunc", action="store_true", help="load with mlflow.pyfunc instead of onnxruntime")
    options = parser.parse_args()

    rows = json.loads(Path(options.rows).read_text())
    feed = {
        "features": np.asarray(rows["features"], dtype=np.float32),
        "day": np.asarray(rows["day"], dtype=np.int64),
        "hour": np.asarray(rows["hour"], dtype=np.int64),
    }
    predict = predict_with_pyfunc if options.pyfunc else predict_with_onnxruntime
    answers = predict(options.model, feed)

    expected = {name: np.asarray(rows[name], dtype=np.float64) for name in answers}
    differences = {name: np.abs(values - expected[name]) for name, values in answers.items()}
    largest = {name: float(np.max(each)) for name, each in differences.items()}
    print(json.dumps({"rows": len(feed["hour"]), "largest_difference": largest}))
    agree = all(
        # NaN counts as a difference.
        np.all(each <= LEAST_TOLERANCE + RELATIVE_TOLERANCE * np.abs(expected[name]))
        for name, each in differences.items()
    )
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
