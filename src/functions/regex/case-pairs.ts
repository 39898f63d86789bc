import { casesOf, LAST_CASED } from './character-classes.js';

let pairs: readonly number[] | undefined;

/** Code points beyond ASCII and the same in another case, one pair after the other, ascending: what `casesOf` gives. */
export function casePairs(): readonly number[] {
  pairs ??= Array.from({ length: LAST_CASED - 0x7f }, (_, index) => index + 0x80)
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .flatMap((point) =>
      casesOf(point)
        .filter((other) => other !== point)
        .flatMap((other) => [point, other]),
    );
  return pairs;
}
