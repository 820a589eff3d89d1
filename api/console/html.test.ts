import { expect, test } from 'bun:test';
import { html, jsonBlock } from './html.ts';

test('whatever is put in is escaped, but for what is HTML itself', () => {
  const hostile = `<img src=x onerror="a('b')"> & co`;
  const inner = html`<b>${hostile}</b>`;
  expect(html`<p title="${hostile}">${[inner, null, false, 0]}</p>`.text).toBe(
    '<p title="&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; co"><b>&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; co</b>0</p>',
  );
});

test('no data ends the block it is in', () => {
  const { text } = jsonBlock({ title: '</script><script>alert(1)</script><!--' });
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toEqual({ title: '</script><script>alert(1)</script><!--' });
});
