"""Computes the network that all contenders serve in NumPy, as a user would write it: five nets with two hidden layers of 64, averaged.

It computes only twelve of the inputs, by the formulas of the basic feature set; the others stay 0. That is less work per row than the
product does, in the peers' favour.
"""

import json
import math
import os
from datetime import datetime

import numpy as np

MEMBERS, HIDDEN, HEADS = 5, 64, 3


class Model:
    def __init__(self) -> None:
        folder = os.environ["BENCH_MODEL"]
        weights = np.fromfile(os.path.join(folder, "weights.bin"), dtype=np.float32)
        with open(os.path.join(folder, "spec.json")) as file:
            self.inputs = len(json.load(file)["features"])
        shapes = [(self.inputs, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, HEADS), (HEADS,)]
        layers: list[list[np.ndarray]] = [[] for _ in shapes]
        at = 0
        for _ in range(MEMBERS):
            for i, shape in enumerate(shapes):
                size = math.prod(shape)
                layers[i].append(weights[at : at + size].reshape(shape))
                at += size
        self.layers = [np.stack(each) for each in layers]

    def predict(self, rows: list[dict]) -> list[float]:
        x = np.zeros((len(rows), self.inputs), dtype=np.float32)
        for i, row in enumerate(rows):
            when = datetime.fromisoformat(row["date"])
            cycles = ((when.hour, 24), (when.weekday(), 7), (when.isocalendar().week - 1, 52), (when.month - 1, 12))
            x[i, :3] = row["TMAX"], row["TMIN"], row["SNOW"]
            for k, (step, length) in enumerate(cycles):
                angle = 2 * math.pi * step / length
                x[i, 4 + 2 * k], x[i, 5 + 2 * k] = math.sin(angle), math.cos(angle)
        w1, b1, w2, b2, w3, b3 = self.layers
        h = np.maximum(x @ w1 + b1[:, None], 0)
        h = np.maximum(h @ w2 + b2[:, None], 0)
        return (h @ w3 + b3[:, None]).mean(axis=0)[:, 1].tolist()


def answer(predictions: list[float]) -> dict:
    return {"predictions": [{"model": "citibike-trips", "prediction": p} for p in predictions]}


if __name__ == "__main__":
    print(json.dumps(answer(Model().predict([{"date": "2025-01-15T08:00:00", "TMAX": 40, "TMIN": 30, "SNOW": 0}]))))
