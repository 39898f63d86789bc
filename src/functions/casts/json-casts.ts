import { userError } from '../../common/errors.js';
import { POWERS_OF_TEN } from '../../kernels/constant-tables.js';
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
const INTEGER_BITS: Partial<Record<SqlType['kind'], number>> = { smallint: 16, integer: 32, bigint: 64 };

/** A number or a boolean of jsonb as that of SQL; null is NULL. */
export function castJsonb(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (from.kind !== 'jsonb') return undefined;
  const isNumber = to.kind in INTEGER_BITS || to.kind === 'decimal' || to.kind === 'real' || to.kind === 'double';
  if (!isNumber && to.kind !== 'boolean') return undefined;
  const create: VectorCreate = () => (args) => {
    const value = parseJsonText(args[0] as string);
    if (value.kind === 'null') return null;
    if (to.kind === 'boolean' && value.kind === 'boolean') return value.value;
    if (!isNumber || value.kind !== 'number') {
      throw userError('22023', `cannot cast jsonb ${ARTICLES[value.kind] ?? value.kind} to type ${nameOf(to)}`);
    }
    const bits = INTEGER_BITS[to.kind];
    return bits === undefined ? parseValue(value.digits, to) : integerOf(value.digits, bits, to);
  };
  return {
    fallible: true,
    implementation: {
      kind: 'kernel',
      block: true,
      ...readerOf(to),
      fallback: create,
      nullable: true,
      // The kernel rejects what is null, and declines what is an error.
      rejectedIsNull: true,
      declinesErrors: true,
    },
  };
}

/** A kernel, which leaves what is an error to TypeScript. */
function readerOf(to: SqlType): Pick<KernelImplementation, 'kernel' | 'wideKernel' | 'parameters' | 'needs'> {
  switch (to.kind) {
    case 'smallint':
      return { kernel: 'jsonbToInteger', parameters: [16] };
    case 'integer':
      return { kernel: 'jsonbToInteger', parameters: [32] };
    case 'bigint':
      return { kernel: 'jsonbToBigint' };
    case 'real':
      return { kernel: 'jsonbToReal', parameters: [POWERS_OF_TEN], needs: 'powersOfTen' };
    case 'decimal':
      return { kernel: 'jsonbToDecimal64', wideKernel: 'jsonbToDecimal128', parameters: [to.precision, to.scale] };
    case 'boolean':
      return { kernel: 'jsonbToBoolean' };
    default:
      return { kernel: 'jsonbToDouble', parameters: [POWERS_OF_TEN], needs: 'powersOfTen' };
  }
}

const nameOf = (type: SqlType): string => (type.kind === 'decimal' ? 'numeric' : formatType(type));

/** Half away from zero. */
function integerOf(digits: string, bits: number, to: SqlType): number | bigint {
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string?];
  const magnitude = BigInt(whole) + (fraction >= '5' ? 1n : 0n);
  const value = digits.startsWith('-') ? -magnitude : magnitude;
  if (BigInt.asIntN(bits, value) !== value) throw userError('22003', `${formatType(to)} out of range`);
  return bits === 64 ? value : Number(value);
}
