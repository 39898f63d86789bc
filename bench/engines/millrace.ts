import type { Table } from 'apache-arrow';
import { readArrowRows } from './arrow-rows.js';
import type { Engine, EngineResult } from './engine.js';

/** What of the embedding API is used here. */
interface Database {
  query(sql: string): Promise<Table>;
  close(): Promise<void>;
}
interface EmbeddingApi {
  readonly Millrace: {
    open(options: { lake: string; threads: number; memoryLimit: string } & Variant): Promise<Database>;
  };
}

/** Options of the embedding API in which the engines of benchmarks differ. */
export interface Variant {
  readonly warmUp?: boolean;
  readonly cacheLimit?: number;
}

/** What ships, bundled. Loaded when a benchmark asks for it, so that the harness runs without the engine. */
async function importMillrace(): Promise<EmbeddingApi> {
  const entry = new URL('../../../dist/index.js', import.meta.url).href;
  try {
    return (await import(entry)) as EmbeddingApi;
  } catch (error) {
    throw new Error('Millrace cannot be loaded from dist/index.js: run npm run build first', { cause: error });
  }
}

class MillraceEngine implements Engine {
  readonly name = 'millrace';
  private readonly variant: Variant;
  private database: Database | undefined;

  constructor(variant: Variant) {
    this.variant = variant;
  }

  async open(lakePath: string, threads: number, memoryLimit: string): Promise<void> {
    const { Millrace } = await importMillrace();
    this.database = await Millrace.open({ lake: lakePath, threads, memoryLimit, ...this.variant });
  }

  async run(sql: string): Promise<EngineResult> {
    const started = performance.now();
    const table = await this.database!.query(sql);
    const elapsedMs = performance.now() - started;
    return { columns: table.schema.fields.map(({ name }) => name), rows: readArrowRows(table), elapsedMs };
  }

  async close(): Promise<void> {
    await this.database?.close();
  }
}

export const createMillraceEngine = (variant: Variant = {}): Engine => new MillraceEngine(variant);
