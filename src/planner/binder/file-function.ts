import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import type { FileOption, FileRequest } from '../file-request.js';

const FORMATS: Readonly<Record<string, FileRequest['format']>> = {
  read_parquet: 'parquet',
  parquet_scan: 'parquet',
  read_csv: 'csv',
  read_csv_auto: 'csv',
  read_json: 'json',
  read_json_auto: 'json',
  read_ndjson: 'json',
  read_ndjson_auto: 'json',
};

/** The functions that read files, for hints. */
export const FILE_FUNCTIONS: readonly string[] = ['read_parquet', 'read_csv', 'read_json'];

/**
 * The files that a call of `read_csv` and its kin names, and how they are to be read; undefined for other functions. All
 * arguments are literals, since columns have to be known before anything runs: `name => value`, or `name = value`.
 */
export function fileRequestOf(call: Ast.FunctionCall): FileRequest | undefined {
  const name = call.name.parts.at(-1)!.name;
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined) return undefined;
  const [first, ...rest] = call.args;
  const paths = first === undefined || first.name !== undefined ? undefined : literalOf(first.value);
  const list = typeof paths === 'string' ? [paths] : paths;
  if (!Array.isArray(list) || list.length === 0 || !list.every((path) => typeof path === 'string')) {
    throw userError('42883', `${name} takes a path, or a list of paths, as its first argument`, {
      position: first?.position ?? call.position,
      hint: `Write ${name}('folder/*'), or ${name}(array['a', 'b']).`,
    });
  }
  const options = new Map<string, FileOption>();
  if (name.includes('ndjson')) options.set('format', 'newline_delimited');
  for (const argument of rest) {
    const [option, value] = optionOf(argument, name);
    options.set(option, value);
  }
  return { format, paths: list, options };
}

function optionOf(argument: Ast.FunctionArgument, name: string): [string, FileOption] {
  const { value, position } = argument;
  let option = argument.name?.name;
  let literal: Ast.Expression = value;
  if (
    option === undefined &&
    value.kind === 'binary' &&
    value.operator === '=' &&
    value.left.kind === 'columnReference'
  ) {
    option = value.left.parts.map((part) => part.name).join('.');
    literal = value.right;
  }
  if (option === undefined) {
    throw userError('42883', `the further arguments of ${name} are options`, {
      position,
      hint: `Write ${name}('path', option => value).`,
    });
  }
  const read = literalOf(literal);
  if (read !== undefined) return [option.toLowerCase(), read];
  throw userError('42601', `the option "${option}" of ${name} must be a literal`, { position: literal.position });
}

function literalOf(expression: Ast.Expression): FileOption | undefined {
  switch (expression.kind) {
    case 'stringLiteral':
    case 'booleanLiteral':
      return expression.value;
    case 'numericLiteral':
      return Number(expression.text);
    case 'nullLiteral':
      return null;
    case 'unary': {
      const operand = literalOf(expression.operand);
      return expression.operator === '-' && typeof operand === 'number' ? -operand : undefined;
    }
    case 'array': {
      const items = expression.elements.map(literalOf);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    default:
      return undefined;
  }
}
