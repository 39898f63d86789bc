// The process of one engine: node engine-host.js NAME, started by engine-process.ts.
import { delayOptimisation } from '../../src/cli/delay-optimisation.js';
import { createDuckDBEngine } from './duckdb.js';
import type { Engine, EngineResult } from './engine.js';
import type { EngineReply, EngineRequest } from './engine-messages.js';
import { createMillraceEngine } from './millrace.js';

const factories: Readonly<Record<string, () => Engine>> = {
  duckdb: createDuckDBEngine,
  millrace: () => createMillraceEngine(),
  // Some queries of its own have run before the first.
  'millrace-warmed-up': () => createMillraceEngine({ warmUp: true }),
  // As `millrace serve` starts: src/cli/main.ts.
  'millrace-served': () => {
    delayOptimisation();
    return createMillraceEngine({ warmUp: true });
  },
  // What it reads is decompressed again in each run.
  'millrace-uncached': () => createMillraceEngine({ cacheLimit: 0 }),
};

const engine = factories[process.argv[2] ?? '']?.();
if (!engine)
  throw new Error(`there is no engine called ${process.argv[2]}: one of ${Object.keys(factories).join(', ')}`);

async function measureProcessor(run: () => Promise<EngineResult>): Promise<EngineResult> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { ...result, cpuMs: (user + system) / 1000 };
}

async function perform(request: EngineRequest): Promise<EngineResult | undefined> {
  switch (request.kind) {
    case 'open':
      await engine!.open(request.lakePath, request.threads, request.memoryLimit);
      return undefined;
    case 'run':
      return measureProcessor(() => engine!.run(request.sql));
    case 'close':
      await engine!.close();
      return undefined;
  }
}

const describeError = (error: unknown): string =>
  error instanceof Error
    ? [error.message, error.cause && describeError(error.cause)].filter(Boolean).join(': ')
    : String(error);

async function answer(request: EngineRequest): Promise<void> {
  let reply: EngineReply;
  try {
    const result = await perform(request);
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    reply = result ? { kind: 'done', result, peakMemoryBytes } : { kind: 'done', peakMemoryBytes };
  } catch (error) {
    reply = { kind: 'failed', message: describeError(error) };
  }
  process.send!(reply, () => {
    if (request.kind === 'close') process.disconnect();
  });
}

process.on('message', (request: EngineRequest) => void answer(request));
