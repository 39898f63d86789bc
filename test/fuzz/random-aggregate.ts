import type { FuzzFeature } from './fuzz-features.js';
import type { FuzzType } from './fuzz-types.js';
import type { Random } from './random.js';
import type { Operand, RandomExpression, Scope } from './random-expression.js';
import { group, optional, type SqlNode } from './sql-tree.js';

/** More rows than joins of our small tables make. */
const MOST_ROWS = 1e8;

/** An aggregate over a group, or as a window function over a frame: its type and the bounds of its value. */
export interface AggregateCall {
  /** Name and arguments. */
  readonly parts: readonly SqlNode[];
  readonly type: FuzzType;
  readonly limit: number;
  readonly scale: number;
  /** Rounds what is not the same to the last digit; `$` is the call. */
  readonly around?: string | undefined;
}

const ORDERED: readonly FuzzType[] = [
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double precision',
  'text',
  'date',
  'timestamp',
  'integer[]',
  'text[]',
];

export class RandomAggregate {
  private readonly random: Random;
  private readonly expressions: RandomExpression;
  private readonly features: ReadonlySet<FuzzFeature>;

  constructor(random: Random, expressions: RandomExpression, features: ReadonlySet<FuzzFeature>) {
    this.random = random;
    this.expressions = expressions;
    this.features = features;
  }

  /** `sum(distinct x) filter (where …)`. */
  make(scope: Scope): Operand {
    const { random } = this;
    const distinct = random.chance(0.15);
    const ordered = random.chance(0.2) ? this.orderedCall(scope, distinct) : undefined;
    const { parts, type, limit, scale, around = '$' } = ordered ?? this.call(scope, distinct);
    const filter = random.chance(0.15) ? optional(' filter (where ', this.expressions.condition(scope, 1), ')') : '';
    const [before, after] = around.split('$') as [string, string];
    return { node: group(type, [before, ...parts, filter, after], [`null::${type}`]), type, limit, scale };
  }

  call(scope: Scope, distinct: boolean): AggregateCall {
    const { random } = this;
    const word = distinct ? 'distinct ' : '';
    const typed = scope.columns.length > 0 ? random.pick(scope.columns).type : 'integer';
    const any = this.expressions.make(typed, scope, 2);
    switch (random.below(7)) {
      case 0:
        return { parts: ['count(*)'], type: 'bigint', limit: MOST_ROWS, scale: 0 };
      case 1:
        return { parts: [`count(${word}`, any.node, ')'], type: 'bigint', limit: MOST_ROWS, scale: 0 };
      case 2:
        return this.average(scope, word);
      case 3: {
        const condition = this.expressions.make('boolean', scope, 2);
        const name = random.pick(['bool_and', 'bool_or', 'every']);
        return { parts: [`${name}(${word}`, condition.node, ')'], type: 'boolean', limit: 0, scale: 0 };
      }
      case 4:
        return this.sum(scope, word);
      default: {
        const type = ORDERED.includes(typed) ? typed : 'integer';
        const value = type === typed ? any : this.expressions.make(type, scope, 2);
        const { limit, scale } = value;
        return { parts: [`${random.pick(['min', 'max'])}(${word}`, value.node, ')'], type, limit, scale };
      }
    }
  }

  /** What PostgreSQL has as an aggregate only, not over a window: equal values are alike, so that ties do not matter. */
  private orderedCall(scope: Scope, distinct: boolean): AggregateCall | undefined {
    const { random, features } = this;
    const word = distinct ? 'distinct ' : '';
    const order = random.pick(['', ' desc', ' nulls first', ' desc nulls last']);
    if (features.has('within group') && random.chance(0.4)) {
      const share = random.pick(['0', '0.25', '0.5', '1']);
      const type = random.pick(['integer', 'numeric', 'text', 'date', 'double precision'] as const);
      const { node, limit, scale } = this.expressions.make(type, scope, 1);
      // Of equal values it is not said which is taken: -0 or 0, 1.0 or 1.00.
      const name = type === 'double precision' && limit <= 1e6 ? 'percentile_cont' : 'percentile_disc';
      const parts = [`${name}(${share}) within group (order by `, node, `${order})`];
      const around = type === 'numeric' ? 'round($, 10)' : '$';
      if (type === 'double precision' && name === 'percentile_disc') return undefined;
      return limit < 1e15 ? { parts, type, limit, scale: Math.max(scale, 10), around } : undefined;
    }
    if (!features.has('ordered aggregates')) return undefined;
    const type = random.pick(['integer', 'text'] as const);
    const { node, limit } = this.expressions.make(type, scope, 1);
    switch (type === 'text' ? random.below(2) : 2 * random.below(2)) {
      case 0:
        return {
          parts: [`array_agg(${word}`, node, ' order by ', node, order, ')'],
          type: `${type}[]`,
          limit,
          scale: 0,
        };
      case 1: {
        const parts = [`string_agg(${word}`, node, ", ',' order by ", node, order, ')'];
        // By two arguments PostgreSQL tells rows apart by both.
        return distinct ? undefined : { parts, type: 'text', limit: Number.POSITIVE_INFINITY, scale: 0 };
      }
      default:
        return {
          parts: [`jsonb_agg(${word}`, node, ' order by ', node, order, ')'],
          type: 'jsonb',
          limit: 0,
          scale: 0,
        };
    }
  }

  private sum(scope: Scope, word: string): AggregateCall {
    const type = this.random.pick(['smallint', 'integer', 'integer', 'bigint', 'numeric', 'double precision'] as const);
    const { node, limit, scale } = this.expressions.make(type, scope, 2);
    const total = limit * MOST_ROWS;
    const result = type === 'smallint' || type === 'integer' ? 'bigint' : type === 'bigint' ? 'numeric' : type;
    // Halves and quarters add up exactly, in any order.
    const exact = type === 'double precision' ? limit <= 1e6 : total * 10 ** scale < 1e36;
    if (!exact) return { parts: ['count(', node, ')'], type: 'bigint', limit: MOST_ROWS, scale: 0 };
    return { parts: [`sum(${word}`, node, ')'], type: result, limit: total, scale };
  }

  private average(scope: Scope, word: string): AggregateCall {
    const type = this.random.pick(['integer', 'numeric'] as const);
    const { node, limit, scale } = this.expressions.make(type, scope, 2);
    if (limit > 1e15) return { parts: ['count(', node, ')'], type: 'bigint', limit: MOST_ROWS, scale: 0 };
    return {
      parts: [`avg(${word}`, node, ')'],
      type: 'numeric',
      limit: limit + 1,
      scale: Math.max(scale, 3),
      around: 'round($, 3)',
    };
  }
}
