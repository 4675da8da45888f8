/** Who may import whom. test/architecture proves that each rule can fail. */
const rule = (name, from, to) => ({ name, severity: 'error', from, to });
/** Files below `folder` import only themselves and what is listed; Node's core modules appear without the `node:` prefix. */
const only = (folder, ...allowed) =>
  rule(
    `${folder} imports only ${allowed.join(' ') || 'itself'}`,
    { path: `^${folder}/` },
    { pathNot: [`^${folder}/`, ...allowed] },
  );
const npm = (name) => `node_modules/${name}/`;

module.exports = {
  forbidden: [
    rule('no cycles', {}, { circular: true }),
    only('contract/protocol', '^crypto$'),
    only('contract/api', '^contract/protocol/', npm('zod')),
    only('action/src', '^contract/protocol/', '^crypto$'),
    only(
      'lambdas/core',
      '^contract/',
      '^crypto$',
      '^net$',
      // Deep equality of values; nothing from the operating system.
      '^util$',
      '^zlib$',
      npm('ipaddr.js'),
      npm('jose'),
      npm('uuid'),
      npm('zod'),
    ),
    only('lambdas/text'),
    only(
      'lambdas/http',
      '^contract/',
      '^lambdas/core/',
      '^lambdas/text/',
      '^crypto$',
      '^net$',
      npm('@middy'),
      npm('zod'),
      npm('@aws-lambda-powertools'),
      npm('@types/aws-lambda'),
    ),
    rule(
      'an adapter knows rules, contract and texts, but no HTTP, no environment and no other adapter',
      { path: '^lambdas/adapters/([^/]+)/' },
      { path: '^(bin|lib|action|web|lambdas/(?!core/|text/|adapters/$1/))' },
    ),
    rule(
      'only compositions pick adapters and read the environment',
      { path: '^lambdas/', pathNot: ['^lambdas/(adapters|composition)/', '/index\\.ts$'] },
      { path: '^lambdas/(adapters|composition)/' },
    ),
    rule(
      'the pages import the contract only',
      { path: '^web/(capture|portal)/' },
      { path: '^(lambdas|local|action|lib|bin|test)/' },
    ),
    rule(
      'pages import the routes that they call, not the list of all routes and nothing that only the document needs',
      { path: '^web/(capture|portal)/' },
      { path: '^contract/(tools/|api/routes\\.ts$|api/routes/(descriptions/|backend\\.ts$|navigations\\.ts$))' },
    ),
    rule(
      'the capture page calls its own routes only',
      { path: '^web/capture/' },
      { path: '^contract/api/routes/(?!(capture|definition)\\.ts$)' },
    ),
    rule(
      'every dialog of the portal is components/dialog.tsx, so that the last one to open is on top',
      { path: '^web/portal/', pathNot: '^web/portal/components/dialog\\.tsx$' },
      { path: npm('@cloudscape-design/components/modal') },
    ),
    rule(
      'production does not know the local platform',
      { path: '^(contract|lambdas|action|web|lib|bin)/' },
      { path: '^(local|test)/' },
    ),
    rule(
      'the local Rekognition stands alone: of the project it imports the wire protocols only',
      { path: '^local/rekognition/' },
      { path: '^(bin|lib|contract|action|lambdas|web|test|local/(?!(rekognition|aws-wire)/))' },
    ),
    rule(
      'the wire protocols import nothing of the project',
      { path: '^local/aws-wire/' },
      { path: '^(bin|lib|contract|action|lambdas|web|test|local/(?!aws-wire/))' },
    ),
    rule('the local platform imports no tests', { path: '^local/' }, { path: '^test/' }),
    rule(
      'production runs without development packages',
      { path: '^(contract/(?!tools/)|lambdas|action/src|web/(capture|portal))/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'imported packages are listed in package.json: what another package brings along may be missing in its next version',
      {},
      // It takes `peerDependenciesMeta` for one more list of packages, of no known kind.
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    ),
    // Vite's suffixes are not part of a file's name.
    rule('everything resolves', {}, { couldNotResolve: true, pathNot: '\\.css\\?url$' }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // Generated for other repositories, where their imports resolve.
    exclude: { path: '^(dist|action/packages)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
