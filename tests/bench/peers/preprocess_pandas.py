"""Counts trips per hour from trip archives with pandas. usage: preprocess_pandas.py OUT.parquet ZIP..."""

import sys
import zipfile

import pandas as pd

STATION_IDS = {"start_station_id": "string", "end_station_id": "string"}


def valid_rides(csv) -> pd.DataFrame:
    """Returns ride_id and hour of the rides over 0 and under 60 minutes."""
    rides = pd.read_csv(
        csv,
        dtype=STATION_IDS,
        parse_dates=["started_at", "ended_at"],
        date_format="ISO8601",
    )
    duration = rides["ended_at"] - rides["started_at"]
    valid = (duration > pd.Timedelta(0)) & (duration < pd.Timedelta(minutes=60))
    rides = rides.loc[valid, ["ride_id", "started_at"]]
    return pd.DataFrame({"ride_id": rides["ride_id"], "hour": rides["started_at"].dt.floor("h")})


def main(out: str, archives: list[str]) -> None:
    parts = []
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".csv") and not name.startswith("__MACOSX"):
                    with archive.open(name) as csv:
                        parts.append(valid_rides(csv))
    rides = pd.concat(parts, ignore_index=True).drop_duplicates("ride_id")
    hours = rides.groupby("hour").size().rename("trips").reset_index()
    hours.insert(0, "date", hours["hour"].dt.normalize())
    hours["hour"] = hours["hour"].dt.hour
    hours.to_parquet(out, index=False)


main(sys.argv[1], sys.argv[2:])
