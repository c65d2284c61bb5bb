/** The top of the page, bars, the map of the closure, the graph. */

export const pictureStyle = `
.top { padding-top: 2.6rem !important; }
.kicker { color: var(--soft); font-size: 13.5px; margin-bottom: .35rem; }
.verdict { font-size: 1.22rem; line-height: 1.45; margin: .7rem 0 1.15rem; max-width: 54rem; }
.verdict strong { font-weight: 660; }
.verdict-good strong { color: var(--good); } .verdict-bad strong { color: var(--bad); }
.bar { display: block; width: 100%; height: 10px; border-radius: 5px; }
.bar-whole { height: 16px; border-radius: 8px; }
.f-relative { fill: var(--relative); } .f-alias { fill: var(--alias); } .f-harmless { fill: var(--harmless); } .f-blocked { fill: var(--blocked); }
.f-ground { fill: var(--line); opacity: .55; }
.facts { display: flex; flex-wrap: wrap; align-items: start; gap: 1rem 2.6rem; margin-top: 1.7rem; }
.facts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.facts dt { color: var(--soft); font-size: 13.5px; }
.facts dd { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 620; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
nav { position: sticky; top: 0; z-index: 3; background: var(--back); border-bottom: 1px solid var(--line); margin-top: 2rem; }
nav ul { list-style: none; display: flex; gap: 1.4rem; overflow-x: auto; scrollbar-width: none; }
nav a { display: block; padding: .6rem 0; white-space: nowrap; color: var(--soft); text-decoration: none; font-size: 14px; }
nav a:hover { color: var(--text); }
.defs { position: absolute; }
.hatch { fill: var(--blocked); opacity: .3; }
.maps { border: 0; padding: 0; margin: .9rem 0 0; min-width: 0; }
.maps legend { float: left; padding: .25rem .7rem 0 0; color: var(--soft); font-size: 14px; }
.maps input { position: absolute; opacity: 0; min-height: 0; }
.maps label { display: inline-block; border: 1px solid var(--edge); padding: .2rem .9rem; font-size: 14px; cursor: pointer; background: var(--panel); }
.maps label:first-of-type { border-radius: 7px 0 0 7px; } .maps label:last-of-type { border-radius: 0 7px 7px 0; margin-left: -1px; }
.maps input:checked + label { background: var(--text); color: var(--back); border-color: var(--text); }
.maps input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px; }
.map { display: none; width: 100%; height: auto; margin-top: .9rem; }
#map-size:checked ~ .map-size.only-wide, #map-paths:checked ~ .map-paths.only-wide { display: block; }
p.map-size, p.map-paths { display: none; }
#map-size:checked ~ p.map-size, #map-paths:checked ~ p.map-paths { display: block; }
.tile-clean { fill: var(--tile-clean); } .tile-rewritten { fill: var(--tile-rewritten); } .tile-blocked { fill: var(--tile-blocked); }
.tile-others { fill: var(--tile-clean); opacity: .7; }
.map text { font: 12.5px system-ui, sans-serif; fill: var(--text); } .map .tile-name { font-weight: 600; } .map .tile-note { fill: var(--tile-note); }
.map a { outline: none; } .map a:hover > rect:first-of-type, .map a:focus-visible > rect:first-of-type { stroke: var(--text); stroke-width: 2; }
.graph { overflow: auto; max-height: 46rem; margin-top: .9rem; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .6rem; }
.graph svg { display: block; margin: 0 auto; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.1; opacity: .6; }
.edge.holds { stroke: var(--blocked); opacity: .75; stroke-width: 1.4; }
.node { text-decoration: none; outline: none; }
.node-box { fill: var(--panel); stroke: var(--edge); stroke-width: 1; }
.node-free .node-box { stroke: var(--line); fill: var(--back); }
.node-held .node-box { stroke: var(--held); stroke-dasharray: 5 3; stroke-width: 1.4; }
.node-blocked .node-box { stroke: var(--blocked); stroke-width: 2; fill: var(--tile-blocked); }
.node text { font: 12.5px system-ui, sans-serif; fill: var(--text); } .node .node-name { font-weight: 600; }
.node .node-note { font-size: 11.5px; fill: var(--soft); } .node-blocked .node-note { fill: var(--tile-note); }
.node:hover .node-box, .node:focus-visible .node-box { stroke: var(--text); stroke-width: 2.2; stroke-dasharray: none; }
.lit .node:not(.on) { opacity: .3; } .lit .edge { opacity: .12; } .lit .edge.on { opacity: 1; stroke-width: 2; }
.blockers { padding-left: 1.6rem; margin-top: .8rem; } .blockers > li { margin: .7rem 0; } .blockers > li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
.reasons { list-style: none; padding: 0; font-size: 14px; } .reasons li { margin: .2rem 0; }
.chart th[scope=row] { white-space: nowrap; width: 1%; } .chart .wide { width: 70%; min-width: 9rem; }
`;
