"""Writes the tables that the drift benches compare: drift_tables.py weeks|million FOLDER, as reference and current, .csv and .parquet.

weeks: synthetic hours of 2024 Q1 and of the 13 whole or begun ISO weeks of 2025 Q1, in the 14 monitored columns, with date and hour.
million: 1,000,000 rows of 12 columns: ten numeric, two of them with few values, and two categorical.
"""

import sys

import numpy as np
import pandas as pd


def hours(start, end, seed):
    rng = np.random.default_rng(seed)
    time = pd.date_range(start, end, freq="h", inclusive="left")
    day = (time.normalize() - time.normalize()[0]).days.to_numpy()
    hour, weekday = time.hour.to_numpy(), time.dayofweek.to_numpy()
    week, month = time.isocalendar().week.to_numpy().astype(int), time.month.to_numpy()
    warmth = 38 + 0.2 * day + rng.normal(0, 8, day.max() + 1)[day]
    trips = 3000 * (1.2 - np.cos(2 * np.pi * (hour - 4) / 24)) * (1 + 0.01 * (warmth - 40))
    trips = np.maximum(20, trips * rng.lognormal(0, 0.15, len(time)))
    angle = lambda value, period: 2 * np.pi * value / period
    columns = {"date": time.strftime("%Y-%m-%d"), "hour": hour, "holiday": np.isin(day, [0, 14, 49]).astype(int)}
    columns |= {"TMAX": warmth.round(), "TMIN": (warmth - 12).round()}
    columns["SNOW"] = np.where(rng.random(day.max() + 1) < 0.05, 1.2, 0.0)[day]
    for name, value, period in [("hr", hour, 24), ("weekday", weekday, 7), ("week", week - 1, 52), ("mnth", month - 1, 12)]:
        columns |= {f"{name}_sin": np.sin(angle(value, period)), f"{name}_cos": np.cos(angle(value, period))}
    columns |= {"trips": trips.round().astype(int), "prediction": (trips * rng.lognormal(0, 0.2, len(time))).round(2)}
    return pd.DataFrame(columns)


def million(seed, shift, rows=1_000_000):
    rng = np.random.default_rng(seed)
    columns = {f"n{i}": rng.normal(shift * i, 1 + i / 10, rows).round(6) for i in range(5)}
    columns |= {f"e{i}": rng.exponential(1 + i, rows).round(6) for i in range(3)}
    columns |= {"few": rng.integers(0, 4, rows), "flag": rng.integers(0, 2, rows)}
    columns["kind"] = rng.choice(["classic", "electric", "docked"], rows)
    columns["station"] = rng.choice([f"S{i}" for i in range(500)], rows)
    return pd.DataFrame(columns)


what, folder = sys.argv[1:]
if what == "weeks":
    tables = hours("2024-01-01", "2024-04-01", 1), hours("2025-01-01", "2025-03-31", 2)
else:
    tables = million(1, 0.0), million(2, 0.02)
for name, table in zip(["reference", "current"], tables):
    table.to_csv(f"{folder}/{name}.csv", index=False)
    table.to_parquet(f"{folder}/{name}.parquet", index=False)
