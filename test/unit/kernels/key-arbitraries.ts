import fc from 'fast-check';
import type { Key } from './row-blocks.js';
import { byteStrings, i64s } from './value-arbitraries.js';

/** Keys of one shape, many of them twice. */
export function keysOf(maxLength = 60): fc.Arbitrary<{
  readonly keys: Key[];
  readonly wordCount: number;
  readonly stringCount: number;
}> {
  return fc
    .tuple(fc.nat(2), fc.nat(2))
    .filter(([wordCount, stringCount]) => wordCount + stringCount > 0)
    .chain(([wordCount, stringCount]) => {
      const key = fc.record({
        words: fc.array(i64s, { minLength: wordCount, maxLength: wordCount }),
        strings: fc.array(byteStrings, { minLength: stringCount, maxLength: stringCount }),
      });
      return fc
        .tuple(fc.array(key, { minLength: 1, maxLength: 30 }), fc.array(fc.nat(), { maxLength }))
        .map(([pool, picks]) => ({ keys: picks.map((pick) => pool[pick % pool.length]!), wordCount, stringCount }));
    });
}
