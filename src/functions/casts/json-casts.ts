import { userError } from '../../common/errors.js';
import { formatType, type SqlType } from '../../types/sql-type.js';
import type { CastImplementation, KernelImplementation, VectorCreate } from '../function-types.js';
import { parseJsonText } from '../scalar/json/json-text.js';
import { parseValue } from './parse-value.js';

const ARTICLES: Readonly<Record<string, string>> = {
  array: 'array',
  object: 'object',
  string: 'string',
  number: 'numeric',
};
const INTEGERS: ReadonlySet<SqlType['kind']> = new Set(['smallint', 'integer', 'bigint']);

/** A number or a boolean of jsonb as that of SQL; null is NULL. */
export function castJsonb(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (from.kind !== 'jsonb') return undefined;
  const isNumber = INTEGERS.has(to.kind) || to.kind === 'decimal' || to.kind === 'real' || to.kind === 'double';
  if (!isNumber && to.kind !== 'boolean') return undefined;
  const create: VectorCreate = () => (args) => {
    const value = parseJsonText(args[0] as string);
    if (value.kind === 'null') return null;
    if (to.kind === 'boolean' && value.kind === 'boolean') return value.value;
    if (!isNumber || value.kind !== 'number') {
      throw userError('22023', `cannot cast jsonb ${ARTICLES[value.kind] ?? value.kind} to type ${nameOf(to)}`);
    }
    return parseValue(INTEGERS.has(to.kind) ? rounded(value.digits) : value.digits, to);
  };
  return {
    fallible: true,
    implementation: { kind: 'kernel', block: true, ...readerOf(to), fallback: create, nullable: true },
  };
}

/** A kernel, which leaves null and what is an error to TypeScript. */
function readerOf(to: SqlType): Pick<KernelImplementation, 'kernel' | 'wideKernel' | 'parameters'> {
  switch (to.kind) {
    case 'smallint':
      return { kernel: 'jsonbToInteger', parameters: [16] };
    case 'integer':
      return { kernel: 'jsonbToInteger', parameters: [32] };
    case 'bigint':
      return { kernel: 'jsonbToBigint' };
    case 'real':
      return { kernel: 'jsonbToReal' };
    case 'decimal':
      return { kernel: 'jsonbToDecimal64', wideKernel: 'jsonbToDecimal128', parameters: [to.precision, to.scale] };
    case 'boolean':
      return { kernel: 'jsonbToBoolean' };
    default:
      return { kernel: 'jsonbToDouble' };
  }
}

const nameOf = (type: SqlType): string => (type.kind === 'decimal' ? 'numeric' : formatType(type));

/** Half away from zero. */
function rounded(digits: string): string {
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string?];
  const magnitude = BigInt(whole) + (fraction >= '5' ? 1n : 0n);
  return String(digits.startsWith('-') ? -magnitude : magnitude);
}
