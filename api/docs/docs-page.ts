import { tmdbNotice } from '../attribution/notice.ts';

export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Project Nexus: the API</title>
<link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<style>
body { margin: 0; }
footer { max-width: 1460px; margin: 0 auto; padding: 1rem 20px 2rem; font: 14px/1.5 sans-serif; color: #3b4151; }
</style>
</head>
<body>
<main id="swagger-ui"></main>
<noscript><p>The API description as JSON, for programs and for reading without scripts: <a href="/docs/json">/docs/json</a>.</p></noscript>
<footer>${tmdbNotice} See <a href="/attribution">/attribution</a>.</footer>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`;
