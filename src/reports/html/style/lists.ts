/** Objects, the list of paths, diffs, the dialog, the pages of rules. */

export const listStyle = `
.controls { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .9rem; align-items: end; }
.controls label { display: flex; flex-direction: column; font-size: 13px; color: var(--soft); gap: .15rem; min-width: 0; }
.controls input, .controls select { color: var(--text); font-size: 15px; } .controls select { max-width: 15rem; }
.controls label.inline { flex-direction: row; align-items: center; gap: .5rem; } .controls .grow { flex: 1 1 18rem; } .controls .grow input { width: 100%; }
.hints { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2rem 1rem; margin: .6rem 0; font-size: 14px; }
#count { color: var(--text); font-weight: 600; font-variant-numeric: tabular-nums; }
.objects { margin-top: .9rem; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; overflow: clip; }
.object + .object { border-top: 1px solid var(--line); }
.object > summary { display: grid; grid-template-columns: minmax(0, 2.2fr) minmax(0, 1.7fr) minmax(5rem, 1.6fr) 6.2rem 5.4rem 7rem; gap: 0 1rem; align-items: center;
  list-style: none; padding: .5rem 1rem; }
.object > summary::-webkit-details-marker { display: none; }
.object > summary:hover { background: var(--back); } .object > summary:focus-visible { outline-offset: -2px; }
.object .name { font-weight: 600; overflow-wrap: anywhere; } .object .state { font-size: 14px; } .object .number { font-size: 14px; color: var(--soft); }
.particulars { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.4rem; margin: 0; padding: .5rem 1rem 1rem; font-size: 14px; }
.particulars dt { color: var(--soft); } .particulars dd { margin: 0; overflow-wrap: anywhere; }
.sites { --row: 68; max-height: min(46rem, 80vh); min-height: 68px; overflow: auto; position: relative; background: var(--panel); border: 1px solid var(--line); border-radius: 10px;
  overscroll-behavior: contain; }
.sites > div { position: relative; }
.site { position: absolute; left: 0; right: 0; height: 68px; padding: .5rem 1rem; border-bottom: 1px solid var(--line); overflow: hidden; display: grid;
  grid-template-rows: 1fr 1fr; align-items: center; }
.site:hover, .site:focus-within { background: var(--back); }
.first { display: flex; gap: 1rem; justify-content: space-between; min-width: 0; align-items: baseline; }
.site button.name { border: 0; background: none; padding: 0; min-height: 0; text-align: left; min-width: 0; flex: 0 1 auto; font-weight: 600; border-radius: 3px; }
.site button.name:hover { text-decoration: underline; text-underline-offset: .18em; }
.site button.name, .before, .after, .stays { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.first .tags { flex: none; display: flex; flex-wrap: nowrap; gap: .4rem; align-items: baseline; max-width: 65%; }
.owner { font-size: 13px; color: var(--soft); min-width: 0; max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
button.link { border: 0; background: none; min-height: 0; padding: 0 .2rem; font-size: 13px; color: var(--accent); text-decoration: underline; text-underline-offset: .18em; }
.forms { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.4rem; }
.forms .after, .forms .stays { position: relative; padding-left: 1.2rem; } .forms .after::before, .forms .stays::before { position: absolute; left: 0; color: var(--soft); font-family: system-ui, sans-serif; }
.forms .after::before { content: "\\2192"; } .forms .stays::before { content: "\\00b7"; } .stays { color: var(--soft); font-size: 14px; }
.around { color: var(--soft); white-space: pre-wrap; } .site .around { white-space: pre; }
mark { background: var(--mark); color: var(--text); border-radius: 3px; padding: .05rem .1rem; }
.changes > summary { display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
.files { padding-bottom: .8rem; } .file { border-top: 1px solid var(--line); } .file > summary { padding: .4rem 0; display: flex; gap: .6rem; align-items: baseline; }
.file .name { overflow-wrap: anywhere; margin-right: auto; } .count-removed { color: var(--bad); } .count-added { color: var(--good); } .count-removed, .count-added { font-variant-numeric: tabular-nums; font-size: 14px; }
.tags { display: flex; flex-wrap: wrap; gap: .3rem; align-items: baseline; } .file .tags { margin-bottom: .4rem; } .more { margin-top: .6rem; }
.hunks { border: 1px solid var(--line); border-radius: 8px; overflow: auto; margin: .3rem 0 .8rem; max-height: 44rem; background: var(--panel); }
.diff { font: 12.5px/1.55 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; position: relative; }
.diff + .diff, .diff + p { border-top: 6px solid var(--back); } .hunks > p { padding: .4rem .8rem; }
.diff td { border: 0; padding: 0 .5rem; vertical-align: top; }
.diff .line { width: 1%; text-align: right; color: var(--soft); user-select: none; font-variant-numeric: tabular-nums; min-width: 2.6rem; }
.diff .sign { width: 1%; color: var(--soft); padding: 0 .1rem 0 .4rem; } .diff .text { white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.removed td { background: var(--line-removed); } .added td { background: var(--line-added); } .here .text { box-shadow: inset 3px 0 var(--accent); }
.removed .sign { color: var(--bad); } .added .sign { color: var(--good); }
del, ins { text-decoration: none; border-radius: 3px; } del { background: var(--word-removed); } ins { background: var(--word-added); }
dialog { width: min(64rem, 94vw); max-height: 90vh; border: 1px solid var(--line); border-radius: 12px; padding: 0; background: var(--panel); color: var(--text);
  box-shadow: 0 20px 60px rgb(0 0 0 / .25); overscroll-behavior: contain; }
dialog::backdrop { background: rgb(0 0 0 / .45); }
dialog > div { padding: 1rem 1.25rem 1.25rem; display: grid; gap: .8rem; grid-template-columns: minmax(0, 1fr); justify-items: start; } dialog h2 { font-size: 1.05rem; font-weight: 600; }
dialog .particulars { padding: 0; } .dialog-bar { display: flex; gap: .5rem; align-items: center; width: 100%; } .dialog-bar :last-child { margin-left: auto; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; width: 100%; } .side { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; min-width: 0; }
.side p { white-space: pre-wrap; overflow-wrap: anywhere; margin-top: .2rem; } .side.after { background: var(--line-added); } .side.before { background: var(--line-removed); } .side.before mark { background: var(--word-removed); } dialog .hunks { width: 100%; margin: 0; max-height: 24rem; }
.rule > div { padding-bottom: 1rem; max-width: 50rem; } .rule p, .rule ul, .rule ol { margin: .4rem 0; } .rule ul, .rule ol { padding-left: 1.4rem; }
.rule pre { background: var(--back); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; overflow-x: auto; margin: .6rem 0; }
.rule :not(pre) > code { background: var(--back); border-radius: 4px; padding: .05rem .25rem; }
.printed { display: none; }
`;
