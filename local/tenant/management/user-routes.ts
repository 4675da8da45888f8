import type { Request, Router } from 'express';
import { z } from 'zod';
import { publicUser } from '../login/login-event.ts';
import type { StoredUserView, TenantUserStore } from '../user-store.ts';
import { requireScope, type ScopesOf } from './access.ts';
import { pageOf } from './paging.ts';
import { ManagementProblem } from './problem.ts';

const Metadata = z.record(z.string(), z.unknown());
const UserChange = z.object({
  email: z.email().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().max(300).optional(),
  password: z.string().min(8).max(200).optional(),
  app_metadata: Metadata.optional(),
  user_metadata: Metadata.optional(),
  connection: z.string().optional(),
});
const NewUser = UserChange.required({ email: true, password: true });

const view = ({ user, logins }: StoredUserView) => {
  const { enrolledFactors: _factors, multifactor: _none, ...shown } = publicUser(user);
  return { ...shown, logins_count: logins };
};

/** The only query that this tenant supports. */
const emailIn = (query: unknown): string | null => {
  if (query === undefined) return null;
  const [, email] = /^email:"?([^"\s]+)"?$/.exec(String(query)) ?? [];
  if (email === undefined)
    throw new ManagementProblem(404, 'not_emulated', 'Only queries such as email:"…" are emulated.');
  return email.toLowerCase();
};

/** Adds users: list, search by e-mail, create, read, change, delete. */
export const addUserRoutes = (router: Router, users: TenantUserStore, scopesOf: ScopesOf): void => {
  const find = (request: Request): StoredUserView => {
    const found = users.all().find(({ user }) => user.user_id === request.params['id']);
    if (found === undefined) throw new ManagementProblem(404, 'inexistent_user', 'The user does not exist.');
    return found;
  };
  const withEmail = (email: string | null) => users.all().filter(({ user }) => email === null || user.email === email);
  router.get('/users', requireScope(scopesOf, 'read:users'), (request, response) => {
    response.json(pageOf(request, 'users', withEmail(emailIn(request.query['q'])).map(view)));
  });
  router.get('/users-by-email', requireScope(scopesOf, 'read:users'), (request, response) => {
    response.json(withEmail(String(request.query['email']).toLowerCase()).map(view));
  });
  router.post('/users', requireScope(scopesOf, 'create:users'), async (request, response) => {
    const { email, password, name = email, email_verified = false, ...metadata } = NewUser.parse(request.body);
    const added = await users.add({ email, password, name, emailVerified: email_verified });
    if (added === null) throw new ManagementProblem(409, 'auth0_idp_error', 'The user already exists.');
    await users.change(added.user_id, metadata);
    response.status(201).json(view(find({ params: { id: added.user_id } } as unknown as Request)));
  });
  router.get('/users/:id', requireScope(scopesOf, 'read:users'), (request, response) => {
    response.json(view(find(request)));
  });
  router.patch('/users/:id', requireScope(scopesOf, 'update:users'), async (request, response) => {
    const { user } = find(request);
    await users.change(user.user_id, UserChange.parse(request.body));
    response.json(view(find(request)));
  });
  router.delete('/users/:id', requireScope(scopesOf, 'delete:users'), async (request, response) => {
    await users.remove(String(request.params['id']));
    response.status(204).end();
  });
};
