import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { askMillrace } from '../oracle/support/millrace-answers.js';
import { openPostgres } from '../support/open-postgres.js';
import { type FuzzTable, millraceStatements, postgresStatements } from './fuzz-tables.js';
import { type Outcome, toFuzzError } from './outcome.js';

/** A way to run a query that must not change its answer. */
export interface Variant {
  readonly name: string;
  /** On one thread with memory so short that all that can go to disk does. */
  readonly scarce: boolean;
  readonly settings: Readonly<Record<string, string>>;
  /** The answer of this many runs of it is the last one's: by a plan that was kept, from the third on. */
  readonly runs?: number;
  /** It is the second branch of a UNION ALL: see `behindManyRows`. */
  readonly behindMany?: boolean;
}

export const DEFAULT_VARIANT: Variant = { name: 'default', scarce: false, settings: {} };

/**
 * The rows of a query, behind others that are looked at and left out. These have several lanes, which then all ask for
 * those of the query, whatever makes them.
 */
export function behindManyRows(sql: string, columnNames: readonly string[]): string {
  const nulls = columnNames.map((name) => `null as "${name.replaceAll('"', '""')}"`).join(', ');
  return `select ${nulls} from generate_series(1, 600000) as many where many % 7 = 9 union all (${sql})`;
}

/** Leaves the values of every built-in type as the text that PostgreSQL sent. */
const asText: Record<number, (text: string) => string> = {};
for (let oid = 16; oid < 4096; oid++) asText[oid] = (text) => text;

/** How long PostgreSQL's names are remembered by an engine that did not change them: see `relation-memory.ts`. */
const FORGETTING_MS = 150;

/** PostgreSQL and two engines over one lake, holding the same tables. */
export class FuzzEngines {
  private readonly folder: string;
  private readonly postgres: PGlite;
  private readonly engine: Engine;
  private readonly scarceEngine: Engine;
  private tables: readonly string[] = [];
  private loadedAt = 0;

  private constructor(folder: string, postgres: PGlite, engine: Engine, scarceEngine: Engine) {
    this.folder = folder;
    this.postgres = postgres;
    this.engine = engine;
    this.scarceEngine = scarceEngine;
  }

  static async open(): Promise<FuzzEngines> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'));
    const memory = { memoryLimit: 512 * 2 ** 20, checked: true };
    const lake = join(folder, 'lake');
    const engine = await Engine.open({ ...memory, lake, create: true, threads: 2 });
    const scarceEngine = await Engine.open({ ...memory, lake, threads: 1, scarce: true, spillDirectory: folder });
    const postgres = await openPostgres(asText);
    await postgres.exec('set timezone to utc');
    return new FuzzEngines(folder, postgres, engine, scarceEngine);
  }

  async close(): Promise<void> {
    await this.postgres.close();
    await this.scarceEngine.close();
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Replaces all tables. */
  async load(tables: readonly FuzzTable[]): Promise<void> {
    const session = this.engine.openSession();
    for (const name of this.tables) {
      await this.postgres.exec(`drop table if exists ${name}`);
      await askMillrace(session, `drop table if exists ${name}`);
    }
    this.tables = tables.map(({ name }) => name);
    for (const table of tables) {
      for (const statement of postgresStatements(table)) await this.postgres.exec(statement);
      for (const statement of millraceStatements(table)) await askMillrace(session, statement);
    }
    await session.close();
    this.loadedAt = Date.now();
  }

  async askPostgres(sql: string): Promise<Outcome> {
    try {
      const result = await this.postgres.query<(string | null)[]>(sql, [], { rowMode: 'array' });
      const columnNames = result.fields.map(({ name }) => name);
      const isFloat = result.fields.map(({ dataTypeID }) => dataTypeID === 700 || dataTypeID === 701);
      return { columnNames, rows: result.rows, isFloat };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return { code: code ?? 'XX000', message };
    }
  }

  async askMillrace(sql: string, { scarce, settings, runs = 1 }: Variant = DEFAULT_VARIANT): Promise<Outcome> {
    const engine = scarce ? this.scarceEngine : this.engine;
    if (scarce) await new Promise((resolve) => setTimeout(resolve, this.loadedAt + FORGETTING_MS - Date.now()));
    const session = engine.openSession({ settings: { statement_timeout: '60s', ...settings } });
    try {
      for (let run = 1; run < runs; run++) await askMillrace(session, sql);
      const answer = await askMillrace(session, sql);
      const leaked = engine.executor.shared.allocatedChunks;
      return leaked === 0 ? answer : { code: 'leak', message: `${leaked} chunks leaked` };
    } catch (error) {
      return toFuzzError(error);
    } finally {
      await session.close();
    }
  }

  session(): EngineSession {
    return this.engine.openSession();
  }
}
