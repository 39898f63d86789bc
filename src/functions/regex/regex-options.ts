import { notSupportedError, userError } from '../../common/errors.js';
import type { RegexOptions } from './regex-syntax.js';

/** The options after one more letter; undefined when there is no such letter. Throws 0A000 for other kinds of syntax. */
export function withOption(options: RegexOptions, letter: string): RegexOptions | undefined {
  switch (letter) {
    case 'i':
      return { ...options, ignoreCase: true };
    case 'c':
      return { ...options, ignoreCase: false };
    case 'n':
    case 'm':
      return { ...options, newlineStops: true, newlineAnchors: true };
    case 'p':
      return { ...options, newlineStops: true, newlineAnchors: false };
    case 'w':
      return { ...options, newlineStops: false, newlineAnchors: true };
    case 's':
      return { ...options, newlineStops: false, newlineAnchors: false };
    case 'x':
      return { ...options, expanded: true };
    case 't':
      return { ...options, expanded: false };
    case 'q':
      return { ...options, literal: true };
    case 'b':
    case 'e':
      throw notSupportedError(`option "${letter}" of regular expressions is not supported`, {
        hint: 'Write it as an advanced regular expression, PostgreSQL’s default.',
      });
    default:
      return undefined;
  }
}

/** The flags that a function was given. Throws 22023. */
export function optionsOfFlags(start: RegexOptions, flags: string): RegexOptions {
  let options = start;
  for (const letter of flags) {
    const next = letter === 'g' ? { ...options, global: true } : withOption(options, letter);
    if (next === undefined) {
      throw userError('22023', `invalid regular expression option: "${letter}"`, {
        hint: 'The options are g, i, c, n, m, p, w, s, x, t and q.',
      });
    }
    options = next;
  }
  return options;
}
