/** The names in a route's path, e.g. `integrationId` of `/s/{integrationId}`. */
export type NamesInPath<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesInPath<Rest>
  : never;

const NAME = /\{(\w+)\}/g;

/** The same at run time. */
export const namesInPath = <Path extends string>(path: Path): readonly NamesInPath<Path>[] =>
  Array.from(path.matchAll(NAME), ([, name]) => name as NamesInPath<Path>);

/** A route's path with values for its names, each encoded as one path segment. */
export const pathWith = <Path extends string>(
  path: Path,
  values: Readonly<Record<NamesInPath<Path>, string>>,
): string => path.replace(NAME, (_, name: NamesInPath<Path>) => encodeURIComponent(values[name]));
