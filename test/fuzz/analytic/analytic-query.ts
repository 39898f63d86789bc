import type { Random } from '../random.js';
import { group, list, optional, renderSql, type SqlGroup, type SqlNode } from '../sql-tree.js';
import { AnalyticAggregate } from './analytic-aggregate.js';
import type { AnalyticType } from './analytic-columns.js';
import { AnalyticExpression, type AnalyticOperand, COMPARED, itemList, nullOf } from './analytic-expression.js';
import { figuresQuery } from './analytic-figures.js';
import { pivotQuery, unpivotQuery } from './analytic-pivot.js';
import { type AnalyticRelation, AnalyticRelations } from './analytic-relation.js';
import { summarized } from './analytic-summary.js';
import { type AnalyticTable, rowCountOf } from './analytic-tables.js';
import { AnalyticWindow } from './analytic-window.js';

/** A query whose columns are called c0, c1 … */
export interface MadeAnalytic {
  readonly node: SqlGroup;
  readonly columns: readonly AnalyticOperand[];
  readonly rows: number;
  /** Places of the columns that tell all rows apart; none where nothing is known to. */
  readonly unique: readonly number[];
}

export interface FinishedQuery {
  readonly node: SqlNode;
  /** Whether rows come in the order of all columns. */
  readonly ordered: boolean;
}

/** More rows are summed up, or limited. */
const MOST_SHOWN = 300;

type Shape = 'plain' | 'grouped' | 'windowed' | 'distinct' | 'set' | 'pivot' | 'unpivot' | 'figures';

/** Random queries of the kind that reports are made of. Whatever is made has one right answer. */
export class AnalyticQuery {
  readonly random: Random;
  readonly tables: readonly AnalyticTable[];
  readonly expressions: AnalyticExpression;
  readonly aggregates: AnalyticAggregate;
  readonly relations: AnalyticRelations;
  private readonly windows: AnalyticWindow;
  private nesting = 0;

  constructor(random: Random, tables: readonly AnalyticTable[]) {
    this.random = random;
    this.tables = tables;
    this.expressions = new AnalyticExpression(random, {
      condition: (columns) => this.nested(() => this.subqueryCondition(columns)),
      scalar: (type, columns) => this.nested(() => this.scalarSubquery(type, columns)),
    });
    this.aggregates = new AnalyticAggregate(random, this.expressions);
    this.windows = new AnalyticWindow(random, this.aggregates);
    this.relations = new AnalyticRelations(this);
  }

  private nested<T>(make: () => T): T | undefined {
    if (this.nesting >= 1) return undefined;
    this.nesting++;
    const made = make();
    this.nesting--;
    return made;
  }

  /** A whole statement. */
  make(): FinishedQuery {
    const { random } = this;
    const ctes = random.chance(0.25) ? this.relations.makeCtes() : '';
    const body = this.query(2);
    const compared = body.columns.every(isKey);
    if (compared && random.chance(body.rows > MOST_SHOWN ? 0.5 : 0.3)) {
      const keys = body.columns.map((_, index) => {
        const nulls = random.pick(['', '', ' nulls first', ' nulls last']);
        return `${index + 1}${random.pick(['', ' desc'])}${nulls}`;
      });
      const limit = body.rows > MOST_SHOWN || random.chance(0.4) ? ` limit ${random.between(0, 100)}` : '';
      const offset = random.chance(0.2) ? optional(` offset ${random.pick([1, 7, 900])}`) : '';
      return {
        node: group(undefined, [ctes, body.node, ` order by ${keys.join(', ')}${limit}`, offset]),
        ordered: true,
      };
    }
    return { node: group(undefined, [ctes, body.rows > MOST_SHOWN ? summarized(body) : body.node]), ordered: false };
  }

  query(depth: number): MadeAnalytic {
    const shape = this.random.weighted<Shape>([
      [3, 'plain'],
      [6, 'grouped'],
      [4, 'windowed'],
      [2, 'distinct'],
      [depth > 0 ? 1.5 : 0, 'set'],
      [0.7, 'pivot'],
      [0.5, 'unpivot'],
      [0.7, 'figures'],
    ]);
    if (shape === 'set') return this.setOperation(depth);
    if (shape === 'figures') return figuresQuery(this);
    const from = this.relations.from(depth - 1);
    if (!from.columns.some(isKey)) return this.plain(from);
    switch (shape) {
      case 'plain':
        return this.plain(from);
      case 'grouped':
        return this.grouped(from);
      case 'windowed':
        return this.windowed(from);
      case 'distinct':
        return this.distinct(from);
      case 'pivot':
        return pivotQuery(this, from) ?? this.grouped(from);
      case 'unpivot':
        return unpivotQuery(this, from) ?? this.plain(from);
    }
  }

  where(from: AnalyticRelation): SqlNode {
    const { random, expressions } = this;
    return list(
      ' where ',
      ' and ',
      random.times(random.below(3), () => expressions.condition(from.columns, 2)),
    );
  }

  private plain(from: AnalyticRelation, types?: readonly AnalyticType[]): MadeAnalytic {
    const { random, expressions } = this;
    const wanted = types ?? random.times(random.between(1, 4), () => random.pick(from.columns).type);
    const items = wanted.map((type) => expressions.make(type, from.columns, 2));
    const ids = types === undefined && random.chance(0.6) ? from.unique : [];
    const columns = [...items, ...ids];
    const node = group('query', ['select ', itemList(columns), ' from ', from.node, this.where(from)]);
    return { node, columns, rows: from.rows, unique: ids.map((_, index) => items.length + index) };
  }

  private grouped(from: AnalyticRelation): MadeAnalytic {
    const { random, expressions, aggregates } = this;
    const simple = from.columns.filter(isKey);
    const keys = random.times(
      random.weighted([[1, 0] as const, [3, 1] as const, [3, 2] as const, [1, 3] as const]),
      () => {
        const column = random.pick(simple);
        const made = random.chance(0.7) ? column : computed(expressions.make(column.type, from.columns, 1));
        // A whole number would be a position, which DuckDB does not look at where nobody reads the query.
        return /^-?\d+$/.test(renderSql(made.node)) ? column : made;
      },
    );
    const values = random.times(random.between(1, 3), () => aggregates.make(from));
    const plain = keys.length > 0 && keys.every(({ node }) => isColumn(node));
    const sets = plain && random.chance(0.35) ? random.pick(['rollup', 'cube', 'grouping sets'] as const) : undefined;
    const marks =
      sets !== undefined && random.chance(0.5)
        ? [
            integer(
              group(
                'integer',
                [
                  'cast(grouping(',
                  list(
                    '',
                    ', ',
                    keys.map(({ node }) => node),
                    1,
                  ),
                  ') as integer)',
                ],
                ['0'],
              ),
            ),
          ]
        : [];
    const columns = [...keys, ...values, ...marks];
    const having = random.chance(0.25) ? this.having(values) : '';
    const groups =
      Math.min(
        from.rows,
        keys.reduce((product, { distinct }) => product * (distinct + 1), 1),
      ) + 1;
    const parts = [
      'select ',
      itemList(columns),
      ' from ',
      from.node,
      this.where(from),
      this.groupBy(keys, sets),
      having,
    ];
    const unique = sets === undefined ? keys.map((_, index) => index) : [];
    return { node: group('query', parts), columns, rows: sets === undefined ? groups : groups * 4, unique };
  }

  private having(values: readonly AnalyticOperand[]): SqlNode {
    const exact = values.filter((value) => value.exact && COMPARED.includes(value.type));
    return exact.length === 0 ? '' : optional(' having ', this.expressions.condition(exact, 1));
  }

  private groupBy(keys: readonly AnalyticOperand[], sets: 'rollup' | 'cube' | 'grouping sets' | undefined): SqlNode {
    const nodes = keys.map(({ node }) => node);
    if (sets === undefined) return list(' group by ', ', ', nodes);
    if (sets !== 'grouping sets') return list(` group by ${sets} (`, ', ', nodes, 1, ')');
    const items = [list('(', ', ', nodes, 1, ')'), '()', ...nodes.map((node) => group(undefined, ['(', node, ')']))];
    return list(' group by grouping sets (', ', ', items, 1, ')');
  }

  private windowed(from: AnalyticRelation): MadeAnalytic {
    const { random } = this;
    const plain = from.columns.filter(({ node }) => isColumn(node));
    const shown = [...random.times(random.below(3), () => random.pick(plain)), ...from.unique];
    const calls = random.times(random.between(1, 3), () => this.windows.make(from));
    const columns = [...calls, ...shown];
    const exact = calls.filter((call) => call.exact && COMPARED.includes(call.type));
    const qualify =
      exact.length > 0 && random.chance(0.35) ? optional(' qualify ', this.expressions.condition(exact, 1)) : '';
    const parts = ['select ', itemList(columns), ' from ', from.node, this.where(from), qualify];
    const first = columns.length - from.unique.length;
    return {
      node: group('query', parts),
      columns,
      rows: from.rows,
      unique: from.unique.map((_, index) => first + index),
    };
  }

  private distinct(from: AnalyticRelation): MadeAnalytic {
    const { random } = this;
    const comparable = from.columns.filter(isKey);
    const keys = random.times(random.between(1, 3), () => random.pick(comparable));
    if (from.unique.length > 0 && random.chance(0.4)) {
      const columns = [...keys, ...random.times(2, () => random.pick(from.columns))];
      const order = list(
        ' order by ',
        ', ',
        [...keys, ...from.unique].map(({ node }) => node),
        keys.length + 1,
      );
      const on = [
        'select distinct on (',
        list(
          '',
          ', ',
          keys.map(({ node }) => node),
          1,
        ),
        ') ',
      ];
      const parts = [...on, itemList(columns), ' from ', from.node, this.where(from), order];
      return this.wrapped({ node: group('query', parts), columns, rows: from.rows, unique: [] });
    }
    const parts = ['select distinct ', itemList(keys), ' from ', from.node, this.where(from)];
    const rows = Math.min(
      from.rows,
      keys.reduce((product, { distinct }) => product * (distinct + 1), 1),
    );
    return { node: group('query', parts), columns: keys, rows, unique: keys.map((_, index) => index) };
  }

  /** Of a query that ends in ORDER BY, nothing else may follow. */
  private wrapped(made: MadeAnalytic): MadeAnalytic {
    const { node, columns, rows } = this.relations.subquery(made);
    return { node: group('query', ['select * from ', node]), columns, rows, unique: [] };
  }

  private setOperation(depth: number): MadeAnalytic {
    const { random } = this;
    const types = random.times(random.between(1, 3), () => random.pick(COMPARED));
    const [one, other] = [0, 1].map(() => this.plain(this.relations.from(depth - 2), types)) as [
      MadeAnalytic,
      MadeAnalytic,
    ];
    const operation = random.pick(['union all', 'union', 'intersect', 'except', 'intersect all', 'except all']);
    const columns = one.columns.map((column, index) => ({
      ...column,
      limit: Math.max(column.limit, other.columns[index]!.limit),
      scale: Math.max(column.scale, other.columns[index]!.scale),
      distinct: Number.POSITIVE_INFINITY,
      share: 1,
    }));
    const node = group('query', ['(', one.node, `) ${operation} (`, other.node, ')']);
    return { node, columns, rows: one.rows + other.rows, unique: [] };
  }

  private subqueryCondition(columns: readonly AnalyticOperand[]): SqlNode | undefined {
    const { random, relations } = this;
    const inner = relations.table(random.pick(this.tables));
    const pairs = this.pairs(columns, inner.columns);
    if (pairs.length === 0) return undefined;
    const [outer, own] = random.pick(pairs);
    const where = list(' where ', ' and ', random.chance(0.6) ? [this.expressions.condition(inner.columns, 1)] : []);
    if (random.chance(0.5)) {
      const not = random.pick(['', ' not']);
      return group(undefined, ['(', outer.node, `${not} in (select `, own.node, ' from ', inner.node, where, '))']);
    }
    const conditions = [group(undefined, [own.node, ' = ', outer.node])];
    const residual = random.pick(pairs);
    if (random.chance(0.3)) conditions.push(group(undefined, [residual[1].node, ' <> ', residual[0].node]));
    if (random.chance(0.5)) conditions.push(group(undefined, [this.expressions.condition(inner.columns, 1)]));
    const not = random.pick(['', 'not ']);
    return group(undefined, [`${not}exists (select 1 from `, inner.node, list(' where ', ' and ', conditions, 1), ')']);
  }

  private scalarSubquery(type: AnalyticType, columns: readonly AnalyticOperand[]): AnalyticOperand | undefined {
    const { random, relations } = this;
    const inner = relations.table(random.pick(this.tables.filter((table) => rowCountOf(table) < 15_000)));
    const pairs = this.pairs(columns, inner.columns);
    if (pairs.length === 0) return undefined;
    const [outer, own] = random.pick(pairs);
    const value = random.times(5, () => this.aggregates.make(inner)).find((candidate) => candidate.type === type);
    if (value === undefined || !value.exact || value.node.parts.length > 8) return undefined;
    const parts = ['(select ', value.node, ' from ', inner.node, ' where ', own.node, ' = ', outer.node, ')'];
    return { ...value, node: group(type, parts, [nullOf(type)]) };
  }

  private pairs(
    outer: readonly AnalyticOperand[],
    inner: readonly AnalyticOperand[],
  ): (readonly [AnalyticOperand, AnalyticOperand])[] {
    return outer
      .filter(({ node, exact, type }) => exact && isColumn(node) && COMPARED.includes(type))
      .flatMap((one) => inner.filter(({ type }) => type === one.type).map((other) => [one, other] as const));
  }
}

/** Whether rows are grouped or ordered by it. */
const isKey = ({ type, exact }: AnalyticOperand): boolean => exact && (COMPARED.includes(type) || type === 'boolean');

const isColumn = ({ parts }: SqlGroup): boolean => parts.length === 1 && /^q\d+\.\w+$/.test(String(parts[0]));

const computed = (value: AnalyticOperand): AnalyticOperand => ({ ...value, distinct: 50_000, share: 1 });

const integer = (node: SqlGroup): AnalyticOperand => ({
  node,
  ...{ type: 'integer', limit: 100, scale: 0, distinct: 100, share: 1, exact: true },
});
