import type {
  AggregateFunction,
  AggregateOverloadDeclaration,
  FunctionExample,
  ScalarFunction,
  ScalarOverloadDeclaration,
  TypePattern,
} from '../../../src/functions/function-types.js';
import { listFunctions } from '../../../src/functions/registry.js';
import { type WindowFunction, windowFunctions } from '../../../src/functions/window/window-functions.js';
import { formatType, type SqlType, UNKNOWN } from '../../../src/types/sql-type.js';

type Overload = ScalarOverloadDeclaration | AggregateOverloadDeclaration;
type Documented = ScalarFunction | AggregateFunction;

const NUMBERS = ['smallint', 'integer', 'bigint', 'decimal', 'real', 'double'];

const sampleOf = (pattern: TypePattern): SqlType => {
  if (pattern === 'any') return { kind: 'integer' };
  if (pattern === 'decimal') return { kind: 'decimal', precision: 10, scale: 2 };
  if (pattern === 'array') return { kind: 'array', element: UNKNOWN };
  if (pattern === 'map') return { kind: 'map', key: UNKNOWN, value: UNKNOWN };
  if (pattern === 'struct') return { kind: 'struct', fields: [] };
  return pattern === 'char' ? { kind: 'char', length: 1 } : ({ kind: pattern } as SqlType);
};

/** Of types that are as their parts are. */
const NAMES: Readonly<Record<string, string>> = { unknown: 'any', array: 'array', map: 'map', struct: 'row' };

/** Without precision, length or `without time zone`. */
const nameOf = (type: SqlType): string =>
  (NAMES[type.kind] ?? formatType(type)).replace(/\(.*\)/, '').replace(' without time zone', '');

/** The kinds a place may have, in few words. */
function nameOfKinds(kinds: readonly string[]): string {
  if (kinds.includes('any')) return 'any';
  const others = kinds.filter((kind) => !NUMBERS.includes(kind));
  const numbers = kinds.filter((kind) => NUMBERS.includes(kind));
  const names = others.map((kind) => nameOf(sampleOf(kind as TypePattern)));
  if (numbers.length >= 3) names.unshift('number');
  else names.unshift(...numbers.map((kind) => nameOf(sampleOf(kind as TypePattern))));
  return names.length > 6 ? 'any' : names.join(' | ');
}

function returnedBy(overload: Overload): string {
  const { args, returns } = overload;
  return nameOf(typeof returns === 'function' ? returns(args.map(sampleOf), []) : returns);
}

/** The overloads of one number of arguments as one line. */
function signatureOf(name: string, overloads: readonly Overload[]): string {
  const places = overloads[0]!.args.map((_, place) => [...new Set(overloads.map(({ args }) => args[place]!))]);
  const args = places.map(nameOfKinds);
  const results = [...new Set(overloads.map(returnedBy))];
  const kinds = overloads.map(({ args: [first] }) => (first === undefined ? '' : nameOf(sampleOf(first))));
  const isFirst = overloads.every((overload, index) => returnedBy(overload) === kinds[index]);
  // What any type is unified to has no name of its own.
  const isAny = overloads.some((overload) => 'unify' in overload && overload.unify && overload.args[0] === 'any');
  const returns = (results.length > 1 || isAny) && isFirst ? 'the same' : results.join(' | ');
  const isVariadic = 'variadic' in overloads[0]! && overloads[0].variadic === true;
  if (!/^\w/.test(name)) return `${args.length === 1 ? `${name} ${args[0]}` : args.join(` ${name} `)} → ${returns}`;
  return `${name}(${args.join(', ')}${isVariadic ? ' …' : ''}) → ${returns}`;
}

function signaturesOf(one: Documented): string[] {
  const { name, overloads } = one;
  if ('stands' in one && one.stands)
    return one.stands.map(({ signature, sql, plain = sql }) => `${signature} = ${plain}`);
  if ('written' in one && one.written) return [...one.written];
  const list: readonly Overload[] = overloads;
  const counts = [...new Set(list.map(({ args }) => args.length))].sort((a, b) => a - b);
  return counts.map((count) => {
    const same = list.filter(({ args }) => args.length === count);
    return signatureOf(name, same);
  });
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
/** As code; a text with backquotes in it between two. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${cell(text)} \`\`` : `\`${cell(text)}\``);

function exampleCell({ sql, result, differs }: FunctionExample): string {
  const shown = result.split('\n').map((row) => row.split('\t').map(code).join(', '));
  const note = differs === undefined ? '' : ` (PostgreSQL differs: ${cell(differs)})`;
  return `${code(sql)} → ${shown.join('; ')}${note}`;
}

function tableOf(functions: readonly Documented[]): string {
  const shown = functions.filter((one) => !('internal' in one && one.internal));
  const rows = shown.map((one) => {
    const others = one.aliases?.length ? `; also ${one.aliases.map(code).join(', ')}` : '';
    const signatures = signaturesOf(one).map(code).join('<br>');
    return `| ${signatures}${others} | ${cell(one.doc)} | ${one.example ? exampleCell(one.example) : ''} |`;
  });
  return ['| function | what it gives | example |', '| --- | --- | --- |', ...rows].join('\n');
}

function windowSignature({ name, args, required, returns }: WindowFunction): string {
  const names = args.map((kind) => (kind === 'value' ? 'any' : kind));
  const optional = names.slice(required).map((arg) => ` [, ${arg}`);
  const inner = names.slice(0, required).join(', ') + optional.join('') + ']'.repeat(optional.length);
  return `${name}(${inner}) → ${returns === 'value' ? 'the same' : nameOf(returns)}`;
}

function windowPage(): string {
  const rows = windowFunctions.map(
    (one) => `| ${code(windowSignature(one))} | ${cell(one.doc)} | ${exampleCell(one.example)} |`,
  );
  const table = ['| function | what it gives | example |', '| --- | --- | --- |', ...rows].join('\n');
  return `${HEADER}\n# Window functions\n\n[All functions](functions.md)\n\nAggregates can be called over windows, too.\n\n${table}\n`;
}

const slug = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** Names, aliases included, without what is internal. */
export function countNames(): number {
  const { scalar, aggregate } = listFunctions();
  const all: readonly Documented[] = [...scalar.filter((one) => !one.internal), ...aggregate];
  const names = all.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  return new Set([...names, ...windowFunctions.map(({ name }) => name)]).size;
}

const HEADER =
  '<!-- Made of the registry of functions: UPDATE=1 node --test build/test/unit/docs/sql-pages.test.js -->\n';

/** The pages of docs/sql that are made of the registry: file name and text. */
export function renderSqlPages(): ReadonlyMap<string, string> {
  const { areas, aggregate } = listFunctions();
  const sections = [...areas, { title: 'Aggregates', functions: aggregate }];
  const pages = new Map(
    sections.map(({ title, functions }) => [
      `${slug(title)}.md`,
      `${HEADER}\n# ${title}\n\n[All functions](functions.md)\n\n${tableOf(functions)}\n`,
    ]),
  );
  const index = sections.map(({ title, functions }) => {
    const names = functions
      .filter((one) => !('internal' in one && one.internal))
      .flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    return `## [${title}](${slug(title)}.md)\n\n${[...new Set(names)].map((name) => `\`${name}\``).join(', ')}\n`;
  });
  index.push(
    `## [Window functions](window-functions.md)\n\n${windowFunctions.map(({ name }) => `\`${name}\``).join(', ')}\n`,
  );
  pages.set('window-functions.md', windowPage());
  const text = `${HEADER}\n# Functions and operators\n\n${countNames()} names. Every example below is run by the tests, and compared with PostgreSQL where it has the function.\n\n${index.join('\n')}`;
  return pages.set('functions.md', text);
}
