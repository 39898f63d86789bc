// Reference twin of `assembly/text.ts`, over JavaScript's own strings. Characters are code points.

const characters = (text: string): string[] => [...text];

export function textLength(text: string): number {
  return characters(text).length;
}

/** Characters from number `from` (the first is 1), at most `count`; places before the first count, but are empty. */
export function textSubstring(text: string, from: number, count: number = Number.POSITIVE_INFINITY): string {
  const end = Math.max(from + count - 1, 0);
  return characters(text)
    .slice(Math.max(from - 1, 0), end)
    .join('');
}

/** A negative count leaves out as many at the end. */
export function textLeft(text: string, count: number): string {
  const all = characters(text);
  return all.slice(0, Math.max(count >= 0 ? count : all.length + count, 0)).join('');
}

/** A negative count leaves out as many at the start. */
export function textRight(text: string, count: number): string {
  const all = characters(text);
  return all.slice(count >= 0 ? Math.max(all.length - count, 0) : -count).join('');
}

/** Of the first occurrence, counted in characters from 1; 0 when there is none. */
export function textPosition(text: string, needle: string): number {
  const at = text.indexOf(needle);
  return at < 0 ? 0 : textLength(text.slice(0, at)) + 1;
}

export function trimSpaces(text: string, leading: boolean, trailing: boolean): string {
  const start = leading ? /^ */.exec(text)![0].length : 0;
  const rest = text.slice(start);
  return trailing ? rest.replace(/ *$/, '') : rest;
}

/**
 * LIKE, by its definition: `undefined` when a pattern's last character is an escape that the match comes to while
 * there is text left.
 */
export function textLike(text: string, pattern: string, escapeCharacter: string): boolean | undefined {
  const match = (t: readonly string[], p: readonly string[]): boolean | undefined => {
    if (p.length === 0) return t.length === 0;
    if (p[0] === '%' && escapeCharacter !== '%') {
      for (let skipped = 0; skipped <= t.length; skipped++) {
        const result = match(t.slice(skipped), p.slice(1));
        if (result !== false) return result;
      }
      return false;
    }
    if (t.length === 0) return false;
    if (p[0] === '_' && escapeCharacter !== '_') return match(t.slice(1), p.slice(1));
    if (p[0] !== escapeCharacter) return t[0] === p[0] && match(t.slice(1), p.slice(1));
    if (p.length === 1) return undefined;
    return t[0] === p[1] && match(t.slice(1), p.slice(2));
  };
  return match(characters(text), characters(pattern));
}

/** Do the segments occur in order, the first at the start, or the last at the end, where they are tied to it? */
export function textLikeSegments(
  text: string,
  segments: readonly string[],
  tiedToStart: boolean,
  tiedToEnd: boolean,
): boolean {
  const quoted = segments.map((segment) => segment.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = `${tiedToStart ? '^' : ''}${quoted.join('[^]*')}${tiedToEnd ? '$' : ''}`;
  return new RegExp(pattern, 'u').test(text);
}

/** CRC-32 by the remainders of single bytes. */
export function checksum(bytes: Uint8Array, polynomial: number): number {
  const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    return rest;
  });
  let rest = ~0;
  for (const byte of bytes) rest = (rest >>> 8) ^ remainders[(rest ^ byte) & 255]!;
  return ~rest >>> 0;
}
