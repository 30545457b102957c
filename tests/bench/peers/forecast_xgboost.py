"""Trains what users have today: XGBoost tuned by Optuna on the twelve basic features; scores it on later months.

usage: forecast_xgboost.py OUT.json --hourly PARQUET... --weather CSV... --train FROM TO --test FROM TO [--trials 50] [--folds 3] [--seed 42]

Months are YYYY-MM, both ends inclusive. Optuna's default sampler proposes 50 trials. 3 shuffled folds of the training hours score each,
and one fit with the best trial uses all of them. OUT.json gets the predictions by hour, the best parameters and the seconds of the search.
"""

import argparse
import json
import os
import time

# Threads that wait sleep instead of spinning: as fast on an idle machine, and many times as fast on a shared one.
# The library reads the variable when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import optuna
import pandas as pd
from sklearn.model_selection import KFold, cross_val_score
from xgboost import XGBRegressor

FEATURES = ["holiday", "TMAX", "TMIN", "SNOW"] + [
    f"{name}_{part}" for name in ("hr", "weekday", "week", "mnth") for part in ("sin", "cos")
]


def load(hourly: list[str], weather: list[str]) -> pd.DataFrame:
    """Returns one row per hour. A missing day of weather repeats the day before, so that all models predict the same hours."""
    trips = pd.concat(pd.read_parquet(file) for file in hourly)
    trips["date"] = pd.to_datetime(trips["date"])
    trips = trips.groupby(["date", "hour"], as_index=False).agg(trips=("trips", "sum"), holiday=("holiday", "max"))
    days = pd.concat(pd.read_csv(file, parse_dates=["DATE"]) for file in weather)
    days = days.drop_duplicates("DATE").set_index("DATE").sort_index().asfreq("D").ffill()
    return trips.merge(days[["TMAX", "TMIN", "SNOW"]], left_on="date", right_index=True)


def add_features(data: pd.DataFrame) -> pd.DataFrame:
    calendar = data["date"].dt
    cycles = {
        "hr": data["hour"] / 24,
        "weekday": calendar.day_of_week / 7,
        "week": (calendar.isocalendar().week.astype(int) - 1) / 52,
        "mnth": (calendar.month - 1) / 12,
    }
    for name, turn in cycles.items():
        data[f"{name}_sin"] = np.sin(2 * np.pi * turn)
        data[f"{name}_cos"] = np.cos(2 * np.pi * turn)
    return data


def of_months(data: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    month = data["date"].dt.strftime("%Y-%m")
    return data[(month >= first) & (month <= last)]


def model(seed: int, **parameters: float) -> XGBRegressor:
    return XGBRegressor(random_state=seed, n_jobs=2, tree_method="hist", **parameters)


def search(train: pd.DataFrame, trials: int, folds: int, seed: int) -> dict[str, float]:
    split = KFold(folds, shuffle=True, random_state=seed)

    def objective(trial: optuna.Trial) -> float:
        parameters = {
            "n_estimators": trial.suggest_int("n_estimators", 100, 500),
            "max_depth": trial.suggest_int("max_depth", 3, 10),
            "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.3, log=True),
            "subsample": trial.suggest_float("subsample", 0.6, 1.0),
            "colsample_bytree": trial.suggest_float("colsample_bytree", 0.6, 1.0),
            "min_child_weight": trial.suggest_int("min_child_weight", 1, 10),
            "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 10, log=True),
        }
        scores = cross_val_score(
            model(seed, **parameters),
            train[FEATURES],
            train["trips"],
            cv=split,
            scoring="neg_root_mean_squared_error",
        )
        return -scores.mean()

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=trials)
    return study.best_params


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--hourly", nargs="+", required=True)
    parser.add_argument("--weather", nargs="+", required=True)
    parser.add_argument("--train", nargs=2, required=True)
    parser.add_argument("--test", nargs=2, required=True)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()
    data = add_features(load(args.hourly, args.weather))
    train, test = of_months(data, *args.train), of_months(data, *args.test)
    started = time.monotonic()
    best = search(train, args.trials, args.folds, args.seed)
    seconds = time.monotonic() - started
    fitted = model(args.seed, **best).fit(train[FEATURES], train["trips"])
    predictions = np.maximum(0, fitted.predict(test[FEATURES]))
    hours = [
        {"date": date.strftime("%Y-%m-%d"), "hour": int(hour), "prediction": float(value)}
        for date, hour, value in zip(test["date"], test["hour"], predictions)
    ]
    with open(args.out, "w") as out:
        json.dump({"searchSeconds": seconds, "best": best, "trainedOn": len(train), "hours": hours}, out)


main()
