import type { Integration } from './integration.ts';
import type { Integrations, Sessions } from './ports.ts';
import { Problem } from './problem.ts';
import { holdsSession, type Session, type SessionCredential } from './session.ts';

export interface FindSessionPorts {
  readonly integrations: Integrations;
  readonly sessions: Sessions;
}

/**
 * Reads the session that a browser's cookie names, and its integration, in one round trip.
 * @throws Problem `session-not-found`, the same for none, another's and a removed one
 */
export const findSession = async (
  ports: FindSessionPorts,
  credential: SessionCredential,
): Promise<{ readonly session: Session; readonly integration: Integration }> => {
  const [session, integration] = await Promise.all([
    ports.sessions.read(credential.integrationId, credential.jti),
    ports.integrations.read(credential.integrationId),
  ]);
  if (session === null || integration === null) throw new Problem('session-not-found', 'no such session');
  if (!holdsSession(session, credential.secret))
    throw new Problem('session-not-found', 'the cookie is not of this session');
  return { session, integration };
};
