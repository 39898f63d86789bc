import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { MillraceError } from '../../src/common/errors.js';
import { startServer } from '../../src/server/server.js';
import { Engine, type EngineOptions } from '../../src/session/engine.js';
import { type CommandLineResult, runCommandLine } from '../cli/run-command-line.js';
import { execute } from '../slt/run-slt.js';
import { openSharedEngine } from '../support/shared-engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What an error must say. Every one has a hint: what to do. */
export interface ExpectedError {
  readonly code: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
  /** From 0, in UTF-16 code units. */
  readonly position?: number;
}

/**
 * A lake with a server over it: `numbers` has 4 files of 20,000 rows (i from 1, label, g = i % 10), `days` a partition a
 * day. What fails in it must leave everything as it was: files, memory, open files, and the next query.
 */
export class TestLake {
  readonly folder: string;
  readonly engine: Engine;
  private readonly client: pg.Client;
  private failureCount = 0;

  private constructor(folder: string, engine: Engine, client: pg.Client) {
    this.folder = folder;
    this.engine = engine;
    this.client = client;
  }

  /** With options it has memory and workers of its own. */
  static async open(context: TestContext, options?: Partial<EngineOptions>): Promise<TestLake> {
    const folder = options?.lake ?? temporaryFolder(context);
    const memory = { threads: 2, memoryLimit: 256 * 2 ** 20, checked: true };
    const engine =
      options === undefined
        ? await openSharedEngine(context, folder, memory.threads)
        : await Engine.open({ ...memory, ...options, lake: folder });
    const server = await startServer({ port: 0 }, async ({ user, database }) => engine.openSession({ user, database }));
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'ann', database: 'lake' });
    await client.connect();
    context.after(async () => {
      await client.end();
      await server.close(0);
      if (options !== undefined) await engine.close();
      assert.equal(engine.executor.shared.allocatedChunks, 0, 'no block leaks');
    });
    const lake = new TestLake(folder, engine, client);
    if (!existsSync(join(folder, 'numbers'))) await lake.create();
    return lake;
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  async run(sql: string): Promise<(string | null)[][]> {
    const session = this.engine.openSession({ mayWriteFiles: true });
    try {
      return await execute(session, sql);
    } finally {
      await session.close();
    }
  }

  /** The statement fails alike for a session and for a client of the server, and nothing has changed. */
  async fails(sql: string, expected: ExpectedError): Promise<void> {
    const before = this.observe();
    await assert.rejects(this.drain(sql), (error: unknown) => {
      assert.ok(error instanceof MillraceError, String((error as Error).stack));
      assert.equal(error.code, expected.code, error.stack);
      assert.match(error.message, expected.message);
      assert.match(error.hint ?? '', expected.hint ?? /./, error.message);
      if (expected.position !== undefined) assert.equal(error.position, expected.position);
      return true;
    });
    await this.assertUnchanged(before);
    // By the simple protocol and the extended one in turn.
    const isSimple = this.failureCount++ % 2 === 0;
    await assert.rejects(this.client.query(isSimple ? { text: sql } : { text: sql, values: [] }), (thrown: unknown) => {
      const error = thrown as pg.DatabaseError;
      assert.equal(error.code, expected.code, error.message);
      assert.match(error.message, expected.message);
      assert.match(error.hint ?? '', expected.hint ?? /./, error.message);
      if (expected.position !== undefined) assert.equal(error.position, String(expected.position + 1));
      return true;
    });
    await this.assertUnchanged(before);
  }

  /** The command line ends with status 1 and says what and what to do, in lines of their own. */
  async commandLineFails(
    sql: string,
    expected: ExpectedError,
    run: typeof runCommandLine = runCommandLine,
  ): Promise<CommandLineResult> {
    const before = contentOf(this.folder);
    const result = await run(['query', sql, '--lake', this.folder, '--memory-limit', '64MB', '--threads', '2']);
    assert.deepEqual([result.status, result.stdout], [1, ''], result.stderr);
    const [first, ...others] = result.stderr.trimEnd().split('\n');
    const [, message, code] = /^(?:line \d+, column \d+: )?error: (.*) \((\w{5})\)$/.exec(first!) ?? [];
    assert.equal(code, expected.code, result.stderr);
    assert.match(message!, expected.message);
    const hints = others.filter((line) => line.startsWith('  HINT: '));
    assert.equal(hints.length, 1, result.stderr);
    assert.match(hints[0]!, expected.hint ?? /./);
    assert.deepEqual(contentOf(this.folder), before);
    return result;
  }

  observe(): Observation {
    return { content: contentOf(this.folder), openFiles: openFileCount() };
  }

  /** Files as they were, no memory in use, no file open, and the next queries are answered right. */
  async assertUnchanged(before: Observation): Promise<void> {
    assert.deepEqual(contentOf(this.folder), before.content);
    // Workers are told to forget a query and nobody waits for it: files may be closed a moment later.
    await until(() => openFileCount() <= before.openFiles, 'files stay open');
    await until(() => this.engine.executor.shared.allocatedChunks === 0, 'blocks leak');
    const sql = 'select count(*), sum(i), max(label) from numbers';
    const answer = ['80000', '3200040000', 'row 9999'];
    assert.deepEqual(await this.run(sql), [answer]);
    const { rows } = await this.client.query({ text: sql, rowMode: 'array' });
    assert.deepEqual(rows, [answer]);
  }

  private async drain(sql: string): Promise<void> {
    const session = this.engine.openSession();
    try {
      for (const statement of session.parse(sql)) {
        const prepared = await session.prepare(statement, []);
        const execution = await session.execute(prepared, [], { kind: 'arrow' });
        for await (const _chunk of execution.chunks());
      }
    } finally {
      await session.close();
    }
  }

  private async create(): Promise<void> {
    await this.run('create table numbers (i integer, label text, g integer)');
    for (let file = 0; file < 4; file++) {
      await this.run(
        `insert into numbers select i, 'row ' || i::text, i % 10 from generate_series(${file * 20_000 + 1}, ${(file + 1) * 20_000}) as g(i)`,
      );
    }
    await this.run('create table days (n integer) partitioned by (d date)');
    await this.run("insert into days values (1, '2026-01-01'), (2, '2026-01-02'), (3, '2026-01-03')");
  }
}

export interface Observation {
  readonly content: Readonly<Record<string, string>>;
  readonly openFiles: number;
}

/** Every file beneath with a digest of what is in it, and every folder but empty ones of our own. */
export function contentOf(folder: string): Record<string, string> {
  const content: Record<string, string> = {};
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) content[name] = createHash('sha256').update(readFileSync(path)).digest('hex');
    else if (!name.startsWith('_millrace') || hasFiles(path)) content[name] = 'folder';
  }
  return content;
}

function hasFiles(folder: string): boolean {
  const entries = readdirSync(folder, { recursive: true }) as string[];
  return entries.some((name) => statSync(join(folder, name)).isFile());
}

/** The Parquet files of a table, in order. */
export function filesOf(lake: TestLake, table: string): string[] {
  return (readdirSync(lake.path(table), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.parquet'))
    .sort()
    .map((name) => lake.path(table, name));
}

/** Regular files that this process has open; always 0 where the system does not tell. */
function openFileCount(): number {
  const list = '/proc/self/fd';
  if (!existsSync(list)) return 0;
  return readdirSync(list).filter((descriptor) => {
    try {
      return statSync(join(list, descriptor)).isFile();
    } catch {
      return false;
    }
  }).length;
}

async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let round = 0; !condition(); round++) {
    assert.ok(round < 2000, otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
