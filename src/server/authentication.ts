import { userError } from '../common/errors.js';
import {
  writeAuthenticationSasl,
  writeAuthenticationSaslContinue,
  writeAuthenticationSaslFinal,
} from './protocol/backend-messages.js';
import { BodyReader, type RegularMessage } from './protocol/frontend-messages.js';
import { SCRAM_MECHANISM, ScramExchange, type ScramVerifier } from './protocol/scram.js';
import type { SocketChannel } from './socket-channel.js';

/** Asks for the password; throws 28P01 for a wrong one. Returns false when the client hangs up, as psql does to ask its user. */
export async function authenticate(channel: SocketChannel, user: string, verifier: ScramVerifier): Promise<boolean> {
  writeAuthenticationSasl(channel.writer, [SCRAM_MECHANISM]);
  const initial = await readResponse(channel);
  if (initial === undefined) return false;
  const { mechanism, data } = parseInitialResponse(initial);
  if (mechanism !== SCRAM_MECHANISM) {
    throw userError('08P01', 'client selected an invalid SASL authentication mechanism');
  }
  const exchange = new ScramExchange(verifier);
  writeAuthenticationSaslContinue(channel.writer, exchange.start(data));
  const response = await readResponse(channel);
  if (response === undefined) return false;
  const final = exchange.finish(response.toString('latin1'));
  if (final === undefined) throw userError('28P01', `password authentication failed for user "${user}"`);
  writeAuthenticationSaslFinal(channel.writer, final);
  return true;
}

async function readResponse(channel: SocketChannel): Promise<Buffer | undefined> {
  const message = (await channel.read()) as RegularMessage | undefined;
  if (message === undefined || message.kind === 'terminate') return undefined;
  if (message.kind !== 'authentication') throw userError('08P01', `expected SASL response, got ${message.kind}`);
  return Buffer.from(message.body);
}

/** SASLInitialResponse: the mechanism's name, i32 length (−1: none), the data. */
function parseInitialResponse(body: Buffer): { mechanism: string; data: string } {
  const reader = new BodyReader(body);
  const mechanism = reader.string();
  const byteLength = reader.int32();
  const data = byteLength === -1 ? '' : Buffer.from(reader.bytes(byteLength)).toString('latin1');
  reader.end();
  return { mechanism, data };
}
