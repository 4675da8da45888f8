import { Problem } from '../model/problem.ts';

/** More often than the attempts and links of a login can change while one call runs. */
const MAX_CHANGES = 6;

/**
 * Acts on the current session, again if it changed between reading and writing. A change is no reason to refuse: a page that lost its
 * network may give its last attempt back at the moment in which the user starts the next one.
 * @param act gets what was found before, to decide whether the change leaves it anything to do; `changed`: its write found the session
 *   changed
 * @throws Problem `unavailable` if it never stops changing, and what `find` and `act` throw
 */
export const onCurrentSession = async <Found, Result>(
  find: () => Promise<Found>,
  act: (found: Found, before: Found | null) => Promise<Result | 'changed'>,
): Promise<Result> => {
  let before: Found | null = null;
  for (let changes = 0; changes < MAX_CHANGES; changes += 1) {
    const found: Found = await find();
    const result = await act(found, before);
    if (result !== 'changed') return result;
    before = found;
  }
  throw new Problem('unavailable', 'the session keeps changing');
};
