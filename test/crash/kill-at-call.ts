/**
 * Loaded before a command (`node --import`): the process kills itself before the Nth call that changes the disk, counted
 * in each thread, if KILL_AT is `main:N` or `worker:N`.
 */
import fileSystem from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const [thread, killAt] = (process.env.KILL_AT ?? '').split(':');
let countdown = thread === (isMainThread ? 'main' : 'worker') ? Number(killAt) : Number.POSITIVE_INFINITY;

type Call = (...args: never[]) => Promise<unknown>;

function counting(name: 'link' | 'mkdir' | 'open' | 'rename' | 'rm' | 'rmdir' | 'unlink'): void {
  const call = fileSystem[name] as Call;
  const counted = async (...args: never[]): Promise<unknown> => {
    if (!(name === 'open' && args[1] === 'r') && --countdown === 0) {
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => setInterval(() => {}, 1000));
    }
    return await call(...args);
  };
  Object.assign(fileSystem, { [name]: counted });
}

for (const name of ['link', 'mkdir', 'open', 'rename', 'rm', 'rmdir', 'unlink'] as const) counting(name);
syncBuiltinESMExports();
