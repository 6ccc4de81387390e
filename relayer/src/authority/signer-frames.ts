import type { Socket } from "node:net";

/** Longest message between a signer process and its clients: a revocation list of 100,000 entries has 4 MB. */
const MAX_SIGNER_MESSAGE_BYTES = 16 * 1_048_576;

const LENGTH_BYTES = 4;

/** Sends one message: four bytes of length, big-endian, and its bytes. */
export function sendMessage(socket: Socket, message: Uint8Array): void {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(message.length);
  socket.write(Buffer.concat([length, message]));
}

/** Yields the messages of a socket until it ends. @throws RangeError when one is longer than allowed. */
export async function* receiveMessages(socket: Socket): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    while (bytes >= LENGTH_BYTES) {
      const joined = Buffer.concat(chunks);
      chunks = [joined];
      const end = LENGTH_BYTES + joined.readUInt32BE();
      if (end > LENGTH_BYTES + MAX_SIGNER_MESSAGE_BYTES) throw new RangeError("message of a signer socket is too long");
      if (bytes < end) break;
      yield joined.subarray(LENGTH_BYTES, end);
      chunks = [joined.subarray(end)];
      bytes -= end;
    }
  }
}
