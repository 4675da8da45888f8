import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin } from 'vite';

// What the portal loads of Cloudscape and never uses. Only what no other file of the build names is left out, so that nothing
// can be missing; web/portal's budget of bytes is test/web/portal/weight.test.ts.

const ICONS = /@cloudscape-design\/components\/icon\/generated\/icons\.js$/;
const TOKENS = /@cloudscape-design\/components\/internal\/base-theme\/styles\.scoped\.css$/;
/** Message formats are for Cloudscape's own translations; every word here is ours. It shows a text as it is if this throws. */
const MESSAGE_FORMAT = /^intl-messageformat$/;
const NO_MESSAGE_FORMAT = 'export default class { constructor() { throw new Error("no message formats"); } }';
/** Zod describes schemas as JSON Schema; the pages only check by them. */
const JSON_SCHEMA = /zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/;

const withoutIcons: EsbuildPlugin = {
  name: 'without-icons',
  setup: ({ onLoad }) => onLoad({ filter: ICONS }, () => ({ contents: 'export default {}', loader: 'js' })),
};

/** Everything that the page is made of, scripts and styles, as one text; icons and their drawings left out. */
const textOf = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    outdir: 'out',
    write: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'empty', '.woff': 'empty' },
    jsx: 'automatic',
    plugins: [withoutIcons],
  });
  return outputFiles.map(({ text }) => text).join('\n');
};

const DECLARATION = /(--[\w-]+):[^;{}]*(?:;|(?=\}))/g;
const RULE = /[^{}]+\{[^{}]*\}/g;
const CONTEXT = /\.awsui-context-([\w-]+)/g;

/** Design tokens that nothing reads, and those of surroundings that no component makes. */
export const pruneTokens = (css: string, text: string): string => {
  const read = new Set([...text.matchAll(/--[\w-]+(?!\s*:|[\w-])/g)].map(([name]) => name));
  const isMade = (rule: string): boolean =>
    [...rule.matchAll(CONTEXT)].every(([, name]) => text.includes(`"${name}"`) || text.includes(`'${name}'`));
  return css
    .replace(RULE, (rule) => (isMade(rule) ? rule : ''))
    .replace(DECLARATION, (declaration, name: string) => (read.has(name) ? declaration : ''));
};

const ICON = /^ {4}(?:"([\w-]+)"|(\w+)): React\.createElement[\s\S]*?,?\n(?= {4}["\w]|\};)/gm;

/** The drawings whose names stand somewhere. */
const pruneIcons = (code: string, text: string): string =>
  code.replace(ICON, (drawing, quoted?: string, bare?: string) =>
    text.includes(`"${quoted ?? bare}"`) ? drawing : '',
  );

const REFUSE = 'const refuse = () => { throw new Error("the pages know no JSON Schema"); };';
const PROCESSOR = /^export const (\w+Processor) = [\s\S]*?^\};\n/gm;

/** What a schema holds for whoever wants its JSON Schema throws instead. What else stands in these files works on. */
const withoutJsonSchema = (code: string, id: string): string => {
  if (id.includes('processors')) return `${REFUSE}\n${code.replace(PROCESSOR, 'export const $1 = refuse;\n')}`;
  const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  return `${REFUSE}\nexport { ${[...names, 'process'].map((name) => `refuse as ${name}`).join(', ')} };`;
};

/** Makes the portal's first load lighter. `entry`: the page's first script. */
export const slim = (entry: string): Plugin => {
  let text: Promise<string> | null = null;
  const textOnce = (): Promise<string> => {
    text ??= textOf(entry);
    return text;
  };
  return {
    name: 'slim',
    enforce: 'pre',
    resolveId: (id) => (MESSAGE_FORMAT.test(id) ? '\0no-message-format' : null),
    load: (id) => (id === '\0no-message-format' ? NO_MESSAGE_FORMAT : null),
    transform: async (code, id) => {
      if (TOKENS.test(id)) return pruneTokens(code, await textOnce());
      if (ICONS.test(id)) return { code: pruneIcons(code, await textOnce()), map: null };
      return JSON_SCHEMA.test(id) ? { code: withoutJsonSchema(code, id), map: null } : null;
    },
  };
};
