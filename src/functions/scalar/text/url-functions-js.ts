import { userError } from '../../../common/errors.js';
import type { VectorCreate } from '../../function-types.js';

// Twins of src/kernels/assembly/url-texts.ts.

export const urlEncode: VectorCreate =
  () =>
  ([text]) =>
    Array.from(new TextEncoder().encode(text as string), (byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9.*_-]/.test(character)) return character;
      return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }).join('');

export const urlDecode: VectorCreate =
  () =>
  ([text]) => {
    try {
      return decodeURIComponent((text as string).replaceAll('+', ' '));
    } catch {
      throw userError('22023', `"${text}" is no encoded text`, {
        hint: 'A % stands before two hexadecimal digits, and what they say is UTF-8: try_url_decode gives NULL else.',
      });
    }
  };

export const tryUrlDecode: VectorCreate = (types, returns) => {
  const decode = urlDecode(types, returns);
  return (values) => {
    try {
      return decode(values);
    } catch {
      return null;
    }
  };
};

/** RFC 3986, appendix B, with a protocol that is not empty. */
const PARTS = /^(?:([^:/?#]+):)?((?:\/\/([^/?#]*))?([^?#]*))(?:\?([^#]*))?(?:#(.*))?$/s;
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what no URL has
const FORBIDDEN = /[\u0000-\u0020\u007f"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})/;
const HOST = /^(?:[^@]*@)?(\[[^\]]*\]|[A-Za-z0-9.-]+)(?::[0-9]*)?$/s;

export const urlPart: VectorCreate =
  () =>
  ([text, part]) => {
    const match = PARTS.exec(text as string);
    if (match === null || FORBIDDEN.test(text as string)) return null;
    const [, protocol, rest = '', authority, path = '', query, reference] = match;
    if (part === 'REF') return reference ?? null;
    if (part === 'PROTOCOL') return protocol ?? null;
    // What is behind a protocol and begins with no slash has no parts.
    if (protocol !== undefined && !rest.startsWith('/')) return null;
    switch (part) {
      case 'QUERY':
        return query ?? null;
      case 'PATH':
        return path;
      case 'FILE':
        return query === undefined ? path : `${path}?${query}`;
      case 'AUTHORITY':
        return authority || null;
      case 'USERINFO':
        return authority?.includes('@') ? authority.slice(0, authority.indexOf('@')) : null;
      case 'HOST':
        return HOST.exec(authority ?? '')?.[1] ?? null;
      default:
        return null;
    }
  };

export const urlValue: VectorCreate =
  () =>
  ([query, key]) => {
    const entry = (query as string).split('&').find((one) => one.startsWith(`${key}=`));
    return entry === undefined ? null : entry.slice((key as string).length + 1);
  };
