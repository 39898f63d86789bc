import { userError } from '../../common/errors.js';

/** A pattern of SIMILAR TO as an advanced regular expression; `escapeText` is empty or one character. Throws 22025. */
export function patternOfSimilar(pattern: string, escapeText: string): string {
  if ([...escapeText].length > 1) {
    throw userError('22025', 'invalid escape string', { hint: 'Escape string must be empty or one character.' });
  }
  let result = '^(?:';
  let separators = 0;
  /** Within brackets, whose first character may be a bracket that does not close them. */
  let bracketAt = -1;
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    const isInBracket = bracketAt >= 0;
    if (character === escapeText) {
      at++;
      const quoted = characters[at];
      if (quoted === undefined) break;
      if (quoted === '"' && !isInBracket) {
        separators++;
        if (separators > 2) {
          throw userError(
            '2200C',
            'SQL regular expression may not contain more than two escape-double-quote separators',
          );
        }
        // The first part is as short as possible, the rest is long: what is between the separators is captured.
        result += separators === 1 ? '){1,1}?(' : '){1,1}(?:';
      } else result += `\\${quoted}`;
    } else if (isInBracket) {
      if (character === ']' && at > bracketAt) bracketAt = -1;
      else if (character === '^' && at === bracketAt) bracketAt++;
      result += character === '\\' ? '\\\\' : character;
    } else if (character === '[') {
      bracketAt = at + 1;
      result += character;
    } else if (character === '%') result += '.*';
    else if (character === '_') result += '.';
    else if (character === '(') result += '(?:';
    else if (/[\\.^$]/.test(character)) result += `\\${character}`;
    else result += character;
  }
  return `${result})$`;
}
