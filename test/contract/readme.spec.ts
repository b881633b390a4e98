import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const SCHEMA = buildSchema(readFileSync(new URL('../../src/schema.graphql', import.meta.url), 'utf8'));
const SCRIPTS = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>;
};

function matches(pattern: RegExp): string[] {
  return [...README.matchAll(pattern)].map(([, found]) => found!);
}

describe('the README', () => {
  it('asks what the schema answers', () => {
    const blocks = matches(/```graphql\n([^`]*)```/g);
    const bodies = matches(/-d '(\{[^']*\})'/g).map((body) => (JSON.parse(body) as { query: string }).query);
    expect(blocks.length).toBeGreaterThan(8);
    expect(bodies.length).toBeGreaterThan(1);
    const faults = [...blocks, ...bodies].flatMap((text) =>
      validate(SCHEMA, parse(text)).map(({ message }) => message),
    );
    expect(faults).toEqual([]);
  });

  it('names commands and operations that there are', () => {
    const commands = matches(/npm run (?:--silent )?([a-z]+(?:[:-][a-z]+)?)(?![a-z:.-])/g);
    expect(commands.filter((command) => !(command in SCRIPTS.scripts))).toEqual([]);
    const roots = [SCHEMA.getQueryType()!, SCHEMA.getMutationType()!];
    const known = new Set(roots.flatMap((type) => Object.keys(type.getFields())));
    const called = matches(/`([a-z][A-Za-z]+)\(input: /g);
    expect(called.length).toBeGreaterThan(3);
    expect(called.filter((name) => !known.has(name))).toEqual([]);
  });
});
