import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { Engine, type EngineOptions } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import type { Execution } from '../../src/session/session.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** An engine over an empty lake that must have nothing left, in memory or on disk, when a test ends. */
export async function openSpillEngine(context: TestContext, options: Partial<EngineOptions>): Promise<Engine> {
  const engine = await Engine.open({
    threads: 2,
    spillDirectory: tmpdir(),
    ...options,
    lake: temporaryFolder(context),
  });
  context.after(async () => {
    assertNothingLeft(engine);
    await engine.close();
  });
  return engine;
}

export function assertNothingLeft({ executor: { shared } }: Engine): void {
  assert.equal(shared.spilledBytes, 0, 'bytes on disk');
  assert.equal(shared.allocatedChunks, 0, 'chunks');
}

export async function begin(session: EngineSession, sql: string): Promise<Execution> {
  const [statement] = session.parse(sql);
  const prepared = await session.prepare(statement!, []);
  const formatCodes = (prepared.columns ?? []).map(() => 0 as const);
  return await session.execute(prepared, [], { kind: 'postgres', formatCodes });
}

/** What tells sets of rows apart, whatever their order. */
export interface Fingerprint {
  readonly rowCount: number;
  readonly sum: number;
  /** The most that was seen on disk meanwhile. */
  readonly spilledBytes: number;
}

export async function fingerprint(engine: Engine, sql: string): Promise<Fingerprint> {
  const session = engine.openSession();
  let [rowCount, sum, spilledBytes] = [0, 0, 0];
  const { shared } = engine.executor;
  const timer = setInterval(() => {
    spilledBytes = Math.max(spilledBytes, shared.spilledBytes);
  }, 2);
  try {
    const execution = await begin(session, sql);
    for await (const { bytes } of execution.chunks()) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + view.getInt32(at + 1);
        let hash = 0;
        for (let byte = at; byte < end; byte++) hash = Math.imul(hash ^ bytes[byte]!, 0x0100_0193) + 0x9e37;
        sum = (sum + (hash ^ (hash >>> 15))) | 0;
        rowCount++;
        at = end;
      }
    }
  } finally {
    clearInterval(timer);
    await session.close();
  }
  return { rowCount, sum, spilledBytes };
}
