import { userError } from '../../../common/errors.js';
import type { VectorCreate } from '../../function-types.js';
import { cachedByText, inLowerCase } from './text-functions-js.js';

/** % is `many`, _ is `one`; `dangling` is an escape character at the end, with nothing to escape. */
type LikeToken = { readonly literal: string } | 'many' | 'one' | 'dangling';

/** `true` and `false`, or `false` whatever text were skipped before. */
type Match = boolean | 'abort';

function likeTokens(pattern: string, escapeCharacter: string): LikeToken[] {
  const characters = [...pattern];
  const tokens: LikeToken[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index]!;
    if (character === escapeCharacter) {
      index++;
      tokens.push(index < characters.length ? { literal: characters[index]! } : 'dangling');
    } else tokens.push(character === '%' ? 'many' : character === '_' ? 'one' : { literal: character });
  }
  return tokens;
}

function danglingEscape(): Error {
  return userError('22025', 'LIKE pattern must not end with escape character');
}

/** Step by step as in PostgreSQL's MatchText: a dangling escape is an error only where the match comes to it. */
function matchFrom(text: readonly string[], at: number, tokens: readonly LikeToken[], from: number): Match {
  let place = at;
  let next = from;
  while (place < text.length && next < tokens.length) {
    const token = tokens[next]!;
    if (token === 'dangling') throw danglingEscape();
    if (token === 'many') return matchAfterMany(text, place, tokens, next + 1);
    if (token !== 'one' && token.literal !== text[place]) return false;
    place++;
    next++;
  }
  if (place < text.length) return false;
  while (tokens[next] === 'many') next++;
  return next === tokens.length ? true : 'abort';
}

function matchAfterMany(text: readonly string[], at: number, tokens: readonly LikeToken[], from: number): Match {
  let place = at;
  let next = from;
  for (; tokens[next] === 'many' || tokens[next] === 'one'; next++) {
    if (tokens[next] === 'many') continue;
    if (place === text.length) return 'abort';
    place++;
  }
  if (next === tokens.length) return true;
  if (tokens[next] === 'dangling') throw danglingEscape();
  for (; place < text.length; place++) {
    const match = matchFrom(text, place, tokens, next);
    if (match !== false) return match;
  }
  return 'abort';
}

/** text LIKE pattern [ESCAPE character]; ILIKE compares both in lower case. Throws 22025. */
export function like(ignoreCase: boolean): VectorCreate {
  const fold = (text: string): string => (ignoreCase ? inLowerCase(text) : text);
  return () => {
    const tokensOf = cachedByText((key) => {
      const escapeText = key.slice(1, 1 + Number(key[0]));
      return likeTokens(key.slice(1 + escapeText.length), escapeText).map((token) =>
        typeof token === 'string' ? token : { literal: fold(token.literal) },
      );
    });
    return ([text, pattern, written]) => {
      const escapeText = written === undefined ? '\\' : (written as string);
      if ([...escapeText].length > 1) {
        throw userError('22025', 'invalid escape string', { hint: 'Escape string must be empty or one character.' });
      }
      return (
        matchFrom(
          [...fold(text as string)],
          0,
          tokensOf(`${escapeText.length}${escapeText}${pattern as string}`),
          0,
        ) === true
      );
    };
  };
}
