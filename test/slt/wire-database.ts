import pg from 'pg';
import { type SltDatabase, type SltError, type SltResult, withHint } from './slt-database.js';
import type { TextRow } from './slt-rows.js';

const asText = { getTypeParser: () => (value: string) => value };

/** A running server, Millrace or PostgreSQL. What a script creates stays there. */
export class WireDatabase implements SltDatabase {
  private readonly config: pg.ClientConfig;
  private readonly clients = new Map<string, pg.Client>();

  /** Runs first in every session. */
  private readonly opening: string | undefined;

  constructor(address: string, opening?: string) {
    this.opening = opening;
    const [host = '', port = '5433'] = address.split(':');
    this.config = {
      host: host === '' ? '127.0.0.1' : host,
      port: Number(port),
      user: process.env.PGUSER ?? 'millrace',
      database: process.env.PGDATABASE ?? 'lake',
      ...(process.env.PGPASSWORD === undefined ? {} : { password: process.env.PGPASSWORD }),
    };
  }

  async execute(connection: string, sql: string): Promise<SltResult> {
    const client = this.clients.get(connection) ?? (await this.connect(connection));
    const result: unknown = await client.query({ text: sql, rowMode: 'array', types: asText } as pg.QueryArrayConfig);
    // Several statements give several results.
    const last = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryArrayResult | undefined;
    return {
      rows: (last?.rows ?? []) as readonly TextRow[],
      columnNames: (last?.fields ?? []).map(({ name }) => name),
      rowCount: last?.rowCount ?? undefined,
    };
  }

  describeError(error: unknown): SltError {
    if (!(error instanceof pg.DatabaseError)) return { code: undefined, message: String(error) };
    return { code: error.code, message: withHint(error.message, error.hint) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.end()));
  }

  private async connect(connection: string): Promise<pg.Client> {
    const client = new pg.Client(this.config);
    client.on('error', () => undefined);
    await client.connect();
    if (this.opening !== undefined) await client.query(this.opening);
    this.clients.set(connection, client);
    return client;
  }
}
