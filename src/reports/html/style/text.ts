/** Lettering, spacing, tables, controls: what every page has. */

export const textStyle = `
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif;
  -webkit-text-size-adjust: 100%; }
body > header, body > main, body > footer, body > nav > ul { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3, h4, p, ul, ol, dl { margin: 0; }
h1 { font-size: 2.1rem; line-height: 1.2; font-weight: 680; letter-spacing: -.018em; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; }
h3 { font-size: 13px; font-weight: 600; color: var(--soft); }
.rule h3 { font-size: 15px; color: var(--text); margin: 1.1rem 0 .2rem; }
section { margin: 3.25rem 0 0; }
section > h2 + * { margin-top: .2rem; }
code, .code, pre { font: 13px/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code, .code { overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-underline-offset: .18em; }
a:hover { text-decoration-color: currentColor; }
b, .strong { font-weight: 620; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); } .held { color: var(--held); }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; z-index: 9; background: var(--panel); padding: .4rem .8rem; border-radius: 6px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; margin-top: .8rem; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .42rem .85rem; border-top: 1px solid var(--line); vertical-align: middle; font-weight: inherit; }
th.number, td.number { text-align: right; }
thead th { border-top: 0; font-weight: 600; color: var(--soft); font-size: 13px; white-space: nowrap; }
td.name { min-width: 12rem; } .meter { width: 15rem; min-width: 6rem; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; margin-top: .5rem; }
.panel > :not(summary) { margin-left: 1rem; margin-right: 1rem; }
.panel .scroll { border: 0; margin: 0; border-top: 1px solid var(--line); border-radius: 0 0 10px 10px; }
summary { cursor: pointer; padding: .55rem 1rem; }
summary::marker { color: var(--soft); }
.key { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .7rem 0 0; font-size: 13.5px; color: var(--soft); }
.key b { color: var(--text); font-variant-numeric: tabular-nums; }
.key svg { vertical-align: -2px; margin-right: .2rem; }
.tag { display: inline-block; font-size: 12px; line-height: 1.5; color: var(--soft); border: 1px solid var(--line); border-radius: 5px; padding: 0 .4rem;
  text-decoration: none; white-space: nowrap; }
a.tag { color: var(--accent); } a.tag:hover { border-color: currentColor; }
.tone-relative, .tone-alias { color: var(--good); } .tone-blocked { color: var(--bad); border-color: currentColor; font-weight: 600; }
button, input, select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--edge); border-radius: 7px; padding: .34rem .6rem;
  min-height: 2.2rem; max-width: 100%; }
button { cursor: pointer; } button:hover:not(:disabled) { border-color: var(--text); } button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
kbd { font: 12px/1.4 system-ui, sans-serif; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 .3rem; background: var(--panel); }
footer { color: var(--soft); font-size: 13px; margin-top: 4rem !important; padding-bottom: 3rem !important; }
`;
