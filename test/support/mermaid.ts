/** What a label names as the cause of an edge; `details` follow in parentheses. */
export interface Cause {
  readonly name: string;
  readonly details: readonly string[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly causes: readonly Cause[];
}

const EDGE = /^\s*(\[\*\]|\w+) --> (\[\*\]|\w+): (.+)$/;
/** The next cause in a label. */
const CAUSE = /([\w-]+)(?: \(([^)]*)\))?(?:, |$)/g;

const edgeOf = (line: string): Edge => {
  const [, from = '', to = '', label = ''] = EDGE.exec(line) ?? [];
  const causes = [...label.matchAll(CAUSE)].map(([, name = '', details]) => ({
    name,
    details: details === undefined ? [] : details.split(', '),
  }));
  const isRead = causes.map(({ name, details }) => (details.length > 0 ? `${name} (${details.join(', ')})` : name));
  if (from === '' || isRead.join(', ') !== label) throw new Error(`not understood: ${line}`);
  return { from, to, causes };
};

/** The `stateDiagram-v2` blocks of a page as written, without their fences. */
export const stateDiagrams = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^```mermaid\nstateDiagram-v2\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

/**
 * The edges of a diagram, for each of its regions.
 * @throws Error for a line that neither is an edge of the form `a --> b: cause, other (detail, detail)` nor begins or ends a block
 */
export const regionsOf = (diagram: string): readonly (readonly Edge[])[] =>
  diagram.split(/^\s*--$/m).map((region) =>
    region
      .split('\n')
      .filter((line) => !/^\s*(state \w+ \{|\}|)$/.test(line))
      .map(edgeOf),
  );

/** The states that edges lead from and to. */
export const statesOf = (edges: readonly Edge[]): ReadonlySet<string> =>
  new Set(edges.flatMap(({ from, to }) => [from, to]).filter((state) => state !== '[*]'));
