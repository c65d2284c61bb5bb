/** The style of HTML reports: light and dark, narrow screens, paper. */

export const style = `
:root { color-scheme: light dark; --back: #fbfbfa; --panel: #fff; --line: #e2e1dd; --text: #1d1d1b; --soft: #63625d;
  --good: #1f7a4d; --alias: #8a6100; --bad: #b3261e; --accent: #2457a6; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --back: #161718; --panel: #1e2022; --line: #34373a; --text: #ecebe7;
  --soft: #a5a49e; --good: #5fd39a; --alias: #e5b94c; --bad: #ff8a80; --accent: #8ab4f8; --mark: #4a3f12; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; }
.soft { color: var(--soft); }
.good { color: var(--good); } .alias { color: var(--alias); } .bad { color: var(--bad); }
code, .code { font: 13px/1.45 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; }
.card b { display: block; font-size: 1.7rem; font-weight: 650; line-height: 1.2; }
.scroll { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .75rem; border-top: 1px solid var(--line); vertical-align: middle; }
thead th { border-top: 0; font-weight: 600; color: var(--soft); font-size: 13px; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.name { min-width: 14rem; overflow-wrap: anywhere; }
.f-good { fill: var(--good); } .f-alias { fill: var(--alias); } .f-bad { fill: var(--bad); }
.f-soft { fill: var(--soft); opacity: .5; } .f-line { fill: var(--line); opacity: .6; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: .5rem 0; font-size: 13px; }
a { color: var(--accent); }
.filters { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; }
.filters label { display: flex; flex-direction: column; font-size: 12px; color: var(--soft); gap: .15rem; }
input, select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 7px;
  padding: .35rem .5rem; max-width: 100%; }
input[type=search] { width: 22rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.sites { height: 34rem; overflow: auto; position: relative; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
.site { position: absolute; left: 0; right: 0; height: 84px; padding: .5rem .75rem; border-top: 1px solid var(--line); overflow: hidden; }
.site div { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.site:hover, .site:focus-within { z-index: 1; }
.tag { font-size: 12px; border: 1px solid var(--line); border-radius: 99px; padding: 0 .5rem; margin-left: .4rem; }
.minus::before { content: "\\2212\\a0"; color: var(--bad); } .plus::before { content: "+\\a0"; color: var(--good); }
details { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .5rem .9rem; margin: .4rem 0; }
summary { cursor: pointer; } details pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; }
@media (max-width: 40rem) { main { padding: 1rem .6rem 3rem; } .filters label, input[type=search], select { width: 100%; } }
@media print { .filters, .sites { display: none; } .scroll { overflow: visible; } body { font-size: 11px; } details[open] pre { font-size: 9px; } }
`;
