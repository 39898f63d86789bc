import type { Random } from '../random.js';
import { type AnalyticColumn, type AnalyticType, randomAnalyticColumn } from './analytic-columns.js';

/** A table whose rows are computed of their numbers, from `first` on; both engines read the same Parquet files. */
export interface AnalyticTable {
  readonly name: string;
  /** The first is `id`, the number of the row. */
  readonly columns: readonly AnalyticColumn[];
  /** Numbers of rows: pairs of the first and the one behind the last. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly layout: TableLayout;
}

export interface TableLayout {
  /** DuckDB writes files as told here; Millrace writes as it does. */
  readonly writer: 'duckdb' | 'millrace';
  readonly files: number;
  readonly rowsPerGroup: number;
  readonly compression: 'snappy' | 'zstd' | 'uncompressed' | 'gzip' | 'lz4_raw';
  readonly version: 'V1' | 'V2';
  readonly dictionaries: boolean;
  /** The column that rows are partitioned by, in folders. */
  readonly partition?: string | undefined;
}

export const rowCountOf = ({ ranges }: AnalyticTable): number =>
  ranges.reduce((sum, [from, to]) => sum + (to - from), 0);

/** Types most columns have. */
const COMMON: readonly AnalyticType[] = [
  ...(['integer', 'integer', 'bigint', 'numeric', 'double precision', 'text', 'text', 'date', 'timestamp'] as const),
  ...(['boolean', 'smallint', 'integer[]', 'text[]', 'struct'] as const),
];

/** Names of folders: DuckDB escapes other texts in a way of its own, and takes an empty one for no value. */
const mayPartition = ({ type, distinct, limit }: AnalyticColumn): boolean =>
  distinct <= 40 && (type === 'integer' || type === 'date' || (type === 'text' && limit <= 3));

function randomTable(random: Random, name: string, rowCount: number): AnalyticTable {
  const id: AnalyticColumn = {
    name: 'id',
    type: 'integer',
    declaration: 'integer',
    sql: 'i::integer',
    limit: 1e6,
    scale: 0,
    distinct: rowCount,
    share: 1 / Math.max(1, rowCount),
  };
  const fixed: readonly AnalyticType[] = ['integer', random.pick(['integer', 'text', 'bigint'] as const), 'date'];
  const types = [...fixed, ...random.times(random.between(2, 5), () => random.pick(COMMON))];
  const columns = [id, ...types.map((type, index) => randomAnalyticColumn(random, `c${index}`, type, rowCount))];
  const partitions = columns.filter(mayPartition);
  const partition = partitions.length > 0 && random.chance(0.4) ? random.pick(partitions).name : undefined;
  return {
    name,
    // As a file has it: what the folder says comes last.
    columns: [
      ...columns.filter((column) => column.name !== partition),
      ...columns.filter((column) => column.name === partition),
    ],
    ranges: [[0, rowCount]],
    layout: {
      writer: random.pick(['duckdb', 'duckdb', 'millrace'] as const),
      files: random.pick([1, 1, 2, 4]),
      rowsPerGroup: random.pick([2048, 4096, 10_240, 122_880]),
      compression: random.pick(['snappy', 'zstd', 'uncompressed', 'gzip', 'lz4_raw'] as const),
      version: random.pick(['V1', 'V2'] as const),
      dictionaries: random.chance(0.7),
      partition,
    },
  };
}

/** A large one, a middling one, and small ones, of which one may be empty. */
export function randomAnalyticTables(random: Random): AnalyticTable[] {
  return [
    randomTable(random, 't0', random.between(20_000, 60_000)),
    randomTable(random, 't1', random.between(3000, 12_000)),
    randomTable(random, 't2', random.between(20, 400)),
    randomTable(random, 't3', random.pick([0, 1, 5, 30])),
  ];
}
