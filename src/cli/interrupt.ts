const INTERRUPTED = 130;

/** Ctrl-C: the first one cancels, a second one ends the process at once. */
export class Interrupt {
  private readonly cancel: () => void;
  private count = 0;
  private readonly onSignal = (): void => {
    this.count++;
    if (this.count > 1) process.exit(INTERRUPTED);
    this.cancel();
  };

  constructor(cancel: () => void) {
    this.cancel = cancel;
    process.on('SIGINT', this.onSignal);
    process.on('SIGTERM', this.onSignal);
  }

  /** 130 if the user interrupted, else undefined. */
  get exitStatus(): number | undefined {
    return this.count > 0 ? INTERRUPTED : undefined;
  }

  stop(): void {
    process.off('SIGINT', this.onSignal);
    process.off('SIGTERM', this.onSignal);
  }
}
