import { type ApiProcess, startApi } from '../support/process.js';
import { type Client, openWorld, type World } from '../support/world.js';

export const TIMES = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A world whose coordinator speaks through several API processes on one database. */
export interface ServedWorld {
  readonly world: World;
  readonly coordinator: Client;
  readonly apis: readonly ApiProcess[];
  /** The coordinator through each of them. */
  readonly clients: Client[];
  close(): Promise<void>;
}

export async function openServedWorld(processes: number): Promise<ServedWorld> {
  const world = await openWorld();
  const coordinator = await world.as('COORDINATOR');
  const starts = await Promise.allSettled(TIMES(processes).map(() => startApi({ DATABASE_URL: world.databaseUrl })));
  const apis = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(apis.map((api) => api.stop()));
    await world.close();
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return {
    world,
    coordinator,
    apis,
    clients: apis.map((api) => api.with(coordinator.token!)),
    close,
  };
}
