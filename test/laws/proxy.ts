import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Dice } from './size.js';

/** A bad line to a server on this machine. */
export interface BadLine {
  readonly port: number;
  /** From now on it is this bad; until then it is as good as none. */
  worsen(badness: Badness): void;
  /** What it has done so far. */
  readonly answers: () => { whole: number; cut: number; delayed: number };
  close(): Promise<void>;
}

/** How bad: which part of the answers is cut off, which is late, and at most how late. */
export interface Badness {
  readonly cut: number;
  readonly delayed: number;
  readonly byMs: number;
}

/** Does something after what came before it, and after a while. */
async function passOn(before: Promise<void>, afterMs: number, act: () => unknown): Promise<void> {
  await before;
  if (afterMs > 0) await wait(afterMs);
  act();
}

/**
 * Passes what clients send on as it is, and does to answers what bad lines do: some never arrive, or only their
 * beginning, and the connection is gone; some arrive late. By then the server has done what it was asked.
 */
export async function openBadLine(toPort: number, dice: Dice): Promise<BadLine> {
  let { cut, delayed, byMs }: Badness = { cut: 0, delayed: 0, byMs: 0 };
  const done = { whole: 0, cut: 0, delayed: 0 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: toPort });
    let asked = false;
    let late: Promise<void> = Promise.resolve();
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
      open.delete(upstream);
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.setNoDelay(true).on('error', end).on('close', end);
    }
    client.on('data', (request) => {
      asked = true;
      upstream.write(request);
    });
    upstream.on('data', (answer) => {
      // What follows the first part of an answer shares its lot.
      const isNew = asked;
      asked = false;
      if (isNew && dice.roll() < cut) {
        done.cut++;
        client.write(answer.subarray(0, dice.below(answer.length)), end);
        return;
      }
      const lateMs = isNew && dice.roll() < delayed / (1 - cut) ? 1 + dice.below(byMs) : 0;
      if (isNew) done[lateMs > 0 ? 'delayed' : 'whole']++;
      late = passOn(late, lateMs, () => client.destroyed || client.write(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    worsen: (badness) => {
      ({ cut, delayed, byMs } = badness);
    },
    answers: () => ({ ...done }),
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
