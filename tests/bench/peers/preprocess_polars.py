"""Counts trips per hour from trip archives with polars. usage: preprocess_polars.py OUT.parquet ZIP..."""

import sys
import zipfile

import polars as pl

STATION_IDS = {"start_station_id": pl.String, "end_station_id": pl.String}


def valid_rides(csv: bytes) -> pl.DataFrame:
    """Returns ride_id and hour of the rides over 0 and under 60 minutes."""
    rides = pl.read_csv(csv, schema_overrides=STATION_IDS, try_parse_dates=True)
    duration = pl.col("ended_at") - pl.col("started_at")
    return rides.filter((duration > pl.duration()) & (duration < pl.duration(minutes=60))).select(
        "ride_id", hour=pl.col("started_at").dt.truncate("1h").cast(pl.Datetime("ms"))
    )


def main(out: str, archives: list[str]) -> None:
    parts = []
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".csv") and not name.startswith("__MACOSX"):
                    parts.append(valid_rides(archive.read(name)))
    (
        pl.concat(parts)
        .unique("ride_id")
        .group_by("hour")
        .agg(trips=pl.len())
        .sort("hour")
        .select(date=pl.col("hour").dt.date(), hour=pl.col("hour").dt.hour(), trips="trips")
        .write_parquet(out)
    )


main(sys.argv[1], sys.argv[2:])
