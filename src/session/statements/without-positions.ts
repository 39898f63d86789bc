import { MillraceError } from '../../common/errors.js';

/** Positions in a prepared statement, or a default, count in another text than the one that is executed. */
export async function withoutPositions<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw withoutPosition(thrown);
  }
}

/** The same of work that does not wait. */
export function withoutPositionsNow<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw withoutPosition(thrown);
  }
}

function withoutPosition(thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError) || thrown.position === undefined) return thrown;
  const { kind, code, message, detail, hint } = thrown;
  return new MillraceError(kind, code, message, { detail, hint, cause: thrown });
}
