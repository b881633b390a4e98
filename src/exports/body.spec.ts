import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { encoded, paced } from './body.js';

const piece = Buffer.alloc(1 << 16, 'x');

/** Pieces without end. */
async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield piece;
}

describe('what is sent', () => {
  it('breaks off when nobody takes the next piece for too long, and stops what feeds it', async () => {
    const stopped = new Promise<void>((stop) => {
      const body = paced(endless(), 20, stop);
      body.on('error', () => {});
      body.read(1);
    });
    await stopped;
  });

  it('goes on as long as pieces are taken, however slowly they come', async () => {
    async function* slow(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 3; i++) {
        await wait(60);
        yield piece;
      }
    }
    let bytes = 0;
    for await (const taken of paced(slow(), 40, () => {})) bytes += (taken as Buffer).length;
    expect(bytes).toBe(3 * piece.length);
  });

  it('stops what feeds it at once when it is not wanted any more, also while that has nothing to give', async () => {
    const source = new Readable({ read: () => {} });
    const body = paced(encoded(source, { bom: false, gzip: true }), 60_000, () => source.destroy());
    body.on('error', () => {});
    body.resume();
    await wait(1);
    body.destroy();
    await new Promise((resolve) => source.once('close', resolve));
    expect(source.destroyed).toBe(true);
  });

  it.each([true, false])('ends with an error when a piece cannot be had (compressed: %s)', async (gzip) => {
    const source = Readable.from(
      (async function* () {
        yield piece;
        throw new Error('the reading failed');
      })(),
    );
    const taken = async (): Promise<void> => {
      for await (const _ of paced(encoded(source, { bom: true, gzip }), 60_000, () => {}));
    };
    await expect(taken()).rejects.toThrow('the reading failed');
  });
});
