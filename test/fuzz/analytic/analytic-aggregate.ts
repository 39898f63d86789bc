import type { Random } from '../random.js';
import { group, optional, type SqlNode } from '../sql-tree.js';
import type { AnalyticType } from './analytic-columns.js';
import { type AnalyticExpression, type AnalyticOperand, COMPARED, nullOf } from './analytic-expression.js';
import type { AnalyticRelation } from './analytic-relation.js';

/** Beyond so many rows, what collects them takes a share of them only. */
const COLLECTED_ROWS = 2000;

/** An aggregate over a group or a frame: call, type and bounds. */
export interface AnalyticCall {
  readonly parts: readonly SqlNode[];
  readonly type: AnalyticType;
  readonly limit: number;
  readonly scale: number;
  readonly exact: boolean;
  /** What the call is cast to, where the engines' types differ; `$` is the call. */
  readonly around?: string;
  /** What it collects grows with the rows. */
  readonly collects?: boolean;
}

const MEASURED: readonly AnalyticType[] = ['smallint', 'integer', 'bigint', 'numeric', 'double precision'];

export class AnalyticAggregate {
  private readonly random: Random;
  private readonly expressions: AnalyticExpression;

  constructor(random: Random, expressions: AnalyticExpression) {
    this.random = random;
    this.expressions = expressions;
  }

  /** `sum(distinct x) filter (where …)`. */
  make(from: AnalyticRelation): AnalyticOperand {
    const { random } = this;
    const call = random.chance(0.25) ? this.collection(from) : this.call(from, random.chance(0.15) ? 'distinct ' : '');
    const few = call.collects === true && from.rows > COLLECTED_ROWS;
    const filter = few
      ? this.share(from)
      : random.chance(0.15)
        ? optional(' filter (where ', this.expressions.condition(from.columns, 1), ')')
        : '';
    const [before, after] = (call.around ?? '$').split('$') as [string, string];
    const { type, limit, scale, exact } = call;
    return {
      node: group(type, [before, ...call.parts, filter, after], [nullOf(type)]),
      type,
      limit,
      scale,
      exact,
      distinct: Number.POSITIVE_INFINITY,
      share: 1,
    };
  }

  private share(from: AnalyticRelation): SqlNode {
    const number = from.unique.find(({ type }) => type === 'integer');
    const { node } = number ?? this.expressions.make('integer', from.columns, 0);
    return group(undefined, [' filter (where ', node, ` % ${Math.ceil(from.rows / COLLECTED_ROWS)} = 0)`]);
  }

  /** What both aggregates and windows have. */
  call(from: AnalyticRelation, word: string): AnalyticCall {
    const { random } = this;
    const { columns } = from;
    switch (random.below(8)) {
      case 0:
        return { parts: ['count(*)'], type: 'bigint', limit: 1e8, scale: 0, exact: true };
      case 1: {
        const { type } = random.pick(columns);
        const counted = COMPARED.includes(type) || word === '' ? type : 'integer';
        const { node } = this.expressions.make(counted, columns, 1);
        return { parts: [`count(${word}`, node, ')'], type: 'bigint', limit: 1e8, scale: 0, exact: true };
      }
      case 2: {
        const { node } = this.expressions.make('boolean', columns, 2);
        const parts = [`${random.pick(['bool_and', 'bool_or'])}(`, node, ')'];
        return { parts, type: 'boolean', limit: 0, scale: 0, exact: true };
      }
      case 3:
      case 4:
        return this.sum(from, word);
      case 5: {
        const { node, limit } = this.expressions.make(random.pick(MEASURED), columns, 1);
        if (!(limit <= 1e12)) return this.sum(from, word);
        const parts = [`avg(${word}cast(`, node, ' as double precision))'];
        return { parts, type: 'double precision', limit, scale: 0, exact: false };
      }
      default: {
        const type = random.pick(COMPARED);
        const { node, limit, scale } = this.expressions.make(type, columns, 1);
        return { parts: [`${random.pick(['min', 'max'])}(`, node, ')'], type, limit, scale, exact: true };
      }
    }
  }

  private sum({ columns }: AnalyticRelation, word: string): AnalyticCall {
    const type = this.random.pick(MEASURED);
    const { node, limit, scale } = this.expressions.make(type, columns, 1);
    const total = limit * 1e6;
    // Halves and quarters add up exactly, in any order; other totals must fit what they are cast to.
    const [result, target, most] =
      type === 'double precision'
        ? ([type, type, 1e12] as const)
        : type === 'numeric'
          ? (['numeric', 'numeric(38,4)', 1e30] as const)
          : (['bigint', 'bigint', 9e18] as const);
    if (!(total <= most) || scale > 4) {
      return { parts: ['count(', node, ')'], type: 'bigint', limit: 1e8, scale: 0, exact: true };
    }
    const around = `cast($ as ${target})`;
    return { parts: [`sum(${word}`, node, ')'], type: result, limit: total, scale, exact: true, around };
  }

  /** What only groups have: orders, ranks and collections. */
  private collection(from: AnalyticRelation): AnalyticCall {
    const { random } = this;
    const { columns, unique } = from;
    const order = random.pick(['', ' desc', ' nulls first', ' desc nulls last']);
    const word = random.chance(0.4) ? 'distinct ' : '';
    switch (random.below(7)) {
      case 0: {
        const { node } = this.expressions.make('text', columns, 1);
        const parts = [`string_agg(${word}`, node, ", '|' order by ", node, `${order})`];
        return { parts, type: 'text', limit: Number.POSITIVE_INFINITY, scale: 0, exact: true, collects: true };
      }
      case 1: {
        const { node, limit } = this.expressions.make('integer', columns, 1);
        const parts = [`array_agg(${word}`, node, ' order by ', node, `${order})`];
        return { parts, type: 'integer[]', limit, scale: 0, exact: true, collects: true };
      }
      case 2: {
        const [id] = unique;
        if (id === undefined) return this.call(from, word);
        const type = random.pick(COMPARED);
        const { node, limit, scale } = this.expressions.make(type, columns, 1);
        const parts = [`${random.pick(['arg_min', 'arg_max'])}(`, node, ', ', id.node, ')'];
        return { parts, type, limit, scale, exact: true };
      }
      case 3: {
        const { node, limit } = this.expressions.make(
          random.pick(['integer', 'double precision'] as const),
          columns,
          1,
        );
        if (!(limit <= 1e9)) return this.call(from, word);
        const name = random.pick(['stddev_samp', 'stddev_pop', 'var_samp', 'var_pop']);
        const parts = [`${name}(cast(`, node, ' as double precision))'];
        // Of equal values it is zero, or as good as.
        const around = 'cast(round(cast($ as numeric(38,8)), 3) as double precision)';
        return { parts, type: 'double precision', limit: 1e18, scale: 0, exact: false, around };
      }
      case 4: {
        const { node, limit } = this.expressions.make(
          random.pick(['integer', 'double precision'] as const),
          columns,
          1,
        );
        if (!(limit <= 1e9)) return this.call(from, word);
        const parts = [
          `percentile_cont(${random.pick(['0', '0.25', '0.5', '1'])}) within group (order by cast(`,
          node,
          ' as double precision))',
        ];
        return { parts, type: 'double precision', limit, scale: 0, exact: false };
      }
      case 5: {
        const type = random.pick(['integer', 'date', 'text', 'bigint'] as const);
        const { node, limit } = this.expressions.make(type, columns, 1);
        const parts = [`quantile_disc(`, node, `, ${random.pick(['0', '0.1', '0.5', '0.75', '1'])})`];
        return { parts, type, limit, scale: 0, exact: true };
      }
      default: {
        const { node } = this.expressions.make('bigint', columns, 1);
        const parts = [`${random.pick(['bit_and', 'bit_or', 'bit_xor'])}(`, node, ')'];
        return { parts, type: 'bigint', limit: 2 ** 63, scale: 0, exact: true };
      }
    }
  }
}
