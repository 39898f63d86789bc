import type { FuzzTable } from './fuzz-tables.js';
import { ELEMENT_TYPES, type FuzzType, randomLiteral } from './fuzz-types.js';
import type { Operand, Scope } from './random-expression.js';
import type { MadeQuery, RandomQuery } from './random-query.js';
import { group, list, type SqlNode } from './sql-tree.js';

/** A part of FROM and the columns it brings. */
export interface NamedColumns {
  readonly node: SqlNode;
  readonly columns: readonly Operand[];
  /** Whether rows that agree in all columns are alike: false for none of ours, true is what windows ask for. */
  readonly plain: boolean;
  /** Tables in it that have a primary key. */
  readonly keyed?: readonly KeyedTable[];
}

export interface KeyedTable {
  readonly key: Operand;
  /** All columns of the table. */
  readonly columns: readonly Operand[];
}

interface CommonTable {
  readonly name: string;
  readonly columns: MadeQuery['columns'];
}

const LARGE = 1000;

/** FROM: tables, subqueries, CTEs, VALUES, functions, and joins of them. */
export class RandomRelation {
  private readonly maker: RandomQuery;
  private aliases = 0;
  private ctes: readonly CommonTable[] = [];
  /** One reference to a large table is enough for one query: PostgreSQL has to answer it too. */
  private usedLarge = false;

  constructor(maker: RandomQuery) {
    this.maker = maker;
  }

  /** WITH, whose names the query below may use, several times. */
  makeCtes(): SqlNode {
    const { random } = this.maker;
    const recursive = this.maker.has('recursive') && random.chance(0.2);
    const items = random.times(random.between(1, 2), (index) => {
      const before = this.usedLarge;
      this.usedLarge = true;
      if (recursive && index === 0) {
        const item = this.recursion();
        this.usedLarge = before;
        return item;
      }
      const { node, columns } = this.maker.query([], 1, undefined);
      this.usedLarge = before;
      const name = `w${index}`;
      this.ctes = [...this.ctes, { name, columns }];
      const how = random.pick(['', '', 'materialized ', 'not materialized ']);
      return group(undefined, [`${name}(${columnNames(columns.length)}) as ${how}(`, node, ')']);
    });
    return list(recursive ? 'with recursive ' : 'with ', ', ', items, 0, ' ');
  }

  /** Counts on from each value of a column, to a bound. */
  private recursion(): SqlNode {
    const { random, expressions } = this.maker;
    const { sql, scope } = this.plainTable();
    const start = expressions.make('integer', scope, 0).node;
    this.ctes = [...this.ctes, { name: 'w0', columns: [{ type: 'integer', limit: 2 ** 31, scale: 0 }] }];
    const most = random.between(-1, 6);
    const operation = random.pick(['union', 'union all']);
    const parts = ['w0(c0) as (select ', start, ' from ', sql, ` where `, expressions.condition(scope, 1)];
    // From the least integer on this would take for ever.
    const bound = ` and coalesce(`;
    return group(undefined, [...parts, bound, start, ` > -1000, true) ${operation} ${this.recursiveTerm(most)})`]);
  }

  /** Each ends, and says which rows it means: those of equal values are as good as each other. */
  private recursiveTerm(most: number): SqlNode {
    const { random, expressions } = this.maker;
    const few = random.between(1, 5);
    const { sql, scope } = this.plainTable();
    const other = expressions.make('integer', scope, 0).node;
    const end = `c0 < ${most}`;
    const term = random.pick<readonly SqlNode[]>([
      [`select c0 + 1 from w0 where ${end}`],
      [`select c0 + 1 from w0 where ${end}`],
      [`select distinct c0 + 1 from w0 where ${end}`],
      [
        `select c0 + 1 from (select c0, row_number() over (order by c0) as r from w0) as q where ${end} and r <= ${few}`,
      ],
      [`select c0 + 1 from (select c0, count(*) over (partition by c0 % 2) as n from w0) as q where ${end} and n > 1`],
      [`(select c0 + 1 from w0 where ${end} order by c0 desc limit ${few})`],
      [`select max(c0) + 1 from (select c0 from w0) as q having max(c0) < ${most}`],
      [`select c0 + 1 from (select c0 from w0) as q where ${end} group by c0 having count(*) <= ${few}`],
      [`select c0 + 1 from w0 where ${end} and exists (select from ${sql} where `, other, ` > w0.c0)`],
      [`select c0 + 1 from w0 where ${end} and not exists (select from ${sql} where `, other, ` < w0.c0)`],
      [`select c0 + 1 from w0 where ${end} and (select count(*) from ${sql} where `, other, ` <> w0.c0) > ${few}`],
      [`(select c0 + 1 from w0 where ${end} except select `, other, ` from ${sql})`],
      [`(select c0 + 1 from w0 where ${end} intersect select `, other, ` from ${sql})`],
      [
        `(with v as (select c0 from w0 where ${end}) select distinct v.c0 + 1 from v left join v as o on o.c0 = v.c0 + 1)`,
      ],
    ]);
    return group(undefined, term);
  }

  from(outer: readonly Operand[], depth: number): NamedColumns {
    const { random } = this.maker;
    const more = depth > 0 ? random.weighted([[5, 0] as const, [4, 1] as const, [2, 2] as const]) : random.below(2);
    let joined = this.relation(depth);
    for (let count = 0; count < more; count++) joined = this.join(joined, outer, depth);
    return joined;
  }

  plainTable(): { readonly sql: string; readonly scope: Scope } {
    const { node, columns } = this.table(this.maker.random.pick(this.maker.options.tables));
    return { sql: node as string, scope: { columns, outer: [] } };
  }

  private join(left: NamedColumns, outer: readonly Operand[], depth: number): NamedColumns {
    const { random, expressions } = this.maker;
    if (this.maker.has('lateral') && depth > 0 && random.chance(0.1)) return this.lateral(left, outer, depth);
    const right = this.relation(depth - 1);
    const columns = [...left.columns, ...right.columns];
    const plain = left.plain && right.plain;
    const keyed = [...(left.keyed ?? []), ...(right.keyed ?? [])];
    if (random.chance(0.05)) {
      return { node: group('relation', [left.node, ' cross join ', right.node]), columns, plain, keyed };
    }
    const kind = random.pick(['join', 'join', 'join', 'left join', 'left join', 'right join', 'full join']);
    const conditions: SqlNode[] = [this.equality(left, right)];
    if (random.chance(0.25)) conditions.push(this.equality(left, right));
    // PostgreSQL wants nothing but equalities of both sides for FULL JOIN.
    if (kind !== 'full join' && random.chance(0.3))
      conditions.push(expressions.condition({ columns, outer }, Math.min(1, depth)));
    if (kind === 'join' && random.chance(0.1)) conditions.shift();
    const on = list(' on ', ' and ', conditions.length > 0 ? conditions : ['true'], 1);
    return { node: group('relation', ['(', left.node, ` ${kind} `, right.node, on, ')']), columns, plain, keyed };
  }

  private equality(left: NamedColumns, right: NamedColumns): SqlNode {
    const { random } = this.maker;
    const pairs = left.columns.flatMap((one) =>
      right.columns.filter((other) => alike(one.type, other.type)).map((other) => [one, other] as const),
    );
    if (pairs.length === 0) return 'true';
    const [one, other] = random.pick(pairs);
    const operator = random.weighted([[9, ' = '] as const, [1, ' is not distinct from '] as const]);
    return group(undefined, [one.node, left.node === right.node ? ' = ' : operator, other.node]);
  }

  private lateral(left: NamedColumns, outer: readonly Operand[], depth: number): NamedColumns {
    const { random } = this.maker;
    const taken = random.chance(0.5) ? this.takenApart(left) : undefined;
    if (taken !== undefined) return taken;
    const alias = this.alias();
    const inner = this.maker.query([...left.columns.filter(isPlain), ...outer], depth - 1, undefined);
    const kind = random.pick(['join', 'left join']);
    const node = [
      left.node,
      ` ${kind} lateral (`,
      inner.node,
      `) as ${alias}(${columnNames(inner.columns.length)}) on true`,
    ];
    return {
      node: group('relation', ['(', ...node, ')']),
      columns: [...left.columns, ...named(alias, inner.columns)],
      plain: false,
    };
  }

  /** The elements of an array or of a JSON array, for each row. */
  private takenApart(left: NamedColumns): NamedColumns | undefined {
    const { random } = this.maker;
    const usable = left.columns.filter(
      (column) =>
        isPlain(column) &&
        (column.type === 'jsonb'
          ? this.maker.has('json elements')
          : this.maker.has('unnest') && column.type.endsWith('[]')),
    );
    if (usable.length === 0) return undefined;
    const { node, type, limit } = random.pick(usable);
    const alias = this.alias();
    const isNumbered = random.chance(0.4);
    const elements =
      type === 'jsonb'
        ? ['jsonb_array_elements(case when jsonb_typeof(', node, ") = 'array' then ", node, ' end)']
        : ['unnest(', node, ')'];
    const numbered = isNumbered ? [' with ordinality', ', c1'] : ['', ''];
    const parts = [...elements, numbered[0]!, ` as ${alias}(c0${numbered[1]!})`];
    const columns = [
      { type: ELEMENT_TYPES[type] ?? 'jsonb', limit, scale: 0 },
      { type: 'bigint' as const, limit: 1000, scale: 0 },
    ];
    const kind = random.pick(['join lateral ', 'left join lateral ', 'join ']);
    return {
      node: group('relation', ['(', left.node, ` ${kind}`, ...parts, ' on true)']),
      columns: [...left.columns, ...named(alias, columns.slice(0, isNumbered ? 2 : 1))],
      plain: false,
    };
  }

  private relation(depth: number): NamedColumns {
    const { random, options } = this.maker;
    const kind = random.weighted([
      [12, 'table'] as const,
      [depth > 0 ? 3 : 0, 'query'] as const,
      [this.ctes.length > 0 ? 6 : 0, 'cte'] as const,
      [1, 'values'] as const,
      [1, 'series'] as const,
    ]);
    if (kind === 'table') return this.table(random.pick(this.usable(options.tables)));
    const alias = this.alias();
    if (kind === 'cte') {
      const { name, columns } = random.pick(this.ctes);
      return { node: `${name} as ${alias}`, columns: named(alias, columns), plain: true };
    }
    if (kind === 'query') {
      const inner = this.maker.query([], depth - 1, undefined);
      const node = group(undefined, ['(', inner.node, `) as ${alias}(${columnNames(inner.columns.length)})`]);
      return { node, columns: named(alias, inner.columns), plain: true };
    }
    if (kind === 'series') {
      const columns = [{ type: 'integer' as const, limit: 10, scale: 0 }];
      return {
        node: `generate_series(-1, ${random.between(-2, 6)}) as ${alias}(c0)`,
        columns: named(alias, columns),
        plain: true,
      };
    }
    return this.values(alias);
  }

  private values(alias: string): NamedColumns {
    const { random } = this.maker;
    const types = random.times(random.between(1, 3), () =>
      random.pick(['integer', 'text', 'numeric', 'date'] as const),
    );
    const rows = random.times(random.between(1, 4), () =>
      group(undefined, [
        `(${types.map((type) => (random.chance(0.15) ? `null::${type}` : randomLiteral(random, type).sql)).join(', ')})`,
      ]),
    );
    const columns = types.map((type) => ({ type, limit: 100, scale: type === 'numeric' ? 2 : 0 }));
    const node = group(undefined, ['(', list('values ', ', ', rows, 1), `) as ${alias}(${columnNames(types.length)})`]);
    return { node, columns: named(alias, columns), plain: true };
  }

  private usable(tables: readonly FuzzTable[]): readonly FuzzTable[] {
    return this.usedLarge ? tables.filter(({ rows }) => rows.length < LARGE) : tables;
  }

  private table(table: FuzzTable): NamedColumns {
    if (table.rows.length >= LARGE) this.usedLarge = true;
    const alias = this.alias();
    const columns = table.columns.map(({ name, type, limit, scale }) =>
      operand(`${alias}.${name}`, type, limit, scale),
    );
    const key = columns[table.columns.findIndex(({ name }) => name === table.key)];
    const keyed = key === undefined ? [] : [{ key, columns }];
    return { node: `${table.name} as ${alias}`, columns, plain: true, keyed };
  }

  private alias(): string {
    return `q${++this.aliases}`;
  }
}

const operand = (sql: string, type: FuzzType, limit: number, scale: number): Operand => ({
  node: group(type, [sql], [`null::${type}`]),
  type,
  limit,
  scale,
});

const named = (alias: string, columns: MadeQuery['columns']): Operand[] =>
  columns.map(({ type, limit, scale }, index) => operand(`${alias}.c${index}`, type, limit, scale));

const columnNames = (count: number): string => Array.from({ length: count }, (_, index) => `c${index}`).join(', ');

const isPlain = ({ node }: Operand): boolean => node.parts.length === 1;

const INTEGRAL: readonly FuzzType[] = ['smallint', 'integer', 'bigint', 'numeric'];

/** Whether = compares them, if need be after a cast. */
const alike = (one: FuzzType, other: FuzzType): boolean =>
  one === other || (INTEGRAL.includes(one) && INTEGRAL.includes(other));
