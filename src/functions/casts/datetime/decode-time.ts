import { fault } from './datetime-errors.js';

/** Microseconds of `.789`. */
export function fractionOf(text: string): number {
  return text === '.' ? 0 : Math.round(Number(text) * 1_000_000);
}

interface DecodedTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
}

/** `HH:MM`, `HH:MM:SS.f`, and `MM:SS.f`. The hour is not bounded. */
export function decodeTime(text: string, minutesAndSeconds = false): DecodedTime {
  const match = /^(\d+):(\d*)(?::(\d*))?(\.\d*)?$/.exec(text);
  if (match === null) throw fault('format');
  const [first, second, third] = [Number(match[1]), Number(match[2] || 0), match[3]];
  const micros = match[4] === undefined ? 0 : fractionOf(match[4]);
  const isShort = third === undefined && (match[4] !== undefined || minutesAndSeconds);
  const time = isShort
    ? { hour: 0, minute: first, second, micros }
    : { hour: first, minute: second, second: Number(third || 0), micros };
  if (time.minute > 59 || time.second > 60 || !Number.isSafeInteger(time.hour)) throw fault('field');
  return time;
}

/** `+02`, `-0330`, `+05:30:15`: seconds east of Greenwich. */
export function decodeOffset(text: string): number {
  const match = /^[-+](\d*)(?::(\d*)(?::(\d*))?)?$/.exec(text);
  if (match === null) throw fault('format');
  let hours = Number(match[1] || 0);
  let minutes = Number(match[2] || 0);
  const seconds = Number(match[3] || 0);
  if (match[2] === undefined && text.length > 3) {
    minutes = hours % 100;
    hours = Math.floor(hours / 100);
  }
  if (hours > 15 || minutes > 59 || seconds > 59) throw fault('displacement');
  const total = (hours * 60 + minutes) * 60 + seconds;
  return text.startsWith('-') ? -total : total;
}
