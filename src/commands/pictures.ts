import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storyPictures } from './story-pictures.js';

/** `npm run pictures [-- FOLDER]`: draws the pictures of the README from the demo's story. */
const folder = process.argv[2] ?? '.pictures';
mkdirSync(folder, { recursive: true });
for (const [name, drawn] of storyPictures()) {
  writeFileSync(join(folder, name), drawn);
  console.log(join(folder, name));
}
