/** The bank's style sheet, served as a file. */
export const BANK_STYLE = `:root{color-scheme:light dark;--ink:#0f2a33;--soft:#4d656d;--back:#f3f7f7;--card:#fff;--line:#cfdcdd;--accent:#0b6b62;--on:#fff;--good:#0b6b62;--bad:#a3261c}
@media (prefers-color-scheme:dark){:root{--ink:#e8f1f1;--soft:#a5b9bb;--back:#0d1618;--card:#162326;--line:#2d4145;--accent:#6fd6c9;--on:#062521;--good:#6fd6c9;--bad:#ffb4a8}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
header,footer{padding:1rem max(1rem,calc(50vw - 24rem))}header{display:flex;gap:1rem;justify-content:space-between;align-items:center;background:var(--card);border-bottom:1px solid var(--line)}
header strong{font-size:1.15rem}header form{margin:0}footer{color:var(--soft);font-size:.875rem}main{max-width:50rem;margin:0 auto;padding:2rem 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem;margin:1rem 0}h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0 1rem}h2{font-size:1.1rem;margin:0 0 .5rem}
.button{display:inline-block;background:var(--accent);color:var(--on);text-decoration:none;font-weight:600;padding:.75rem 1.4rem;border-radius:.6rem}.plain{color:var(--accent);display:inline-block;padding:.75rem .5rem}
button.plain{font:inherit;background:none;border:0;text-decoration:underline;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{font-weight:600;min-width:11rem}
.soft{color:var(--soft)}.mark{outline:2px solid var(--good);outline-offset:-2px}.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}.amount{font-size:2rem;margin:.5rem 0;font-variant-numeric:tabular-nums}code{font-variant-numeric:tabular-nums}
.entries{list-style:none;margin:1rem 0 0;padding:0}.entries li{display:flex;justify-content:space-between;gap:1rem;padding:.5rem 0;border-top:1px solid var(--line)}
label{display:block;font-weight:600;margin:1rem 0 .35rem}input,select{width:100%;max-width:20rem;font:inherit;color:inherit;background:var(--back);border:1px solid var(--soft);border-radius:.6rem;padding:.65rem .8rem;min-height:2.9rem}form.card .button{margin-top:1.25rem;display:block}button.button{font:inherit;font-weight:600;border:0;cursor:pointer}[aria-invalid=true]{border-color:var(--bad)}
@media (max-width:36rem){.card{padding:1.25rem}th,td{font-size:.875rem;padding:.4rem .35rem}th{min-width:8rem;width:45%}}`;
