import { type Plugin, Visitor } from 'vite';

interface LaterPart {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * What a package loads only when it is needed comes with whatever needs it. For the capture page: the SDK that streams the film loads
 * a part of itself when the stream opens. Not arriving then, it would fail a check that is counted and paid. And what comes later as a
 * file of its own imports from the camera's script, which is asked for by another address where it did not arrive (load-part.ts): a
 * script has two addresses only if nothing imports from it.
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
