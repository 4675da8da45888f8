import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventStreamCodec, HeaderMarshaller } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { type Signer, sha256Hex } from '../../aws-wire/signature.ts';
import { amzDate } from '../../aws-wire/signing-time.ts';

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const headers = new HeaderMarshaller(toUtf8, fromUtf8);

/** An event of the client, its signature verified. Null: the stream ends. */
export type ClientEvent = { readonly type: string; readonly body: Record<string, unknown> } | null;

/**
 * Opens the client's signed frames one after the other: each is an outer message whose signature covers the previous one, so
 * that no frame can be dropped, repeated or inserted (event stream signing, AWS4-HMAC-SHA256-PAYLOAD).
 */
export class SignedFrames {
  #prior: string;
  readonly #signer: Signer;

  constructor(signer: Signer) {
    this.#signer = signer;
    this.#prior = signer.signature;
  }

  /** @throws AwsError InvalidSignatureException, ValidationException */
  open(frame: Uint8Array): ClientEvent {
    const outer = this.#decode(frame);
    const date = outer.headers[':date'];
    const signature = outer.headers[':chunk-signature'];
    if (date?.type !== 'timestamp' || signature?.type !== 'binary')
      throw new AwsError('ValidationException', 'Frame is not signed');
    this.#verify(date.value, Buffer.from(signature.value), outer.body);
    if (outer.body.length === 0) return null;
    const inner = this.#decode(outer.body);
    const type = String(inner.headers[':event-type']?.value ?? '');
    return { type, body: this.#parse(inner.body) };
  }

  #decode(bytes: Uint8Array) {
    try {
      return codec.decode(bytes);
    } catch {
      throw new AwsError('ValidationException', 'Frame is malformed');
    }
  }

  #parse(bytes: Uint8Array): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(toUtf8(bytes) || '{}');
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // Same answer as for any other body.
    }
    throw new AwsError('ValidationException', 'Event is malformed');
  }

  #verify(date: Date, given: Buffer, body: Uint8Array): void {
    const signedHeaders = headers.format({ ':date': { type: 'timestamp', value: date } });
    const text = [
      'AWS4-HMAC-SHA256-PAYLOAD',
      amzDate(date.getTime()),
      this.#signer.scope,
      this.#prior,
      sha256Hex(Buffer.from(signedHeaders)),
      sha256Hex(Buffer.from(body)),
    ].join('\n');
    const wanted = createHmac('sha256', this.#signer.signingKey).update(text).digest();
    if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) {
      throw new AwsError('InvalidSignatureException', 'The frame signature does not match.', 403);
    }
    this.#prior = wanted.toString('hex');
  }
}

/** A frame of the server; those are not signed. */
export const serverFrame = (kind: 'event' | 'exception', type: string, body: object): Uint8Array =>
  codec.encode({
    headers: {
      ':message-type': { type: 'string', value: kind },
      [`:${kind}-type`]: { type: 'string', value: type },
      ':content-type': { type: 'string', value: 'application/json' },
    },
    body: fromUtf8(JSON.stringify(body)),
  });
