import { type Environment, settingDefaults, settingNames } from './config.ts';
import { readPostgresUrl } from './postgres-url.ts';

export interface SettingInEffect {
  name: string;
  /** As people may see it; `null` where nothing is set and there is no default. */
  value: string | null;
  isSet: boolean;
}

const isSecret = (name: string) => /TOKEN|KEY|SECRET|PASSWORD|HEADERS/.test(name);
const mask = '••••••';

/** What each setting is for this process. Secrets are masked, and what in an address could be one. */
export function settingsInEffect(env: Environment): SettingInEffect[] {
  return settingNames.map((name) => {
    const given = env[name] || undefined;
    const value = given ?? settingDefaults[name] ?? null;
    return { name, value: value === null ? null : shown(name, value), isSet: given !== undefined };
  });
}

function shown(name: string, value: string): string {
  if (isSecret(name)) return mask;
  if (!value.includes('://')) return value;
  // The commas of one that names several servers stand inside an address.
  const several = name.startsWith('DATABASE_') ? readPostgresUrl(value) : undefined;
  if (several !== undefined && several.hosts.length > 1)
    return several.hosts.map((host) => withoutSecrets(several.at(host))).join(',');
  // Several may stand in one setting, separated by commas.
  return value.split(',').map(withoutSecrets).join(',');
}

/** An address without user, password, query and fragment; one that cannot be read is not shown at all. */
function withoutSecrets(address: string): string {
  const url = URL.parse(address.trim());
  if (url === null) return mask;
  const { protocol, host, pathname } = url;
  const user = url.username === '' && url.password === '' ? '' : `${mask}@`;
  const rest = url.search === '' && url.hash === '' ? '' : `?${mask}`;
  return `${protocol}//${user}${host}${pathname === '/' ? '' : pathname}${rest}`;
}
