import { joinBytes } from '../../../common/join-bytes.js';
import { POWERS_OF_TEN } from '../../../kernels/constant-tables.js';
import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionImplementation, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import { overload } from '../nested/overloads.js';
import { quoteJson } from './json-text.js';

/** What the kernel makes of its arguments. */
const FORMS = { value: 0, array: 1, object: 2, entry: 3, arrayByFlags: 4, objectByFlags: 5 } as const;

/** JSON of the arguments by a kernel; what it declines is done in TypeScript. */
export function jsonWriter(
  args: ScalarOverloadDeclaration['args'],
  returns: SqlType,
  form: keyof typeof FORMS,
  fallback: VectorCreate,
  options: Partial<ScalarOverloadDeclaration> = {},
): ScalarOverloadDeclaration {
  return overload(args, returns, written(form, fallback), { ...options, instants: 'written' });
}

function written(form: keyof typeof FORMS, fallback: VectorCreate): FunctionImplementation {
  return {
    kind: 'memory',
    kernel: 'jsonOfArguments',
    needs: 'powersOfTen',
    fallback,
    constant: (args) => {
      const head = new Uint8Array(8);
      new DataView(head.buffer).setUint32(0, FORMS[form], true);
      new DataView(head.buffer).setUint32(4, POWERS_OF_TEN, true);
      return joinBytes([head, ...args.map(shapeOf)]);
    },
  };
}

const encoder = new TextEncoder();

/** Names of fields, as they are written: kernels/assembly/json-writing.ts draws the layout. */
function shapeOf(type: SqlType): Uint8Array {
  switch (type.kind) {
    case 'array':
      return withLength([shapeOf(type.element)]);
    case 'map':
      return withLength([shapeOf(type.key), shapeOf(type.value)]);
    case 'struct':
      return withLength(type.fields.flatMap(({ name, type: field }) => [nameBytes(name), shapeOf(field)]));
    default:
      return withLength([]);
  }
}

function nameBytes(name: string): Uint8Array {
  const text = encoder.encode(`${quoteJson(name)}:`);
  const bytes = new Uint8Array(4 + ((text.length + 3) & ~3));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  return bytes;
}

function withLength(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = joinBytes([new Uint8Array(4), ...parts]);
  new DataView(bytes.buffer).setUint32(0, bytes.length, true);
  return bytes;
}
