import type { SequenceOptions } from '../ast/definition-statement.js';
import type { SqlToken } from '../tokens/sql-token.js';

type Reject = (token: SqlToken, expected: string) => never;

/** What `START WITH 5 INCREMENT BY 2 …` says, of its words and numbers as they were read. */
export function sequenceOptionsOf(tokens: readonly SqlToken[], end: SqlToken, reject: Reject): SequenceOptions {
  const options: { -readonly [Key in keyof SequenceOptions]: SequenceOptions[Key] } = {};
  let at = 0;
  const take = (text: string): boolean => {
    if (tokens[at]?.text !== text) return false;
    at++;
    return true;
  };
  const number = (): string => {
    const sign = take('-') ? '-' : '';
    const token = tokens[at++];
    if (token === undefined || !/^\d+$/.test(token.image)) return reject(token ?? end, 'Expected a whole number.');
    return `${sign}${BigInt(token.image)}`;
  };
  while (at < tokens.length) {
    const word = tokens[at]!;
    if (take('start')) {
      take('with');
      options.start = number();
    } else if (take('increment')) {
      take('by');
      options.increment = number();
    } else if (take('minvalue')) options.least = number();
    else if (take('maxvalue')) options.greatest = number();
    else if (take('cache')) number();
    else if (take('cycle')) options.cycles = true;
    else if (take('sequence')) {
      // What PostgreSQL's dumps call it: its numbers are the column's.
      if (!take('name')) reject(word, 'Expected SEQUENCE NAME.');
      do at++;
      while (take('.'));
    } else if (!take('no') || !['minvalue', 'maxvalue', 'cycle'].some(take)) {
      reject(word, 'Expected START, INCREMENT, MINVALUE, MAXVALUE, CACHE or NO.');
    }
  }
  return options;
}
