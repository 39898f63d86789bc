/** A tree of boxes, each as large as it says. */
export interface TreeBox<B> {
  readonly width: number;
  readonly height: number;
  readonly inputs: readonly B[];
}

/** Where a box lies: its left upper corner. */
export interface PlacedBox<B> {
  readonly box: B;
  readonly x: number;
  readonly y: number;
  readonly inputs: readonly PlacedBox<B>[];
}

export interface Gaps {
  /** Between neighbours. */
  readonly across: number;
  /** Between a box and its inputs. */
  readonly down: number;
}

/** Left and right edges of a tree, level by level, counted from the middle of its root. */
interface Outline {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

interface Arranged {
  readonly outline: Outline;
  /** Of each input, how far its middle is to the right of that of the box. */
  readonly offsets: readonly number[];
  readonly inputs: readonly Arranged[];
}

/**
 * Places the root at the top and inputs below it, from left to right, as close as the boxes of all levels let them be; a
 * box is in the middle over its inputs (after Reingold and Tilford, Tidier Drawings of Trees, 1981). Boxes of one level
 * begin at one height. The left upper corner of all is 0, 0.
 */
export function layOutTree<B extends TreeBox<B>>(
  root: B,
  gaps: Gaps,
): { readonly root: PlacedBox<B>; readonly width: number; readonly height: number } {
  const arranged = arrange(root, gaps.across);
  const heights: number[] = [];
  collectHeights(root, 0, heights);
  const tops = heights.map((_, level) => heights.slice(0, level).reduce((sum, height) => sum + height + gaps.down, 0));
  const left = Math.min(...arranged.outline.left);
  const width = Math.max(...arranged.outline.right) - left;
  const height = tops.at(-1)! + heights.at(-1)!;
  return { root: place(root, arranged, -left, 0, tops), width, height };
}

function arrange<B extends TreeBox<B>>(box: B, gap: number): Arranged {
  const inputs = box.inputs.map((input) => arrange(input, gap));
  const placed: number[] = [];
  const right: number[] = [];
  for (const { outline } of inputs) {
    const shift =
      placed.length === 0 ? 0 : Math.max(...outline.left.map((edge, i) => (right[i] ?? -Infinity) + gap - edge));
    outline.right.forEach((edge, i) => {
      right[i] = edge + shift;
    });
    placed.push(shift);
  }
  const middle = placed.length === 0 ? 0 : (placed[0]! + placed.at(-1)!) / 2;
  const offsets = placed.map((shift) => shift - middle);
  const levels = Math.max(0, ...inputs.map(({ outline }) => outline.left.length));
  const edges = (side: 'left' | 'right', pick: (...values: number[]) => number): number[] =>
    Array.from({ length: levels }, (_, level) =>
      pick(
        ...inputs.flatMap(({ outline }, i) => (level in outline[side] ? [outline[side][level]! + offsets[i]!] : [])),
      ),
    );
  return {
    outline: {
      left: [-box.width / 2, ...edges('left', Math.min)],
      right: [box.width / 2, ...edges('right', Math.max)],
    },
    offsets,
    inputs,
  };
}

function collectHeights<B extends TreeBox<B>>(box: B, level: number, heights: number[]): void {
  heights[level] = Math.max(heights[level] ?? 0, box.height);
  for (const input of box.inputs) collectHeights(input, level + 1, heights);
}

function place<B extends TreeBox<B>>(
  box: B,
  { offsets, inputs }: Arranged,
  middle: number,
  level: number,
  tops: readonly number[],
): PlacedBox<B> {
  return {
    box,
    x: middle - box.width / 2,
    y: tops[level]!,
    inputs: box.inputs.map((input, i) => place(input, inputs[i]!, middle + offsets[i]!, level + 1, tops)),
  };
}
