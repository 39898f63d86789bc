import { MillraceError } from '../../common/errors.js';

/** Positions in a prepared statement, or a default, count in another text than the one that is executed. */
export async function withoutPositions<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof MillraceError) || thrown.position === undefined) throw thrown;
    const { kind, code, message, detail, hint } = thrown;
    throw new MillraceError(kind, code, message, { detail, hint, cause: thrown });
  }
}
