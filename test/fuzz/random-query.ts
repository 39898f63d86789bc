import type { FuzzFeature } from './fuzz-features.js';
import type { FuzzTable } from './fuzz-tables.js';
import type { FuzzType } from './fuzz-types.js';
import type { Random } from './random.js';
import { RandomAggregate } from './random-aggregate.js';
import { type Operand, RandomExpression, type Scope, type SubqueryMaker } from './random-expression.js';
import { type NamedColumns, RandomRelation } from './random-relation.js';
import { RandomWindow } from './random-window.js';
import type { Bounds, ScalarTemplate } from './scalar-templates.js';
import { group, list, optional, type SqlGroup, type SqlNode } from './sql-tree.js';

export interface QueryOptions {
  readonly tables: readonly FuzzTable[];
  readonly templates: readonly ScalarTemplate[];
  readonly features: ReadonlySet<FuzzFeature>;
  /** One table, and expressions that may fail: the errors must be the same. */
  readonly fallible: boolean;
}

export interface MadeQuery {
  readonly node: SqlGroup;
  readonly columns: readonly (Bounds & { readonly type: FuzzType })[];
}

export interface FuzzQuery {
  readonly node: SqlNode;
  /** Whether rows come in the order of all columns. */
  readonly ordered: boolean;
}

const DEEPEST_SUBQUERY = 2;

/** Random queries over random tables. Whatever is made has one right answer, whichever way it is computed. */
export class RandomQuery {
  readonly random: Random;
  readonly options: QueryOptions;
  readonly expressions: RandomExpression;
  private readonly aggregates: RandomAggregate;
  private readonly windows: RandomWindow;
  private readonly relations: RandomRelation;
  private nesting = 0;

  constructor(random: Random, options: QueryOptions) {
    this.random = random;
    this.options = options;
    const subqueries = {
      scalar: (type: FuzzType, scope: Scope, depth: number) =>
        this.nested(() => this.scalarSubquery(type, scope, depth)),
      condition: (scope: Scope, depth: number) => this.nested(() => this.subqueryCondition(scope, depth)),
    };
    this.expressions = new RandomExpression(random, options.templates, subqueries, options.fallible);
    this.aggregates = new RandomAggregate(random, this.expressions, options.features);
    this.windows = new RandomWindow(random, this.aggregates);
    this.relations = new RandomRelation(this);
  }

  private nested<T>(make: () => T): T | undefined {
    if (this.options.fallible || this.nesting >= DEEPEST_SUBQUERY) return undefined;
    this.nesting++;
    const made = make();
    this.nesting--;
    return made;
  }

  /** A whole statement. */
  make(): FuzzQuery {
    const { random } = this;
    if (this.options.fallible) return this.makeFallible();
    const ctes = random.chance(0.2) ? this.relations.makeCtes() : undefined;
    const body = this.query([], 3, undefined);
    const ordered = random.chance(0.4);
    const tail = ordered ? this.orderAndLimit(body.columns.length) : '';
    return { node: group(undefined, [ctes ?? '', body.node, tail]), ordered };
  }

  /** One expression over one table without a filter, so that no engine may leave a row out. */
  private makeFallible(): FuzzQuery {
    const { sql, scope } = this.relations.plainTable();
    const column = this.random.pick(scope.columns);
    const value = this.expressions.make(column.type, scope, 3);
    return { node: group(undefined, ['select ', value.node, ' from ', sql]), ordered: false };
  }

  has(feature: FuzzFeature): boolean {
    return this.options.features.has(feature);
  }

  /** SELECT or a set operation; of the given types, or of some. */
  query(outer: readonly Operand[], depth: number, types: readonly FuzzType[] | undefined): MadeQuery {
    const { random } = this;
    const left = this.select(outer, depth, types);
    if (depth <= 0 || !random.chance(0.15)) return left;
    const right = this.query(
      outer,
      depth - 1,
      left.columns.map((column) => column.type),
    );
    const all = this.has('intersect all') ? ['intersect all', 'except all'] : [];
    const operation = random.pick(['union all', 'union all', 'union', 'intersect', 'except', ...all]);
    const columns = left.columns.map((column, index) => ({
      type: column.type,
      limit: Math.max(column.limit, right.columns[index]!.limit),
      scale: Math.max(column.scale, right.columns[index]!.scale),
    }));
    return { node: group('query', ['(', left.node, `) ${operation} (`, right.node, ')']), columns };
  }

  private select(outer: readonly Operand[], depth: number, types: readonly FuzzType[] | undefined): MadeQuery {
    const { random, expressions } = this;
    const from = this.relations.from(outer, depth);
    const scope: Scope = { columns: from.columns, outer };
    const conditions = random.times(random.below(3), () => expressions.condition(scope, Math.min(depth, 2)));
    if (outer.length > 0 && random.chance(0.6)) conditions.push(this.correlation(scope));
    const where = list(' where ', ' and ', conditions);
    const wanted = types ?? random.times(random.between(1, 4), () => random.pick(from.columns).type);
    if (random.chance(0.3)) return this.grouped(from, scope, where, wanted, depth);
    const windowed = this.has('window') && random.chance(0.2);
    const items = wanted.map((type, index) =>
      windowed && types === undefined && random.chance(0.5)
        ? this.windows.make(scope, from, index === 0)
        : expressions.make(type, scope, Math.min(depth, 2)),
    );
    const distinct = !windowed && random.chance(0.15) ? optional('distinct ') : '';
    const parts = ['select ', distinct, itemList(items), ' from ', from.node, where];
    return { node: group('query', parts), columns: items };
  }

  private correlation({ columns, outer }: Scope): SqlNode {
    const { random } = this;
    const pairs = columns.flatMap((column) =>
      outer.filter(({ type }) => type === column.type).map((other) => [column, other] as const),
    );
    if (pairs.length === 0) return this.expressions.condition({ columns, outer }, 1);
    const [column, other] = random.pick(pairs);
    return group('boolean', [column.node, ` ${random.pick(['=', '=', '=', '<', '>=', '<>'])} `, other.node], ['true']);
  }

  private grouped(
    from: NamedColumns,
    scope: Scope,
    where: SqlNode,
    types: readonly FuzzType[],
    depth: number,
  ): MadeQuery {
    const { random, expressions } = this;
    const simple = new RandomExpression(random, this.options.templates, NO_SUBQUERIES, false);
    const keys = random
      .times(random.below(3), () =>
        random.chance(0.7)
          ? random.pick(from.columns)
          : simple.make(random.pick(from.columns).type, { ...scope, outer: [] }, 1),
      )
      .filter(({ node }) => from.columns.some((column) => mentions(node, column)));
    const aggregates = random.times(random.between(1, 3), () =>
      this.aggregates.make({ columns: from.columns, outer: [] }),
    );
    const keyed = from.keyed?.length && random.chance(0.4) ? random.pick(from.keyed) : undefined;
    if (keyed !== undefined) keys.push(keyed.key);
    // Only what is grouped may be seen from now on, and what a key decides; columns of queries around stay visible.
    const above: Scope = { columns: [...keys, ...(keyed?.columns ?? []), ...aggregates], outer: [] };
    const items = types.map((type) => {
      const fitting = above.columns.filter((column) => column.type === type);
      if (fitting.length > 0 && random.chance(0.6)) return random.pick(fitting);
      return expressions.make(type, above, random.below(2));
    });
    const having = random.chance(0.25) ? optional(' having ', expressions.condition(above, Math.min(1, depth))) : '';
    const parts: SqlNode[] = [
      'select ',
      itemList(items),
      ' from ',
      from.node,
      where,
      this.groupBy(keys, keyed !== undefined),
      having,
    ];
    return { node: group('query', parts), columns: items };
  }

  /** `hasKey`: there are columns that only a primary key decides, which must be in each set. */
  private groupBy(keys: readonly Operand[], hasKey: boolean): SqlNode {
    const { random } = this;
    const nodes = keys.map(({ node }) => node);
    if (nodes.length === 0) return '';
    // PostgreSQL folds a key such as coalesce(4, x) before it makes it NULL.
    const plain = nodes.every(({ parts }) => parts.length === 1);
    if (!this.has('grouping sets') || !plain || hasKey || !random.chance(0.35)) return list(' group by ', ', ', nodes);
    const kind = random.pick(['rollup', 'cube', 'sets']);
    if (kind !== 'sets') return list(` group by ${kind} (`, ', ', nodes, 1, ')');
    const sets = [list('(', ', ', nodes, 1, ')'), '()', ...nodes.map((node) => group(undefined, ['(', node, ')']))];
    return list(' group by grouping sets (', ', ', sets, 1, ')');
  }

  private scalarSubquery(type: FuzzType, scope: Scope, depth: number): Operand | undefined {
    if (depth < 0) return undefined;
    const outer = visible(scope);
    const from = this.relations.from(outer, depth - 1);
    const inner: Scope = { columns: from.columns, outer };
    const where = list(' where ', ' and ', outer.length > 0 ? [this.correlation(inner)] : []);
    const candidates = this.random.times(6, () => this.aggregates.make({ columns: from.columns, outer: [] }));
    const value = candidates.find((candidate) => candidate.type === type);
    if (value === undefined) return undefined;
    const parts = ['(select ', value.node, ' from ', from.node, where, ')'];
    return { node: group(type, parts, [`null::${type}`]), type, limit: value.limit, scale: value.scale };
  }

  private subqueryCondition(scope: Scope, depth: number): SqlNode | undefined {
    if (depth < 0 || scope.columns.length === 0) return undefined;
    const { random } = this;
    const outer = visible(scope);
    const not = random.pick(['', '', 'not ']);
    if (random.chance(0.4)) {
      return group('boolean', [`${not}exists (`, this.query(outer, depth, undefined).node, ')'], ['true']);
    }
    const column = random.pick(scope.columns);
    const inner = this.query(outer, depth, [column.type]).node;
    if (random.chance(0.6)) return group('boolean', [column.node, ` ${not}in (`, inner, ')'], ['true']);
    const quantified = `${random.pick(['=', '<', '>=', '<>'])} ${random.pick(['any', 'all'])}`;
    return group('boolean', [column.node, ` ${quantified} (`, inner, ')'], ['true']);
  }

  private orderAndLimit(width: number): SqlNode {
    const { random } = this;
    const keys = random.times(width, (index) => {
      const nulls = random.pick(['', '', ' nulls first', ' nulls last']);
      return `${index + 1}${random.pick(['', ' desc'])}${nulls}`;
    });
    // A limit picks rows: only under an order of all columns are they the same ones everywhere.
    const limit = random.chance(0.5) ? optional(` limit ${random.between(0, 12)}`) : '';
    const offset = random.chance(0.2) ? optional(` offset ${random.between(0, 4)}`) : '';
    return optional(` order by ${keys.join(', ')}`, limit, offset);
  }
}

/** PostgreSQL finds no subquery again that stands in GROUP BY. */
const NO_SUBQUERIES: SubqueryMaker = { scalar: () => undefined, condition: () => undefined };

/** What a subquery sees: plain columns only, since PostgreSQL matches no grouped expressions there. */
const visible = ({ columns, outer }: Scope): Operand[] =>
  [...columns, ...outer].filter(({ node }) => node.parts.length === 1 && /^q\d+\./.test(String(node.parts[0])));

const itemList = (items: readonly Operand[]): SqlNode =>
  list(
    '',
    ', ',
    items.map(({ node }, index) => group(undefined, [node, ` as c${index}`])),
    1,
  );

function mentions(node: SqlNode, column: Operand): boolean {
  if (typeof node === 'string') return node === column.node.parts[0];
  const children = node.kind === 'group' ? node.parts : node.items;
  return children.some((child) => mentions(child, column));
}
