// Reference twin of `assembly/window-*.ts`.

/** Which rows are a partition, or peers: the number of each row's, and the first row of each, and the number of rows. */
export interface Peers {
  readonly ordinals: readonly number[];
  readonly starts: readonly number[];
}

/** Rows that have the same name as the one before them are peers of it. */
export function markPeers(names: readonly string[]): Peers {
  const starts = names.flatMap((name, row) => (row === 0 || name !== names[row - 1] ? [row] : []));
  const ordinals = names.map((_, row) => starts.filter((start) => start <= row).length - 1);
  return { ordinals, starts: [...starts, names.length] };
}

const startOf = ({ ordinals, starts }: Peers, row: number): number => starts[ordinals[row]!]!;
const endOf = ({ ordinals, starts }: Peers, row: number): number => starts[ordinals[row]! + 1]!;

export function rowNumber(partitions: Peers, row: number): number {
  return row - startOf(partitions, row) + 1;
}

export function rank(partitions: Peers, groups: Peers, row: number, isDense: boolean): number {
  const first = startOf(partitions, row);
  return isDense ? groups.ordinals[row]! - groups.ordinals[first]! + 1 : startOf(groups, row) - first + 1;
}

export function percentRank(partitions: Peers, groups: Peers, row: number): number {
  const others = endOf(partitions, row) - startOf(partitions, row) - 1;
  return others === 0 ? 0 : (rank(partitions, groups, row, false) - 1) / others;
}

export function cumulativeShare(partitions: Peers, groups: Peers, row: number): number {
  const first = startOf(partitions, row);
  return (endOf(groups, row) - first) / (endOf(partitions, row) - first);
}

/** The bucket of a row: the first buckets have one row more than the others where rows cannot be divided equally. */
export function bucketNumber(partitions: Peers, row: number, buckets: number): number {
  const total = endOf(partitions, row) - startOf(partitions, row);
  let left = row - startOf(partitions, row);
  for (let bucket = 1; ; bucket++) {
    const size = Math.floor(total / buckets) + (bucket <= total % buckets ? 1 : 0);
    if (left < size) return bucket;
    left -= size;
  }
}

/** Undefined where there is no such row in the partition. */
export function offsetPosition(partitions: Peers, row: number, distance: number): number | undefined {
  const position = row + distance;
  return position >= startOf(partitions, row) && position < endOf(partitions, row) ? position : undefined;
}

/** The same where only filled rows count; at a distance of 0 is the row itself. */
export function filledOffsetPosition(
  partitions: Peers,
  row: number,
  distance: number,
  isFilled: readonly boolean[],
): number | undefined {
  const step = Math.sign(distance);
  let left = Math.abs(distance);
  let position: number | undefined = row;
  while (left > 0 && position !== undefined) {
    position = offsetPosition(partitions, position, step);
    if (position !== undefined && isFilled[position]) left--;
  }
  return position;
}

/** Where a frame begins or, the row after it, ends; `distance` infinite for the ends of the partition. */
export function rowBound(partitions: Peers, row: number, distance: number, isEnd: boolean): number {
  const bound = row + distance + (isEnd ? 1 : 0);
  return Math.min(endOf(partitions, row), Math.max(startOf(partitions, row), bound));
}

export function groupBound(partitions: Peers, groups: Peers, row: number, distance: number, isEnd: boolean): number {
  const [first, end] = [startOf(partitions, row), endOf(partitions, row)];
  const group = groups.ordinals[row]! + distance + (isEnd ? 1 : 0);
  if (group <= groups.ordinals[first]!) return first;
  return group > groups.ordinals[end - 1]! ? end : groups.starts[group]!;
}

/** The first row of the partition whose key is not before the bound or, at the end of frames, is behind it. */
export function valueBound(
  partitions: Peers,
  groups: Peers,
  row: number,
  keys: readonly (number | undefined)[],
  bound: number,
  order: { readonly descending: boolean; readonly nullsFirst: boolean },
  isEnd: boolean,
): number {
  if (keys[row] === undefined) return isEnd ? endOf(groups, row) : startOf(groups, row);
  const end = endOf(partitions, row);
  for (let position = startOf(partitions, row); position < end; position++) {
    const key = keys[position];
    if (key === undefined) {
      if (order.nullsFirst) continue;
      return position;
    }
    const difference = order.descending ? bound - key : key - bound;
    if (difference > 0 || (difference === 0 && !isEnd)) return position;
  }
  return end;
}

/** The rows of a frame without what is excluded: 1 the current row, 2 its peers, 3 its other peers. */
export function frameRows(groups: Peers, row: number, low: number, high: number, exclude: number): number[] {
  const rows: number[] = [];
  for (let position = low; position < high; position++) {
    const isPeer = groups.ordinals[position] === groups.ordinals[row];
    const isExcluded =
      (exclude === 1 && position === row) || (exclude === 2 && isPeer) || (exclude === 3 && isPeer && position !== row);
    if (!isExcluded) rows.push(position);
  }
  return rows;
}
