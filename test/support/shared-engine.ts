import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { Engine, type SessionOptions } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';

/** By their number of threads: engines over lakes of no interest, whose memory and workers those of the tests borrow. */
const owners = new Map<number, Promise<Engine>>();
let folder: string | undefined;

after(async () => {
  for (const owner of owners.values()) await (await owner).close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function ownerOf(threads: number): Promise<Engine> {
  folder ??= mkdtempSync(join(tmpdir(), 'millrace-shared-'));
  const lake = join(folder, String(threads));
  return await Engine.open({ lake, create: true, threads, memoryLimit: 256 * 2 ** 20, checked: true });
}

/**
 * An engine over the memory (256 MB, checked) and the workers that all tests of the process share, as new workers spend
 * seconds on loading and compiling their modules. Not to be closed, and not for tests of memory limits or of threads
 * that end.
 */
export async function openSharedEngine(context: TestContext, lake: string, threads: number): Promise<Engine> {
  const owner = owners.get(threads) ?? ownerOf(threads);
  owners.set(threads, owner);
  const { executor } = await owner;
  const engine = await Engine.open({ lake, create: true, threads, executor });
  const sessions: EngineSession[] = [];
  const openSession = engine.openSession.bind(engine);
  engine.openSession = (options?: SessionOptions) => {
    const session = openSession(options);
    sessions.push(session);
    return session;
  };
  context.after(async () => {
    for (const session of sessions) await session.close();
    assert.equal(executor.shared.allocatedChunks, 0, 'chunks leaked');
  });
  return engine;
}
