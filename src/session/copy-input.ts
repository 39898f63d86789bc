import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError } from '../storage/storage-error.js';
import type { CopyInput } from './session.js';

/** A file in the folder for temporary files: COPY reads it like any other, in stretches and by all workers. */
export async function openCopyInput(directory: string): Promise<CopyInput> {
  const path = join(directory, `millrace-copy-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(directory, { recursive: true });
    const file = await open(path, 'wx', 0o600);
    let isOpen = true;
    const end = async (): Promise<void> => {
      if (isOpen) await file.close();
      isOpen = false;
    };
    return {
      path,
      write: async (bytes) => {
        await file.writeFile(bytes);
      },
      end,
      remove: async () => {
        await end();
        await rm(path, { force: true });
      },
    };
  } catch (thrown) {
    throw storageError(thrown, 'write', path);
  }
}
