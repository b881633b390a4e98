/**
 * The route that somebody in a hurry would write by hand: Fastify and the driver, the token looked up as ours is, one
 * prepared statement, and the same JSON as ours. Two ways: `/passed` hands on the text that the database made; `/shaped`
 * takes the rows of our own statement and lays them out. Nothing else is checked: no roles, no types, no limits.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import Fastify from 'fastify';
import pg from 'pg';

const TOKEN = /^Bearer (ppe_[A-Za-z0-9_-]{43})$/;
const LOOK_UP = 'select id, role, subject_id from access_token where hash = $1 and revoked_at is null';

function pageOf(nodes, more, list, last) {
  const cursor = last ? `"${Buffer.from(JSON.stringify([list, ...last])).toString('base64url')}"` : 'null';
  return `{"data":{"distributions":{"nodes":${nodes},"pageInfo":{"hasNextPage":${more},"endCursor":${cursor}}}}}`;
}

async function serve({ url, questions, shape, list }) {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c role=ppe_app -c timezone=UTC' });
  pool.on('error', () => {});
  const fastify = Fastify({ logger: { level: 'warn' } });
  fastify.addHook('onRequest', async (request, reply) => {
    const token = TOKEN.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const values = [createHash('sha256').update(token).digest('hex')];
    const { rows } = await pool.query({ name: 'token', text: LOOK_UP, values });
    if (rows.length === 0) return reply.code(401).send({ error: 'Send a bearer token.' });
  });
  fastify.get('/passed', async (request, reply) => {
    const question = questions[request.query.question];
    const { rows } = await pool.query(question.passed);
    const { nodes, more, at, id } = rows[0];
    return reply.type('application/json; charset=utf-8').send(pageOf(nodes, more, list, id && [at.toISOString(), id]));
  });
  if (shape) {
    const { rowsOf, nodeOf } = createRequire(import.meta.url)(shape);
    fastify.get('/shaped', async (request, reply) => {
      const question = questions[request.query.question];
      const { rows } = await pool.query(question.ours);
      const page = rowsOf(rows);
      const nodes = page.slice(0, question.first).map(nodeOf);
      const last = nodes.at(-1);
      const more = page.length > question.first;
      return reply
        .type('application/json; charset=utf-8')
        .send(pageOf(JSON.stringify(nodes), more, list, last && [last.allocatedAt, last.id]));
    });
  }
  return fastify.listen({ host: '127.0.0.1', port: 0 });
}

process.once('message', async (settings) => process.send({ url: await serve(settings) }));
process.on('disconnect', () => process.exit(0));
