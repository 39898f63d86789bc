import type { ScriptProgress } from '../api/run-script.js';
import { formatCount, formatDuration } from './format-duration.js';

/** Nothing is shown for statements that are done before this. */
const SHOWN_AFTER_MS = 1000;
const BAR_WIDTH = 20;
const CLEAR_LINE = '\r\u001b[K';

/** One line on a terminal's standard error that tells how a statement gets on; elsewhere nothing. */
export class ProgressBar {
  private readonly isTerminal: boolean;
  private isShown = false;

  constructor(stream: { readonly isTTY?: boolean } = process.stderr) {
    this.isTerminal = stream.isTTY === true;
  }

  update(progress: ScriptProgress): void {
    if (!this.isTerminal || progress.elapsedMs < SHOWN_AFTER_MS) return;
    this.isShown = true;
    process.stderr.write(CLEAR_LINE + formatProgress(progress));
  }

  /** Before anything else is written to the terminal. */
  clear(): void {
    if (this.isShown) process.stderr.write(CLEAR_LINE);
    this.isShown = false;
  }
}

/** How much of a statement is done is not known, so the bar counts statements, and a mark in it moves. */
export function formatProgress({ statementIndex, statementCount, line, rowCount, elapsedMs }: ScriptProgress): string {
  const done = Math.floor((statementIndex / statementCount) * BAR_WIDTH);
  const room = Math.max(1, Math.ceil(BAR_WIDTH / statementCount));
  const mark = Math.min(BAR_WIDTH - 1, done + (Math.floor(elapsedMs / 200) % room));
  const bar = Array.from({ length: BAR_WIDTH }, (_, index) => (index < done ? '█' : index === mark ? '▓' : '░')).join(
    '',
  );
  const statement = statementCount === 1 ? '' : ` statement ${statementIndex + 1} of ${statementCount}, line ${line}:`;
  return `${bar}${statement} ${formatCount(rowCount)} rows, ${formatDuration(elapsedMs)}`;
}
