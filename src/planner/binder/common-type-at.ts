import { commonType } from '../../types/coercion.js';
import type { SqlType } from '../../types/sql-type.js';
import { atPosition } from './bind-context.js';

/** The common type of operands; an error stands at the first whose type does not go with those before it. */
export function commonTypeAt(types: readonly SqlType[], what: string, positions: readonly number[]): SqlType {
  try {
    return commonType(types, what);
  } catch (error) {
    for (let count = 2; count <= types.length; count++) {
      atPosition(positions[count - 1]!, () => commonType(types.slice(0, count), what));
    }
    throw error;
  }
}
