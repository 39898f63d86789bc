import { ALL_TYPES, type FuzzColumn, type FuzzType, quote, randomColumn } from './fuzz-types.js';
import type { Random } from './random.js';

export interface FuzzTable {
  readonly name: string;
  readonly columns: readonly FuzzColumn[];
  /** Values as between quotes in literals; NULL is null. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** The name of a column that is the primary key. */
  readonly key: string | undefined;
  /** The last column is the partition's. */
  readonly partitioned: boolean;
  /** Our tables get a file, or one a partition, for every so many rows. */
  readonly rowsPerInsert: number;
}

/** Types most tables have, so that joins find partners. */
const COMMON: readonly FuzzType[] = [
  'integer',
  'integer',
  'bigint',
  'numeric',
  'double precision',
  'text',
  'text',
  'date',
  'boolean',
  'integer[]',
  'text[]',
  'jsonb',
];

/** The first column, where it is a key. */
const KEY: Omit<FuzzColumn, 'name'> = { type: 'integer', declaration: 'integer', limit: 100, scale: 0 };

const PARTITION_TYPES: readonly FuzzType[] = ['integer', 'text', 'date'];

/** Rows beyond a batch come from few distinct ones, so that answers stay small enough to compare. */
function rowCountOf(random: Random, large: boolean): number {
  if (large) return random.weighted([[1, 4096] as const, [2, random.between(4097, 9000)] as const]);
  return random.weighted([
    [1, 0] as const,
    [1, 1] as const,
    [5, random.between(2, 8)] as const,
    [4, random.between(9, 30)] as const,
  ]);
}

function randomTable(random: Random, name: string, types: readonly FuzzType[], large: boolean): FuzzTable {
  const count = random.between(3, 8);
  const makers = random.times(count, (index) => {
    const pool = random.chance(0.8) ? COMMON : ALL_TYPES;
    const usable = pool.filter((type) => types.includes(type));
    // The first column of every table is one to join by.
    const type = index === 0 ? random.pick(['integer', 'integer', 'bigint'] as const) : random.pick(usable);
    return randomColumn(random, `c${index}`, type);
  });
  const nullShare = random.pick([0, 0.1, 0.1, 0.3, 0.9]);
  const allNull = random.chance(0.1) ? random.below(count) : -1;
  const rowCount = rowCountOf(random, large);
  const distinct = large ? random.between(20, 400) : rowCount;
  const base = random.times(distinct, () =>
    makers.map(({ make }, index) => (index === allNull || random.chance(nullShare) ? null : make(random))),
  );
  const rows = random.times(rowCount, (index) =>
    index < distinct && !random.chance(0.1) ? base[index]! : random.pick(base),
  );
  const columns = makers.map(({ column }) => column);
  const isKeyed = !large && random.chance(0.3);
  return {
    name,
    columns: isKeyed ? [{ ...columns[0]!, ...KEY }, ...columns.slice(1)] : columns,
    rows: isKeyed ? rows.map((row, index) => [String(index - 2), ...row.slice(1)]) : rows,
    key: isKeyed ? columns[0]!.name : undefined,
    partitioned: !large && random.chance(0.3) && PARTITION_TYPES.includes(columns.at(-1)!.type),
    rowsPerInsert: random.pick([rowCount, rowCount, Math.ceil(rowCount / 2), Math.ceil(rowCount / 3)]),
  };
}

/** Tables t0 … of the types that both engines have. */
export function randomTables(random: Random, types: readonly FuzzType[]): FuzzTable[] {
  const large = random.chance(0.15);
  return random.times(random.between(2, 4), (index) => randomTable(random, `t${index}`, types, large && index === 0));
}

function insertStatements(table: FuzzTable, rowsPerInsert: number): string[] {
  const literals = table.rows.map((row) => {
    const values = row.map((value, column) =>
      value === null ? 'null' : `${quote(value)}::${table.columns[column]!.declaration}`,
    );
    return `(${values.join(', ')})`;
  });
  const statements: string[] = [];
  for (let at = 0; at < literals.length; at += rowsPerInsert) {
    statements.push(`insert into ${table.name} values ${literals.slice(at, at + rowsPerInsert).join(', ')}`);
  }
  return statements;
}

const columnList = (table: FuzzTable): string =>
  table.columns
    .map(({ name, declaration }) => `${name} ${declaration}${name === table.key ? ' primary key' : ''}`)
    .join(', ');

export function postgresStatements(table: FuzzTable): string[] {
  return [`create table ${table.name} (${columnList(table)})`, ...insertStatements(table, 1000)];
}

export function millraceStatements(table: FuzzTable): string[] {
  const partition = table.partitioned ? ` partitioned by (${table.columns.at(-1)!.name})` : '';
  const rowsPerInsert = Math.max(1, Math.min(table.rowsPerInsert, 5000));
  return [`create table ${table.name} (${columnList(table)})${partition}`, ...insertStatements(table, rowsPerInsert)];
}
