import { userError } from '../../common/errors.js';

export function regexError(what: string): Error {
  return userError('2201B', `invalid regular expression: ${what}`);
}

/** Where a parser is in its pattern, character by character. */
export class PatternReader {
  readonly characters: readonly string[];
  at = 0;

  constructor(pattern: string) {
    this.characters = [...pattern];
  }

  get next(): string | undefined {
    return this.characters[this.at];
  }

  /** Does the text stand here? Then it is read. */
  take(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.characters[this.at + index] !== text[index]) return false;
    }
    this.at += text.length;
    return true;
  }

  startsWith(text: string): boolean {
    const start = this.at;
    const isThere = this.take(text);
    this.at = start;
    return isThere;
  }
}
