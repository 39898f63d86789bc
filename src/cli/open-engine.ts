import { parseMemorySize } from '../api/memory-size.js';
import { Engine } from '../session/engine.js';
import type { CommandArguments } from './command.js';
import { usageError } from './parse-arguments.js';

/** What the options of the engine say: `--lake`, `--threads`, `--memory-limit`, `--cache-limit` and the two of spilling. */
export function readEngineOptions(args: CommandArguments): {
  readonly lake: string;
  readonly threads: number | undefined;
  readonly memoryLimit: number | undefined;
  readonly spillDirectory: string | undefined;
  readonly spillLimit: number | undefined;
  readonly cacheLimit: number | undefined;
} {
  const threads = args.text('threads');
  if (threads !== undefined && !/^[1-9]\d*$/.test(threads)) {
    throw usageError(`--threads takes a whole number from 1, not "${threads}"`);
  }
  const bytesOf = (option: string): number | undefined => {
    const size = args.text(option);
    return size === undefined ? undefined : parseMemorySize(size);
  };
  return {
    lake: args.text('lake') ?? process.env.MILLRACE_LAKE ?? '.',
    threads: threads === undefined ? undefined : Number(threads),
    memoryLimit: bytesOf('memory-limit'),
    spillDirectory: args.text('spill-directory'),
    spillLimit: bytesOf('spill-limit'),
    cacheLimit: bytesOf('cache-limit'),
  };
}

/** Workers load while the first statement is planned, unless `sql` does not look as if it reads any rows. */
export function openEngine(args: CommandArguments, sql: string): Promise<Engine> {
  return Engine.open({ ...readEngineOptions(args), startWorkers: /\bfrom\b/i.test(sql) });
}
