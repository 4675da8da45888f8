import { holdsHandoff } from '../model/handoff.ts';
import type { Integration, Integrations } from '../model/integration.ts';
import { Problem } from '../model/problem.ts';
import { ownsSession, type Role, type Session, type SessionCredential } from '../model/session.ts';
import type { Sessions } from '../model/sessions.ts';

export interface FindSessionPorts {
  readonly integrations: Integrations;
  readonly sessions: Sessions;
}

export interface FoundSession {
  readonly session: Session;
  readonly integration: Integration;
}

/** With the role of the browser that asks. */
export interface FoundCheck extends FoundSession {
  readonly role: Role;
}

const roleOf = (session: Session, secret: string): Role | null => {
  if (ownsSession(session, secret)) return 'login';
  return holdsHandoff(session.handoff, secret) ? 'device' : null;
};

/**
 * Reads the session that a browser's cookie names, and its integration, in one round trip; for what the device that a check was handed
 * off to may do as well.
 * @throws Problem `session-not-found`, the same for no session, another browser's and a removed one
 */
export const findCheck = async (ports: FindSessionPorts, credential: SessionCredential): Promise<FoundCheck> => {
  const [session, integration] = await Promise.all([
    ports.sessions.read(credential.integrationId, credential.jti),
    ports.integrations.read(credential.integrationId),
  ]);
  if (session === null || integration === null) throw new Problem('session-not-found', 'no such session');
  const role = roleOf(session, credential.secret);
  if (role === null) throw new Problem('session-not-found', 'the cookie does not belong to this session');
  return { session, integration, role };
};

/**
 * The same for what only the browser that signs in may do: get the result, create links, enter the code.
 * @throws Problem `session-not-found`
 */
export const findSession = async (ports: FindSessionPorts, credential: SessionCredential): Promise<FoundSession> => {
  const { role, ...found } = await findCheck(ports, credential);
  if (role !== 'login') throw new Problem('session-not-found', 'the cookie belongs to the other device');
  return found;
};
