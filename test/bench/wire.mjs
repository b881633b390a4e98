/**
 * Stands between the application and PostgreSQL and reads what passes: the statements and their parameters, exactly as
 * sent. So a bench compares with the statement that the application has today, whoever changed it.
 */
import net from 'node:net';

/** Reads a text that ends with a zero byte. */
function textAt(message, from) {
  const to = message.indexOf(0, from);
  return [message.toString('utf8', from, to), to + 1];
}

/** Values are sent as text by this driver; bytes would be, too. */
function valuesOf(message, from) {
  let at = from + 2 + 2 * message.readInt16BE(from);
  const count = message.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = message.readInt32BE(at);
    at += 4;
    if (length === -1) return null;
    at += length;
    return message.toString('utf8', at - length, at);
  });
}

function reader(statements) {
  let rest = Buffer.alloc(0);
  let started = false;
  const texts = new Map();
  const read = (type, message) => {
    if (type === 'Q') statements.push({ text: textAt(message, 0)[0], values: [] });
    if (type === 'P') {
      const [name, next] = textAt(message, 0);
      texts.set(name, textAt(message, next)[0]);
    }
    if (type === 'B') {
      const [name, next] = textAt(message, textAt(message, 0)[1]);
      statements.push({ text: texts.get(name), values: valuesOf(message, next) });
    }
  };
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const typed = started ? 1 : 0;
      if (rest.length < typed + 4) return;
      const length = rest.readInt32BE(typed);
      if (rest.length < typed + length) return;
      if (started) read(String.fromCharCode(rest[0]), rest.subarray(5, 1 + length));
      started = true;
      rest = rest.subarray(typed + length);
    }
  };
}

/**
 * Listens in on connections to a database.
 * @returns the address to give to the application; `statements` fills as they pass
 */
export async function listenIn(databaseUrl) {
  const target = new URL(databaseUrl);
  const statements = [];
  const server = net.createServer((socket) => {
    const beyond = net.connect({ host: target.hostname, port: Number(target.port) });
    const read = reader(statements);
    socket.on('data', read);
    socket.pipe(beyond).pipe(socket);
    for (const end of [socket, beyond]) {
      end.on('error', () => {
        socket.destroy();
        beyond.destroy();
      });
    }
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = new URL(databaseUrl);
  url.port = String(server.address().port);
  return { url: url.href, statements, close: () => server.close() };
}
