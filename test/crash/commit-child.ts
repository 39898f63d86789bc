/**
 * Makes one change to a lake and kills itself on the way: `commit-child.js LAKE SCENARIO UNIT N` with UNIT `call` (before
 * the Nth call that changes the disk) or `step` (after the Nth step of the commit), N from 1. Exits with 0 if N is never
 * reached.
 */
import * as nodeFileSystem from 'node:fs/promises';
import { LocalObjectStore } from '../../src/storage/local/local-object-store.js';
import { openLake, scenarios } from './commit-scenarios.js';

const [lakeRoot, scenarioName, unit, killAt] = process.argv.slice(2) as [string, string, 'call' | 'step', string];
let countdown = Number(killAt);

async function countDown(counted: 'call' | 'step'): Promise<void> {
  if (counted !== unit || --countdown > 0) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => setInterval(() => {}, 1000));
}

function counting<Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) {
  return async (...args: Args): Promise<Result> => {
    await countDown('call');
    return await call(...args);
  };
}

const fileSystem = {
  ...nodeFileSystem,
  link: counting(nodeFileSystem.link),
  mkdir: counting(nodeFileSystem.mkdir) as typeof nodeFileSystem.mkdir,
  open: (async (path, flags, mode) => {
    if (flags !== 'r') await countDown('call');
    return await nodeFileSystem.open(path, flags, mode);
  }) as typeof nodeFileSystem.open,
  rename: counting(nodeFileSystem.rename),
  rm: counting(nodeFileSystem.rm),
  rmdir: counting(nodeFileSystem.rmdir),
  unlink: counting(nodeFileSystem.unlink),
};

const store = new LocalObjectStore(fileSystem);
const observer = () => countDown('step');
const lake = await openLake(lakeRoot, { store, commitObserver: observer });
await scenarios[scenarioName]!.change(lake, store, observer);
