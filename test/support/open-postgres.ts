import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ParserOptions, PGlite } from '@electric-sql/pglite';

const root = new URL('../../../', import.meta.url);

/**
 * PostgreSQL with an empty database. To make one takes four seconds, to read one that was made before takes one: the
 * first of a version of PGlite leaves it in build/. `parsers` hold for all queries: those of a query are merged with all
 * others each time.
 */
export async function openPostgres(parsers: ParserOptions = {}): Promise<PGlite> {
  const manifest = readFileSync(new URL('node_modules/@electric-sql/pglite/package.json', root), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const path = fileURLToPath(new URL(`build/postgres-${version}.tar`, root));
  if (!existsSync(path)) await makeDatabase(path);
  const postgres = await PGlite.create({ loadDataDir: new Blob([readFileSync(path)]) });
  Object.assign(postgres.parsers, parsers);
  return postgres;
}

/** Several processes may do so at once: each has a file of its own until it is whole. */
async function makeDatabase(path: string): Promise<void> {
  const postgres = await PGlite.create();
  const folder = await postgres.dumpDataDir('none');
  await postgres.close();
  const unfinished = `${path}-${process.pid}`;
  writeFileSync(unfinished, new Uint8Array(await folder.arrayBuffer()));
  renameSync(unfinished, path);
}
