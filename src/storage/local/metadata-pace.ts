import { ReadPace } from './read-pace.js';

/** The event loop waits for no more than about this: a table may have thousands of folders. */
const TURN_MS = 1;

/** Whether a thread asks the file system itself what it knows of files and folders: as `ReadPace`, and not for long. */
export class MetadataPace {
  private readonly pace: ReadPace = new ReadPace();
  private spentMs = 0;

  /** Is the next call likely to be answered at once, and may this turn of the event loop have another? */
  get isQuick(): boolean {
    return this.spentMs <= TURN_MS && this.pace.expectsCached(0);
  }

  /** Tells how long a call has taken that the thread made by itself. */
  note(elapsedMs: number): void {
    this.pace.note(0, elapsedMs);
    if (this.spentMs === 0) {
      setImmediate(() => {
        this.spentMs = 0;
      });
    }
    // What is done with the answers takes about as long as to get them.
    this.spentMs += 2 * elapsedMs;
  }
}
