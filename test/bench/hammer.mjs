/**
 * A process that asks an HTTP server over kept connections, as fast as answers come, and says how long each took. Plain
 * sockets and no parsing beyond the length of an answer: on few cores, whatever it spends is taken from the server.
 */
import net from 'node:net';

const HEAD_ENDS = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** The requests as they go over the wire, prepared once. */
function requestsTo(url, { headers, bodies }) {
  const { host, pathname, search } = new URL(url);
  return bodies.map((body) => {
    const method = body === null ? 'GET' : 'POST';
    const lines = [`${method} ${pathname}${search} HTTP/1.1`, `host: ${host}`, 'connection: keep-alive'];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    const content = Buffer.from(body ?? '');
    if (body !== null) lines.push('content-type: application/json', `content-length: ${content.length}`);
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
  });
}

/** Reads answers off a socket, one after the other; each is told with its status and the length of its body. */
function answersOf(socket, told) {
  let [head, status, left, length, tail] = [Buffer.alloc(0), 0, -1, 0, undefined];
  const end = () => {
    left = -1;
    tail = undefined;
    head = Buffer.alloc(0);
    told(status, length);
  };
  socket.on('data', (chunk) => {
    let body = chunk;
    if (left === -1 && tail === undefined) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const at = head.indexOf(HEAD_ENDS);
      if (at === -1) return;
      const text = head.toString('latin1', 0, at);
      status = Number(text.slice(9, 12));
      body = head.subarray(at + HEAD_ENDS.length);
      const given = /^content-length: *(\d+)/im.exec(text)?.[1];
      length = 0;
      if (given === undefined) tail = Buffer.alloc(0);
      else left = Number(given);
    }
    length += body.length;
    if (tail !== undefined) {
      tail = Buffer.concat([tail, body]).subarray(-LAST_CHUNK.length);
      if (tail.equals(LAST_CHUNK)) end();
    } else {
      left -= body.length;
      if (left <= 0) end();
    }
  });
}

function connection(url, requests, until, found) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    let turn = Math.floor(Math.random() * requests.length);
    let sentAt = 0;
    const send = () => {
      sentAt = performance.now();
      socket.write(requests[turn % requests.length]);
    };
    const fail = (error) => {
      found.errors.push(error.message);
      socket.destroy();
      resolve();
    };
    answersOf(socket, (status, length) => {
      const now = performance.now();
      found.times.push(now - sentAt);
      found.statuses[status] = (found.statuses[status] ?? 0) + 1;
      const lengths = (found.lengths[turn++ % requests.length] ??= []);
      if (!lengths.includes(length)) lengths.push(length);
      if (now < until) return send();
      socket.destroy();
      resolve();
    });
    socket.once('connect', send);
    socket.once('error', fail);
    socket.once('end', () => fail(new Error('the server closed a kept connection')));
  });
}

process.on('message', async (job) => {
  const found = { times: [], statuses: {}, lengths: {}, errors: [] };
  const requests = requestsTo(job.url, job);
  const began = performance.now();
  const until = began + job.ms;
  await Promise.all(Array.from({ length: job.connections }, () => connection(job.url, requests, until, found)));
  process.send({ ...found, ms: performance.now() - began });
});
process.on('disconnect', () => process.exit(0));
