"""Counts rides by (date, hour) from trip archives, by the README's table of which ride counts.

The script uses only zipfile, csv and datetime of the standard library, so that tests can compare its independent counts with the product's.

usage: count_hours.py OUT.json ARCHIVE...
Writes {"seed": {"YYYY-MM-DD HH": rides}, "all": {...}, "rows": n}. It reads every CSV of a zip, or a gzipped CSV: no nested archives and
no copies of a CSV.
"""
import csv
import gzip
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


STARTS = ("startedat", "starttime", "startdate", "rentaldetailslocalstarttime", "starttimeanddate")
ENDS = ("endedat", "stoptime", "endtime", "enddate", "rentaldetailslocalendtime", "stoptimeanddate")
IDS = ("rideid", "tripid", "rentaldetailsrentalid")


def csvs_of(archive):
    """Yields each CSV as text."""
    if archive.endswith(".gz"):
        yield gzip.open(archive, "rt", encoding="utf-8-sig", newline="")
        return
    with zipfile.ZipFile(archive) as zipped:
        for name in zipped.namelist():
            if not name.startswith("__MACOSX") and name.endswith(".csv"):
                yield io.TextIOWrapper(zipped.open(name), encoding="utf-8-sig", newline="")


def column(header, names):
    """Returns the position of the first name that occurs, or None."""
    return next((header.index(name) for name in names if name in header), None)


def rides_of(archive):
    """Yields (ride_id or None, started, ended) of every row."""
    for text in csvs_of(archive):
        rows = csv.reader(text)
        header = ["".join(letter for letter in name.lower() if letter.isalpha()) for name in next(rows)]
        started, ended, ride_id = (column(header, names) for names in (STARTS, ENDS, IDS))
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
