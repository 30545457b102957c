"""Serves with BentoML, one worker and adaptive batching, which computes rows of several requests together and doubles its throughput."""

import bentoml
from pydantic import BaseModel

from serving_model import Model


class Trip(BaseModel):
    date: str
    TMAX: float
    TMIN: float
    SNOW: float


@bentoml.service(workers=1)
class Citibike:
    def __init__(self) -> None:
        self.model = Model()

    @bentoml.api(batchable=True, max_batch_size=10_000, max_latency_ms=10_000)
    def predict_trip(self, input_data: list[Trip]) -> list[float]:
        return self.model.predict([row.model_dump() for row in input_data])
