import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Lake } from '../catalog/lake.js';
import { storageError } from '../storage/storage-error.js';
import type { Engine } from './engine.js';
import { LakeCatalogView } from './lake-catalog-view.js';
import { StatisticsService } from './statistics-service.js';

/** The schema of temporary tables and views, as in PostgreSQL. */
export const TEMPORARY_SCHEMA = 'pg_temp';

const NAME = /^millrace-temporary-(\d+)-[0-9a-f]+$/;

/**
 * The temporary tables and views of one session: a lake of its own in the folder for temporary files. It goes with the
 * session; what a process that was killed has left is removed by the next that makes temporary tables there.
 */
export class TemporaryLake {
  readonly lake: Lake;
  readonly catalog: LakeCatalogView;
  readonly statistics: StatisticsService;

  private constructor(lake: Lake, engine: Engine) {
    this.lake = lake;
    this.statistics = new StatisticsService(lake, engine.executor);
    this.catalog = new LakeCatalogView(lake, engine.footers, this.statistics);
  }

  static async open(engine: Engine): Promise<TemporaryLake> {
    const { scratchDirectory } = engine;
    const folder = join(scratchDirectory, `millrace-temporary-${process.pid}-${randomBytes(6).toString('hex')}`);
    try {
      removeLeftovers(scratchDirectory);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (thrown) {
      throw storageError(thrown, 'create a folder for temporary tables', folder);
    }
    const lake = await Lake.open(folder);
    await lake.createSchema(TEMPORARY_SCHEMA);
    return new TemporaryLake(lake, engine);
  }

  async remove(): Promise<void> {
    await rm(this.lake.root, { recursive: true, force: true }).catch(() => undefined);
  }
}

function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const processId = NAME.exec(name)?.[1];
    if (processId === undefined || isAlive(Number(processId))) continue;
    rmSync(join(directory, name), { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
