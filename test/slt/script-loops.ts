/*
 * The loops of DuckDB's scripts, written out:
 *
 *   loop i 0 3                 foreach type integer bigint <numeric>
 *   ... ${i} ...               ... ${type} ...
 *   endloop                    endloop
 */

export interface ScriptLine {
  readonly text: string;
  /** In the file, from 0. */
  readonly line: number;
  readonly inLoop: boolean;
}

const SIGNED = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint'];
const UNSIGNED = ['utinyint', 'usmallint', 'uinteger', 'ubigint', 'uhugeint'];
const INTEGRAL = [...SIGNED, ...UNSIGNED];
const NUMERIC = [...INTEGRAL, 'float', 'double'];

/** Lists of types that `foreach` knows by name. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  '<signed>': SIGNED,
  '<unsigned>': UNSIGNED,
  '<integral>': INTEGRAL,
  '<numeric>': NUMERIC,
  '<alltypes>': [...NUMERIC, 'bool', 'interval', 'varchar'],
};

export function expandLoops(lines: readonly string[]): ScriptLine[] {
  const plain = lines.map((text, line) => ({ text: text.replace(/\r$/, ''), line, inLoop: false }));
  return expand(plain);
}

function expand(lines: readonly ScriptLine[]): ScriptLine[] {
  const result: ScriptLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    const values = loopValues(lines[at]!.text);
    if (values === undefined) {
      result.push(lines[at]!);
      continue;
    }
    const end = findEnd(lines, at);
    const body = lines.slice(at + 1, end);
    for (const value of values.items) {
      const repeated = body.map(({ text, line }) => ({
        text: text.replaceAll(`\${${values.name}}`, value),
        line,
        inLoop: true,
      }));
      // A record ends where the loop does.
      result.push(...expand(repeated), { text: '', line: lines[at]!.line, inLoop: true });
    }
    at = end;
  }
  return result;
}

function loopValues(text: string): { readonly name: string; readonly items: readonly string[] } | undefined {
  const [word, name = '', ...rest] = text.trim().split(/\s+/);
  if (word === 'loop' || word === 'concurrentloop') {
    const [from, to] = [Number(rest[0]), Number(rest[1])];
    return { name, items: Array.from({ length: Math.max(0, to - from) }, (_, index) => String(from + index)) };
  }
  if (word === 'foreach' || word === 'concurrentforeach') {
    const items = rest.flatMap((item) => LISTS[item] ?? [item]);
    const without = new Set(items.filter((item) => item.startsWith('!')).map((item) => item.slice(1)));
    return { name, items: items.filter((item) => !item.startsWith('!') && !without.has(item)) };
  }
  return undefined;
}

function findEnd(lines: readonly ScriptLine[], start: number): number {
  let depth = 0;
  for (let at = start; at < lines.length; at++) {
    if (loopValues(lines[at]!.text) !== undefined) depth++;
    else if (lines[at]!.text.trim() === 'endloop' && --depth === 0) return at;
  }
  return lines.length;
}
