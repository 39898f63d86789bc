import { createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { resourceError } from '../common/errors.js';

const FLUSH_CHARACTERS = 64 * 1024;

/** Where rows go: standard output, or a file that appears only when it is complete. */
export class Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  private readonly stream: Writable;
  private readonly path: string | undefined;
  private readonly partialPath: string | undefined;
  private pending = '';
  private failure: NodeJS.ErrnoException | undefined;

  private constructor(stream: Writable, path?: string, partialPath?: string) {
    this.stream = stream;
    this.path = path;
    this.partialPath = partialPath;
    this.isTerminal = path === undefined && process.stdout.isTTY === true;
    this.width = this.isTerminal ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;
    // Errors also reach the callback of the write that failed.
    stream.on('error', (error) => {
      this.failure = error;
    });
  }

  /** Standard output. */
  static standard(): Output {
    return new Output(process.stdout);
  }

  /** Devices and pipes are written directly, files under another name until `end`. */
  static file(path: string): Output {
    const existing = statSync(path, { throwIfNoEntry: false });
    const isDirect = existing !== undefined && !existing.isFile();
    const target = isDirect ? path : `${path}.partial-${process.pid}`;
    return new Output(createWriteStream(target), path, isDirect ? undefined : target);
  }

  /** Whether the reader has gone, as `head` does. */
  get isClosedByReader(): boolean {
    return this.failure?.code === 'EPIPE';
  }

  /** Waits while the reader is slow. */
  async write(data: string | Uint8Array): Promise<void> {
    if (typeof data === 'string') {
      this.pending += data;
      if (this.pending.length >= FLUSH_CHARACTERS) await this.flush();
      return;
    }
    await this.flush();
    await this.send(data);
  }

  async flush(): Promise<void> {
    const { pending } = this;
    this.pending = '';
    if (pending !== '') await this.send(pending);
  }

  /** Everything is written: the file takes its name. */
  async end(): Promise<void> {
    await this.flush();
    if (this.path === undefined) return;
    await this.orFail((done) => this.stream.end(done));
    if (this.partialPath !== undefined) renameSync(this.partialPath, this.path);
  }

  /** Leaves nothing behind. */
  discard(): void {
    if (this.path === undefined) return;
    this.stream.destroy();
    if (this.partialPath !== undefined) rmSync(this.partialPath, { force: true });
  }

  private async send(data: string | Uint8Array): Promise<void> {
    // Standard output may still hold bytes when the process ends, so wait until they are written.
    await this.orFail((done) => this.stream.write(data, done));
  }

  private async orFail(work: (done: (error?: Error | null) => void) => void): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
      if (this.failure !== undefined) throw this.failure;
    } catch (error) {
      this.failure ??= error as Error;
      if (this.isClosedByReader) throw error;
      throw writeError(this.path ?? 'the rows', error as NodeJS.ErrnoException);
    }
  }
}

function writeError(target: string, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case 'ENOSPC':
      return resourceError('53100', `cannot write ${target}: the disk is full`, {
        hint: 'Free some space on the disk, or write elsewhere.',
        cause: error,
      });
    case 'ENOENT':
      return resourceError('58P01', `cannot write ${target}: there is no such folder`, { cause: error });
    default:
      return resourceError('58030', `cannot write ${target}: ${error.message}`, { cause: error });
  }
}
