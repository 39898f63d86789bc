import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { MillraceError } from '../../src/common/errors.js';
import type { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { decodeDataRows } from './decode-data-rows.js';
import { openSharedEngine } from './shared-engine.js';
import { temporaryFolder } from './temporary-folder.js';

export interface FileLake {
  readonly engine: Engine;
  readonly folder: string;
  readonly session: EngineSession;
  /** Writes a file; returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** The rows of the last statement, as text. `@name` stands for the path of a file. */
  rows(sql: string): Promise<(string | null)[][]>;
  error(sql: string): Promise<MillraceError>;
}

/** A lake beside which files are written and read. */
export async function openFileLake(context: TestContext): Promise<FileLake> {
  const folder = temporaryFolder(context);
  const lake = join(folder, 'lake');
  const engine = await openSharedEngine(context, lake, 2);
  const session = engine.openSession({ mayWriteFiles: true });
  const rows = async (sql: string): Promise<(string | null)[][]> => {
    let found: (string | null)[][] = [];
    for (const statement of session.parse(sql.replaceAll('@', `${folder}/`))) {
      found = [];
      const prepared = await session.prepare(statement, []);
      const formatCodes = (prepared.columns ?? []).map(() => 0 as const);
      const execution = await session.execute(prepared, [], { kind: 'postgres', formatCodes });
      for await (const { bytes } of execution.chunks()) found.push(...decodeDataRows(bytes));
      assert.equal(engine.executor.shared.allocatedChunks, 0, 'no block leaks');
    }
    return found;
  };
  return {
    engine,
    folder,
    session,
    rows,
    write(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    async error(sql) {
      try {
        await rows(sql);
      } catch (thrown) {
        if (thrown instanceof MillraceError) return thrown;
        throw thrown;
      }
      return assert.fail(`no error: ${sql}`);
    },
  };
}
