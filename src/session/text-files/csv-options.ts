import { notSupportedError, userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import { parseStatement } from '../../parser/index.js';
import { bindTypeName } from '../../planner/binder/bind-type-name.js';
import type { FileOption, FileRequest } from '../../planner/file-request.js';
import type { SqlType } from '../../types/sql-type.js';

export interface NamedType {
  readonly name: string;
  readonly type: SqlType;
}

/** What `read_csv` was told; what it was not told is sniffed. */
export interface CsvOptions {
  readonly delimiter: string | undefined;
  readonly quote: string | undefined;
  readonly escape: string | undefined;
  readonly header: boolean | undefined;
  readonly nullStrings: readonly string[] | undefined;
  /** All columns in their order. */
  readonly columns: readonly NamedType[] | undefined;
  /** Types of some columns. */
  readonly types: readonly NamedType[];
  /** Names of the columns, from the first on. */
  readonly names: readonly string[];
  readonly skipLines: number;
  readonly ignoresErrors: boolean;
  /** Rows to sniff types from; undefined for the default, negative for all. */
  readonly sampleRows: number | undefined;
  readonly allText: boolean;
  readonly unionByName: boolean;
  readonly withFileName: boolean;
  readonly hivePartitioning: boolean;
  readonly padsRecords: boolean;
  readonly compression: string | undefined;
  /** PostgreSQL's text format, as COPY reads it. */
  readonly hasBackslashes: boolean;
  /** Empty lines are records. */
  readonly keepsBlankLines: boolean;
  /** Quoted empty fields of columns that are not text are NULL. */
  readonly quotedNulls: boolean;
  /** The header must have the names of `columns`. */
  readonly matchesHeader: boolean;
}

const ALIASES: Readonly<Record<string, string>> = {
  sep: 'delim',
  delimiter: 'delim',
  null: 'nullstr',
  nullstrings: 'nullstr',
  dtypes: 'types',
  column_types: 'types',
  column_names: 'names',
};

const NAMES: readonly string[] = [
  'delim',
  'quote',
  'escape',
  'header',
  'nullstr',
  'columns',
  'types',
  'names',
  'skip',
  'ignore_errors',
  'sample_size',
  'all_varchar',
  'union_by_name',
  'filename',
  'hive_partitioning',
  'null_padding',
  'compression',
  'auto_detect',
  'backslashes',
  'blank_lines',
  'quoted_nulls',
  'match_header',
];

export function csvOptions(request: FileRequest): CsvOptions {
  const options = new Map<string, FileOption>();
  for (const [written, value] of request.options) {
    const name = ALIASES[written] ?? written;
    if (!NAMES.includes(name)) {
      throw userError('22023', `unrecognized option "${written}" of read_csv`, {
        hint: nearestNameHint(written, NAMES, `Options are ${NAMES.join(', ')}.`),
      });
    }
    options.set(name, value);
  }
  const reader = new OptionReader(options);
  const columns = options.get('columns');
  return {
    delimiter: reader.byte('delim'),
    quote: reader.byte('quote'),
    escape: reader.byte('escape'),
    header: reader.switch('header'),
    nullStrings: reader.texts('nullstr'),
    columns: columns === undefined ? undefined : columnList(columns, 'columns'),
    types: options.has('types') ? columnList(options.get('types')!, 'types') : [],
    names: reader.texts('names') ?? [],
    skipLines: reader.count('skip') ?? 0,
    ignoresErrors: reader.switch('ignore_errors') ?? false,
    sampleRows: reader.count('sample_size', -1),
    allText: reader.switch('all_varchar') ?? false,
    unionByName: reader.switch('union_by_name') ?? false,
    withFileName: reader.switch('filename') ?? false,
    hivePartitioning: reader.switch('hive_partitioning') ?? true,
    padsRecords: reader.switch('null_padding') ?? false,
    compression: reader.text('compression'),
    hasBackslashes: reader.switch('backslashes') ?? false,
    keepsBlankLines: reader.switch('blank_lines') ?? false,
    quotedNulls: reader.switch('quoted_nulls') ?? true,
    matchesHeader: reader.switch('match_header') ?? false,
  };
}

/** Reads options as the kinds of values that they take; 22023 for others. */
export class OptionReader {
  private readonly options: ReadonlyMap<string, FileOption>;

  constructor(options: ReadonlyMap<string, FileOption>) {
    this.options = options;
  }

  text(name: string): string | undefined {
    const value = this.options.get(name);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : this.refuse(name, 'a text');
  }

  /** One byte, or '' for none. */
  byte(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = text === '\\t' ? '\t' : text;
    if (value.length > 1 || value.charCodeAt(0) > 0x7f) this.refuse(name, 'a single one-byte character');
    if (value === '\n' || value === '\r') this.refuse(name, 'anything but a line end');
    return value;
  }

  switch(name: string): boolean | undefined {
    const value = this.options.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    if (value === 1 || value === 'true' || value === 'on') return true;
    if (value === 0 || value === 'false' || value === 'off') return false;
    return this.refuse(name, 'true or false');
  }

  count(name: string, least = 0): number | undefined {
    const value = this.options.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    return this.refuse(name, `a whole number of at least ${least}`);
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.options.get(name);
    if (value === undefined) return undefined;
    if (value === null) return [];
    const list = Array.isArray(value) ? (value as readonly FileOption[]) : [value];
    if (list.every((item) => typeof item === 'string')) return list;
    return this.refuse(name, 'a text or an array of texts');
  }

  private refuse(name: string, wanted: string): never {
    throw userError('22023', `invalid value for option "${name}": ${JSON.stringify(this.options.get(name))}`, {
      hint: `It takes ${wanted}.`,
    });
  }
}

/** `'a integer, b numeric(10, 2)'`, as in CREATE TABLE. */
export function columnList(value: FileOption, option: string): NamedType[] {
  if (typeof value === 'string') {
    try {
      const statement = parseStatement(`create table t (${value})`);
      if (statement.kind === 'createTable') {
        return statement.columns.map(({ name, type }) => ({ name: name.name, type: bindTypeName(type) }));
      }
    } catch (cause) {
      throw userError('22023', `invalid value for option "${option}": "${value}"`, {
        detail: (cause as Error).message,
        hint: `Write names and types as in CREATE TABLE: ${option} => 'a integer, b numeric(10, 2)'.`,
        cause,
      });
    }
  }
  throw notSupportedError(`the option "${option}" takes a text`, {
    hint: `Write names and types as in CREATE TABLE: ${option} => 'a integer, b numeric(10, 2)'.`,
  });
}
