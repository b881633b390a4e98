/** A process that runs prepared statements through the bare driver as fast as they come: what the database itself can. */
import pg from 'pg';

/** As many connections as the application has. */
const MOST_CONNECTIONS = 10;
/** What comes is taken as it comes: no dates, no JSON. */
const AS_TEXT = { getTypeParser: () => (text) => text };

const clients = [];

async function clientsOf(url, count) {
  while (clients.length < count) {
    const client = new pg.Client({ connectionString: url, options: '-c role=ppe_app -c timezone=UTC', types: AS_TEXT });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
  }
  return clients.slice(0, count);
}

process.on('message', async ({ url, statements, connections, ms }) => {
  const found = { times: [], statuses: {}, lengths: {}, errors: [] };
  try {
    const open = await clientsOf(url, Math.min(connections, MOST_CONNECTIONS));
    const began = performance.now();
    await Promise.all(
      open.map(async (client, i) => {
        for (let turn = i; performance.now() - began < ms; turn++) {
          const sentAt = performance.now();
          await client.query(statements[turn % statements.length]);
          found.times.push(performance.now() - sentAt);
        }
      }),
    );
    process.send({ ...found, ms: performance.now() - began });
  } catch (error) {
    process.send({ ...found, errors: [error.message], ms: 1 });
  }
});
process.on('disconnect', () => process.exit(0));
