import type {
  CatalogRelation,
  CatalogTable,
  CatalogView,
  ColumnStatistics,
} from '../../../src/planner/catalog-view.js';
import type { ConstantExpression } from '../../../src/planner/expression.js';
import { BIGINT, DATE, decimal, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';

/** TPC-H at scale 1 as the planner sees it: schema, row counts, bounds and distinct values, no data. */

const MONEY = decimal(15, 2);

export interface ColumnSketch {
  readonly name: string;
  readonly type: SqlType;
  readonly distinct: number;
  readonly bounds?: readonly [number, number] | undefined;
}

const key = (name: string, max: number, distinct: number = max): ColumnSketch => ({
  name,
  type: BIGINT,
  distinct,
  bounds: [1, max],
});
export const int = (name: string, min: number, max: number): ColumnSketch => ({
  name,
  type: INTEGER,
  distinct: max - min + 1,
  bounds: [min, max],
});
const money = (name: string, min: number, max: number, distinct: number): ColumnSketch => ({
  name,
  type: MONEY,
  distinct,
  bounds: [min, max],
});
const text = (name: string, distinct: number): ColumnSketch => ({ name, type: TEXT, distinct });
const FIRST_DATE = 8035;
const date = (name: string): ColumnSketch => ({
  name,
  type: DATE,
  distinct: 2500,
  bounds: [FIRST_DATE, FIRST_DATE + 2500],
});

const TABLES: readonly [string, number, readonly ColumnSketch[]][] = [
  ['region', 5, [key('r_regionkey', 5), text('r_name', 5), text('r_comment', 5)]],
  ['nation', 25, [key('n_nationkey', 25), text('n_name', 25), key('n_regionkey', 5), text('n_comment', 25)]],
  [
    'supplier',
    10_000,
    [
      key('s_suppkey', 10_000),
      text('s_name', 10_000),
      text('s_address', 10_000),
      key('s_nationkey', 25),
      text('s_phone', 10_000),
      money('s_acctbal', -1000, 10_000, 9_950),
      text('s_comment', 10_000),
    ],
  ],
  [
    'customer',
    150_000,
    [
      key('c_custkey', 150_000),
      text('c_name', 150_000),
      text('c_address', 150_000),
      key('c_nationkey', 25),
      text('c_phone', 150_000),
      money('c_acctbal', -1000, 10_000, 140_000),
      text('c_mktsegment', 5),
      text('c_comment', 150_000),
    ],
  ],
  [
    'part',
    200_000,
    [
      key('p_partkey', 200_000),
      text('p_name', 200_000),
      text('p_mfgr', 5),
      text('p_brand', 25),
      text('p_type', 150),
      int('p_size', 1, 50),
      text('p_container', 40),
      money('p_retailprice', 900, 2100, 20_000),
      text('p_comment', 130_000),
    ],
  ],
  [
    'partsupp',
    800_000,
    [
      key('ps_partkey', 200_000),
      key('ps_suppkey', 10_000),
      int('ps_availqty', 1, 9999),
      money('ps_supplycost', 1, 1000, 99_000),
      text('ps_comment', 800_000),
    ],
  ],
  [
    'orders',
    1_500_000,
    [
      key('o_orderkey', 6_000_000, 1_500_000),
      key('o_custkey', 150_000, 100_000),
      text('o_orderstatus', 3),
      money('o_totalprice', 800, 600_000, 1_400_000),
      date('o_orderdate'),
      text('o_orderpriority', 5),
      text('o_clerk', 1000),
      int('o_shippriority', 0, 0),
      text('o_comment', 1_500_000),
    ],
  ],
  [
    'lineitem',
    6_000_000,
    [
      key('l_orderkey', 6_000_000, 1_500_000),
      key('l_partkey', 200_000),
      key('l_suppkey', 10_000),
      int('l_linenumber', 1, 7),
      money('l_quantity', 1, 50, 50),
      money('l_extendedprice', 900, 105_000, 930_000),
      money('l_discount', 0, 0.1, 11),
      money('l_tax', 0, 0.08, 9),
      text('l_returnflag', 3),
      text('l_linestatus', 2),
      date('l_shipdate'),
      date('l_commitdate'),
      date('l_receiptdate'),
      text('l_shipinstruct', 4),
      text('l_shipmode', 7),
      text('l_comment', 4_500_000),
    ],
  ],
];

function constantOf(type: SqlType, value: number): ConstantExpression {
  if (type.kind === 'decimal') return { kind: 'constant', type, value: BigInt(Math.round(value * 10 ** type.scale)) };
  return { kind: 'constant', type, value: type.kind === 'bigint' ? BigInt(value) : value };
}

function statisticsOf({ type, distinct, bounds }: ColumnSketch): ColumnStatistics {
  return {
    distinctCount: distinct,
    nullCount: 0,
    min: bounds && constantOf(type, bounds[0]),
    max: bounds && constantOf(type, bounds[1]),
  };
}

/** A table with given statistics in a few files, for plans that are printed and not run. */
export function sketchTable(name: string, rowCount: number, columns: readonly ColumnSketch[]): CatalogTable {
  const columnStatistics = new Map(columns.map((column) => [column.name, statisticsOf(column)]));
  return {
    kind: 'table',
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.type, nullable: false })),
    partitionColumns: [],
    openScan: async () => ({
      files: [{ path: `${name}.parquet`, byteLength: rowCount * 50, version: '1', partitionValues: [] }],
      totalFiles: 1,
      rowCount,
      columnStatistics,
    }),
  };
}

/** A catalog of named relations; paths are looked up like names. */
export function catalogOf(relations: readonly CatalogRelation[]): CatalogView {
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  return {
    findRelation: async (name) => byName.get(name[name.length - 1]!),
    findFiles: async ({ paths }) => {
      const found = byName.get(paths[0]!);
      return found?.kind === 'table' ? found : undefined;
    },
    relationNames: async () => [...byName.keys()],
  };
}

/** A partition a day whose footers are known: 100 rows each, `id` from 1 to 100, `value` without statistics. */
const EVENTS: CatalogTable = {
  kind: 'table',
  name: 'events',
  columns: [
    { name: 'id', type: INTEGER, nullable: true },
    { name: 'value', type: INTEGER, nullable: true },
    { name: 'day', type: DATE, nullable: true },
  ],
  partitionColumns: ['day'],
  openScan: async ({ matchesPartition }) => {
    const days = [0, 1, 2].map((day) => constantOf(DATE, FIRST_DATE + day));
    const [min, max] = [constantOf(INTEGER, 1), constantOf(INTEGER, 100)];
    const id = { min, max, minIsExact: true, maxIsExact: true, nullCount: 0 };
    const files = days
      .filter((day) => matchesPartition?.([day]) ?? true)
      .map((day) => ({
        path: `day=${day.value}`,
        byteLength: 1000,
        version: '1',
        partitionValues: [day],
        rowGroups: [{ rowCount: 100, columns: new Map([['id', id]]) }],
      }));
    return { files, totalFiles: days.length, rowCount: files.length * 100, columnStatistics: new Map() };
  },
};

/** TPC-H's tables, and `events`. */
export const TPCH_CATALOG: CatalogView = catalogOf([
  ...TABLES.map(([name, rowCount, columns]) => sketchTable(name, rowCount, columns)),
  EVENTS,
]);
