import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** Twice as fast as the usual effort, for a file that is a fifth larger. */
const GZIP = { level: constants.Z_BEST_SPEED, chunkSize: 1 << 16 };
const PIECE_BYTES = 1 << 16;

/** Joins small pieces: each one costs the same on its way, whatever its size. */
async function* inLargePieces(text: AsyncIterable<Buffer>, first?: Buffer): AsyncGenerator<Buffer> {
  let [pieces, bytes] = [first ? [first] : [], first?.length ?? 0];
  for await (const piece of text) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(pieces, bytes);
    [pieces, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(pieces, bytes);
}

/** The text as it is sent, after a byte order mark and compressed where that is wished. */
export function encoded(text: Readable, { bom, gzip }: { bom: boolean; gzip: boolean }): AsyncIterable<Buffer> {
  const pieces = inLargePieces(text, bom ? BYTE_ORDER_MARK : undefined);
  if (!gzip) return pieces;
  // Whoever reads is told what went wrong.
  return pipeline(Readable.from(pieces, { objectMode: false }), createGzip(GZIP), () => {});
}

/**
 * What is sent: the pieces, as fast as they are taken. When nobody takes the next one for too long, or it is no longer
 * wanted, or a piece cannot be had, it breaks off, and what feeds it is told at once.
 * @param longestStallMs how long nothing may be taken
 * @param stop ends what feeds it
 */
export function paced(pieces: AsyncIterable<Buffer>, longestStallMs: number, stop: () => void): Readable {
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      const stalled = setTimeout(() => body.destroy(new Error('nothing was taken for too long')), longestStallMs);
      try {
        yield piece;
      } finally {
        clearTimeout(stalled);
      }
    }
  }
  const body: Readable = Readable.from(watched(), { objectMode: false, highWaterMark: PIECE_BYTES });
  // A generator that waits for its source cannot be ended from outside, and its stream closes only after it: so the source
  // is told first.
  const end = body._destroy.bind(body);
  body._destroy = (error, done) => {
    stop();
    end(error, done);
  };
  return body;
}
