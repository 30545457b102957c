"""Writes random tables as people write them with Python, and compares the product's outputs with them.

    python random_tables.py write SEED FOLDER
    python random_tables.py compare FOLDER OUTPUTS

`write` fills FOLDER and describes its tables in manifest.json. `compare` reads each table and the output of `annotateFile` for it
in OUTPUTS (NAME.out.csv, NAME.out.parquet). It prints the differences as a JSON list, and exits with 1 if there are any.
Needs pandas and pyarrow.
"""

import csv
import datetime as dt
import gzip
import io
import json
import random
import re
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd

ADDED = "row_number"
TYPED = "typed"
DECIMAL = re.compile(r"[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t]*", re.ASCII)
MISSING = ["", "NA", "NaN", "nan", "null", "NULL", "None", "<NA>", "n/a", "#N/A"]
NUMBERS = ["1e5", "+5", "-0", ".5", "7.", "007", " 12 ", "0.30000000000000004", "9007199254740993", "1E-7", "-1.50"]
NOT_NUMBERS = ["1_000", "0x1F", " 0x1f", "0b1", "1,5", "inf", "-Infinity", "1e400", "NAN", "T", "true", "\u00a01", "١٢", "1e", "."]
WORDS = [
    "Grove St PATH", "casual, member", 'say "no"', '"', '""', "'", "a;b", "tab\there", "bar|bar", "two\nlines", "two\r\nlines",
    "\n", " lead", "trail ", "  ", "é", "e\u0301", "🚲", "👩‍🚒", "\u00a0", "\ufeff", "x\ufeff", "日本語", "ＮＡ", "\u2028", "#x", "=1+1",
    "C:\\new\\table", "\\N", "%41", "2025-01-31", "2025-01-31 08:00:00", "31/01/2025", "True", "FALSE", "T", "x" * 300,
    "12345678901234567890123456789", "00501", "5379.10", "1_000", "NAN", "-", "\x1f", "\x7f",
]
# Python 3.11 does not quote a carriage return that is not part of the line end.
RETURN = "two\rparts"
NAMES = ["ride id", "Ünïcode", "a,b", 'q"q', "two\nlines", "名前", "x.y", "select", "100%", " padded ", "😀", "row", "source", "written"]


def read_rows(path):
    data = gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else path.read_bytes()
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def random_cells(rng, rows, can_quote):
    kind = rng.choice(["words", "numbers", "mixed", "booleans", "days", "ids", "blank", "one"])
    pools = {
        "words": WORDS + MISSING + ([RETURN] if rng.random() < 0.1 else []),
        "numbers": NUMBERS + MISSING,
        "mixed": WORDS + NUMBERS + NOT_NUMBERS + MISSING,
        "booleans": ["True", "False", "true", "FALSE", ""] + (["1"] if rng.random() < 0.3 else []),
        "days": [f"2025-0{month}-1{day}" for month in range(1, 9) for day in range(9)] + [""],
        "ids": [str(rng.randrange(10**k)).zfill(k) for k in range(1, 25)],
        "blank": MISSING,
        "one": [rng.choice(WORDS)],
    }
    pool = pools[kind]
    if not can_quote:
        pool = [re.sub(r'[",;|\t\r\n]', "", text) for text in pool]
    return [rng.choice(pool) for _ in range(rows)]


def write_csv_table(rng, folder, number):
    """Writes one table with the csv module. Returns its description."""
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_NONE])
    can_quote = quoting != csv.QUOTE_NONE
    extension = rng.choice([".csv", ".csv", ".tsv", ".csv.gz"])
    delimiter = "\t" if extension == ".tsv" else rng.choice([",", ",", ";", "|", "\t"])
    rows = rng.choice([0, 1, 2, 25, 60])
    names = rng.sample(NAMES, rng.randrange(1, 6))
    if not can_quote:
        names = [re.sub(r'[",;|\t\r\n]', "", name) for name in names]
    columns = [random_cells(rng, rows, can_quote) for _ in names]
    bad = rng.random() < 0.2 and rows > 0
    typed = [rng.choice(NUMBERS + MISSING) for _ in range(rows)]
    if bad:
        typed[rng.randrange(rows)] = rng.choice([text for text in NOT_NUMBERS if can_quote or "," not in text])
    if rng.random() < 0.8 or bad:
        place = rng.randrange(len(names) + 1)
        names.insert(place, TYPED)
        columns.insert(place, typed)
    if len(names) == 1:
        delimiter = "\t" if extension == ".tsv" else ","
    # The first line must have more of the delimiter than of any other.
    others = [each for each in ",;|\t" if each != delimiter]
    if any(each in name for each in others for name in names) and not quoting == csv.QUOTE_ALL:
        names = [re.sub(r"[,;|\t]", "", name) for name in names]
    buffer = io.StringIO(newline="")
    end = rng.choice(["\n", "\r\n"])
    writer = csv.writer(buffer, quoting=quoting, delimiter=delimiter, lineterminator=end,
                        quotechar='"' if can_quote else None)
    try:
        writer.writerows([names, *zip(*columns)])
    except csv.Error:  # QUOTE_NONE cannot write a row of one empty cell.
        return write_csv_table(rng, folder, number)
    content = buffer.getvalue()
    if content.endswith(end) and rng.random() < 0.3 and not content.endswith(f'""{end}'):
        content = content.removesuffix(end)
    data = (b"\xef\xbb\xbf" if rng.random() < 0.3 else b"") + content.encode()
    name = f"{number}{extension}"
    (folder / name).write_bytes(gzip.compress(data) if extension.endswith("gz") else data)
    raw_return = quoting == csv.QUOTE_MINIMAL and any(
        "\r" in cell for column in columns for cell in column
        if not set(cell) & set(end + delimiter + '"'))
    return {"file": name, "kind": "csv", "rows": [names, *zip(*columns)], "may_reject": raw_return and end == "\n"}


def random_frame(rng, rows):
    """Returns a frame of typed columns. Names the columns first whose CSV is exact."""
    def some(values, missing):
        cells = [missing if missing is not False and rng.random() < 0.2 else rng.choice(values) for _ in range(rows)]
        # pandas writes a column without values with no type.
        return [rng.choice(values), *cells[1:]] if rows else []

    texts = [text for text in WORDS if text.lower() not in ("true", "false", "t") and not re.fullmatch(r"[\d.]+", text)]
    day = [dt.date(2025, 1, 1) + dt.timedelta(days=each) for each in range(400)]
    time = [dt.datetime(2025, 3, 9, 1, 30) + dt.timedelta(minutes=30 * each) for each in range(48)]
    floats = [0.1, -1e300, 5e-324, 2.5, 1e22, -0.0, 123456789.125, 0.30000000000000004]
    return pd.DataFrame({
        "int64": pd.Series(some([-(2**63), 2**53 + 1, 0, 7], False), dtype="int64"),
        "uint8": pd.Series(some([0, 255], False), dtype="uint8"),
        "float64": pd.Series(some(floats + [float("inf")], None), dtype="float64"),
        "bool": pd.Series(some([True, False], False), dtype="bool"),
        "text": pd.Series([*some(texts, None)], dtype="str"),
        "day": pd.Series(some(day, None), dtype="object"),
        "float32": pd.Series(some([0.1, 1e30], None), dtype="float32"),
        "uint64": pd.Series(some([2**64 - 1, 5], False), dtype="uint64"),
        "nullable": pd.Series(some([2**53 + 1, 5], pd.NA), dtype="Int64"),
        "boolean": pd.Series(some([True, False], pd.NA), dtype="boolean"),
        "category": pd.Series(some(["member", "casual"], None), dtype="category"),
        "time": pd.Series(some(time, pd.NaT), dtype="datetime64[us]"),
        "time_ns": pd.Series(some(time, pd.NaT), dtype="datetime64[ns]"),
        "decimal": pd.Series(some([Decimal("5379.10"), Decimal("-0.05")], None), dtype="object"),
        "not missing": pd.Series(some(["NA", "", "null", "🚲"], None), dtype="str"),
    })


def write_pandas_table(rng, folder, number):
    """Writes one frame with pandas, as parquet and the exact columns as CSV. Returns the descriptions."""
    frame = random_frame(rng, rng.choice([1, 30, 3000]))
    index = rng.random() < 0.5
    name = f"{number}.parquet"
    frame.to_parquet(folder / name, index=index, compression=rng.choice(["snappy", "zstd", None]))
    if index and len(frame):
        frame.sample(frac=0.7, random_state=number).to_parquet(folder / name)
    shown = frame if not index or not len(frame) else frame.sample(frac=0.7, random_state=number)
    plain = f"{number}p{rng.choice(['.csv', '.csv.gz'])}"
    shown[["int64", "uint8", "float64", "bool", "text", "day"]].to_csv(folder / plain, index=index)
    return [{"file": name, "kind": "parquet", "same": plain},
            {"file": plain, "kind": "csv", "rows": read_rows(folder / plain), "may_reject": False}]


def write(seed, folder):
    rng = random.Random(seed)
    tables = [write_csv_table(rng, folder, number) for number in range(100)]
    for number in range(100, 110):
        tables += write_pandas_table(rng, folder, number)
    (folder / "manifest.json").write_text(json.dumps(tables), encoding="utf-8")


def number_of(text):
    return None if text in MISSING else float(text) if DECIMAL.fullmatch(text) else "rejected"


def compare_csv(table, folder, outputs):
    names, *rows = table["rows"]
    error = outputs["errors"].get(table["file"])
    typed = [number_of(row[names.index(TYPED)]) for row in rows] if TYPED in names else []
    bad = [place + 1 for place, value in enumerate(typed)
           if value == "rejected" or value in (float("inf"), float("-inf"))]
    if bad or error:
        expected = f"{table['file']}, row {bad[0]}: {TYPED}: got " if bad else ""
        if not error or not (expected and expected in error or table["may_reject"]):
            yield f"rejected with {error}, expected {expected or 'no error'}"
        return
    stem = outputs["folder"] / table["file"]
    written = read_rows(Path(f"{stem}.out.csv"))
    expected = [[*names, ADDED, "read"], *([*row, str(place + 1)] for place, row in enumerate(rows))]
    for place, (want, got) in enumerate(zip(expected, written, strict=False)):
        if want != (got if place == 0 else got[:-1]):
            yield f"CSV row {place}: got {got}, expected {want}"
    if len(expected) != len(written):
        yield f"CSV: got {len(written)} rows, expected {len(expected)}"
    for place, value in enumerate(typed):
        got = written[place + 1][-1]
        if (None if got == "" else float(got)) != value:
            yield f"row {place + 1}: {TYPED}: read {got}, expected {value}"
    frame = pd.read_parquet(f"{stem}.out.parquet")
    for place, name in enumerate(names):
        if name == TYPED:
            continue
        column = [row[place] for row in rows]
        if list(frame[name or "Unnamed: 0"]) != column:
            yield f"parquet {name}: got {list(frame[name])[:5]}, expected {column[:5]}"


def compare_parquet(table, folder, outputs):
    error = outputs["errors"].get(table["file"])
    if error:
        yield f"rejected with {error}"
        return
    before = pd.read_parquet(folder / table["file"])
    after = pd.read_parquet(outputs["folder"] / f"{table['file']}.out.parquet")
    if list(after[ADDED]) != list(range(1, len(before) + 1)):
        yield f"{ADDED}: got {list(after[ADDED])[:5]}"
    try:
        pd.testing.assert_frame_equal(after.drop(columns=[ADDED, "read"]), before.astype({"category": "str"}),
                                      check_exact=True)
    except AssertionError as difference:
        yield str(difference)
    with (outputs["folder"] / f"{table['file']}.out.csv").open(newline="", encoding="utf-8") as file:
        texts = pd.DataFrame(list(csv.DictReader(file)))
    for name in before.columns if len(before) else []:
        if name in ("text", "not missing", "category", "day", "int64", "uint64", "nullable", "decimal"):
            wanted = ["" if pd.isna(value) else str(value) for value in before[name]]
            got = list(texts[name])
            if name == "decimal":  # DuckDB omits the zero before the point when the type has no digit for it.
                got = [text.replace(".", "0.") if text.lstrip("-").startswith(".") else text for text in got]
            yield from (f"text of {name}: got {one!r}, expected {other!r}" for one, other in zip(got, wanted) if one != other)


def compare(folder, results):
    outputs = {"folder": results, "errors": json.loads((results / "errors.json").read_text(encoding="utf-8"))}
    return [f"{table['file']}: {difference}"
            for table in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            for difference in (compare_csv if table["kind"] == "csv" else compare_parquet)(table, folder, outputs)]


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        differences = compare(Path(sys.argv[2]), Path(sys.argv[3]))
        print(json.dumps(differences))
        sys.exit(1 if differences else 0)
