import { resolve } from 'node:path';
import { Millrace } from '../index.js';
import type { CommandArguments } from './command.js';
import { readEngineOptions } from './open-engine.js';
import { usageError } from './parse-arguments.js';
import { readPasswordFile } from './read-file.js';

const INTERRUPTED_GRACE_MS = 5000;

/** `millrace serve`: until Ctrl-C. */
export async function runServeCommand(args: CommandArguments): Promise<number> {
  if (args.positionals[0] !== undefined) throw usageError(`"${args.positionals[0]}" is one argument too many`);
  const engineOptions = readEngineOptions(args);
  const port = readPort(args.text('port'));
  const host = args.text('host');
  const passwordFile = args.text('password-file');
  const password = passwordFile === undefined ? process.env.MILLRACE_PASSWORD : readPasswordFile(passwordFile);
  const database = await Millrace.open({ ...engineOptions, warmUp: true });
  try {
    const server = await database.listen({ host, port, password, onBug: logBug });
    process.stdout.write(
      `Serving ${resolve(engineOptions.lake)} on ${server.host}:${server.port}${password === undefined ? ', without a password' : ''}.\n` +
        `Connect with: psql -h ${server.host} -p ${server.port}\n`,
    );
    await untilSignal();
    if (process.stderr.isTTY) process.stderr.write('Stopping; again to stop at once.\n');
    process.once('SIGINT', () => process.exit(130));
    await server.close(INTERRUPTED_GRACE_MS);
    return 0;
  } finally {
    await database.close();
  }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw usageError(`--port takes a number up to 65535, not "${text}"`);
  return port;
}

function untilSignal(): Promise<void> {
  return new Promise((resolvePromise) => {
    process.once('SIGINT', () => resolvePromise());
    process.once('SIGTERM', () => resolvePromise());
  });
}

function logBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}
