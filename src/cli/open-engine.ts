import { parseMemorySize } from '../api/memory-size.js';
import { Engine } from '../session/engine.js';
import type { CommandArguments } from './command.js';
import { usageError } from './parse-arguments.js';

/** What `--lake`, `--threads` and `--memory-limit` say. */
export function readEngineOptions(args: CommandArguments): {
  readonly lake: string;
  readonly threads: number | undefined;
  readonly memoryLimit: number | undefined;
} {
  const threads = args.text('threads');
  if (threads !== undefined && !/^[1-9]\d*$/.test(threads)) {
    throw usageError(`--threads takes a whole number from 1, not "${threads}"`);
  }
  const memoryLimit = args.text('memory-limit');
  return {
    lake: args.text('lake') ?? process.env.MILLRACE_LAKE ?? '.',
    threads: threads === undefined ? undefined : Number(threads),
    memoryLimit: memoryLimit === undefined ? undefined : parseMemorySize(memoryLimit),
  };
}

export function openEngine(args: CommandArguments): Promise<Engine> {
  return Engine.open(readEngineOptions(args));
}
