import { type MillraceError, userError } from '../../../common/errors.js';

export interface PathToken {
  readonly kind: 'symbol' | 'name' | 'string' | 'variable' | 'number' | 'end';
  /** What it means: names and strings without quotes and escapes. */
  readonly text: string;
  /** As it stands in the path. */
  readonly written: string;
}

export function pathSyntaxError(message: string, at: string): MillraceError {
  const place = at === '' ? 'at end' : `at or near "${at}"`;
  return userError('42601', `${message} ${place} of jsonpath input`);
}

const SPACE = /(?:[ \t\n\r\f]|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)+/y;
const SYMBOL = /&&|\|\||==|<=|>=|<>|!=|\*\*|[$@?.[\](){}|&!=<>,*:+\-/%#]/y;
const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:0|[1-9](?:_?\d)*)(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?/y;
const WORD =
  /(?:[^ \t\n\r\f?%$.[\]{}()|&!=<>@#,*:\-+/"\\]|\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux]))+/y;
const STRING = /"(?:[^"\\]|\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux]))*"/y;
const ESCAPE = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, braced?: string, four?: string, two?: string, one?: string) => {
    if (one !== undefined) return ESCAPED[one] ?? one;
    const code = Number.parseInt((braced ?? four ?? two)!, 16);
    if (code > 0x10ffff) throw pathSyntaxError('invalid Unicode escape sequence', '');
    if (code === 0) {
      throw userError('22P05', 'unsupported Unicode escape sequence', {
        detail: '\\u0000 cannot be converted to text.',
      });
    }
    return four === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
  });
}

function wordAt(path: string, at: number): string | undefined {
  WORD.lastIndex = at;
  return WORD.exec(path)?.[0];
}

/** The tokens of a path, with one that ends it. */
export function pathTokens(path: string): PathToken[] {
  const tokens: PathToken[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(path)?.[0];
  };
  const take = (kind: PathToken['kind'], written: string, text = written): void => {
    tokens.push({ kind, text, written });
    at += written.length;
  };
  const quoted = (start: number): string => {
    STRING.lastIndex = start;
    const found = STRING.exec(path)?.[0];
    if (found === undefined) throw pathSyntaxError('unterminated quoted string', '');
    return found;
  };
  while (at < path.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const number = match(NUMBER);
    if (number !== undefined && number !== '') {
      const written = number;
      const junk = wordAt(path, at + written.length);
      if (junk !== undefined) throw pathSyntaxError('trailing junk after numeric literal', written + junk.slice(0, 1));
      take('number', written, written.replaceAll('_', ''));
    } else if (path[at] === '"') {
      const written = quoted(at);
      take('string', written, unescaped(written.slice(1, -1)));
    } else if (path[at] === '$' && path[at + 1] === '"') {
      const written = `$${quoted(at + 1)}`;
      take('variable', written, unescaped(written.slice(2, -1)));
    } else if (path[at] === '$' && wordAt(path, at + 1) !== undefined) {
      const word = wordAt(path, at + 1)!;
      take('variable', `$${word}`, unescaped(word));
    } else {
      const symbol = match(SYMBOL);
      const word = symbol === undefined ? match(WORD) : undefined;
      if (symbol !== undefined) take('symbol', symbol);
      else if (word !== undefined) take('name', word, unescaped(word));
      else throw pathSyntaxError('syntax error', path[at]!);
    }
  }
  return [...tokens, { kind: 'end', text: '', written: '' }];
}
