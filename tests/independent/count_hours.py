"""Counts rides by (date, hour) from trip archives, by the README's table of which ride counts.

The script uses only zipfile, csv and datetime of the standard library, so that tests can compare its independent counts with the product's.

usage: count_hours.py OUT.json ARCHIVE...
Writes {"seed": {"YYYY-MM-DD HH": rides}, "all": {...}, "rows": n}. It reads every entry of an archive: no nested archives and no
copies of a CSV.
"""
import csv
import io
import json
import sys
import zipfile
from collections import Counter
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
NOTHING = timedelta(0)


def time_of(text):
    """Returns a published time, or None: 2024-01-31 23:59:59[.999], 1/31/2015 23:59[:59]."""
    text = text.strip()
    try:
        if len(text) >= 19 and text[4] == "-":
            return datetime.fromisoformat(text)
    except ValueError:
        return None
    for form in ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            pass
    return None


def rides_of(archive):
    """Yields (ride_id or None, started, ended) of every row."""
    with zipfile.ZipFile(archive) as zipped:
        for name in zipped.namelist():
            if name.startswith("__MACOSX") or not name.endswith(".csv"):
                continue
            rows = csv.reader(io.TextIOWrapper(zipped.open(name), encoding="utf-8-sig", newline=""))
            header = ["".join(letter for letter in column.lower() if letter.isalpha()) for column in next(rows)]
            modern = "rideid" in header
            started = header.index("startedat" if modern else "starttime")
            ended = header.index("endedat" if modern else "stoptime")
            ride_id = header.index("rideid") if modern else None
            for row in rows:
                if row:
                    yield (None if ride_id is None else row[ride_id], time_of(row[started]), time_of(row[ended]))


def main():
    out, archives = sys.argv[1], sys.argv[2:]
    rows = 0
    hours = {"seed": Counter(), "all": Counter()}
    # Of several valid rides with one ride_id, the one with the earliest start counts.
    starts = {"seed": {}, "all": {}}
    for archive in archives:
        for ride_id, started, ended in rides_of(archive):
            rows += 1
            counts = {
                "seed": started is not None and ended is not None and NOTHING < ended - started < HOUR,
                "all": started is not None,
            }
            for rules in [rules for rules, it_counts in counts.items() if it_counts]:
                if ride_id is None:
                    hours[rules][started.strftime("%Y-%m-%d %H")] += 1
                else:
                    earliest = starts[rules].get(ride_id)
                    if earliest is None or started < earliest:
                        starts[rules][ride_id] = started
    for rules, of_ids in starts.items():
        for started in of_ids.values():
            hours[rules][f"{started.date()} {started.hour:02d}"] += 1
    with open(out, "w", encoding="utf-8") as file:
        json.dump({**hours, "rows": rows}, file)


main()
