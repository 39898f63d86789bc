const NUMBER_ROWS =
  'There are no sequences: number the rows where they are written, (SELECT max(id) FROM t) + row_number() OVER ().';

/**
 * Functions of PostgreSQL, Spark and DuckDB whose answers would be wrong here, and what to write instead.
 */
export const unsupportedFunctions: Readonly<Record<string, string>> = {
  setseed: 'Rows are computed in parallel, so random() cannot repeat itself: order by md5(key::text || seed) instead.',
  nextval: NUMBER_ROWS,
  currval: NUMBER_ROWS,
  setval: NUMBER_ROWS,
  lastval: NUMBER_ROWS,
  trim_scale: 'The scale of a numeric belongs to its type here: cast to numeric(38, n), or to double precision.',
  input_file_name: 'Use the column filename of read_parquet(…, filename => true).',
};
