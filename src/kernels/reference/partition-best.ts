// Reference twin of `assembly/partition-best.ts`.

export interface PartitionedImage {
  readonly partition: number;
  readonly word: bigint;
  readonly low: number;
}

/** Do images say all of the keys: are rows of equal images equal? */
export type SaysAll = (image: PartitionedImage) => boolean;

const isBefore = (a: PartitionedImage, b: PartitionedImage): boolean =>
  a.word !== b.word ? a.word < b.word : a.low < b.low;

const isSame = (a: PartitionedImage, b: PartitionedImage): boolean => a.word === b.word && a.low === b.low;

/** Of earlier rows of a partition, those that count against a row if they come before it. */
function countable(rows: readonly PartitionedImage[], mode: 'number' | 'rank' | 'dense'): readonly PartitionedImage[] {
  return mode === 'dense' ? rows.filter((row, index) => rows.findIndex((other) => isSame(other, row)) === index) : rows;
}

/** The numbers of rows that may be among the first `most` of their partitions, given the rows before them alone. */
export function keepBest(
  rows: readonly PartitionedImage[],
  most: number,
  mode: 'number' | 'rank' | 'dense',
  saysAll: SaysAll,
): number[] {
  return rows.flatMap((row, index) => {
    const earlier = rows.slice(0, index).filter(({ partition }) => partition === row.partition);
    const ahead = countable(earlier, mode).filter(
      (other) => isBefore(other, row) || (mode === 'number' && saysAll(row) && isSame(other, row)),
    );
    return ahead.length < most ? [index] : [];
  });
}

/** The numbers of rows that may be among them, given all rows. */
export function selectBest(rows: readonly PartitionedImage[], most: number, isDense: boolean): number[] {
  return rows.flatMap((row, index) => {
    const others = rows.filter(({ partition }) => partition === row.partition);
    const ahead = countable(others, isDense ? 'dense' : 'rank').filter((other) => isBefore(other, row));
    return ahead.length < most ? [index] : [];
  });
}
