import { parse } from 'csv-parse/sync';
import type { Client, World } from './world.js';

export type ExportRow = Record<string, unknown>;

/** The application's exports over real HTTP. */
export interface Exports {
  readonly url: string;
  /** A file, whatever comes of it. */
  get(client: Client, path: string, headers?: Record<string, string>): Promise<Response>;
  /** The text of a file. */
  text(client: Client, path: string): Promise<string>;
  /** The rows of a sheet, from its jsonl. */
  rows(client: Client, path: string): Promise<ExportRow[]>;
}

/** Listens, on a port of its own. */
export async function exportsOf(world: World): Promise<Exports> {
  await world.app.listen(0, '127.0.0.1');
  const url = `${await world.app.getUrl()}/exports`;
  const get: Exports['get'] = (client, path, headers = {}) =>
    fetch(`${url}/${path}`, {
      headers: { ...(client.token !== null && { authorization: `Bearer ${client.token}` }), ...headers },
    });
  const text: Exports['text'] = async (client, path) => {
    const response = await get(client, path);
    const body = await response.text();
    if (response.status !== 200) throw new Error(`${response.status}: ${body}`);
    return body;
  };
  return {
    url,
    get,
    text,
    rows: async (client, path) =>
      (await text(client, path.replace(/^(\w+)/, '$1.jsonl')))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ExportRow),
  };
}

/** The rows of a csv, by the names of its header. */
export function csvRows(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true });
}
