import type { Random } from '../random.js';
import { group, list, optional, renderSql, type SqlNode } from '../sql-tree.js';
import type { AnalyticAggregate } from './analytic-aggregate.js';
import type { AnalyticType } from './analytic-columns.js';
import { type AnalyticOperand, COMPARED, nullOf } from './analytic-expression.js';
import type { AnalyticRelation } from './analytic-relation.js';

/** Equal for all rows that tie. */
const OF_PEERS = ['rank()', 'dense_rank()', 'percent_rank()', 'cume_dist()'];

const DIRECTIONS = ['', '', ' desc', ' nulls first', ' desc nulls last'];

/** Steps of RANGE over a key of the type. */
const STEPS: Partial<Record<AnalyticType, readonly string[]>> = {
  smallint: ['0', '1', '12'],
  integer: ['0', '2', '40'],
  bigint: ['1', '25'],
  numeric: ['0.25', '3'],
  'double precision': ['0.5', '10'],
  date: ["interval '3 days'", "interval '1 month'"],
  timestamp: ["interval '90 minutes'", "interval '2 days'"],
};

/** Window functions that give every row one right answer: what depends on the order of ties asks for a unique key. */
export class AnalyticWindow {
  private readonly random: Random;
  private readonly aggregates: AnalyticAggregate;

  constructor(random: Random, aggregates: AnalyticAggregate) {
    this.random = random;
    this.aggregates = aggregates;
  }

  make(from: AnalyticRelation): AnalyticOperand {
    const { random } = this;
    const ordered = from.columns.filter(({ type, exact }) => exact && (COMPARED.includes(type) || type === 'boolean'));
    // DuckDB goes wrong where a key is there twice.
    const partitions = [...new Set(random.times(random.pick([0, 1, 1, 1, 2]), () => random.pick(ordered).node))];
    const partition = list('partition by ', ', ', partitions, 0, ' ');
    const id = from.unique.length > 0 && random.chance(0.6) ? from.unique : undefined;
    const keys = [...random.times(random.below(id === undefined ? 2 : 3), () => random.pick(ordered)), ...(id ?? [])];
    if (keys.length === 0) keys.push(random.pick(ordered));
    const directions = keys.map(() => random.pick(DIRECTIONS));
    const order = `order by ${keys.map(({ node }, index) => renderSql(node) + directions[index]!).join(', ')}`;
    const over = (frame: SqlNode = ''): SqlNode[] => [' over (', partition, order, frame, ')'];
    if (random.chance(0.25)) return this.ofPeers(over(), id !== undefined);
    if (id !== undefined && random.chance(0.35)) return this.neighbour(ordered, over);
    const call = this.aggregates.call(from, '');
    const whole = random.chance(0.15);
    const [before, after] = (call.around ?? '$').split('$') as [string, string];
    const frame = whole ? [' over (', partition, ')'] : over(this.frame(keys, id !== undefined));
    const { type, limit, scale, exact } = call;
    return operand(type, [before, ...call.parts, ...frame, after], limit, scale, exact);
  }

  private ofPeers(over: readonly SqlNode[], total: boolean): AnalyticOperand {
    const name = this.random.pick(total ? [...OF_PEERS, 'row_number()', 'row_number()', 'ntile(7)'] : OF_PEERS);
    const isShare = /percent|cume/.test(name);
    if (isShare) return operand('double precision', [name, ...over], 1, 0, false);
    return operand('bigint', [`cast(${name}`, ...over, ' as bigint)'], 1e7, 0, true);
  }

  private neighbour(columns: readonly AnalyticOperand[], over: (frame: SqlNode) => SqlNode[]): AnalyticOperand {
    const { random } = this;
    const { node, type, limit, scale } = random.pick(columns);
    const nulls = random.pick(['', '', ' ignore nulls']);
    const [name, rest, framed] = random.pick([
      ['lag', '', false],
      ['lead', ', 2', false],
      ['lag', ', 3', false],
      ['first_value', '', true],
      ['last_value', '', true],
      ['nth_value', ', 2', true],
    ] as const);
    const frame = framed ? this.frame([], true) : '';
    return operand(type, [`${name}(`, node, `${rest}${nulls})`, ...over(frame)], limit, scale, true);
  }

  /** `total`: rows are told apart, so that ROWS means the same everywhere. */
  private frame(keys: readonly AnalyticOperand[], total: boolean): SqlNode {
    const { random } = this;
    if (random.chance(0.25)) return '';
    const steps = keys.length === 1 && keys[0]!.limit < 1e9 ? STEPS[keys[0]!.type] : undefined;
    const unit = random.pick([
      ...(total ? ['rows', 'rows', 'rows'] : []),
      'groups',
      'range',
      ...(steps ? ['range'] : []),
    ]);
    const step = (): string | undefined =>
      unit === 'range'
        ? steps && random.pick(steps)
        : String(random.pick([0, 1, 2, 5, 40, ...(unit === 'rows' ? [1500] : [])]));
    const bound = (side: 'preceding' | 'following'): readonly [text: string, place: number] => {
      const offset = random.chance(0.55) ? step() : undefined;
      if (offset !== undefined) return [`${offset} ${side}`, side === 'preceding' ? 1 : 3];
      if (random.chance(0.5)) return ['current row', 2];
      return [`unbounded ${side}`, side === 'preceding' ? 0 : 4];
    };
    let start = bound(random.chance(0.8) ? 'preceding' : 'following');
    let end = bound(random.chance(0.8) ? 'following' : 'preceding');
    if (start[1] === 4) start = ['current row', 2];
    if (end[1] === 0) end = ['current row', 2];
    if (start[1] > end[1]) [start, end] = [end, start];
    // DuckDB counts -1 rows in some frames that end before they start.
    if (unit === 'groups' && start[1] === end[1]) end = start;
    const exclude = random.pick([
      '',
      '',
      '',
      ' exclude group',
      ' exclude ties',
      ...(total ? [' exclude current row'] : []),
    ]);
    return optional(` ${unit} between ${start[0]} and ${end[0]}${exclude}`);
  }
}

const operand = (
  type: AnalyticType,
  parts: readonly SqlNode[],
  limit: number,
  scale: number,
  exact: boolean,
): AnalyticOperand => ({
  node: group(type, parts, [nullOf(type)]),
  type,
  limit,
  scale,
  exact,
  distinct: Number.POSITIVE_INFINITY,
  share: 1,
});
