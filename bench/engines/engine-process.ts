import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Engine, EngineResult } from './engine.js';
import type { EngineReply, EngineRequest } from './engine-messages.js';

const hostScript = fileURLToPath(new URL('./engine-host.js', import.meta.url));

/** An engine in a process of its own, so that the memory and threads of two engines do not meet. */
export class EngineProcess implements Engine {
  readonly name: string;
  private readonly child: ChildProcess;
  private waiting: { resolve(reply: EngineReply): void; reject(error: Error): void } | undefined;
  private exit: string | undefined;
  private peakMemory = 0;

  /** `kind` says which engine; `name` is what it is called in tables, for two of a kind. */
  constructor(kind: string, name: string = kind) {
    this.name = name;
    this.child = fork(hostScript, [kind], { serialization: 'advanced' });
    this.child.on('message', (reply) => {
      this.waiting?.resolve(reply as EngineReply);
    });
    this.child.on('exit', (code, signal) => {
      this.exit = `the process of ${name} ended with ${signal ?? `status ${code}`}`;
      this.waiting?.reject(new Error(this.exit));
    });
  }

  /** The process's largest resident size so far. */
  get peakMemoryBytes(): number {
    return this.peakMemory;
  }

  async open(lakePath: string, threads: number, memoryLimit: string): Promise<void> {
    await this.request({ kind: 'open', lakePath, threads, memoryLimit });
  }

  async run(sql: string): Promise<EngineResult> {
    return (await this.request({ kind: 'run', sql }))!;
  }

  async close(): Promise<void> {
    if (this.exit === undefined) await this.request({ kind: 'close' });
  }

  /** Ends the process without asking it. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private async request(request: EngineRequest): Promise<EngineResult | undefined> {
    if (this.exit !== undefined) throw new Error(this.exit);
    const reply = await new Promise<EngineReply>((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.child.send(request);
    });
    this.waiting = undefined;
    if (reply.kind === 'failed') throw new Error(reply.message);
    this.peakMemory = reply.peakMemoryBytes;
    return reply.result;
  }
}
