import { type Plugin, Visitor } from 'vite';

interface LaterPart {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * Bundles dynamic imports inside packages together with their importer. For the capture page: the SDK that streams the video loads
 * a part of itself when the stream opens. If that failed to load, it would fail a check that is counted and billed. A separate file
 * would also import from the camera's script, which a retry requests by another URL (load-part.ts): a script can have two URLs only if
 * nothing imports from it.
 */
export const laterPartsAtOnce: Plugin = {
  name: 'later-parts-at-once',
  enforce: 'pre',
  transform: {
    filter: { id: /\/node_modules\//, code: 'import(' },
    handler(code) {
      const parts: LaterPart[] = [];
      new Visitor({
        ImportExpression: ({ start, end, source }) => {
          if (source.type === 'Literal' && typeof source.value === 'string')
            parts.push({ start, end, name: source.value });
        },
      }).visit(this.parse(code));
      if (parts.length === 0) return null;
      parts.sort((a, b) => a.start - b.start);
      const imports = parts.map(({ name }, index) => `import * as laterPart${index} from ${JSON.stringify(name)};`);
      let [whole, done] = ['', 0];
      for (const [index, { start, end }] of parts.entries()) {
        whole += `${code.slice(done, start)}Promise.resolve(laterPart${index})`;
        done = end;
      }
      return { code: `${imports.join('\n')}\n${whole}${code.slice(done)}`, map: null };
    },
  },
};
