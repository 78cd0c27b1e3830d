"use strict";
const story = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

/* Text from the session only ever becomes text, never markup. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") node.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

function svg(name, attributes = {}, text = null) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  return node;
}

const seconds = (value, digits = 3) => value.toFixed(digits);
const span = (value) => value < 0.0005 ? `${Math.round(value * 1e6)} µs`
  : value < 1 ? `${(value * 1e3).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(1)} s`;

/* Head, tiles and facts */

function showHeader() {
  const header = story.header;
  $("title").textContent = header.title;
  $("subtitle").textContent = header.subtitle;
  $("outcome").textContent = header.outcome;
  $("outcome").className = header.ok ? "good" : "bad";
  const facts = story.facts;
  const tiles = [];
  if ("energy_wh" in facts) tiles.push(["Energy", (facts.energy_wh - facts.energy_wh_first).toFixed(0), "Wh"]);
  if ("soc_percent" in facts) tiles.push(["State of charge", `${facts.soc_percent_first.toFixed(0)} → ${facts.soc_percent.toFixed(0)}`, "%"]);
  if ("power_w_max" in facts) tiles.push(["Peak power", (facts.power_w_max / 1000).toFixed(1), "kW"]);
  tiles.push(["Duration", facts.duration_s.toFixed(1), "s"]);
  tiles.push(["Messages", facts.messages, ""]);
  if ("answer_median_s" in facts) tiles.push(["Median answer", ...span(facts.answer_median_s).split(" ")]);
  tiles.push(["Late", facts.late, ""], ["Faults", facts.faults, ""]);
  for (const [label, value, unit] of tiles)
    $("tiles").append(el("div", { class: "tile" }, el("span", {}, label), el("b", {}, String(value)), el("small", {}, unit)));
  for (const [label, value] of header.facts)
    $("facts").append(el("div", {}, el("dt", {}, label), el("dd", {}, String(value))));
}

const faults = story.happenings.filter((happening) => happening.kind === "fault");

function showFaults() {
  $("faults").hidden = faults.length === 0;
  for (const event of faults.slice(0, 8)) {
    const time = el("button", { type: "button", onclick: () => chooseAt(event.time) }, `${seconds(event.time)} s`);
    $("faults").append(el("p", {}, time, el("span", {}, event.source), el("b", {}, event.name), el("span", {}, plain(event.details))));
  }
}

/* Curves: one panel for each quantity above one shared time axis */

const PANELS = [
  { key: "voltage_v", name: "Voltage", unit: "V", color: "--voltage", scale: 1, digits: 1 },
  { key: "current_a", name: "Current", unit: "A", color: "--current", scale: 1, digits: 1 },
  { key: "power_w", name: "Power", unit: "kW", color: "--power", scale: 0.001, digits: 2 },
  { key: "soc_percent", name: "State of charge", unit: "%", color: "--soc", scale: 1, digits: 1, free: true },
];
const LEFT = 50, RIGHT = 12, TOP = 22, HEIGHT = 92, GAP = 16, STRIP = 24;
const series = story.series;
const times = series.time ?? [];
let drawing = null;

function niceTicks(low, high) {
  const raw = (high - low || 1) / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw);
  const ticks = [];
  for (let tick = Math.floor(low / step) * step; tick < high + step * 0.999; tick += step) ticks.push(+tick.toFixed(9));
  return ticks;
}

function drawCurves() {
  const box = $("curves");
  box.replaceChildren();
  if (times.length < 2) { box.append(el("p", { class: "readout" }, "No samples were taken.")); return; }
  const width = Math.max(320, box.clientWidth);
  const panels = PANELS.filter((panel) => series[panel.key]?.some((value) => value !== null));
  const strips = ["pilot", "contactor"].filter((key) => series[key]?.some((value) => value !== null));
  const height = TOP + panels.length * (HEIGHT + GAP) + strips.length * (STRIP + 6) + 24;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": "Curves over time" });
  const end = Math.max(times[times.length - 1], story.facts.duration_s);
  const x = (time) => LEFT + (width - LEFT - RIGHT) * time / end;
  drawPhases(root, x, height);
  let top = TOP;
  for (const panel of panels) { drawPanel(root, panel, x, top, width); top += HEIGHT + GAP; }
  for (const key of strips) { drawStrip(root, key, x, top, end); top += STRIP + 6; }
  drawTimeAxis(root, x, top, end, width);
  drawFaults(root, x, top);
  const cursor = svg("line", { class: "cursor", y1: TOP, y2: top, visibility: "hidden" });
  const picked = svg("line", { class: "picked", y1: TOP, y2: top, visibility: "hidden" });
  root.append(picked, cursor);
  box.append(root);
  drawing = { x, cursor, picked, root, end, width };
  root.addEventListener("pointermove", followPointer);
  root.addEventListener("pointerleave", () => { cursor.setAttribute("visibility", "hidden"); $("readout").textContent = ""; });
  root.addEventListener("click", (event) => chooseAt(timeAt(event)));
}

function drawPhases(root, x, height) {
  let room = -Infinity;
  story.phases.forEach((phase, index) => {
    const left = x(phase.start), right = x(phase.end);
    if (index % 2 === 0) root.append(svg("rect", { class: "band", x: left, y: 0, width: Math.max(0, right - left), height: height - 20 }));
    const wide = phase.name.length * 6.2;
    if (right - left > wide && left > room) {
      root.append(svg("text", { x: (left + right) / 2, y: 13, "text-anchor": "middle" }, phase.name));
      room = (left + right + wide) / 2;
    }
  });
}

function drawPanel(root, panel, x, top, width) {
  const values = series[panel.key].map((value) => value === null ? null : value * panel.scale);
  const known = values.filter((value) => value !== null);
  const ticks = niceTicks(panel.free ? Math.min(...known) : 0, Math.max(...known, panel.free ? -Infinity : 1e-6));
  const low = ticks[0], high = ticks[ticks.length - 1];
  const y = (value) => top + HEIGHT - (HEIGHT - 18) * (value - low) / (high - low);
  for (const tick of ticks) {
    root.append(svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }));
    root.append(svg("text", { x: LEFT - 7, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
  }
  const name = svg("text", { class: "name", x: LEFT, y: top + 10 }, `${panel.name} (${panel.unit})`);
  name.style.fill = `var(${panel.color})`;
  root.append(name);
  const points = values.map((value, i) => value === null ? null : `${x(times[i]).toFixed(1)},${y(value).toFixed(1)}`).filter(Boolean);
  const area = svg("path", { class: "area", d: `M${x(times[0])},${y(low)}L${points.join("L")}L${x(times[times.length - 1])},${y(low)}Z` });
  area.style.fill = `var(${panel.color})`;
  const line = svg("path", { class: "line", d: `M${points.join("L")}` });
  line.style.stroke = `var(${panel.color})`;
  root.append(area, line);
}

const STATE_TINT = { A: "--band", B: "--warn-tint", C: "--good-tint", D: "--good-tint", closed: "--good-tint", open: "--band" };

function drawStrip(root, key, x, top, end) {
  const name = key === "pilot" ? "Pilot" : "Contactor";
  root.append(svg("text", { x: LEFT - 7, y: top + 16, "text-anchor": "end" }, key === "pilot" ? name : "Power"));
  let start = 0;
  for (let i = 1; i <= times.length; i += 1) {
    if (i < times.length && series[key][i] === series[key][start]) continue;
    const state = String(series[key][start] ?? "");
    const left = x(times[start]), right = x(i < times.length ? times[i] : end);
    const block = svg("rect", { x: left, y: top, width: Math.max(1, right - left), height: STRIP - 2, rx: 3 });
    block.style.fill = `var(${STATE_TINT[state] ?? STATE_TINT[state[0]] ?? "--bad-tint"})`;
    block.append(svg("title", {}, `${name} ${state}, ${seconds(times[start], 1)} s`));
    root.append(block);
    if (right - left > state.length * 7 + 4)
      root.append(svg("text", { class: "state-text", x: (left + right) / 2, y: top + 15, "text-anchor": "middle" }, state));
    start = i;
  }
}

function drawTimeAxis(root, x, top, end, width) {
  for (const tick of timeTicks(end, width))
    root.append(svg("text", { x: x(tick), y: top + 14, "text-anchor": tick === 0 ? "start" : "middle" }, `${tick} s`));
}

function timeTicks(end, width) {
  const most = Math.max(2, Math.floor(width / 90));
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((s) => end / s <= most) ?? 1800;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => +(i * step).toFixed(3));
}

function drawFaults(root, x, bottom) {
  for (const event of faults) {
    const mark = svg("line", { class: "fault", x1: x(event.time), x2: x(event.time), y1: TOP - 4, y2: bottom });
    mark.append(svg("title", {}, `${event.name}, ${seconds(event.time)} s`));
    root.append(mark);
  }
}

function timeAt(event) {
  const box = drawing.root.getBoundingClientRect();
  const at = (event.clientX - box.left) * drawing.width / box.width;
  return Math.min(drawing.end, Math.max(0, (at - LEFT) / (drawing.width - LEFT - RIGHT) * drawing.end));
}

function followPointer(event) {
  const time = timeAt(event);
  let i = times.findIndex((t) => t > time);
  i = i < 0 ? times.length - 1 : Math.max(0, i - 1);
  for (const end of ["x1", "x2"]) drawing.cursor.setAttribute(end, drawing.x(time));
  drawing.cursor.setAttribute("visibility", "visible");
  const words = PANELS.filter((p) => series[p.key]?.[i] !== null && series[p.key] !== undefined)
    .map((p) => `${(series[p.key][i] * p.scale).toFixed(p.digits)} ${p.unit}`);
  if (series.pilot) words.push(`pilot ${series.pilot[i]}`);
  $("readout").textContent = `${seconds(time, 1)} s:  ${words.join("  ·  ")}`;
}

/* Sequence */

const stem = (name) => name.replace(/(Req|Res|Request|Response)$/, "");
const rows = new Map();
let folded = true, chosen = null, view = null;
const opened = new Set();

/* Runs of the same message pair: the first and the last pair stay, what lies between may fold. */
function runs(messages) {
  const found = [];
  for (const message of messages) {
    const last = found[found.length - 1];
    if (last && last.stem === stem(message.name) && last.phase === message.phase) last.messages.push(message);
    else found.push({ stem: stem(message.name), phase: message.phase, messages: [message] });
  }
  return found;
}

function showSequence() {
  const list = $("messages");
  const wanted = $("filter").value.trim().toLowerCase();
  const messages = story.messages.filter((message) => message.name.toLowerCase().includes(wanted));
  list.replaceChildren();
  rows.clear();
  let phase = null;
  for (const run of runs(messages)) {
    if (run.phase !== phase) list.append(el("li", { class: "phase" }, phase = run.phase));
    const hide = folded && !wanted && run.messages.length > 6 && !opened.has(run.messages[0].index);
    const shown = hide ? [...run.messages.slice(0, 2), null, ...run.messages.slice(-2)] : run.messages;
    for (const message of shown) list.append(el("li", {}, message ? row(message) : foldRow(run)));
  }
  $("fold").textContent = folded ? "Unfold repeats" : "Fold repeats";
  markChosen();
}

function row(message) {
  const answer = message.answer_s ? span(message.answer_s) : "";
  const node = el("button", {
      type: "button", class: `row ${message.by_ev ? "from-ev" : "from-evse"}${message.received === null ? " lost" : ""}${message.foreign ? " foreign" : ""}`,
      onclick: () => choose(message),
    },
    el("span", { class: "time" }, seconds(message.sent)), el("span", { class: "lane" }),
    el("span", { class: "arrow" }, message.name), el("span", { class: "lane right" }),
    el("span", { class: `answer${message.late ? " late" : ""}` }, message.late ? `${answer} late` : answer));
  rows.set(message.index, node);
  return node;
}

function foldRow(run) {
  const hidden = run.messages.slice(2, -2);
  const text = `${hidden.length} more ${run.stem} messages, ${seconds(hidden[0].sent, 1)} to ${seconds(hidden[hidden.length - 1].sent, 1)} s`;
  return el("button", { type: "button", class: "fold", onclick: () => { opened.add(run.messages[0].index); showSequence(); } }, text);
}

function choose(message, scroll = false) {
  chosen = message;
  if (scroll && !rows.has(message.index)) { folded = false; $("filter").value = ""; showSequence(); }
  markChosen();
  if (scroll) scrollTo(rows.get(message.index));
  showDetails();
  if (drawing) {
    for (const end of ["x1", "x2"]) drawing.picked.setAttribute(end, drawing.x(message.sent));
    drawing.picked.setAttribute("visibility", "visible");
  }
}

/* Only the list scrolls, not the page. */
function scrollTo(node) {
  const list = $("messages");
  if (!node) return;
  const top = node.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top + node.offsetHeight > list.scrollTop + list.clientHeight)
    list.scrollTop = top - list.clientHeight / 2;
}

function chooseAt(time) {
  if (!story.messages.length) return;
  const near = story.messages.reduce((a, b) => Math.abs(b.sent - time) <= Math.abs(a.sent - time) ? b : a);
  choose(near, true);
}

function markChosen() {
  for (const [index, node] of rows) node.setAttribute("aria-current", String(chosen?.index === index));
}

function moveChoice(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !chosen) return;
  event.preventDefault();
  const shown = [...rows.keys()].sort((a, b) => a - b);
  const next = shown[shown.indexOf(chosen.index) + step];
  if (next !== undefined) { choose(story.messages[next], true); rows.get(next).focus(); }
}

/* Details of the chosen message */

function hexDump(hex) {
  const bytes = hex.match(/../g) ?? [];
  const lines = [];
  for (let i = 0; i < bytes.length; i += 16) {
    const part = bytes.slice(i, i + 16);
    const text = part.map((b) => { const c = parseInt(b, 16); return c > 31 && c < 127 ? String.fromCharCode(c) : "·"; }).join("");
    lines.push(`${i.toString(16).padStart(4, "0")}  ${part.join(" ").padEnd(47)}  ${text}`);
  }
  return lines.join("\n");
}

const VIEWS = [
  ["JSON", (message) => Object.keys(message.details).length ? JSON.stringify(message.details, null, 2) : null],
  ["XML", (message) => message.xml],
  ["Bytes", (message) => message.raw ? hexDump(message.raw) : null],
];

function showDetails() {
  const ways = VIEWS.filter(([, show]) => show(chosen) !== null);
  if (!ways.some(([name]) => name === view)) view = ways[0]?.[0] ?? null;
  $("views").replaceChildren(...ways.map(([name]) =>
    el("button", { type: "button", "aria-pressed": String(name === view), onclick: () => { view = name; showDetails(); } }, name)));
  $("details-title").textContent = chosen.name;
  const words = [chosen.by_ev ? "EV to EVSE" : "EVSE to EV", `sent at ${seconds(chosen.sent, 4)} s`];
  if (chosen.foreign) words.push("received, but not sent by the peer's own machine");
  else words.push(chosen.received === null ? "never arrived" : `${span(chosen.received - chosen.sent)} on the way`);
  if (chosen.answer_s) words.push(`answered after ${span(chosen.answer_s)}${chosen.late ? ", late" : ""}`);
  if (chosen.raw) words.push(`${chosen.raw.length / 2} bytes`);
  if (ways.length === 1 && view === "Bytes") words.push("not decoded here, one of many alike");
  $("details-facts").textContent = words.join(" · ");
  $("details-body").textContent = ways.find(([name]) => name === view)?.[1](chosen) ?? "";
}

/* Events */

const OFTEN = 12;
const counts = new Map();
for (const { name } of story.happenings) counts.set(name, (counts.get(name) ?? 0) + 1);
const KINDS = [["Main", (e) => e.kind !== "note" || counts.get(e.name) <= OFTEN], ["All", () => true], ["Faults", (e) => e.kind === "fault"], ["States", (e) => e.kind === "state"], ["Events", (e) => e.kind === "note"], ["Timers", (e) => e.kind === "timer"]];
let kind = "Main";

function showEvents() {
  const present = KINDS.filter(([name, test]) => ["Main", "All"].includes(name) || story.happenings.some(test));
  $("kinds").replaceChildren(...present.map(([name]) =>
    el("button", { type: "button", "aria-pressed": String(name === kind), onclick: () => { kind = name; showEvents(); } }, name)));
  const test = KINDS.find(([name]) => name === kind)[1];
  const body = story.happenings.filter(test).map((event) => el("tr", { class: event.name === "Late" ? "late" : event.kind },
    el("td", {}, seconds(event.time)), el("td", {}, event.source), el("td", {}, event.name), el("td", {}, plain(event.details))));
  $("events").tBodies[0].replaceChildren(...body);
}

const plain = (details) => Object.entries(details)
  .filter(([, value]) => value !== "" && value !== null)
  .map(([key, value]) => `${key.replaceAll("_", " ")}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(", ");

/* Light and dark */

function setTheme(theme) { document.documentElement.dataset.theme = theme; }

story.messages.forEach((message, index) => { message.index = index; });
setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
$("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
$("fold").addEventListener("click", () => { folded = !folded; opened.clear(); showSequence(); });
$("filter").addEventListener("input", showSequence);
$("messages").addEventListener("keydown", moveChoice);
addEventListener("resize", () => { drawCurves(); if (chosen) choose(chosen); });
addEventListener("beforeprint", () => { folded = true; showSequence(); });
showHeader();
showFaults();
drawCurves();
showSequence();
showEvents();
if (faults.length) chooseAt(faults[0].time);
else if (story.messages.length) choose(story.messages.find((message) => message.xml) ?? story.messages[0]);
