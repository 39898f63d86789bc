import { group, list, type SqlNode } from '../sql-tree.js';
import type { AnalyticType } from './analytic-columns.js';
import { type AnalyticOperand, COMPARED, nullOf } from './analytic-expression.js';
import type { AnalyticQuery, MadeAnalytic } from './analytic-query.js';
import { type AnalyticTable, rowCountOf } from './analytic-tables.js';

/** A part of FROM. */
export interface AnalyticRelation {
  readonly node: SqlNode;
  readonly columns: readonly AnalyticOperand[];
  /** At most, as far as is known. */
  readonly rows: number;
  /** Columns that tell all rows apart; none where nothing does. */
  readonly unique: readonly AnalyticOperand[];
}

/** No join makes more rows than these. */
const MOST_ROWS = 300_000;
/** Pairs of rows that a join without equalities may look at. */
const MOST_PAIRS = 4_000_000;

interface CommonTable {
  readonly name: string;
  readonly made: MadeAnalytic;
}

/** FROM: tables, queries, CTEs, and joins of them that make no more rows than can be compared in time. */
export class AnalyticRelations {
  private readonly maker: AnalyticQuery;
  private aliases = 0;
  private ctes: readonly CommonTable[] = [];

  constructor(maker: AnalyticQuery) {
    this.maker = maker;
  }

  /** WITH, whose names the query below may use, several times. */
  makeCtes(): SqlNode {
    const { random } = this.maker;
    const items = random.times(random.between(1, 2), (index) => {
      const made = this.maker.query(1);
      const name = `w${index}`;
      this.ctes = [...this.ctes, { name, made }];
      const how = random.pick(['', '', 'materialized ', 'not materialized ']);
      return group(undefined, [`${name} as ${how}(`, made.node, ')']);
    });
    return list('with ', ', ', items, 0, ' ');
  }

  from(depth: number): AnalyticRelation {
    const { random } = this.maker;
    let joined = this.relation(depth);
    const more = random.weighted([[4, 0] as const, [4, 1] as const, [2, 2] as const, [1, 3] as const]);
    for (let count = 0; count < more; count++) joined = this.join(joined, depth);
    return joined;
  }

  relation(depth: number): AnalyticRelation {
    const { random, tables } = this.maker;
    if (this.ctes.length > 0 && random.chance(0.5)) {
      const { name, made } = random.pick(this.ctes);
      const alias = this.alias();
      return named(alias, `${name} as ${alias}`, made);
    }
    if (depth > 0 && random.chance(0.25)) return this.subquery(this.maker.query(depth - 1));
    return this.table(
      random.weighted([
        [5, tables[0]!],
        [4, tables[1]!],
        [2, tables[2]!],
        [1, tables[3]!],
      ]),
    );
  }

  subquery(made: MadeAnalytic): AnalyticRelation {
    const alias = this.alias();
    return named(alias, group(undefined, ['(', made.node, `) as ${alias}`]), made);
  }

  table(table: AnalyticTable): AnalyticRelation {
    const alias = this.alias();
    const rows = rowCountOf(table);
    const columns = table.columns.map(({ name, type, limit, scale, distinct, share }) => ({
      node: group(type, [`${alias}.${name}`], [nullOf(type)]),
      ...{ type, limit, scale, distinct, share, exact: true },
    }));
    const unique = columns.filter((_, index) => table.columns[index]!.name === 'id');
    return { node: `${table.name} as ${alias}`, columns, rows, unique };
  }

  private join(left: AnalyticRelation, depth: number): AnalyticRelation {
    const { random } = this.maker;
    if (random.chance(0.12)) return this.unnested(left) ?? left;
    if (random.chance(0.08)) return this.asOf(left, depth) ?? left;
    const right = this.relation(depth - 1);
    if (random.chance(0.08)) return this.unequal(left, right) ?? left;
    const pairs = left.columns.flatMap((one) =>
      right.columns
        .filter((other) => one.exact && other.exact && one.type === other.type && COMPARED.includes(one.type))
        .map((other) => [one, other] as const),
    );
    if (pairs.length === 0) return left;
    const chosen = random.pick(pairs);
    const rows = Math.min(left.rows * right.rows * Math.min(chosen[0].share, chosen[1].share), left.rows * right.rows);
    if (rows > MOST_ROWS) return this.toGroups(left, right, chosen);
    return this.equal(left, right, chosen, rows);
  }

  private equal(
    left: AnalyticRelation,
    right: AnalyticRelation,
    [one, other]: readonly [AnalyticOperand, AnalyticOperand],
    rows: number,
  ): AnalyticRelation {
    const { random, expressions } = this.maker;
    const kind = random.pick([
      'join',
      'join',
      'join',
      'left join',
      'right join',
      'full join',
      'semi join',
      'anti join',
    ]);
    const narrow = kind === 'semi join' || kind === 'anti join';
    const columns = [...left.columns, ...right.columns];
    const conditions: SqlNode[] = [group(undefined, [one.node, ' = ', other.node])];
    if (!narrow && kind !== 'full join' && random.chance(0.3)) conditions.push(expressions.condition(columns, 1));
    const node = group('relation', [
      '(',
      left.node,
      ` ${kind} `,
      right.node,
      list(' on ', ' and ', conditions, 1),
      ')',
    ]);
    if (narrow) return { ...left, node };
    const most = rows + (kind === 'join' ? 0 : left.rows + right.rows);
    return { node, columns: columns.map(spread), rows: most, unique: [...left.unique, ...right.unique].slice(0, 0) };
  }

  /** What would make too many rows is joined by groups of the right side. */
  private toGroups(
    left: AnalyticRelation,
    right: AnalyticRelation,
    [one, other]: readonly [AnalyticOperand, AnalyticOperand],
  ): AnalyticRelation {
    const { random, aggregates } = this.maker;
    const values = random.times(random.between(1, 2), () => aggregates.make(right));
    const alias = this.alias();
    const items = values.map(({ node }, index) => group(undefined, [node, ` as v${index}`]));
    const query = [
      '(select ',
      other.node,
      ' as k',
      list(', ', ', ', items),
      ' from ',
      right.node,
      ' group by ',
      other.node,
    ];
    const columns = values.map((value, index) => ({
      ...value,
      node: group(value.type, [`${alias}.v${index}`], [nullOf(value.type)]),
    }));
    const kind = random.pick(['join', 'left join']);
    const node = group('relation', [
      '(',
      left.node,
      ` ${kind} `,
      ...query,
      `) as ${alias} on `,
      one.node,
      ` = ${alias}.k)`,
    ]);
    return { ...left, node, columns: [...left.columns, ...columns] };
  }

  /** Ranges and other conditions, among few rows. */
  private unequal(left: AnalyticRelation, right: AnalyticRelation): AnalyticRelation | undefined {
    const { random } = this.maker;
    if (left.rows * right.rows > MOST_PAIRS) return undefined;
    const [one, other] = [left, right].map(({ columns }) =>
      columns.find(({ type, limit, exact }) => exact && type === 'integer' && limit < 1e6),
    );
    if (one === undefined || other === undefined) return undefined;
    const width = random.between(1, 5);
    const kind = random.pick(['join', 'left join']);
    const on = ['(', one.node, ' >= ', other.node, ' and ', one.node, ' < ', other.node, ` + ${width})`];
    const node = group('relation', ['(', left.node, ` ${kind} `, right.node, ' on ', ...on, ')']);
    const rows = left.rows * right.rows * Math.min(1, width * Math.min(one.share, other.share)) + left.rows;
    if (rows > MOST_ROWS) return undefined;
    return { node, columns: [...left.columns, ...right.columns].map(spread), rows, unique: [] };
  }

  /** The last row before, of rows that no two share a time and a key. */
  private asOf(left: AnalyticRelation, depth: number): AnalyticRelation | undefined {
    const { random, aggregates } = this.maker;
    const right = this.relation(depth - 1);
    const timed: readonly AnalyticType[] = ['date', 'timestamp', 'integer', 'bigint', 'double precision'];
    const pick = (types: readonly AnalyticType[]): readonly [AnalyticOperand, AnalyticOperand] | undefined => {
      const pairs = left.columns.flatMap((one) =>
        right.columns
          .filter((other) => one.exact && other.exact && one.type === other.type && types.includes(one.type))
          .map((other) => [one, other] as const),
      );
      return pairs.length === 0 ? undefined : random.pick(pairs);
    };
    const [time, key] = [pick(timed), pick(COMPARED)];
    if (time === undefined) return undefined;
    const keyed = key !== undefined && random.chance(0.7);
    const value = aggregates.make(right);
    const alias = this.alias();
    const by = keyed ? [', ', key[1].node, ' as k'] : [];
    const query = [
      ...['(select ', time[1].node, ' as t', ...by, ', ', value.node, ' as v from ', right.node, ' group by '],
      ...[time[1].node, ...(keyed ? [', ', key[1].node] : []), `) as ${alias}`],
    ];
    const kind = random.pick(['asof join', 'asof left join']);
    // Some plans of DuckDB find a row for a time that is NULL.
    const moment = ['coalesce(', time[0].node, ', ', this.maker.expressions.make(time[0].type, [], 0).node, ')'];
    const on = [
      ...(keyed ? [key[0].node, ` = ${alias}.k and `] : []),
      ...[...moment, ` ${random.pick(['>=', '>', '<=', '<'])} ${alias}.t`],
    ];
    const node = group('relation', ['(', left.node, ` ${kind} `, ...query, ' on ', ...on, ')']);
    const column = { ...value, node: group(value.type, [`${alias}.v`], [nullOf(value.type)]) };
    return { ...left, node, columns: [...left.columns, column] };
  }

  /** The elements of a list, a row each. */
  private unnested(left: AnalyticRelation): AnalyticRelation | undefined {
    const { random } = this.maker;
    const lists = left.columns.filter(({ type }) => type.endsWith('[]'));
    if (lists.length === 0 || left.rows > 100_000) return undefined;
    const { node, type, limit } = random.pick(lists);
    const alias = this.alias();
    const element = type.slice(0, -2) as AnalyticType;
    const column: AnalyticOperand = {
      node: group(element, [`${alias}.e`], [nullOf(element)]),
      ...{ type: element, limit, scale: 0, distinct: Number.POSITIVE_INFINITY, share: 1, exact: true },
    };
    const joined = random.pick([
      ['(', left.node, ' cross join unnest(', node, `) as ${alias}(e))`],
      ['(', left.node, ' left join lateral unnest(', node, `) as ${alias}(e) on true)`],
    ]);
    return {
      node: group('relation', joined),
      columns: [...left.columns, column].map(spread),
      rows: left.rows * 4,
      unique: [],
    };
  }

  alias(): string {
    return `q${++this.aliases}`;
  }
}

/** Of a joined row it is no longer known how often a value comes. */
const spread = (column: AnalyticOperand): AnalyticOperand => ({ ...column, share: 1 });

function named(alias: string, node: SqlNode, { columns, rows, unique }: MadeAnalytic): AnalyticRelation {
  const own = columns.map(
    (column, index): AnalyticOperand => ({
      ...column,
      node: group(column.type, [`${alias}.c${index}`], [nullOf(column.type)]),
      distinct: Math.min(column.distinct, rows),
      share: column.distinct >= rows ? column.share : 1,
    }),
  );
  return { node, columns: own, rows, unique: unique.map((index) => own[index]!) };
}
