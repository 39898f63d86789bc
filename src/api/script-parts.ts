import { skipOpaqueText } from '../parser/index.js';

/** A piece of a script as psql reads it. */
export type ScriptPart =
  /** SQL: up to a semicolon, or up to a command or the end without one. */
  | { readonly kind: 'sql'; readonly text: string; readonly offset: number; readonly isComplete: boolean }
  /** `\name argument …`, up to the end of the line or another command. */
  | { readonly kind: 'command'; readonly name: string; readonly rest: string; readonly offset: number };

const commandPattern = /\\([A-Za-z!?][A-Za-z_]*|[!?;\\])?/y;

/** Where a command of psql begins, outside of quoted text and comments; -1 if there is none. */
export function findCommand(script: string, start: number = 0): number {
  for (let position = start; position < script.length; position = skipOpaqueText(script, position)) {
    if (script[position] === '\\') return position;
  }
  return -1;
}

/** Cuts a script into SQL and commands, in their order. */
export function* scriptParts(script: string): Generator<ScriptPart, void, void> {
  let start = 0;
  for (let position = 0; position < script.length; ) {
    const character = script[position];
    if (character === ';') {
      position++;
      yield { kind: 'sql', text: script.slice(start, position), offset: start, isComplete: true };
      start = position;
    } else if (character === '\\') {
      if (script.slice(start, position).trim() !== '') {
        yield { kind: 'sql', text: script.slice(start, position), offset: start, isComplete: false };
      }
      commandPattern.lastIndex = position;
      const [whole, name = ''] = commandPattern.exec(script)!;
      const end = endOfCommand(script, position + whole.length);
      yield { kind: 'command', name, rest: script.slice(position + whole.length, end), offset: position };
      start = position = script.startsWith('\\\\', end) ? end + 2 : end;
    } else {
      position = skipOpaqueText(script, position);
    }
  }
  if (script.slice(start).trim() !== '') {
    yield { kind: 'sql', text: script.slice(start), offset: start, isComplete: false };
  }
}

/** The end of the line, or another command in it. */
function endOfCommand(script: string, start: number): number {
  let quote: string | undefined;
  for (let position = start; position < script.length; position++) {
    const character = script[position]!;
    if (character === '\n') return position;
    if (quote !== undefined) {
      if (quote === "'" && character === '\\') position++;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '\\') return position;
  }
  return script.length;
}

export interface CommandArgument {
  readonly text: string;
  /** Anything of it stood in quotes. */
  readonly isQuoted: boolean;
}

const namePattern =
  /:(?:\{\?([\w\u0080-\uffff]+)\}|'([\w\u0080-\uffff]+)'|"([\w\u0080-\uffff]+)"|([\w\u0080-\uffff]+))/y;

/**
 * The arguments of a command: words, in which quotes are taken away and variables replaced. An unknown variable stays as
 * it is, as in psql.
 */
export function commandArguments(rest: string, variables: ReadonlyMap<string, string>): CommandArgument[] {
  const found: CommandArgument[] = [];
  let text: string | undefined;
  let isQuoted = false;
  const add = (more: string): void => {
    text = (text ?? '') + more;
  };
  for (let position = 0; position < rest.length; ) {
    const character = rest[position]!;
    if (/\s/.test(character)) {
      if (text !== undefined) found.push({ text, isQuoted });
      text = undefined;
      isQuoted = false;
      position++;
    } else if (character === "'") {
      const [whole, inside = ''] = /^'((?:[^'\\]|''|\\.)*)'?/s.exec(rest.slice(position))!;
      add(withoutEscapes(inside));
      isQuoted = true;
      position += whole.length;
    } else if (character === '"') {
      const [whole, inside = ''] = /^"([^"]*)"?/s.exec(rest.slice(position))!;
      add(inside);
      isQuoted = true;
      position += whole.length;
    } else if (character === ':') {
      namePattern.lastIndex = position;
      const match = namePattern.exec(rest);
      const replaced = match === null ? undefined : replacementOf(match, variables);
      add(replaced ?? match?.[0] ?? ':');
      position += match?.[0].length ?? 1;
    } else {
      add(character);
      position++;
    }
  }
  if (text !== undefined) found.push({ text, isQuoted });
  return found;
}

function replacementOf(match: RegExpExecArray, variables: ReadonlyMap<string, string>): string | undefined {
  const [, tested, literal, identifier, bare] = match;
  if (tested !== undefined) return variables.has(tested) ? 'true' : 'false';
  const value = variables.get((literal ?? identifier ?? bare)!);
  if (value === undefined || bare !== undefined) return value;
  return literal !== undefined ? `'${value.replaceAll("'", "''")}'` : `"${value.replaceAll('"', '""')}"`;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', r: '\r', f: '\f' };

function withoutEscapes(inside: string): string {
  return inside.replace(/''|\\(.)/gs, (pair, character?: string) =>
    character === undefined ? pair[0]! : (ESCAPES[character] ?? character),
  );
}
