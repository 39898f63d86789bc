import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { startServer } from '../../src/server/server.js';
import type { ServerOptions } from '../../src/server/server-options.js';
import { Engine, type EngineOptions } from '../../src/session/engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Takes minutes. */
export const SLOW =
  'select count(*) from generate_series(1, 400000) a(i), generate_series(1, 400000) b(j) where i % 7 = j % 7';

/** A server over a real engine in a lake of its own; memory is poisoned, and counted. */
export interface ServedLake {
  readonly lake: string;
  readonly port: number;
  readonly engine: Engine;
  readonly bugs: unknown[];
  /** A client of the driver that most programs use. */
  connect(config?: pg.ClientConfig): Promise<pg.Client>;
  /** Waits until no chunk of memory is in use: what was given up may take a moment to end. */
  untilFreed(): Promise<void>;
  close(graceMs?: number): Promise<void>;
}

export async function serveLake(
  context: TestContext,
  options: ServerOptions & Partial<EngineOptions> = {},
): Promise<ServedLake> {
  const lake = options.lake ?? temporaryFolder(context);
  const memory = { threads: 2, memoryLimit: 512 * 2 ** 20, checked: true };
  const engine = await Engine.open({ ...memory, ...options, lake });
  const bugs: unknown[] = [];
  const server = await startServer(
    { port: 0, onBug: (error) => bugs.push(error), ...options },
    async ({ user, database, settings }) =>
      engine.openSession({ user, database, settings: Object.fromEntries(settings) }),
  );
  const clients: pg.Client[] = [];
  context.after(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await server.close(0);
    await engine.close();
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'no block leaks');
    assert.deepEqual(bugs, []);
  });
  return {
    lake,
    port: server.port,
    engine,
    bugs,
    connect: async (config = {}) => {
      const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'ann', database: 'lake', ...config });
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    untilFreed: () => until(() => engine.executor.shared.allocatedChunks === 0),
    close: (graceMs) => server.close(graceMs),
  };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
