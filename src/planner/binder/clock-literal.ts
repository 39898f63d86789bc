import { formatValue } from '../../functions/format-value.js';
import { DATE, type SqlType } from '../../types/sql-type.js';
import type { BindContext } from './bind-context.js';

const CLOCK_WORDS = /\b(now|today|tomorrow|yesterday)\b/i;

/**
 * `'today'`, `'tomorrow 12:00'`, `'now'` as they are read with the session's clock, which stands still while a
 * transaction runs: the text with the day or moment instead of the word. A day goes before a time.
 */
export function withClockWords(context: BindContext, text: string, { kind }: SqlType): string {
  const reads = kind === 'date' || kind === 'time' || kind === 'timestamp' || kind === 'timestamptz';
  if (!reads || !CLOCK_WORDS.test(text)) return text;
  const name = CLOCK_WORDS.exec(text)![0].toLowerCase();
  if (name === 'now') {
    const now = context.sessionValue(kind === 'timestamptz' ? 'now' : 'localtimestamp', []);
    return now === undefined ? text : text.replace(CLOCK_WORDS, formatValue(now.value as bigint, now.type));
  }
  const today = context.sessionValue('current_date', []);
  if (today === undefined) return text;
  const days = (today.value as number) + (name === 'tomorrow' ? 1 : name === 'yesterday' ? -1 : 0);
  return `${formatValue(days, DATE)} ${text.replace(CLOCK_WORDS, '')}`;
}
