import { decodeNested } from '../../../types/nested-codec.js';
import type { FunctionValue } from '../../function-types.js';

/** text[] as JavaScript has it. */
export const textsOf = (value: FunctionValue | undefined): readonly (string | null)[] =>
  decodeNested(value as Uint8Array, { kind: 'array', element: { kind: 'text' } }) as (string | null)[];
