"""Counts trips per hour from trip archives with DuckDB, which cannot read zips, so the script unpacks them to disk first.

usage: preprocess_duckdb.py OUT.parquet ZIP...
"""

import os
import sys
import tempfile
import zipfile

import duckdb


def unpack(archives: list[str], folder: str) -> list[str]:
    files = []
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".csv") and not name.startswith("__MACOSX"):
                    files.append(archive.extract(name, os.path.join(folder, os.path.basename(path))))
    return files


def main(out: str, archives: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        duckdb.sql(
            """
            SELECT started_at::DATE AS date, hour(started_at) AS hour, count(*) AS trips
            FROM (
                SELECT min(started_at) AS started_at
                FROM read_csv($files, types = {'start_station_id': 'VARCHAR', 'end_station_id': 'VARCHAR'})
                WHERE ended_at > started_at AND ended_at - started_at < INTERVAL 60 MINUTE
                GROUP BY ride_id
            )
            GROUP BY ALL
            ORDER BY ALL
            """,
            params={"files": unpack(archives, folder)},
        ).write_parquet(out)


main(sys.argv[1], sys.argv[2:])
