import { corruptError, notSupportedError } from '../../common/errors.js';

/** Every file of Millrace's own state is JSON that says what it is and in which version. */
interface StateFileHeader {
  readonly format: string;
  readonly version: number;
}

export function encodeStateFile(format: string, version: number, content: object): Uint8Array {
  const header: StateFileHeader = { format: `millrace ${format}`, version };
  return new TextEncoder().encode(`${JSON.stringify({ ...header, ...content }, undefined, 1)}\n`);
}

/** The caller knows the shape that `format` in a version up to `version` has. */
export function decodeStateFile(bytes: Uint8Array, format: string, version: number, path: string): unknown {
  let content: Partial<StateFileHeader> | null;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<StateFileHeader> | null;
  } catch (cause) {
    throw corruptError(`"${path}" is damaged: it is not JSON`, { hint: DAMAGED_HINT, cause });
  }
  if (content?.format !== `millrace ${format}` || typeof content.version !== 'number') {
    throw corruptError(`"${path}" is damaged: it is not a ${format} of Millrace`, { hint: DAMAGED_HINT });
  }
  if (content.version > version) {
    throw notSupportedError(`"${path}" was written by a newer version of Millrace`, {
      hint: 'Upgrade Millrace to use this lake.',
    });
  }
  return content;
}

const DAMAGED_HINT = 'Restore the file from a backup.';
