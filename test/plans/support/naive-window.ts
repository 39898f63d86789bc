import type { AggregateCall, ConstantValue, Expression } from '../../../src/planner/expression.js';
import type { SortKey, WindowNode } from '../../../src/planner/physical/physical-plan.js';
import type { FrameBound, WindowCall } from '../../../src/planner/window-call.js';
import { evaluate, order } from './naive-evaluator.js';

type Row = readonly ConstantValue[];
type Summarize = (call: AggregateCall, rows: readonly Row[]) => ConstantValue;

const valueIn = (expression: Expression, row: Row): ConstantValue =>
  evaluate(expression, { get: (column) => row[column] });

export function compareKeys(keys: readonly SortKey[], a: Row, b: Row): number {
  for (const { expression, descending, nullsFirst } of keys) {
    const [x, y] = [valueIn(expression, a), valueIn(expression, b)];
    if (x === null && y === null) continue;
    if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
    const sign = order(x, y);
    if (sign !== 0) return descending ? -sign : sign;
  }
  return 0;
}

/** Window functions as they are defined: for every row its partition is gone through again. */
export function runWindow(node: WindowNode, input: readonly Row[], summarize: Summarize): readonly Row[] {
  const partitionKeys = node.partitionKeys.map(
    (expression): SortKey => ({ expression, descending: false, nullsFirst: false }),
  );
  const sorted = [...input].sort((a, b) => compareKeys([...partitionKeys, ...node.orderKeys], a, b));
  const rows = sorted.map((row) => {
    const partition = sorted.filter((other) => compareKeys(partitionKeys, row, other) === 0);
    const values = node.functions.map((call) => callOver(call, node.orderKeys, partition, row, summarize));
    return [...node.outputs.map((ordinal) => row[ordinal]!), ...values];
  });
  const { limit } = node;
  if (!limit) return rows;
  return rows.filter((row) => Number(row[node.outputs.length + limit.function]) <= limit.count);
}

function callOver(
  call: WindowCall,
  orderKeys: readonly SortKey[],
  partition: readonly Row[],
  row: Row,
  summarize: Summarize,
): ConstantValue {
  const keys = orderKeys.slice(0, call.orderCount);
  const index = partition.indexOf(row);
  const isPeer = (other: Row): boolean => compareKeys(keys, row, other) === 0;
  const firstPeer = partition.findIndex(isPeer);
  const afterPeers = partition.findLastIndex(isPeer) + 1;
  const argument = (number: number): ConstantValue => valueIn(call.args[number]!, row);
  switch (call.name) {
    case 'row_number':
      return BigInt(index + 1);
    case 'rank':
      return BigInt(firstPeer + 1);
    case 'dense_rank':
      return BigInt(partition.filter((other, i) => i < firstPeer && isLastPeer(keys, partition, other, i)).length + 1);
    case 'percent_rank':
      return partition.length === 1 ? 0 : firstPeer / (partition.length - 1);
    case 'cume_dist':
      return afterPeers / partition.length;
    case 'ntile': {
      const buckets = Number(argument(0));
      const [size, more] = [Math.floor(partition.length / buckets), partition.length % buckets];
      return index < more * (size + 1)
        ? Math.floor(index / (size + 1)) + 1
        : more + Math.floor((index - more * (size + 1)) / size) + 1;
    }
    case 'lag':
    case 'lead': {
      const distance = call.args.length > 1 ? argument(1) : 1;
      if (distance === null) return null;
      const other = partition[call.name === 'lag' ? index - Number(distance) : index + Number(distance)];
      if (other) return valueIn(call.args[0]!, other);
      return call.args.length > 2 ? argument(2) : null;
    }
  }
  const frame = frameOf(call, keys, partition, index, firstPeer, afterPeers);
  if (call.aggregate) return summarize(call.aggregate, frame);
  const position =
    call.name === 'first_value' ? 0 : call.name === 'last_value' ? frame.length - 1 : Number(argument(1)) - 1;
  const found = frame[position];
  return found ? valueIn(call.args[0]!, found) : null;
}

function isLastPeer(keys: readonly SortKey[], partition: readonly Row[], row: Row, index: number): boolean {
  return compareKeys(keys, row, partition[index + 1]!) !== 0;
}

function frameOf(
  { frame }: WindowCall,
  keys: readonly SortKey[],
  partition: readonly Row[],
  index: number,
  firstPeer: number,
  afterPeers: number,
): readonly Row[] {
  const row = partition[index]!;
  const isIn = (bound: FrameBound, position: number, sign: 1 | -1): boolean => {
    const isPeer = position >= firstPeer && position < afterPeers;
    switch (bound.kind) {
      case 'unboundedPreceding':
      case 'unboundedFollowing':
        return true;
      case 'currentRow':
        return (position - index) * sign >= 0 || (frame.unit !== 'rows' && isPeer);
      case 'offset': {
        if (frame.unit === 'rows') return (position - index - bound.distance) * sign >= 0;
        const groupOf = (at: number): number =>
          partition.filter((_, i) => i > 0 && i <= at && compareKeys(keys, partition[i - 1]!, partition[i]!) !== 0)
            .length;
        return (groupOf(position) - groupOf(index) - bound.distance) * sign >= 0;
      }
      case 'value': {
        const [key, limit] = [valueIn(frame.key!, partition[position]!), valueIn(bound.expression, row)];
        if (limit === null || key === null) {
          if (limit === null && key === null) return true;
          return valueIn(frame.key!, row) === null
            ? (position - index) * sign >= 0 && isPeer
            : (position - index) * sign > 0;
        }
        return order(key, limit) * sign * (keys[0]!.descending ? -1 : 1) >= 0;
      }
    }
  };
  return partition.filter((_, position) => {
    if (!isIn(frame.start, position, 1) || !isIn(frame.end, position, -1)) return false;
    const isPeer = position >= firstPeer && position < afterPeers;
    switch (frame.exclude) {
      case 'currentRow':
        return position !== index;
      case 'group':
        return !isPeer;
      case 'ties':
        return !isPeer || position === index;
      default:
        return true;
    }
  });
}
