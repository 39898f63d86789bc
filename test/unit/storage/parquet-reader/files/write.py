"""Writes the files of this folder with Apache Arrow's C++ writer (pip install pyarrow): every encoding that Millrace
reads, in each codec and version of data pages, with and without NULLs. `python write.py`, in this folder."""

import decimal
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 260
rows = range(ROWS)


def every(values, nth):
    return [None if row % nth == 2 else value for row, value in enumerate(values)]


columns = {
    "plain_integer": (pa.int32(), [row * 7919 - 1_000_000 for row in rows], "PLAIN"),
    "plain_flag": (pa.bool_(), [row % 3 == 0 for row in rows], "PLAIN"),
    "plain_text": (pa.string(), [f"value {row % 50} {'x' * (row % 9)}" for row in rows], "PLAIN"),
    "plain_double": (pa.float64(), [row / 13 - 10 for row in rows], "PLAIN"),
    "plain_decimal": (pa.decimal128(30, 4), [decimal.Decimal(row * 31 - 5000) / 100 for row in rows], "PLAIN"),
    "coded_integer": (pa.int64(), [row % 17 * 10_000_000_000 for row in rows], None),
    "coded_text": (pa.string(), [f"mode {row % 7}" for row in rows], None),
    "rle_flag": (pa.bool_(), [row // 40 % 2 == 0 for row in rows], "RLE"),
    "delta_integer": (pa.int32(), [row * row - 700 * row for row in rows], "DELTA_BINARY_PACKED"),
    "delta_bigint": (pa.int64(), [row * 1234567891011 * (-1) ** row for row in rows], "DELTA_BINARY_PACKED"),
    "delta_timestamp": (pa.timestamp("us"), [1_000_000_007 * row for row in rows], "DELTA_BINARY_PACKED"),
    "delta_length_text": (pa.string(), [f"text {row} {'y' * (row % 40)}" for row in rows], "DELTA_LENGTH_BYTE_ARRAY"),
    "delta_text": (pa.string(), [f"a common beginning {row // 9} {row}" for row in rows], "DELTA_BYTE_ARRAY"),
    "delta_bytes": (pa.binary(), [bytes([row // 200, row // 7 % 256, row % 256]) for row in rows], "DELTA_BYTE_ARRAY"),
    "split_double": (pa.float64(), [row / 7 for row in rows], "BYTE_STREAM_SPLIT"),
}

fields, arrays, encodings, coded = [], [], {}, []
for index, (name, (kind, values, encoding)) in enumerate(columns.items()):
    for suffix, nullable, kept in (("", False, values), ("_or_null", True, every(values, 3 + index))):
        fields.append(pa.field(name + suffix, kind, nullable=nullable))
        arrays.append(pa.array(kept, kind))
        if encoding is None:
            coded.append(name + suffix)
        else:
            encodings[name + suffix] = encoding
table = pa.table(arrays, schema=pa.schema(fields))

for codec in ("none", "snappy", "gzip", "zstd"):
    for version in ("1.0", "2.0"):
        pq.write_table(
            table,
            f"arrow-{codec}-v{version[0]}.parquet",
            version="2.6",
            compression=codec,
            data_page_version=version,
            use_dictionary=coded,
            column_encoding=encodings,
            data_page_size=1024,
            write_batch_size=64,
            row_group_size=150,
            store_schema=False,
        )

# One row group whose pages a page index describes: in order, in no order, NULLs at the end, and with NaNs.
paged_rows = range(30_000)
paged = pa.table(
    {
        "id": pa.array([row * 2 for row in paged_rows], pa.int32()),
        "instant": pa.array([1_700_000_000_000_000 + row * 1_000_001 for row in paged_rows], pa.timestamp("us")),
        "name": pa.array([f"name of row {row:06d}, which is longer than what an index holds of it" for row in paged_rows]),
        "late": pa.array([None if row > 20_000 else row // 5 for row in paged_rows], pa.int64()),
        "mixed": pa.array([row * 7919 % 30_011 for row in paged_rows], pa.int32()),
        "ratio": pa.array([float("nan") if row == 25_000 else row / 4 for row in paged_rows], pa.float64()),
    }
)
pq.write_table(
    paged,
    "arrow-page-index.parquet",
    compression="zstd",
    use_dictionary=False,
    data_page_size=8192,
    write_batch_size=512,
    write_page_index=True,
    store_schema=False,
)
