import type { MemoryImplementation } from '../../functions/function-types.js';
import { scalarOverload } from '../../functions/registry.js';
import { zoneBytes } from '../../functions/zones/zone-layout.js';
import { zoneOf } from '../../functions/zones/zone-of.js';
import type { CallExpression, Expression } from '../../planner/expression.js';
import { typeIsText } from '../../types/sql-type.js';
import { literalsAmong } from './constant-operands.js';
import { regexProgramOf } from './regex-source.js';

/*
 * Zones and regular expressions are constants where they are literals. Where they are not, what kernels read of them is
 * made once for each text that comes along, and found again in a table (kernels/assembly/memo-constants.ts).
 */

/** As `WORDS` in kernels/assembly/memo-constants.ts. */
export const MEMO_WORDS = 256;

/** What kernels read of a text; undefined where there is nothing, and the row is TypeScript's. */
export type MakeConstant = (text: string) => Uint8Array | undefined;

export interface Memo {
  /** Of the operand that is no literal. */
  readonly place: number;
  readonly make: MakeConstant;
  /** TypeScript can do a row without it for less than it costs: it is made of texts that come again. */
  readonly isDear: boolean;
}

/** The changes of a zone; undefined for what names none. */
export function bytesOfZone(name: string): Uint8Array | undefined {
  const zone = zoneOf(name);
  return zone === undefined ? undefined : zoneBytes(zone);
}

export function memoOf(expression: Expression): Memo | undefined {
  if (expression.kind !== 'call') return undefined;
  const { implementation } = scalarOverload(expression.overload);
  if (implementation.kind === 'zoned') {
    const place = implementation.zone;
    if (expression.args[place]!.kind === 'constant') return undefined;
    return { place, make: bytesOfZone, isDear: false };
  }
  if (implementation.kind === 'memory') return memoOfMemory(expression, implementation);
  if (implementation.kind !== 'regex') return undefined;
  const { pattern, flags, similar } = implementation.places;
  const [place, another] = [pattern, flags, similar?.escape].filter(
    (one) => one !== undefined && expression.args[one]!.kind !== 'constant',
  );
  if (place === undefined || another !== undefined) return undefined;
  return { place, make: (text) => regexProgramOf(expression, { place, text }), isDear: true };
}

function memoOfMemory({ args }: CallExpression, { constant, memo: place }: MemoryImplementation): Memo | undefined {
  if (constant === undefined || place === undefined) return undefined;
  const operand = args[place]!;
  if (operand.kind === 'constant' || !typeIsText(operand.type)) return undefined;
  const types = args.map(({ type }) => type);
  const literals = literalsAmong(args);
  return { place, make: (text) => constant(types, literals.with(place, text)), isDear: false };
}
