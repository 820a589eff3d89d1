import type { SettingInEffect } from '#shared/settings-in-effect.ts';
import { type Html, html } from './html.ts';
import { table } from './parts.ts';

/** What runs here, and with which settings. */
export function aboutSection(version: string, settings: readonly SettingInEffect[]): Html {
  return html`<section class="card wide" aria-labelledby="about-title"><h2 id="about-title">Version and settings</h2>
<p>Project Nexus ${version}, Bun ${Bun.version}</p>
<details><summary>Settings of this API process</summary>${table({
    caption: 'Settings in effect. Secrets are hidden. A worker of its own may have others.',
    heads: ['Setting', 'Value', 'Set'],
    rows: settings.map(({ name, value, isSet }) => [
      html`<code>${name}</code>`,
      value === null ? html`<span class="quiet">none</span>` : html`<code>${value}</code>`,
      html`${isSet ? 'yes' : 'default'}`,
    ]),
  })}</details></section>`;
}
