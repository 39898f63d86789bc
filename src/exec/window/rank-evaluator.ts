import { userError } from '../../common/errors.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { argumentOf, type WindowArgument } from './window-argument.js';
import type { WindowContext } from './window-context.js';
import type { Resumption, WindowEvaluator, WindowReach } from './window-evaluator.js';
import type { Peering } from './window-segment.js';

const STREAMED: WindowReach = { before: 0, behind: 0 };
const WHOLE_PARTITION: WindowReach = { before: 'partition', behind: 'partition' };

/** Numbers and ranks: what follows from where partitions and groups of peers begin. */
export class RankEvaluator implements WindowEvaluator {
  readonly functions: readonly number[];
  readonly reach: WindowReach;
  readonly vectors: readonly Vector[];
  private readonly context: WindowContext;
  private readonly name: string;
  private readonly groups: Peering;
  private readonly buckets: WindowArgument;
  private readonly values: number;
  private readonly validity: number;
  /** i64 number of the last row, i64 its rank. */
  private readonly carry: number;
  readonly resumption: Resumption | undefined;

  constructor(context: WindowContext, index: number) {
    const { scope } = context.lane;
    const call = context.node.functions[index]!;
    const vector = new Vector(physicalTypeOf(call.type));
    this.context = context;
    this.functions = [index];
    this.vectors = [vector];
    this.name = call.name;
    this.groups = context.groupsOf(call.orderCount);
    this.buckets = argumentOf(context, call.args[0], 0);
    this.reach = ['row_number', 'rank', 'dense_rank'].includes(call.name) ? STREAMED : WHOLE_PARTITION;
    this.values = scope.allocate(BATCH_ROWS * byteWidthOf(vector.physical));
    this.validity = call.name === 'ntile' ? scope.allocate(BATCH_ROWS) : 0;
    this.carry = scope.allocateCleared(16);
    vector.setFlat(this.values, this.buckets.offset === 0 ? 0 : this.validity);
    if (this.reach !== STREAMED) return;
    const isRank = call.name !== 'row_number';
    if (isRank && (call.orderCount === 0 || call.orderCount < context.node.orderKeys.length)) return;
    const groups = call.name === 'dense_rank' ? this.groups : undefined;
    this.resumption = new RankResumption(context, isRank, groups, this.carry);
  }

  evaluate(from: number, count: number): void {
    const { kernels } = this.context.lane;
    const { partitions, rows } = this.context.segment;
    const { groups, values, carry } = this;
    const [ordinals, starts] = [partitions.ordinals.pointer, partitions.starts.pointer];
    const [groupOrdinals, groupStarts] = [groups.ordinals.pointer, groups.starts.pointer];
    switch (this.name) {
      case 'row_number':
        kernels.rowNumbers(from, count, ordinals, starts, carry, values);
        return;
      case 'rank':
      case 'dense_rank':
        kernels.ranks(
          from,
          count,
          ordinals,
          starts,
          groupOrdinals,
          groupStarts,
          this.name === 'dense_rank',
          carry,
          values,
        );
        return;
      case 'percent_rank':
        kernels.percentRanks(from, count, ordinals, starts, groupOrdinals, groupStarts, values);
        return;
      case 'cume_dist':
        kernels.cumulativeShares(from, count, ordinals, starts, groupOrdinals, groupStarts, values);
        return;
      default: {
        const { offset, validityOffset, constant } = this.buckets;
        const failed = kernels.bucketNumbers(
          from,
          count,
          ordinals,
          starts,
          rows.pointer,
          offset,
          validityOffset,
          constant,
          values,
          this.validity,
        );
        if (failed === 0) return;
        throw userError('22014', 'argument of ntile must be greater than zero', {
          hint: 'It is the number of buckets.',
        });
      }
    }
  }

  shift(): void {}

  reset(): void {
    this.context.lane.shared.u8.fill(0, this.carry, this.carry + 16);
  }
}

/**
 * A summary is { i64 rows, i64 groups of peers }. Behind the rows passed a group begins: its dense rank follows from the
 * groups before, and its rank from the rows.
 */
class RankResumption implements Resumption {
  readonly keepsPeers: boolean;
  readonly looksAtRows: boolean;
  readonly summaryBytes = 16;
  private readonly context: WindowContext;
  private readonly groups: Peering | undefined;
  private readonly carry: number;
  private rowsBefore = 0;
  private groupsBefore = 0;

  /** `groups`: undefined where nobody counts them. */
  constructor(context: WindowContext, keepsPeers: boolean, groups: Peering | undefined, carry: number) {
    this.context = context;
    this.groups = groups;
    this.keepsPeers = keepsPeers;
    this.looksAtRows = groups !== undefined;
    this.carry = carry;
  }

  summarise(summary: number, count: number): void {
    this.write(summary, count, this.groups?.count ?? 0);
  }

  pass(summary: number): void {
    const { i64 } = this.context.lane.shared;
    this.rowsBefore += Number(i64[summary / 8]!);
    this.groupsBefore += Number(i64[summary / 8 + 1]!);
  }

  resume(): void {
    this.write(this.carry, this.rowsBefore, this.groupsBefore);
  }

  private write(target: number, rows: number, groups: number): void {
    this.context.lane.shared.i64.set([BigInt(rows), BigInt(groups)], target / 8);
  }
}
