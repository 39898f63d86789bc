import type { MatchedFile } from '../../catalog/glob.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type { CsvFormat, TextFile } from '../../planner/text-format.js';
import { type SqlType, TEXT } from '../../types/sql-type.js';
import type { CsvOptions, NamedType } from './csv-options.js';
import { compressionOfFile, type FileSample, sampleFile } from './file-sample.js';
import { type Dialect, type SampleRecord, sampleRecords, sniffDialect } from './sniff-csv.js';
import { TypeSniffer } from './sniff-types.js';

const SAMPLE_BYTES = 256 * 1024;
const OTHER_SAMPLE_BYTES = 64 * 1024;
/** Files besides the first whose types are looked at. */
const OTHER_FILES = 4;
const MAX_SAMPLE_RECORDS = 20_480;

/** What CSV files are as a table: found out from samples, as far as it was not told. */
export interface TextTable<Format> {
  readonly format: Format;
  readonly columns: readonly NamedType[];
  /** One per file. */
  readonly files: readonly TextFile[];
}

interface SampledFile {
  readonly file: MatchedFile;
  readonly header: readonly string[] | undefined;
  readonly records: readonly SampleRecord[];
}

export async function csvTable(files: readonly MatchedFile[], options: CsvOptions): Promise<TextTable<CsvFormat>> {
  const { columns, header, delimiter, quote, escape: escapeCharacter = quote } = options;
  if (columns !== undefined && header !== undefined && delimiter !== undefined && quote !== undefined) {
    // Nothing is left to find out.
    const dialect = { delimiter, quote, escapeCharacter: escapeCharacter ?? '' };
    const format = formatOf(dialect, header, columns.length, options);
    return byPosition(format, [{ file: files[0]!, header: undefined, records: [] }], files, options);
  }
  const first = files[0]!;
  const firstSample = await sampleOf(first, options, SAMPLE_BYTES);
  const told = { delimiter: options.delimiter, quote: options.quote, escapeCharacter: options.escape };
  const dialect = sniffDialect(firstSample.text, told, firstSample.isWhole);
  const nullStrings = options.nullStrings ?? [''];
  const records = recordsOf(firstSample, dialect, options);
  const hasHeader = options.header ?? looksLikeHeader(records, nullStrings, options);
  const format = formatOf(dialect, hasHeader, columnCountOf(records, options), options);
  const sampled = [sampledFile(first, records, hasHeader)];
  const others = options.unionByName ? files.slice(1) : files.slice(1, 1 + OTHER_FILES);
  for (const file of others) {
    const sample = await sampleOf(file, options, OTHER_SAMPLE_BYTES);
    sampled.push(sampledFile(file, recordsOf(sample, dialect, options), hasHeader));
  }
  return options.unionByName ? byName(format, sampled, options) : byPosition(format, sampled, files, options);
}

function formatOf(dialect: Dialect, hasHeader: boolean, columnCount: number, options: CsvOptions): CsvFormat {
  return {
    kind: 'csv',
    ...dialect,
    hasBackslashes: options.hasBackslashes,
    hasHeader,
    skipLines: options.skipLines,
    nullStrings: options.nullStrings ?? [''],
    emptyIsNull: options.quotedNulls,
    skipsBlankLines: columnCount > 1 && !options.keepsBlankLines,
    padsRecords: options.padsRecords || options.unionByName,
    ignoresErrors: options.ignoresErrors,
  };
}

async function sampleOf(file: MatchedFile, options: CsvOptions, byteLength: number): Promise<FileSample> {
  const { sampleRows } = options;
  const lines = sampleRows === undefined ? 0 : sampleRows < 0 ? Number.POSITIVE_INFINITY : sampleRows + 1;
  const sample = await sampleFile(file, compressionOfFile(file.path, options.compression), byteLength, lines);
  const text = sample.text.replace(/^\ufeff/, '');
  let start = 0;
  for (let line = 0; line < options.skipLines; line++) start = text.indexOf('\n', start) + 1 || text.length;
  return { ...sample, text: text.slice(start) };
}

function recordsOf(sample: FileSample, dialect: Dialect, { sampleRows }: CsvOptions): SampleRecord[] {
  const most =
    sampleRows === undefined ? MAX_SAMPLE_RECORDS : sampleRows < 0 ? Number.POSITIVE_INFINITY : sampleRows + 1;
  return sampleRecords(sample.text, dialect, sample.isWhole, most);
}

function columnCountOf(records: readonly SampleRecord[], { columns }: CsvOptions): number {
  return columns?.length ?? records[0]?.length ?? 1;
}

function sampledFile(file: MatchedFile, records: readonly SampleRecord[], hasHeader: boolean): SampledFile {
  if (!hasHeader) return { file, header: undefined, records };
  return { file, header: records[0]?.map(({ text }) => text), records: records.slice(1) };
}

/** The first line is a header if its texts are not what the columns hold, or if all columns hold texts. */
function looksLikeHeader(records: readonly SampleRecord[], nulls: readonly string[], options: CsvOptions): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return false;
  if (options.columns !== undefined) return first.every(({ text }, index) => text === options.columns![index]?.name);
  const names = first.map(({ text }) => text);
  if (names.some((name) => name === '')) return false;
  const sniffers = sniff(rest, first.length, nulls);
  if (rest.length === 0) return sniff(records, first.length, nulls).every((column) => column.isText);
  if (names.some((name, index) => !sniffers[index]!.accepts(name))) return true;
  return sniffers.every((column) => column.isText) && new Set(names).size === names.length;
}

function sniff(records: readonly SampleRecord[], count: number, nulls: readonly string[]): TypeSniffer[] {
  const sniffers = Array.from({ length: count }, () => new TypeSniffer());
  for (const record of records) {
    for (let index = 0; index < count && index < record.length; index++) {
      const { text, isQuoted } = record[index]!;
      if (text !== '' && (isQuoted || !nulls.includes(text))) sniffers[index]!.add(text);
    }
  }
  return sniffers;
}

/** Files that all have the columns of the first, in its order. */
function byPosition(
  format: CsvFormat,
  sampled: readonly SampledFile[],
  files: readonly MatchedFile[],
  options: CsvOptions,
): TextTable<CsvFormat> {
  const [first] = sampled;
  const count = options.columns?.length ?? first!.header?.length ?? first!.records[0]?.length ?? 0;
  const names = columnNames(first!.header, count, options);
  const sniffers = sampled
    .map(({ records }) => sniff(records, count, format.nullStrings))
    .reduce((all, more) => {
      for (const [index, sniffer] of all.entries()) sniffer.merge(more[index]!);
      return all;
    });
  const header = options.matchesHeader
    ? options.columns?.map(({ name }) => name)
    : options.columns === undefined && files.length > 1
      ? first!.header
      : undefined;
  return {
    format,
    columns: withTypes(names, sniffers, options),
    files: files.map((file) => ({
      compression: compressionOfFile(file.path, options.compression),
      header,
      fields: names.map((_, index) => index),
      fieldCount: count,
    })),
  };
}

/** Columns that have one name are one; a file may lack some. */
function byName(format: CsvFormat, sampled: readonly SampledFile[], options: CsvOptions): TextTable<CsvFormat> {
  const sniffers = new Map<string, TypeSniffer>();
  for (const { file, header, records } of sampled) {
    if (header === undefined) {
      throw userError('22023', `union_by_name needs headers, and "${file.path}" has none`, {
        hint: 'Say header => true if the first line has the names.',
      });
    }
    for (const [index, sniffer] of sniff(records, header.length, format.nullStrings).entries()) {
      const known = sniffers.get(header[index]!);
      if (known === undefined) sniffers.set(header[index]!, sniffer);
      else known.merge(sniffer);
    }
  }
  const names = [...sniffers.keys()];
  return {
    format,
    columns: withTypes(names, [...sniffers.values()], options),
    files: sampled.map(({ file, header }) => ({
      compression: compressionOfFile(file.path, options.compression),
      header,
      fields: names.map((name) => header!.indexOf(name)),
      fieldCount: header!.length,
    })),
  };
}

function columnNames(header: readonly string[] | undefined, count: number, options: CsvOptions): string[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const given = options.columns?.[index]?.name ?? options.names[index] ?? header?.[index]?.trim();
    const wanted = given === undefined || given === '' ? `column${index}` : given;
    let name = wanted;
    for (let number = 1; taken.has(name); number++) name = `${wanted}_${number}`;
    taken.add(name);
    return name;
  });
}

function withTypes(names: readonly string[], sniffers: readonly TypeSniffer[], options: CsvOptions): NamedType[] {
  for (const { name } of options.types) {
    if (names.includes(name)) continue;
    throw userError('42703', `column "${name}" named in types does not exist`, {
      hint: nearestNameHint(name, names, `The columns are ${names.join(', ')}.`),
    });
  }
  const told = new Map<string, SqlType>(
    [...(options.columns ?? []), ...options.types].map(({ name, type }) => [name, type]),
  );
  return names.map((name, index) => ({
    name,
    type: told.get(name) ?? (options.allText ? TEXT : sniffers[index]!.type),
  }));
}
