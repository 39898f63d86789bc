import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api';
import { Engine } from '../../../src/session/engine.js';
import type { Answer } from '../../oracle/support/answer.js';
import { askMillrace } from '../../oracle/support/millrace-answers.js';
import { type FuzzError, type Outcome, toFuzzError } from '../outcome.js';
import { writeAnalyticTable } from './analytic-lake.js';
import type { AnalyticTable } from './analytic-tables.js';
import { duckDBText } from './duckdb-text.js';

/** Engines that differ in what they may use; all answer from the same files. */
const ENGINES: Readonly<Record<'usual' | 'one thread' | 'scarce' | 'small', EngineOptions>> = {
  usual: { threads: 2, memoryLimit: 512 * 2 ** 20 },
  'one thread': { threads: 1, memoryLimit: 512 * 2 ** 20 },
  /** Pipeline breakers act as if there were hardly any memory. */
  scarce: { threads: 1, memoryLimit: 512 * 2 ** 20, scarce: true },
  /** What large joins, groups and sorts do not fit. */
  small: { threads: 2, memoryLimit: 40 * 2 ** 20 },
};

interface EngineOptions {
  readonly threads: number;
  readonly memoryLimit: number;
  readonly scarce?: boolean;
}

export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES: readonly EngineName[] = Object.keys(ENGINES) as EngineName[];

/** A way to run a query that must not change its answer. */
export interface AnalyticVariant {
  readonly name: string;
  readonly engine: EngineName;
  readonly settings: Readonly<Record<string, string>>;
  /** The answer of this many runs of it is the last one's: by a plan that was kept, from the third on. */
  readonly runs: number;
}

/** PostgreSQL's meaning, where DuckDB has another by default. */
const DUCKDB_SETTINGS = ["set default_null_order = 'nulls_last_on_asc_first_on_desc'", 'set integer_division = true'];

const DUCKDB_TIMEOUT_MS = 30_000;

/** DuckDB and several engines of ours over one lake. */
export class AnalyticEngines {
  private readonly folder: string;
  private readonly duckdb: DuckDBConnection;
  private readonly instance: DuckDBInstance;
  private readonly engines: Readonly<Record<EngineName, Engine>>;
  private readonly views = new Set<string>();
  /** Each set of tables has a schema of its own, so that no name has meant anything else. */
  private loads = 0;

  private constructor(folder: string, instance: DuckDBInstance, duckdb: DuckDBConnection, engines: Engine[]) {
    this.folder = folder;
    this.instance = instance;
    this.duckdb = duckdb;
    this.engines = Object.fromEntries(ENGINE_NAMES.map((name, index) => [name, engines[index]!])) as Record<
      EngineName,
      Engine
    >;
  }

  static async open(): Promise<AnalyticEngines> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'));
    const lake = join(folder, 'lake');
    const engines: Engine[] = [];
    for (const name of ENGINE_NAMES) {
      engines.push(await Engine.open({ ...ENGINES[name], lake, create: true, checked: true, spillDirectory: folder }));
    }
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
    const duckdb = await instance.connect();
    for (const setting of DUCKDB_SETTINGS) await duckdb.run(setting);
    return new AnalyticEngines(folder, instance, duckdb, engines);
  }

  async close(): Promise<void> {
    for (const engine of Object.values(this.engines)) await engine.close();
    this.duckdb.closeSync();
    this.instance.closeSync();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get schema(): string {
    return `load${this.loads}`;
  }

  /** Replaces all tables. */
  async load(tables: readonly AnalyticTable[]): Promise<void> {
    for (const view of this.views) await this.duckdb.run(`drop view ${view}`);
    this.views.clear();
    rmSync(join(this.folder, 'lake', this.schema), { recursive: true, force: true });
    this.loads++;
    const session = this.engines.usual.openSession();
    await askMillrace(session, `create schema ${this.schema}`);
    await askMillrace(session, `set search_path = '${this.schema}'`);
    for (const table of tables) {
      const folder = join(this.folder, 'lake', this.schema, table.name);
      await writeAnalyticTable(table, folder, join(this.folder, 'source'), this.duckdb, (sql) =>
        askMillrace(session, sql),
      );
      this.views.add(table.name);
    }
    await session.close();
  }

  async askDuckDB(sql: string): Promise<Outcome> {
    const timer = setTimeout(() => this.duckdb.interrupt(), DUCKDB_TIMEOUT_MS);
    try {
      const reader = await this.duckdb.runAndReadAll(sql);
      const isFloat = reader
        .columnTypes()
        .map(({ typeId }) => typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT);
      return { columnNames: reader.columnNames(), rows: reader.getRows().map((row) => row.map(duckDBText)), isFloat };
    } catch (error) {
      return duckDBError(error as Error);
    } finally {
      clearTimeout(timer);
    }
  }

  async askMillrace(sql: string, { engine: name, settings, runs }: AnalyticVariant): Promise<Outcome> {
    const engine = this.engines[name];
    const session = engine.openSession({
      settings: { statement_timeout: '60s', search_path: this.schema, ...settings },
    });
    try {
      for (let run = 1; run < runs; run++) await askMillrace(session, sql);
      const answer: Answer = await askMillrace(session, sql);
      const leaked = engine.executor.shared.allocatedChunks;
      return leaked === 0 ? answer : { code: 'leak', message: `${leaked} chunks leaked` };
    } catch (error) {
      return toFuzzError(error);
    } finally {
      await session.close();
    }
  }
}

/** DuckDB has no SQLSTATEs: its errors are what it cannot do, and rows may stand against them. */
function duckDBError({ message }: Error): FuzzError {
  return { code: 'XX000', message: message.split('\n')[0]!.replace(/".*"|\d+/g, '…') };
}
