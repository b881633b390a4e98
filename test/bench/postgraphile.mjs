/** A process that serves the tables by PostGraphile, 4 or 5, from the folder it was installed to, as in production. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const MOST_CONNECTIONS = 10;

function four(load, url) {
  const { postgraphile } = load('postgraphile');
  const pool = { connectionString: url, max: MOST_CONNECTIONS };
  return createServer(
    postgraphile(pool, 'public', {
      graphiql: false,
      disableQueryLog: true,
      dynamicJson: true,
      ignoreRBAC: true,
      legacyRelations: 'omit',
      setofFunctionsContainNulls: false,
      disableDefaultMutations: true,
    }),
  );
}

async function five(load, url) {
  const { postgraphile } = load('postgraphile');
  const { PostGraphileAmberPreset } = load('postgraphile/presets/amber');
  const { makePgService } = load('postgraphile/adaptors/pg');
  const { grafserv } = load('postgraphile/grafserv/node');
  const services = [
    makePgService({ connectionString: url, schemas: ['public'], poolConfig: { max: MOST_CONNECTIONS } }),
  ];
  const server = createServer();
  const preset = { extends: [PostGraphileAmberPreset], pgServices: services, grafserv: { graphiql: false } };
  await postgraphile(preset).createServ(grafserv).addTo(server);
  return server;
}

process.once('message', async ({ folder, version, url }) => {
  try {
    const load = createRequire(join(folder, 'from-here.js'));
    const server = version === 4 ? four(load, url) : await five(load, url);
    server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/graphql` }));
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
