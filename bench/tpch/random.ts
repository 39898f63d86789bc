/**
 * Random numbers that can be drawn in any order: draw number `index` of a stream is a pure function of the stream's
 * name and the index, so a table can be generated from any row on, and one table can recompute another's values.
 */
export interface RandomStream {
  readonly key: number;
}

/** A stream for one column, named `table.column`. The name's FNV-1a hash is its key. */
export function createRandomStream(name: string): RandomStream {
  let hash = 0x811c9dc5;
  for (let position = 0; position < name.length; position++) {
    hash = Math.imul(hash ^ name.charCodeAt(position), 0x01000193);
  }
  return { key: hash };
}

/**
 * Draw number `index` (below 2³²) of the stream, uniform in [0, 2³²). MurmurHash3's finaliser over a Weyl sequence;
 * the key enters twice, lest two streams be shifted copies of one another.
 */
export function drawUint32(stream: RandomStream, index: number): number {
  let bits = (Math.imul(index, 0x9e3779b9) + stream.key) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b) ^ Math.imul(stream.key, 0x27d4eb2f);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A whole number, uniform in [low, high]. */
export function drawInteger(stream: RandomStream, index: number, low: number, high: number): number {
  return low + Math.floor((drawUint32(stream, index) / 0x1_0000_0000) * (high - low + 1));
}
