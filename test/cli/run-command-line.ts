import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const commandLine: string = fileURLToPath(new URL('../../bundle/cli.js', import.meta.url));

export interface CommandLineResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user: only root may. */
  readonly uid?: number;
  /** No file may become longer, in blocks of 512 bytes. */
  readonly fileSizeLimit?: number;
}

/** Starts the compiled command line in a process of its own. */
export function startCommandLine(args: readonly string[], options: StartOptions = {}): ChildProcessWithoutNullStreams {
  const env = { ...process.env, NODE_NO_WARNINGS: '1', ...options.env };
  const { cwd, uid, fileSizeLimit } = options;
  const user = uid === undefined ? {} : { uid };
  const command = [process.execPath, commandLine, ...args];
  if (fileSizeLimit === undefined) return spawn(command[0]!, command.slice(1), { cwd, env, ...user });
  return spawn('sh', ['-c', `ulimit -f ${fileSizeLimit}; exec "$@"`, 'sh', ...command], { cwd, env, ...user });
}

/** Runs it to its end. */
export async function runCommandLine(
  args: readonly string[],
  options: StartOptions & { readonly input?: string } = {},
): Promise<CommandLineResult> {
  const child = startCommandLine(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.input ?? '');
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}
