import type { Random } from './random.js';
import type { RandomAggregate } from './random-aggregate.js';
import type { Operand, Scope } from './random-expression.js';
import type { NamedColumns } from './random-relation.js';
import { group, list, optional, renderSql, type SqlNode } from './sql-tree.js';

/** What gives the same to all rows that tie. */
const OVER_PEERS = ['rank()', 'dense_rank()', 'percent_rank()', 'cume_dist()'];

/** Window functions whose value does not depend on how ties are broken. */
export class RandomWindow {
  private readonly random: Random;
  private readonly aggregates: RandomAggregate;

  constructor(random: Random, aggregates: RandomAggregate) {
    this.random = random;
    this.aggregates = aggregates;
  }

  make(scope: Scope, from: NamedColumns, mayNumber: boolean): Operand {
    const { random } = this;
    const partition = list(
      'partition by ',
      ', ',
      random.times(random.below(3), () => random.pick(from.columns).node),
      0,
      ' ',
    );
    // Ordered by all columns, rows that tie are alike; but two windows may not number such rows in the same way.
    const total = mayNumber && from.plain && random.chance(0.5);
    const keys = total ? from.columns : random.times(random.between(1, 2), () => random.pick(from.columns));
    const order = `order by ${keys.map((key) => this.key(key)).join(', ')}`;
    if (random.chance(0.3)) return this.ofPeers(partition, order, total);
    if (total && random.chance(0.3)) return this.neighbour(from, partition, order);
    const call = this.aggregates.call({ ...scope, outer: [] }, false);
    const frame = this.frame(total);
    const [before, after] = (call.around ?? '$').split('$') as [string, string];
    const ordered = random.chance(0.8);
    const over = [' over (', partition, ...(ordered ? [order, frame] : []), ')'];
    const { type, limit, scale } = call;
    return {
      node: group(type, [before, ...call.parts, ...over, after], [`null::${type}`]),
      type,
      limit,
      scale,
    };
  }

  /** As plain text: an order that is made smaller would no longer be of all columns. */
  private key({ node }: Operand): string {
    return renderSql(node) + this.random.pick(['', '', ' desc', ' nulls first', ' desc nulls last']);
  }

  private ofPeers(partition: SqlNode, order: SqlNode, total: boolean): Operand {
    const { random } = this;
    const name = random.pick(total ? [...OVER_PEERS, 'row_number()', 'ntile(3)'] : OVER_PEERS);
    const type = name.startsWith('ntile') ? 'integer' : /percent|cume/.test(name) ? 'double precision' : 'bigint';
    const parts = [`${name} over (`, partition, order, ')'];
    return {
      node: group(type, parts, [`null::${type}`]),
      type,
      limit: type === 'double precision' ? Infinity : 1e8,
      scale: 0,
    };
  }

  private neighbour(from: NamedColumns, partition: SqlNode, order: SqlNode): Operand {
    const { random } = this;
    const { node, type, limit, scale } = random.pick(from.columns);
    const [name, rest] = random.pick([
      ['lag', ')'],
      ['lead', ', 2)'],
      ['lag', ', 1, null)'],
      ['first_value', ')'],
      ['last_value', ')'],
      ['nth_value', ', 2)'],
    ] as const);
    return {
      node: group(type, [`${name}(`, node, `${rest} over (`, partition, order, ')'], [`null::${type}`]),
      type,
      limit,
      scale,
    };
  }

  private frame(total: boolean): SqlNode {
    const { random } = this;
    if (random.chance(0.4)) return '';
    const unit = random.pick(total ? ['rows', 'rows', 'groups', 'range'] : ['groups', 'range']);
    const ends = ['unbounded preceding', ...(unit === 'range' ? [] : ['2 preceding', '1 preceding']), 'current row'];
    const starts = random.below(ends.length);
    const after = ['current row', ...(unit === 'range' ? [] : ['1 following', '3 following']), 'unbounded following'];
    const exclude = random.pick([
      '',
      '',
      '',
      ' exclude group',
      ' exclude ties',
      ...(total ? [' exclude current row'] : []),
    ]);
    return optional(` ${unit} between ${ends[starts]} and ${random.pick(after)}${exclude}`);
  }
}
