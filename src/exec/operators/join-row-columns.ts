import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import type { Vector } from '../../vector/vector.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import type { JoinLayout } from './join-layout.js';
import { TextCodeUnpacker, textCodesOf } from './join-text-codes.js';
import type { LaneContext } from './operator.js';

/** Takes the values of one build column along. Owns its buffers: they are valid until the next call. */
export interface BuildColumn {
  /** The value of each of `rowCount` u32 at `rows`: pointers to build rows, or places. */
  take(rows: number, rowCount: number): Vector;
}

/** By the ordinals of build columns; from pointers to rows. */
export function columnsOfRows(
  context: Pick<LaneContext, 'kernels' | 'scope' | 'block' | 'shared'>,
  node: HashJoinNode,
  layout: JoinLayout,
): Map<number, BuildColumn> {
  const { kernels, scope } = context;
  const codes = textCodesOf(context, node, layout);
  return new Map(
    [...layout.slots].map(([ordinal, slot]) => {
      const coded = codes.get(ordinal);
      if (coded !== undefined) return [ordinal, new TextCodeUnpacker(context, coded)];
      const unpacker = new RowUnpacker(kernels, scope, [slot]);
      return [ordinal, { take: (rows: number, rowCount: number) => unpacker.unpack(rows, rowCount)[0]! }];
    }),
  );
}
