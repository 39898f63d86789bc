/** A bounded queue between producers that wait for room and one consumer that waits for items. */
export class AsyncQueue<Item> {
  private readonly items: Item[] = [];
  private readonly capacity: number;
  private wakeConsumer: (() => void) | undefined;
  private waitingProducers: (() => void)[] = [];
  private hasEnded = false;
  private isAbandoned = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  /** Resolves when there is room again. Items put after `abandon` are dropped. */
  async put(item: Item): Promise<void> {
    if (this.isAbandoned) return;
    this.items.push(item);
    this.wakeConsumer?.();
    while (this.items.length >= this.capacity && !this.isAbandoned) {
      await new Promise<void>((resolve) => this.waitingProducers.push(resolve));
    }
  }

  /** The next item, or undefined at the end. */
  async take(): Promise<Item | undefined> {
    for (;;) {
      const item = this.items.shift();
      if (item !== undefined) {
        this.releaseProducers();
        return item;
      }
      if (this.hasEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.wakeConsumer = resolve;
      });
      this.wakeConsumer = undefined;
    }
  }

  /** No more items will come. */
  end(): void {
    this.hasEnded = true;
    this.wakeConsumer?.();
  }

  /** Drops all items, and whatever is still put. */
  abandon(): void {
    this.isAbandoned = true;
    this.items.length = 0;
    this.releaseProducers();
  }

  private releaseProducers(): void {
    const waiting = this.waitingProducers;
    this.waitingProducers = [];
    for (const resolve of waiting) resolve();
  }
}
