import { notSupportedError, userError } from '../../common/errors.js';
import type { CopyStatement, Option } from '../../parser/index.js';

export type CopyFormat = 'csv' | 'text' | 'json' | 'parquet';

/** The options of COPY, PostgreSQL's and those for files. */
export interface CopyOptions {
  readonly format: CopyFormat;
  /** `match`: the names in it must be the columns'. */
  readonly header: boolean | 'match';
  readonly delimiter: string;
  readonly nullText: string;
  readonly quote: string;
  readonly escapeCharacter: string;
  readonly forceQuote: readonly string[] | 'all';
  readonly partitionBy: readonly string[];
  readonly overwrite: boolean;
  readonly compression: 'snappy' | 'zstd' | 'gzip' | 'none';
}

const NAMES: readonly string[] = [
  'format',
  'header',
  'delimiter',
  'null',
  'quote',
  'escape',
  'force_quote',
  'encoding',
  'partition_by',
  'overwrite',
  'compression',
];

/** Options that PostgreSQL has and that would change what is read. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  force_null: 'Read the file with read_csv, whose quoted empty fields are NULL unless the column is text.',
  force_not_null: 'Read the file with read_csv, and replace NULL with coalesce.',
  freeze: 'Leave it out: rows are never rewritten.',
  default: 'Leave it out: columns have no defaults.',
  on_error: 'Read the file with read_csv(…, ignore_errors => true).',
  oids: 'There are no OIDs.',
};

export function copyOptions(statement: CopyStatement): CopyOptions {
  const options = new Map<string, Option>();
  for (const option of statement.options) {
    const name = option.name === 'delimiters' ? 'delimiter' : option.name;
    const { position } = option;
    if (Object.hasOwn(UNSUPPORTED, name)) {
      throw notSupportedError(`COPY option "${name}" is not supported`, { position, hint: UNSUPPORTED[name] });
    }
    if (!NAMES.includes(name)) {
      throw userError('42601', `option "${name}" not recognized`, {
        position,
        hint: `Options are ${NAMES.join(', ')}.`,
      });
    }
    if (options.has(name)) throw userError('42601', 'conflicting or redundant options', { position });
    options.set(name, option);
  }
  const format = formatOf(options.get('format'), statement);
  assertEncoding(options.get('encoding'));
  const forCsv = (name: string): void => {
    const option = options.get(name);
    if (option === undefined || format === 'csv') return;
    throw userError('22023', `COPY ${name.toUpperCase()} requires CSV mode`, { position: option.position });
  };
  for (const name of ['quote', 'escape', 'force_quote']) forCsv(name);
  const quote = byteOf(options.get('quote')) ?? '"';
  return {
    format,
    header: headerOf(options.get('header')),
    delimiter: byteOf(options.get('delimiter')) ?? (format === 'csv' ? ',' : '\t'),
    nullText: textOf(options.get('null')) ?? (format === 'csv' ? '' : '\\N'),
    quote,
    escapeCharacter: byteOf(options.get('escape')) ?? quote,
    forceQuote: isAll(options.get('force_quote')) ? 'all' : namesOf(options.get('force_quote')),
    partitionBy: namesOf(options.get('partition_by')),
    overwrite: isOn(options.get('overwrite')),
    compression: compressionOf(options.get('compression'), format),
  };
}

/** What is not said is told by the name of the file, and is text otherwise, as in PostgreSQL. */
function formatOf(option: Option | undefined, { target }: CopyStatement): CopyFormat {
  const word = textOf(option)?.toLowerCase();
  if (word === undefined) {
    const name = target.kind === 'stringLiteral' ? target.value.toLowerCase().replace(/\.(gz|zst)$/, '') : '';
    if (/\.csv$/.test(name)) return 'csv';
    if (/\.(parquet|parq|pq)$/.test(name)) return 'parquet';
    return /\.(json|jsonl|ndjson)$/.test(name) ? 'json' : 'text';
  }
  if (word === 'csv' || word === 'text' || word === 'json' || word === 'parquet') return word;
  if (word === 'binary') {
    throw notSupportedError('COPY in binary format is not supported', {
      position: option!.position,
      hint: 'Use csv, text, json or parquet.',
    });
  }
  throw userError('22023', `COPY format "${word}" not recognized`, {
    position: option!.position,
    hint: 'Formats are csv, text, json and parquet.',
  });
}

function textOf(option: Option | undefined): string | undefined {
  const value = option?.value;
  switch (value?.kind) {
    case 'stringLiteral':
      return value.value;
    case 'identifier':
      return value.name;
    case 'numericLiteral':
      return value.text;
    case 'booleanLiteral':
      return String(value.value);
    default:
      return undefined;
  }
}

function isOn(option: Option | undefined): boolean {
  return option !== undefined && !['false', 'off', '0'].includes(textOf(option)?.toLowerCase() ?? 'true');
}

function headerOf(option: Option | undefined): boolean | 'match' {
  return textOf(option)?.toLowerCase() === 'match' ? 'match' : isOn(option);
}

function byteOf(option: Option | undefined): string | undefined {
  const text = textOf(option);
  if (text === undefined) return undefined;
  const value = text === '\\t' ? '\t' : text;
  if (value.length === 1 && value.charCodeAt(0) < 0x80 && value !== '\n' && value !== '\r') return value;
  throw userError('22023', `COPY ${option!.name} must be a single one-byte character`, { position: option!.position });
}

function isAll(option: Option | undefined): boolean {
  return option?.value?.kind === 'optionList' && option.value.all;
}

function namesOf(option: Option | undefined): string[] {
  const value = option?.value;
  if (value?.kind === 'identifier') return [value.name];
  if (value?.kind !== 'optionList') return [];
  return value.items.map((item) =>
    item.kind === 'identifier' ? item.name : item.kind === 'stringLiteral' ? item.value : '',
  );
}

function compressionOf(option: Option | undefined, format: CopyFormat): CopyOptions['compression'] {
  const word = textOf(option)?.toLowerCase() ?? 'snappy';
  const isKnown = word === 'snappy' || word === 'zstd' || word === 'gzip' || word === 'none';
  if (isKnown && (format === 'parquet' || option === undefined)) return word;
  throw userError('22023', `COPY compression "${word}" is not for ${format} files`, {
    position: option?.position,
    hint: 'Parquet files take snappy, zstd, gzip or none.',
  });
}

function assertEncoding(option: Option | undefined): void {
  const word = textOf(option);
  if (word === undefined || /^utf-?8$/i.test(word)) return;
  throw notSupportedError(`COPY in encoding "${word}" is not supported`, {
    position: option!.position,
    hint: 'Text is UTF-8: convert the file with iconv.',
  });
}
