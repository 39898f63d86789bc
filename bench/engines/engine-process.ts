import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Engine, EngineResult } from './engine.js';
import type { EngineReply, EngineRequest } from './engine-messages.js';

const hostScript = fileURLToPath(new URL('./engine-host.js', import.meta.url));

export interface EngineProcessOptions {
  /** What the engine is called in tables, for two of a kind. */
  readonly name?: string;
  /** A request that takes longer ends the process. */
  readonly timeoutMs?: number;
}

/**
 * An engine in a process of its own, so that the memory and threads of two engines do not meet. If the process dies,
 * the request fails and the next one starts another.
 */
export class EngineProcess implements Engine {
  readonly name: string;
  private readonly kind: string;
  private readonly timeoutMs: number;
  private child: ChildProcess | undefined;
  private opened: EngineRequest | undefined;
  private peakMemory = 0;

  constructor(kind: string, { name = kind, timeoutMs = 120_000 }: EngineProcessOptions = {}) {
    this.kind = kind;
    this.name = name;
    this.timeoutMs = timeoutMs;
  }

  /** The largest resident size that one of the processes had when it answered. */
  get peakMemoryBytes(): number {
    return this.peakMemory;
  }

  async open(lakePath: string, threads: number, memoryLimit: string): Promise<void> {
    this.opened = { kind: 'open', lakePath, threads, memoryLimit };
    await this.ensureOpen();
  }

  async run(sql: string): Promise<EngineResult> {
    const result = await this.request(await this.ensureOpen(), { kind: 'run', sql });
    return result!;
  }

  async close(): Promise<void> {
    if (this.child) await this.request(this.child, { kind: 'close' });
  }

  /** Ends the process without asking it. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private async ensureOpen(): Promise<ChildProcess> {
    if (this.child) return this.child;
    const child = fork(hostScript, [this.kind], { serialization: 'advanced' });
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    try {
      await this.request(child, this.opened!);
    } catch (error) {
      child.kill();
      throw error;
    }
    this.child = child;
    return child;
  }

  private async request(child: ChildProcess, request: EngineRequest): Promise<EngineResult | undefined> {
    const reply = await this.awaitReply(child, request);
    if (reply.kind === 'failed') throw new Error(reply.message);
    this.peakMemory = Math.max(this.peakMemory, reply.peakMemoryBytes);
    return reply.result;
  }

  private awaitReply(child: ChildProcess, request: EngineRequest): Promise<EngineReply> {
    return new Promise((resolve, reject) => {
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, this.timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onMessage = (reply: unknown): void => {
        settle();
        resolve(reply as EngineReply);
      };
      const onExit = (code: number | null, signal: string | null): void => {
        settle();
        const reason = timedOut
          ? `no answer in ${this.timeoutMs / 1000} s`
          : `ended with ${signal ?? `status ${code}`}`;
        reject(new Error(`the process of ${this.name}: ${reason}`));
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send(request);
    });
  }
}
