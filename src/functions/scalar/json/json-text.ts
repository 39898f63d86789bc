import { type MillraceError, userError } from '../../../common/errors.js';

/** JSON as a tree; every part knows where it lies in the text it was read from. */
export type Json = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** As PostgreSQL's numeric has it: all digits, no exponent. */
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  /** In the order of the text, with repeated keys. */
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: Json])[] }
);

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not have them in strings.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS = ['null', 'true', 'false'] as const;
const MAX_DEPTH = 6000;

export function invalidJson(detail: string): MillraceError {
  return userError('22P02', 'invalid input syntax for type json', { detail });
}

/** Reads a text, as PostgreSQL's json does; throws 22P02. */
export function parseJsonText(text: string): Json {
  const reader = new JsonReader(text);
  return reader.document();
}

/** As json a number may have more digits than numeric: it is read as one where its digits are asked for. */
class JsonNumber {
  readonly kind = 'number';
  readonly start: number;
  readonly end: number;
  private readonly text: string;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
  }

  get digits(): string {
    return plainDigits(this.text);
  }
}

class JsonReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    this.skipSpace();
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) throw this.unexpected('end of input');
    return value;
  }

  private value(): Json {
    const start = this.at;
    switch (this.text[start]) {
      case '{':
        return this.object(start);
      case '[':
        return this.array(start);
      case '"':
        return { kind: 'string', value: this.string(), start, end: this.at };
    }
    for (const word of WORDS) {
      if (!this.text.startsWith(word, start) || /[\w$]/.test(this.text[start + word.length] ?? ' ')) continue;
      this.at += word.length;
      const place = { start, end: this.at };
      return word === 'null' ? { kind: 'null', ...place } : { kind: 'boolean', value: word === 'true', ...place };
    }
    const number = this.match(NUMBER);
    if (number === undefined || /[\w.$]/.test(this.text[this.at] ?? ' ')) throw this.unexpected('JSON value');
    return new JsonNumber(number, start, this.at);
  }

  private array(start: number): Json {
    this.enter();
    const items: Json[] = [];
    if (!this.take(']')) {
      do {
        this.skipSpace();
        items.push(this.value());
      } while (this.take(','));
      if (!this.take(']')) throw this.unexpected('"," or "]"');
    }
    this.depth--;
    return { kind: 'array', items, start, end: this.at };
  }

  private object(start: number): Json {
    this.enter();
    const entries: (readonly [string, Json])[] = [];
    if (!this.take('}')) {
      do {
        this.skipSpace();
        if (this.text[this.at] !== '"') throw this.unexpected('string');
        const key = this.string();
        if (!this.take(':')) throw this.unexpected('":"');
        this.skipSpace();
        entries.push([key, this.value()]);
      } while (this.take(','));
      if (!this.take('}')) throw this.unexpected('"," or "}"');
    }
    this.depth--;
    return { kind: 'object', entries, start, end: this.at };
  }

  private enter(): void {
    this.at++;
    if (++this.depth > MAX_DEPTH) throw userError('54001', 'stack depth limit exceeded');
  }

  private string(): string {
    const literal = this.match(STRING);
    if (literal === undefined) throw this.unexpected('string');
    return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  }

  /** The next character that is no space, if it is this one. */
  private take(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private unexpected(expected: string): MillraceError {
    if (this.at >= this.text.length) return invalidJson('The input string ended unexpectedly.');
    const token = /[\w.+-]+|./suy;
    token.lastIndex = this.at;
    return invalidJson(`Expected ${expected}, but found "${token.exec(this.text)?.[0] ?? ''}".`);
  }
}

/** Digits of PostgreSQL's numeric before and behind the point. */
const MOST_WHOLE = 131_072;
const MOST_FRACTION = 16_383;

/** 1.50e1 is 15.0, -0 is 0. */
export function plainDigits(number: string): string {
  const [mantissa, exponentText = '0'] = number.toLowerCase().split('e') as [string, string?];
  const exponent = Number(exponentText);
  const negative = mantissa.startsWith('-');
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.') as [string, string?];
  const scale = Math.max(0, fraction.length - exponent);
  const first = (whole + fraction).search(/[1-9]/);
  const place = first < 0 ? 0 : whole.length - first + exponent;
  if (scale > MOST_FRACTION || place > MOST_WHOLE || Math.abs(exponent) >= 2 ** 30) {
    throw userError('22003', 'value overflows numeric format');
  }
  const zeros = first < 0 ? 0 : Math.max(0, exponent - fraction.length);
  const digits = `${whole}${fraction}${'0'.repeat(zeros)}`.padStart(scale + 1, '0');
  const integer = digits.slice(0, digits.length - scale).replace(/^0+(?=\d)/, '');
  const plain = scale === 0 ? integer : `${integer}.${digits.slice(digits.length - scale)}`;
  return negative && first >= 0 ? `-${plain}` : plain;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text as a JSON string. */
export function quoteJson(text: string): string {
  const escaped = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped.
    /["\\\u0000-\u001f]/g,
    (character) => SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

const encoder = new TextEncoder();

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 || at >= right.length ? left.length - right.length : left[at]! - right[at]!;
}

/** By their bytes. */
export function compareTexts(left: string, right: string): number {
  return compareBytes(encoder.encode(left), encoder.encode(right));
}

/** Keys as jsonb orders them: shorter ones first, then by bytes. */
function compareKeys(left: string, right: string): number {
  const [a, b] = [encoder.encode(left), encoder.encode(right)];
  return a.length - b.length || compareBytes(a, b);
}

/** The entries of an object as jsonb keeps them: of equal keys the last, in their order. */
export function canonicalEntries<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...new Map(entries)].sort(([left], [right]) => compareKeys(left, right));
}

/** As jsonb is written. */
export function formatJsonb(value: Json): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'number':
      return value.digits;
    case 'string':
      return quoteJson(checkedText(value.value));
    case 'array':
      return `[${value.items.map(formatJsonb).join(', ')}]`;
    case 'object': {
      // Also what is left out must be jsonb.
      const parts = value.entries.map(([key, part]) => [checkedText(key), formatJsonb(part)] as const);
      return `{${canonicalEntries(parts)
        .map(([key, part]) => `${quoteJson(key)}: ${part}`)
        .join(', ')}}`;
    }
  }
}

/** What a text cannot hold: 22P05, or 22P02 for half a pair of surrogates. */
export function checkedText(text: string): string {
  if (text.includes('\0')) {
    throw userError('22P05', 'unsupported Unicode escape sequence', { detail: '\\u0000 cannot be converted to text.' });
  }
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw invalidJson('Unicode low surrogate must follow a high surrogate.');
  }
  return text;
}
