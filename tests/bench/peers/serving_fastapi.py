"""Serves with plain FastAPI on uvicorn: one validated route."""

from fastapi import FastAPI
from pydantic import BaseModel

from serving_model import Model, answer


class Trip(BaseModel):
    date: str
    TMAX: float
    TMIN: float
    SNOW: float


class Batch(BaseModel):
    input_data: list[Trip]


app = FastAPI()
model = Model()


@app.get("/livez")
def livez() -> dict:
    return {}


@app.post("/predict_trip")
async def predict_trip(batch: Batch) -> dict:
    return answer(model.predict([row.model_dump() for row in batch.input_data]))
