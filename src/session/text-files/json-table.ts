import type { MatchedFile } from '../../catalog/glob.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import { membersOf } from '../../kernels/reference/json-records.js';
import type { FileRequest } from '../../planner/file-request.js';
import type { JsonFormat } from '../../planner/text-format.js';
import type { SqlType } from '../../types/sql-type.js';
import { columnList, type NamedType, OptionReader } from './csv-options.js';
import type { TextTable } from './csv-table.js';
import { compressionOfFile, type FileSample, sampleFile } from './file-sample.js';
import { TypeSniffer } from './sniff-types.js';

const SAMPLE_BYTES = 256 * 1024;
const SAMPLED_FILES = 5;
const JSON_TYPE: SqlType = { kind: 'json' };
const LAYOUTS: Readonly<Record<string, JsonFormat['layout']>> = {
  newline_delimited: 'lines',
  array: 'values',
  unstructured: 'values',
};
const NAMES: readonly string[] = [
  'format',
  'columns',
  'types',
  'ignore_errors',
  'sample_size',
  'union_by_name',
  'filename',
  'hive_partitioning',
  'compression',
];

export interface JsonOptions {
  readonly layout: JsonFormat['layout'] | undefined;
  readonly columns: readonly NamedType[] | undefined;
  readonly types: readonly NamedType[];
  readonly ignoresErrors: boolean;
  readonly sampleRows: number | undefined;
  readonly withFileName: boolean;
  readonly hivePartitioning: boolean;
  readonly compression: string | undefined;
}

export function jsonOptions({ options }: FileRequest): JsonOptions {
  for (const name of options.keys()) {
    if (NAMES.includes(name)) continue;
    throw userError('22023', `unrecognized option "${name}" of read_json`, {
      hint: nearestNameHint(name, NAMES, `Options are ${NAMES.join(', ')}.`),
    });
  }
  const reader = new OptionReader(options);
  const format = reader.text('format') ?? 'auto';
  if (format !== 'auto' && !Object.hasOwn(LAYOUTS, format)) {
    throw userError('22023', `invalid value for option "format": "${format}"`, {
      hint: `It takes auto, ${Object.keys(LAYOUTS).join(', ')}.`,
    });
  }
  return {
    layout: LAYOUTS[format],
    columns: options.has('columns') ? columnList(options.get('columns')!, 'columns') : undefined,
    types: options.has('types') ? columnList(options.get('types')!, 'types') : [],
    ignoresErrors: reader.switch('ignore_errors') ?? false,
    sampleRows: reader.count('sample_size', -1),
    withFileName: reader.switch('filename') ?? false,
    hivePartitioning: reader.switch('hive_partitioning') ?? true,
    compression: reader.text('compression'),
  };
}

/** What JSON files are as a table: a column for each member that an object of the samples has. */
export async function jsonTable(files: readonly MatchedFile[], options: JsonOptions): Promise<TextTable<JsonFormat>> {
  const members = new Map<string, MemberTypes>();
  let { layout } = options;
  const { sampleRows } = options;
  const lines = sampleRows === undefined ? 0 : sampleRows < 0 ? Number.POSITIVE_INFINITY : sampleRows;
  for (const file of files.slice(0, SAMPLED_FILES)) {
    const sample = await sampleFile(file, compressionOfFile(file.path, options.compression), SAMPLE_BYTES, lines);
    const found = layoutOf(sample.text);
    layout ??= found;
    for (const text of objectsOf(sample, layout)) {
      for (const [name, value] of membersOf(text)) {
        let types = members.get(name);
        if (types === undefined) {
          types = new MemberTypes();
          members.set(name, types);
        }
        types.add(value.text, value.isString);
      }
    }
  }
  const told = new Map(options.types.map(({ name, type }) => [name, type]));
  const columns =
    options.columns ??
    [...members].map(([key, types]) => ({ name: nameOf(key), type: told.get(nameOf(key)) ?? types.type }));
  if (columns.length === 0) {
    throw userError('22P02', `"${files[0]!.path}" has no JSON objects to find columns in`, {
      hint: "Name the columns: columns => 'a integer, b text'.",
    });
  }
  return {
    format: { kind: 'json', layout: layout ?? 'lines', ignoresErrors: options.ignoresErrors },
    columns,
    files: files.map((file) => ({
      compression: compressionOfFile(file.path, options.compression),
      header: undefined,
      fields: columns.map((_, index) => index),
      fieldCount: columns.length,
    })),
  };
}

/** A key as it is written, without its escapes. */
function nameOf(key: string): string {
  return key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key;
}

/** Lines, if the first is an object by itself. */
function layoutOf(text: string): JsonFormat['layout'] {
  const [first = ''] = text.trimStart().split('\n', 1);
  return isObject(first) ? 'lines' : 'values';
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The texts of whole objects in a sample. What is none is found when it is read. */
function objectsOf({ text, isWhole }: FileSample, layout: JsonFormat['layout']): string[] {
  if (layout === 'lines') {
    const lines = text.split('\n');
    return (isWhole ? lines : lines.slice(0, -1)).filter(isObject);
  }
  const objects: string[] = [];
  let depth = 0;
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    } else if (character === '{' || (character === '[' && depth > 0)) {
      if (depth === 0) start = at;
      depth++;
    } else if ((character === '}' || character === ']') && depth > 0) {
      depth--;
      if (depth === 0) objects.push(text.slice(start, at + 1));
    }
  }
  return objects.filter(isObject);
}

/** Which types the values of a member have: numbers, booleans, texts that are dates or times, others. */
class MemberTypes {
  private readonly scalars = new TypeSniffer();
  private readonly strings = new TypeSniffer();
  private hasStrings = false;
  private hasScalars = false;
  private isNested = false;

  add(text: string, isString: boolean): void {
    if (isString) {
      this.hasStrings = true;
      // Numbers in quotes are texts.
      this.strings.add(/^\d{4}-|^\d{2}:/.test(text) ? text : 'text');
    } else if (/^[[{]/.test(text)) this.isNested = true;
    else {
      this.hasScalars = true;
      this.scalars.add(text);
    }
  }

  get type(): SqlType {
    if (this.isNested) return JSON_TYPE;
    if (this.hasStrings && this.hasScalars) return { kind: 'text' };
    return this.hasStrings ? this.strings.type : this.scalars.type;
  }
}
