import type { AdminUser, ResetLink, UsersQuery } from '../admin/users/model.ts';
import type { CursorPageMeta } from '../http/answers/model.ts';
import { consoleHeader } from './console-header.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { pager } from './pager.ts';
import { choice, table, time } from './parts.ts';

/** What can be done to an account, and what the page says then. */
export const userNotices = {
  'make-admin': 'The user is an administrator now.',
  'make-user': 'The user is no administrator any more.',
  lock: 'The account is locked, and its sessions have ended.',
  unlock: 'The account is unlocked.',
  'end-sessions': 'All sessions of the user have ended.',
  'remove-totp': 'The second factor of the user is removed.',
  'last-admin': 'This is the last administrator. Make another one first.',
  missing: 'There is no such user any more.',
} as const;
export type UserNotice = keyof typeof userNotices;

interface UsersPage {
  users: AdminUser[];
  meta: CursorPageMeta;
  query: UsersQuery;
  notice?: UserNotice | undefined;
  /** Shown once. */
  link?: ResetLink | undefined;
}

export function usersPage({ users, meta, query, notice, link }: UsersPage): string {
  const main = html`<h1>Users</h1>
<p class="notice" role="status">${notice !== undefined && userNotices[notice]}</p>
${
  link !== undefined &&
  html`<section class="card" aria-labelledby="link-title"><h2 id="link-title">Link for a new password</h2>
<p>Give this link to the user. It works once, until ${time(link.expires_at)}, and is not shown again.</p><p><code>${link.url}</code></p>
${link.url.startsWith('/') && html`<p class="quiet">Put the address of this service in front, or set PUBLIC_URL.</p>`}</section>`
}
<section class="card" aria-labelledby="users-title"><h2 id="users-title">Accounts</h2>
<form method="get" action="/admin/users" role="search"><label for="query">Name or email</label>
<input id="query" name="query" type="search" value="${query.query ?? ''}">
${choice('role', 'Role', ['user', 'admin'], query.role)}${choice('status', 'Status', ['active', 'locked'], query.status)}
<button type="submit">Search</button></form>
<p class="quiet">${meta.total_results.toLocaleString('en')} found.</p>
${table({
  caption: 'Accounts, newest first',
  heads: ['Email', 'Name', 'Role', 'Since', 'Sessions', 'Last seen', 'Actions'],
  rows: users.map((user) => [
    html`${user.email}${user.locked_at !== null && html` <span class="badge stopped">locked</span>`}`,
    html`${user.name}`,
    html`${user.role}`,
    time(user.created_at),
    html`${user.sessions}`,
    user.last_seen_at === null ? html`–` : time(user.last_seen_at),
    html`${actionsOf(user).map(([action, words]) => button(user, action, words))}`,
  ]),
})}${pager('/admin/users', query, meta)}</section>`;
  return layout({ title: 'Users', main, header: consoleHeader });
}

const actionsOf = ({ role, locked_at, sessions, totp }: AdminUser): [action: string, words: string][] => [
  role === 'admin' ? ['make-user', 'Make user'] : ['make-admin', 'Make administrator'],
  locked_at === null ? ['lock', 'Lock'] : ['unlock', 'Unlock'],
  ...(sessions > 0 ? [['end-sessions', 'End sessions'] satisfies [string, string]] : []),
  ...(totp ? [['remove-totp', 'Remove second factor'] satisfies [string, string]] : []),
  ['reset-link', 'Reset link'],
];

const button = ({ id, email }: AdminUser, action: string, words: string): Html =>
  html`<form method="post" action="/admin/users/${id}/${action}"><button type="submit" aria-label="${words}: ${email}">${words}</button></form>`;
