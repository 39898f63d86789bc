/** Twin of `assembly/text-lines.ts`: one row as a line. */
export interface LineStyle {
  readonly style: 'csv' | 'text' | 'json';
  readonly delimiter: string;
  readonly quote: string;
  readonly escapeCharacter: string;
  readonly nullText: string;
  /** CSV: columns that are always quoted. JSON: `text`, `number`, `boolean` or `json` a column. */
  readonly kinds: readonly ('plain' | 'quoted' | 'text' | 'number' | 'boolean' | 'json')[];
  /** JSON: names of the columns. */
  readonly names: readonly string[];
}

const CONTROLS: Readonly<Record<string, string>> = { '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r', '\v': 'v' };

export function formatLine(values: readonly (string | null)[], line: LineStyle): string {
  const { style, delimiter, kinds, names, nullText } = line;
  if (style === 'json') {
    const members = values.map((value, index) => `${JSON.stringify(names[index])}:${jsonValue(value, kinds[index]!)}`);
    return `{${members.join(',')}}\n`;
  }
  const fields = values.map((value, index) => {
    if (value === null) return nullText;
    return style === 'csv'
      ? csvField(value, kinds[index] === 'quoted', values.length, line)
      : escaped(value, delimiter);
  });
  return `${fields.join(delimiter)}\n`;
}

function jsonValue(value: string | null, kind: string): string {
  if (value === null) return 'null';
  if (kind === 'boolean') return value.startsWith('t') ? 'true' : 'false';
  // Only those that end in a digit are numbers of JSON: not NaN and the infinite ones.
  if (kind === 'json' || (kind === 'number' && !(value.charCodeAt(value.length - 1) > 0x39))) return value;
  return JSON.stringify(value);
}

function csvField(value: string, isForced: boolean, columns: number, line: LineStyle): string {
  const { delimiter, quote, escapeCharacter, nullText } = line;
  const special = [delimiter, quote, '\n', '\r'].some((character) => value.includes(character));
  if (!isForced && !special && value !== nullText && !(columns === 1 && value === '\\.')) return value;
  const inner = [...value].map((character) =>
    character === quote || character === escapeCharacter ? escapeCharacter + character : character,
  );
  return quote + inner.join('') + quote;
}

function escaped(value: string, delimiter: string): string {
  return [...value]
    .map((character) => {
      if (CONTROLS[character] !== undefined) return `\\${CONTROLS[character]}`;
      return character === '\\' || character === delimiter ? `\\${character}` : character;
    })
    .join('');
}
