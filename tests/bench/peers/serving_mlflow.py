"""Serves the same network with MLflow's own server (`mlflow models serve`), as a model from code. Run as a program, it writes the model's folder."""

import sys

import mlflow
import pandas as pd

from serving_model import Model


class Citibike(mlflow.pyfunc.PythonModel):
    def load_context(self, context) -> None:
        self.model = Model()

    def predict(self, context, model_input: pd.DataFrame, params=None) -> list[float]:
        return self.model.predict(model_input.to_dict("records"))


if __name__ == "__main__":
    mlflow.pyfunc.save_model(sys.argv[1], python_model=__file__, pip_requirements=[])
else:
    mlflow.models.set_model(Citibike())
