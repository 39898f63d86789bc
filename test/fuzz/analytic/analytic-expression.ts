import type { Random } from '../random.js';
import { group, list, type SqlGroup, type SqlNode } from '../sql-tree.js';
import type { AnalyticType, ValueBounds } from './analytic-columns.js';
import { ANALYTIC_TEMPLATES } from './analytic-templates.js';

/** A value that a query can name, or that it computes. */
export interface AnalyticOperand extends ValueBounds {
  readonly node: SqlGroup;
  readonly type: AnalyticType;
  /** At most so many different values. */
  readonly distinct: number;
  /** No value has a larger share of the rows. */
  readonly share: number;
  /** Equal to the last digit in every engine: what is not may be shown, but neither compared nor grouped by. */
  readonly exact: boolean;
}

/** Conditions that contain a subquery; undefined where there may be none. */
export interface AnalyticSubqueries {
  condition(columns: readonly AnalyticOperand[]): SqlNode | undefined;
  scalar(type: AnalyticType, columns: readonly AnalyticOperand[]): AnalyticOperand | undefined;
}

const COMPARISONS = ['=', '=', '<>', '<', '<=', '>', '>='];

/** What has an order in both engines, and the same one. */
export const COMPARED: readonly AnalyticType[] = [
  ...(['smallint', 'integer', 'bigint', 'numeric', 'double precision', 'text', 'date', 'timestamp'] as const),
];

const LITERALS: Readonly<Record<AnalyticType, (random: Random) => string>> = {
  boolean: (random) => random.pick(['true', 'false']),
  smallint: (random) => `${random.between(0, 40)}::smallint`,
  integer: (random) => String(random.pick([0, 1, 2, 3, random.between(0, 50), random.between(0, 4000)])),
  bigint: (random) => `${random.between(0, 300)}::bigint`,
  numeric: (random) => `${random.between(0, 60)}.${random.pick(['00', '25', '50'])}`,
  'double precision': (random) => `${random.between(0, 80)}.${random.pick(['0', '25', '5'])}::double precision`,
  text: (random) => random.pick(["'a0'", "'c2'", "''", "'customer number 12'", "'prefix__one'", "'m'", "'é'"]),
  date: (random) => `date '20${random.between(19, 27)}-0${random.between(1, 9)}-${random.between(10, 28)}'`,
  timestamp: (random) =>
    `timestamp '2024-0${random.between(1, 9)}-${random.between(10, 28)} 0${random.below(9)}:00:00'`,
  'integer[]': (random) => random.pick(['array[1, 2]', 'array[3]', 'array[null::integer, 7]']),
  'text[]': (random) => random.pick(["array['a', '']", "array['v1', 'a b']"]),
  struct: () => 'null::struct(a integer, b text)',
};

const NULL_TYPES: Partial<Record<AnalyticType, string>> = {
  numeric: 'numeric(12,2)',
  struct: 'struct(a integer, b text)',
};

export const nullOf = (type: AnalyticType): string => `null::${NULL_TYPES[type] ?? type}`;

/** What stands behind SELECT: columns c0, c1 … */
export const itemList = (items: readonly AnalyticOperand[]): SqlNode =>
  list(
    '',
    ', ',
    items.map(({ node }, index) => group(undefined, [node, ` as c${index}`])),
    1,
  );

const EXACT = { distinct: Number.POSITIVE_INFINITY, share: 1, exact: true } as const;

export class AnalyticExpression {
  private readonly random: Random;
  private readonly subqueries: AnalyticSubqueries;

  constructor(random: Random, subqueries: AnalyticSubqueries) {
    this.random = random;
    this.subqueries = subqueries;
  }

  make(type: AnalyticType, columns: readonly AnalyticOperand[], depth: number): AnalyticOperand {
    const { random } = this;
    if (depth <= 0 || random.chance(0.35)) return this.leaf(type, columns);
    if (type === 'boolean' && random.chance(0.7)) return this.boolean(columns, depth);
    if (random.chance(0.05)) {
      const subquery = this.subqueries.scalar(type, columns);
      if (subquery !== undefined) return subquery;
    }
    if (random.chance(0.25)) return this.conditional(type, columns, depth);
    return this.fromTemplate(type, columns, depth) ?? this.leaf(type, columns);
  }

  condition(columns: readonly AnalyticOperand[], depth: number): SqlNode {
    return this.boolean(columns, depth).node;
  }

  private leaf(type: AnalyticType, columns: readonly AnalyticOperand[]): AnalyticOperand {
    const { random } = this;
    const own = columns.filter((column) => column.type === type && column.exact);
    if (own.length > 0 && random.chance(0.9)) return random.pick(own);
    return this.literal(type);
  }

  private literal(type: AnalyticType): AnalyticOperand {
    const sql = LITERALS[type](this.random);
    const limit = type === 'text' ? 20 : 4000;
    return { node: group(type, [sql]), type, limit, scale: type === 'numeric' ? 2 : 0, ...EXACT, distinct: 1 };
  }

  private fromTemplate(
    type: AnalyticType,
    columns: readonly AnalyticOperand[],
    depth: number,
  ): AnalyticOperand | undefined {
    const usable = ANALYTIC_TEMPLATES.filter(({ result }) => result === type);
    if (usable.length === 0) return undefined;
    const template = this.random.pick(usable);
    const operands = template.args.map((arg) => this.make(arg, columns, depth - 1));
    const bounds = template.bounds(operands);
    if (bounds === undefined) return undefined;
    const parts = template.sql
      .split(/(\$\d)/)
      .map((part) => (part.startsWith('$') ? operands[Number(part.slice(1))]!.node : part));
    const { limit, scale } = bounds;
    return { node: group(type, parts, [nullOf(type)]), type, limit, scale, ...EXACT };
  }

  private conditional(type: AnalyticType, columns: readonly AnalyticOperand[], depth: number): AnalyticOperand {
    const { random } = this;
    const one = this.make(type, columns, depth - 1);
    const other = this.make(type, columns, depth - 1);
    const forms = [
      () => ['(case when ', this.condition(columns, depth - 1), ' then ', one.node, ' else ', other.node, ' end)'],
      () => ['(case when ', this.condition(columns, depth - 1), ' then ', one.node, ' end)'],
      () => ['coalesce(', one.node, ', ', other.node, ')'],
      ...(COMPARED.includes(type)
        ? [
            () => ['nullif(', one.node, ', ', other.node, ')'],
            () => ['greatest(', one.node, ', ', other.node, ')'],
            () => ['least(', one.node, ', ', other.node, ')'],
          ]
        : []),
    ];
    const parts = random.pick(forms)();
    const [limit, scale] = [Math.max(one.limit, other.limit), Math.max(one.scale, other.scale)];
    return { node: group(type, parts, [nullOf(type)]), type, limit, scale, ...EXACT };
  }

  private boolean(columns: readonly AnalyticOperand[], depth: number): AnalyticOperand {
    const node = this.booleanNode(columns, depth);
    return { node, type: 'boolean', limit: 0, scale: 0, ...EXACT, distinct: 2 };
  }

  private booleanNode(columns: readonly AnalyticOperand[], depth: number): SqlGroup {
    const { random } = this;
    if (depth > 1 && random.chance(0.3)) {
      const items = random.times(2, () => this.booleanNode(columns, depth - 1));
      return group('boolean', ['(', list('', random.pick([' and ', ' or ']), items, 1), ')'], ['true']);
    }
    if (depth > 1 && random.chance(0.1)) {
      return group('boolean', ['(not ', this.booleanNode(columns, depth - 1), ')'], ['true']);
    }
    if (random.chance(0.12)) {
      const subquery = this.subqueries.condition(columns);
      if (subquery !== undefined) return group('boolean', [subquery], ['true']);
    }
    if (random.chance(0.2)) {
      const { node } = this.fromTemplate('boolean', columns, 1) ?? this.leaf('boolean', columns);
      return group('boolean', [node], ['true']);
    }
    const typed = columns.filter(({ type, exact }) => exact && COMPARED.includes(type));
    if (typed.length === 0) return group('boolean', ['true']);
    const column = random.pick(typed);
    if (random.chance(0.15)) {
      return group('boolean', [column.node, random.pick([' is null', ' is not null'])], ['true']);
    }
    const other = random.chance(0.5) ? this.literal(column.type) : this.make(column.type, columns, depth - 1);
    if (random.chance(0.1)) {
      return group('boolean', ['(', column.node, ' is distinct from ', other.node, ')'], ['true']);
    }
    return group('boolean', ['(', column.node, ` ${random.pick(COMPARISONS)} `, other.node, ')'], ['true']);
  }
}
