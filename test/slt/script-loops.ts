/*
 * The loops of DuckDB's scripts, written out:
 *
 *   loop i 0 3                 foreach type integer bigint <numeric>
 *   ... ${i} ...               ... ${type} ...
 *   endloop                    endloop
 *
 * Within them `onlyif i=2` and `skipif type=integer` stand for the record that follows.
 */

export interface ScriptLine {
  readonly text: string;
  /** In the file, from 0. */
  readonly line: number;
  /** Values of the loops around it, by name; undefined outside of loops. */
  readonly bindings: ReadonlyMap<string, string> | undefined;
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

/** A loop that is not ended leaves its first line as it is, which is then no record. */
export function expandLoops(lines: readonly ScriptLine[]): ScriptLine[] {
  const result: ScriptLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    const values = loopValues(lines[at]!.text);
    const end = values === undefined ? -1 : findEnd(lines, at);
    if (values === undefined || end < 0) {
      result.push(lines[at]!);
      continue;
    }
    const body = lines.slice(at + 1, end);
    for (const value of values.items) {
      const bind = (bindings: ScriptLine['bindings']): ScriptLine['bindings'] =>
        new Map([...(bindings ?? []), [values.name, value]]);
      const repeated = body.map(({ text, line, bindings }) => ({
        text: text.replaceAll(`\${${values.name}}`, value),
        line,
        bindings: bind(bindings),
      }));
      // A record ends where the loop does.
      result.push(...expandLoops(repeated), { text: '', line: lines[at]!.line, bindings: bind(undefined) });
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

/** -1 where there is none. */
function findEnd(lines: readonly ScriptLine[], start: number): number {
  let depth = 0;
  for (let at = start; at < lines.length; at++) {
    if (loopValues(lines[at]!.text) !== undefined) depth++;
    else if (lines[at]!.text.trim() === 'endloop' && --depth === 0) return at;
  }
  return -1;
}

/** `i=2`, with a name of a loop; undefined for other conditions. */
export function loopCondition(condition: string, { bindings }: ScriptLine): boolean | undefined {
  const [, name = '', operator = '', wanted = ''] = /^(\w+)(<>|!=|>=|<=|=|>|<)(.*)$/.exec(condition) ?? [];
  const value = bindings?.get(name);
  if (value === undefined) return undefined;
  const order = Number.isNaN(Number(value)) ? value.localeCompare(wanted) : Number(value) - Number(wanted);
  if (operator === '=') return order === 0;
  if (operator === '<>' || operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}
