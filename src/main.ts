import { readConfig } from './platform/config.js';
import { closeOnSignal, startServer } from './server.js';

try {
  const server = await startServer(readConfig(process.env));
  closeOnSignal(server);
  process.stdout.write(`Listening on ${server.url}\n`);
} catch (error) {
  process.stderr.write(`Could not start: ${(error as Error).message}\n`);
  process.exit(1);
}
