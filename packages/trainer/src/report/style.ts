/** The report's style sheet: no fonts, scripts or images from elsewhere; follows the reader's light or dark setting. */
export const reportStyle = `
:root{--ink:#1c2430;--soft:#5d6b7c;--line:#d9dfe7;--paper:#fff;--page:#f4f6f9;--train:#3b6fd4;--validation:#d9622b;--third:#2a9d6e;--fourth:#8a5fd0;--fifth:#b8860b;--sixth:#c2417c;--seventh:#3f8f9b;--base:#8a94a3}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf2;--soft:#97a3b4;--line:#2f3947;--paper:#171d26;--page:#0f141b;--train:#78a4ff;--validation:#ff9a66;--third:#5fd3a2;--fourth:#b79bf2;--fifth:#e6c15c;--sixth:#f08cb6;--seventh:#7cc9d4;--base:#7d8898}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1000px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:36px 0 12px}
.lead{color:var(--soft);margin:0 0 20px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;margin:20px 0}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
.card b{display:block;font-size:24px;font-weight:600;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:13px}
.panel,.chart{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin:0 0 16px}
.panel{overflow-x:auto}
.chart svg{display:block;width:100%;height:auto}
.chart figcaption{display:flex;flex-wrap:wrap;gap:6px 18px;font-weight:600;margin-bottom:6px}
.legend{display:flex;gap:16px;font-weight:400;font-size:13px;color:var(--soft);margin-left:auto}
.legend i{display:inline-block;width:14px;height:3px;margin-right:6px;vertical-align:middle;background:currentColor}
.legend .train i{background:var(--train)}.legend .validation i{background:var(--validation)}.legend .third i{background:var(--third)}
.legend .fourth i{background:var(--fourth)}.legend .fifth i{background:var(--fifth)}.legend .sixth i{background:var(--sixth)}.legend .seventh i{background:var(--seventh)}
.legend .marked i{width:10px;height:10px;border-radius:50%;border:2px solid var(--ink);background:none}
svg .grid{stroke:var(--line);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}
svg text{fill:var(--soft);font-size:12px;font-family:inherit}svg .label{font-size:13px}
svg .train path{stroke:var(--train);stroke-width:1.4;opacity:.85}svg .train circle{fill:var(--train)}
svg .validation path{stroke:var(--validation);stroke-width:2.2}svg .validation circle{fill:var(--validation)}
svg .third path{stroke:var(--third);stroke-width:2}svg .third circle{fill:var(--third)}
svg .fourth path{stroke:var(--fourth);stroke-width:2}svg .fourth circle{fill:var(--fourth)}svg .fifth path{stroke:var(--fifth);stroke-width:2}svg .fifth circle{fill:var(--fifth)}svg .sixth path{stroke:var(--sixth);stroke-width:2}svg .sixth circle{fill:var(--sixth)}svg .seventh path{stroke:var(--seventh);stroke-width:2}svg .seventh circle{fill:var(--seventh)}
svg .baseline{stroke:var(--base);stroke-width:1.5;stroke-dasharray:6 5}
svg .mark{fill:none;stroke:var(--ink);stroke-width:2}
.samples{display:grid;gap:14px;grid-template-columns:repeat(auto-fit,minmax(min(400px,100%),1fr))}
.sample{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.sample header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 16px;font-size:13px;color:var(--soft);margin-bottom:8px}
.sample header b{color:var(--ink)}
.images{display:grid;gap:8px;align-items:start}
.images span{font-size:13px;color:var(--soft);text-align:center}
.images img{display:block;width:100%;height:auto;background:#000;border-radius:6px;image-rendering:pixelated}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th,td{text-align:left;padding:5px 10px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600}th,.data td{overflow-wrap:break-word}td.n,th.n{text-align:right}
tr:last-child td{border-bottom:0}
details summary{cursor:pointer;font-weight:600}
.empty{color:var(--soft)}
`;
