import { tmdbNotice } from '../attribution/notice.ts';
import { type Html, html } from './html.ts';

interface Layout {
  title: string;
  main: Html;
  /** Whether it keeps itself up to date. */
  script?: boolean;
  /** Only on signed-in pages: others may load nothing but the style sheet. */
  header?: Html;
}

/** Without scripts a page looks at no session. It leaves when one that nobody uses ends, unless it was set otherwise. */
const leaving = html`<script defer src="/admin/assets/session.js"></script><noscript><meta http-equiv="refresh" content="3600;url=/admin/sign-in"></noscript>`;

/** The frame of every page of the console. */
export function layout({ title, main, script = false, header }: Layout): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Project Nexus</title>
<link rel="icon" href="data:,">
${script && html`<link rel="stylesheet" href="/admin/assets/uplot.css">`}
<link rel="stylesheet" href="/admin/sign-in/console.css">
${header !== undefined && leaving}
${script && html`<script defer src="/admin/assets/uplot.js"></script><script defer src="/admin/assets/console.js"></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><p class="brand"><a href="/admin">Project Nexus</a></p>${header}</header>
<main id="main">${main}</main>
<footer>${tmdbNotice} <a href="/attribution">Attribution</a></footer>
</body>
</html>
`.text;
}
