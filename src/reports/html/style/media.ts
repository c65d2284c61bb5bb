/** Narrow screens, wishes of the reader, paper. */

export const mediaStyle = `
@media (max-width: 62rem) {
  .object > summary { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) max-content; row-gap: .15rem; }
  .object .bar { grid-column: 1 / 2; } .object .number { text-align: left; }
  .object .number:last-child { text-align: right; }
}
@media (max-width: 44rem) {
  body > header, body > main, body > footer, body > nav > ul { padding: 0 .9rem; }
  h1 { font-size: 1.55rem; } .verdict { font-size: 1.08rem; } .top { padding-top: 1.4rem !important; } section { margin-top: 2.4rem; }
  .facts { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: .9rem; } .facts dd { font-size: 1.2rem; } .facts dt { font-size: 12.5px; line-height: 1.3; }
  #map-size:checked ~ .map-size.only-wide, #map-paths:checked ~ .map-paths.only-wide { display: none; }
  #map-size:checked ~ .map-size.only-narrow, #map-paths:checked ~ .map-paths.only-narrow { display: block; }
  .object > summary { grid-template-columns: minmax(0, 1fr) max-content; padding: .6rem .9rem; }
  .object .name { grid-column: 1 / -1; } .object .state { grid-column: 1 / -1; } .object .bar { grid-column: 1 / -1; margin: .2rem 0; }
  .object .number:nth-child(5) { display: none; }
  .particulars { grid-template-columns: minmax(0, 1fr); gap: 0; } .particulars dd { margin-bottom: .5rem; }
  .controls label { flex: 1 1 45%; } .controls .grow { flex-basis: 100%; } .controls select { width: 100%; max-width: 100%; } .keys { display: none; }
  .sites { --row: 118; max-height: 75vh; min-height: 118px; } .site { height: 118px; padding: .5rem .9rem; grid-template-rows: auto 1fr; }
  .first { flex-direction: column; gap: .1rem; } .first .tags { width: 100%; max-width: 100%; overflow: hidden; } .site button.name { max-width: 100%; }
  .owner { order: 1; max-width: none; } .forms { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .sides { grid-template-columns: minmax(0, 1fr); } dialog { width: 100vw; max-width: 100vw; max-height: 94vh; } dialog > div { padding: .8rem .9rem 1rem; }
  .diff .line { padding: 0 .25rem; min-width: 1.8rem; font-size: 11px; } .panel > :not(summary) { margin-left: .6rem; margin-right: .6rem; }
  .meter { display: none; } .blockers { padding-left: 1.2rem; } th, td { padding: .4rem .6rem; } .chart .wide { width: auto; min-width: 6rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: auto; } }
@media (forced-colors: active) { .bar rect, .map rect, .key rect { forced-color-adjust: none; } }
@media print {
  body { font-size: 10.5px; } nav, .controls, .sites, .skip, .keys, .maps legend, .maps label, .more, .object > summary .link, dialog { display: none !important; }
  h1 { font-size: 1.7rem; } h2, section > p, section > .key { break-after: avoid; } section { margin-top: 1.6rem; } code, .code, .diff { font-size: 9px; }
  .objects, .panel, .scroll { break-inside: auto; } .object, .file, .blockers > li, .printed-site, tr { break-inside: avoid; }
  .graph { overflow: visible; max-height: none; border: 0; padding: 0; } .graph svg { max-width: 100%; height: auto; max-height: 24cm; }
  .map, .graph { break-inside: avoid; } .scroll, .hunks { overflow: visible; max-height: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } a { color: inherit; text-decoration: none; }
  .printed { display: block; } .printed-site { border-top: 1px solid var(--line); padding: .25rem 0; }
  #map-size:checked ~ .map-size.only-wide, #map-paths:checked ~ .map-paths.only-wide { display: block !important; }
  .only-narrow { display: none !important; }
}
`;
