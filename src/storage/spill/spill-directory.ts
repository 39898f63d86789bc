import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { resourceError } from '../../common/errors.js';
import { storageError } from '../storage-error.js';

/** What of the free space of its disk a directory may fill, unless it has a limit of its own. */
const SHARE_OF_FREE_SPACE = 0.9;
const NAME = /^millrace-(\d+)-[0-9a-f]+-\d+\.spill$/;

/** Bytes in use over all threads of an engine. */
export interface SpillCounter {
  /** Adds bytes (or takes them away); returns the sum. */
  add(byteLength: number): number;
}

/** Where the breakers of one engine put what does not fit its memory. One object a thread; all share the counter. */
export class SpillDirectory {
  readonly path: string;
  private limit: number | undefined;
  private readonly counter: SpillCounter;
  private readonly prefix = `millrace-${process.pid}-${randomBytes(6).toString('hex')}`;
  private files = 0;
  private isPrepared = false;

  /** `limit`: bytes that may be in use at once; by default most of what is free on the disk when it is first needed. */
  constructor(path: string, limit: number | undefined, counter: SpillCounter) {
    this.path = path;
    this.limit = limit;
    this.counter = counter;
  }

  /** The path of the folder, which exists now, without what processes that were killed have left in it. */
  prepare(): string {
    if (this.isPrepared) return this.path;
    try {
      mkdirSync(this.path, { recursive: true });
      removeLeftovers(this.path);
      if (this.limit === undefined) {
        const { bavail, bsize } = statfsSync(this.path);
        this.limit = Math.floor(bavail * bsize * SHARE_OF_FREE_SPACE);
      }
    } catch (thrown) {
      throw storageError(thrown, 'use the spill directory', this.path);
    }
    this.isPrepared = true;
    return this.path;
  }

  nextFileName(): string {
    return `${this.prefix}-${this.files++}.spill`;
  }

  take(byteLength: number): void {
    const limit = this.limit ?? 0;
    if (this.counter.add(byteLength) <= limit) return;
    this.counter.add(-byteLength);
    throw resourceError('53400', `the query needs more than ${Math.floor(limit / 2 ** 20)} MiB of disk to spill`, {
      detail: `The spill directory is "${this.path}".`,
      hint: 'Raise --spill-limit, name a larger disk by --spill-directory, or raise --memory-limit.',
    });
  }

  giveBack(byteLength: number): void {
    this.counter.add(-byteLength);
  }
}

/** Only where files cannot be unlinked while they are open do processes leave any. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const processId = NAME.exec(name)?.[1];
    if (processId !== undefined && !isAlive(Number(processId))) rmSync(join(directory, name), { force: true });
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
