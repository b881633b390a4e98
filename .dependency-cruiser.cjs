/**
 * The plan of the house: rooms in floor order. A room may import only rooms that stand before it,
 * so a cycle cannot be written. The roof (main, server, app.module, data-source, commands) may see every room.
 */
const ROOMS = [
  'engine',
  'platform',
  'access',
  'catalogue',
  'donors',
  'stock',
  'warehouse',
  'recipients',
  'shipments',
  'policies',
  'allocations',
  'deliveries',
  'recalls',
  'imports',
  'history',
  'statements',
  'exports',
  'charts',
];

const upstairs = ROOMS.slice(0, -1).map((room, floor) => ({
  name: `${room}-knows-nothing-upstairs`,
  comment: `${room} may not import a room on a later floor`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${ROOMS.slice(floor + 1).join('|')})/` },
}));

const IMPURE = '(^|/)node_modules/(@nestjs|typeorm|graphql|mercurius|pg|fastify)(/|$)';

module.exports = {
  forbidden: [
    ...upstairs,
    {
      name: 'rooms-do-not-see-the-roof',
      comment: 'main, server, app.module, data-source and the commands stand on the rooms, never under them',
      severity: 'error',
      from: { path: `^src/(${ROOMS.join('|')})/` },
      to: { path: '^src/(main|server|app\\.module|data-source|commands/)' },
    },
    {
      name: 'every-room-is-on-the-plan',
      comment: 'a folder of src that is not in ROOMS has no floor',
      severity: 'error',
      from: {},
      to: { path: `^src/(?!(${ROOMS.join('|')}|commands)/)[^/]+/` },
    },
    {
      name: 'the-engine-imports-only-itself',
      comment: 'the engine is plain data in, plain data out; node:crypto gives it SHA-256 and nothing else',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^(src/engine/|(node:)?crypto$)' },
    },
    {
      name: 'rules-are-pure-by-any-path',
      comment: 'rules decide on plain data: no framework, database or GraphQL, not even through a friend',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: { path: IMPURE, reachable: true },
    },
    {
      name: 'rules-import-rules',
      comment: 'rules know the engine, refusals and the rules of earlier rooms',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: { pathNot: '(\\.rules\\.ts$|^src/engine/|^src/platform/rejection\\.ts$|node_modules/fastest-levenshtein/)' },
    },
    {
      name: 'entities-know-entities',
      severity: 'error',
      from: { path: '\\.entity\\.ts$' },
      to: { pathNot: '(\\.entity\\.ts$|\\.rules\\.ts$|node_modules/typeorm|^src/engine/problem\\.ts$)' },
    },
    {
      name: 'resolvers-do-not-reach-past-their-service',
      comment: 'a request walks down the stairs: resolver, service, rules, repository',
      severity: 'error',
      from: { path: '\\.resolver\\.ts$' },
      to: {
        path: '(\\.repository\\.ts$|\\.entity\\.ts$|node_modules/(typeorm|pg)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-repositories-and-the-platform-speak-sql',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '(\\.repository\\.ts$|\\.entity\\.ts$|^src/platform/|^src/(server|app\\.module|data-source)\\.ts$|^src/commands/)',
      },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'a-repository-serves-its-own-room',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '^src/commands/' },
      to: { path: '\\.repository\\.ts$', pathNot: '^src/$1/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependencies-in-the-application',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
