import type { Engine } from '../../src/session/engine.js';
import { execute } from '../slt/run-slt.js';

/** The rows of a statement, in a session of its own. */
export async function runAlone(engine: Engine, sql: string): Promise<(string | null)[][]> {
  const session = engine.openSession();
  try {
    return await execute(session, sql);
  } finally {
    await session.close();
  }
}
