"use strict";
const by = (id) => document.getElementById(id);
const form = by("form");
const state = { stages: [], stage: 0, routes: [], traces: [], chosen: null, tab: "requests", search: "" };

/** An element with attributes and children; texts are texts and never markup. */
function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error((await answer.json()).message);
  return answer.json();
}

const shade = (status) => (status < 300 ? "good" : status < 400 ? "" : status < 500 ? "warn" : "bad");
const fits = (...texts) => texts.join(" ").toLowerCase().includes(state.search);

/* Lists: one is chosen, arrows move, Enter opens. */
function list(ul, rows, chosen, open) {
  const at = rows.findIndex((row) => row.id === chosen);
  ul.replaceChildren(...rows.map((row, nth) => {
    const li = el("li", { role: "option", id: `${ul.id}-${row.id}`, "aria-selected": String(nth === at) }, ...row.cells);
    li.addEventListener("click", () => open(row.id));
    return li;
  }));
  if (at >= 0) {
    ul.setAttribute("aria-activedescendant", `${ul.id}-${rows[at].id}`);
    if (document.activeElement === ul) ul.children[at].scrollIntoView({ block: "nearest" });
  } else ul.removeAttribute("aria-activedescendant");
  ul.rows = rows;
  ul.chosen = at;
}
function movable(ul, choose, enter) {
  ul.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step !== undefined && ul.rows && ul.rows.length) {
      event.preventDefault();
      const to = Math.min(Math.max((ul.chosen ?? -1) + step, 0), ul.rows.length - 1);
      choose(ul.rows[to].id);
    } else if (event.key === "Enter" && ul.chosen >= 0) {
      // Else the same key would send the form that opens.
      event.preventDefault();
      enter(ul.rows[ul.chosen].id);
    }
  });
}

/* Routes. */
function access(route) {
  const key = route.api_key ? " + API key" : "";
  const scopes = route.scopes.length ? ` (${route.scopes.join(", ")})` : "";
  const who = route.access === "NONE" ? "everybody" : `${route.access}${route.authorizer ? ` ${route.authorizer}` : ""}${scopes}`;
  return (who === "everybody" && key ? "API key" : who + key);
}
function drawRoutes() {
  const stage = state.stages[state.stage];
  state.routes = stage ? stage.routes : [];
  const rows = state.routes
    .map((route, id) => ({ route, id }))
    .filter(({ route }) => fits(route.verb, route.path, access(route), route.target || ""))
    .map(({ route, id }) => ({
      id,
      cells: [
        el("span", { class: "verb" }, route.verb),
        el("span", { class: "path" }, route.path),
        el("span", { class: `access ${access(route) === "everybody" ? "open" : ""}`, title: route.target }, `${access(route)} → ${route.integration}`),
      ],
    }));
  list(by("routes"), rows, state.route, openRoute);
}
function chooseRoute(id) {
  state.route = id;
  drawRoutes();
}
function openRoute(id) {
  chooseRoute(id);
  const route = state.routes[id];
  form.verb.value = route.verb === "ANY" ? "GET" : route.verb;
  form.path.value = route.path + (route.query.length ? `?${route.query.map((name) => `${encodeURIComponent(name)}=`).join("&")}` : "");
  form.sign.value = route.access === "AWS_IAM" && form.sign.options[1] ? form.sign.options[1].value : "";
  form.key.value = route.api_key && form.key.options[1] ? form.key.options[1].value : "";
  form.user.value = route.access === "COGNITO_USER_POOLS" ? "local-user" : "";
  form.headers.value = route.headers.map((name) => `${name}: `).join("\n");
  by("answer").replaceChildren();
  show("try");
  const at = form.path.value.indexOf("{");
  form.path.focus();
  if (at >= 0) form.path.setSelectionRange(at, form.path.value.indexOf("}") + 1);
}

/* Requests. */
function drawTraces() {
  const rows = state.traces
    .filter((trace) => fits(trace.verb, trace.path, trace.route || "", trace.caller || "", String(trace.status), trace.why ? trace.why.sentence : ""))
    .map((trace) => ({
      id: trace.number,
      cells: [
        el("span", { class: shade(trace.status) }, String(trace.status)),
        el("span", { class: "verb" }, trace.verb),
        el("span", { class: "path" }, trace.path + (trace.query ? `?${trace.query}` : "")),
        el("small", {}, trace.caller || "anyone"),
        el("small", {}, `${trace.millis.toFixed(1)} ms`),
      ],
    }));
  list(by("traces"), rows, state.chosen, chooseTrace);
}
function chooseTrace(number) {
  state.chosen = number;
  drawTraces();
  const trace = state.traces.find((one) => one.number === number);
  by("detail").replaceChildren(...(trace ? told(trace) : []));
}
function headers(message, changes, kind) {
  const of = (name) => changes.find((change) => change.header.toLowerCase() === name.toLowerCase());
  const renamedTo = (name) => changes.find((change) => change.to && change.to.toLowerCase() === name.toLowerCase());
  return el("table", {}, ...message.headers.map(([name, value]) => {
    const change = kind === "after" ? renamedTo(name) || of(name) : of(name);
    const known = change && (kind === "before" ? ["dropped", "renamed"] : ["added", "changed", "renamed"]).includes(change.what);
    const note = !known ? null : kind === "before" && change.to ? `→ ${change.to}` : change.what;
    return el("tr", { class: known && !(kind === "before" && change.to) ? change.what : null }, el("td", {}, name),
      el("td", {}, value, note ? el("small", {}, note) : null));
  }));
}
function message(title, message, changes, kind) {
  const body = message.body === null ? `${message.bytes} bytes that are no text` : message.body;
  const cut = message.body !== null && new Blob([message.body]).size < message.bytes ? ` … (${message.bytes} bytes)` : "";
  return el("section", {}, el("h3", {}, title), el("pre", {}, message.line),
    message.headers.length ? headers(message, changes, kind) : null, message.bytes ? el("pre", {}, pretty(body) + cut) : null);
}
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
function why(trace) {
  if (!trace.why) return [];
  const { sentence, help, details } = trace.why;
  return [el("div", { class: "why" }, el("p", {}, el("strong", {}, sentence)), help ? el("p", {}, help) : null),
    ...(details || []).map(([title, text]) => el("section", {}, el("h3", {}, title), el("pre", {}, text)))];
}
function told(trace) {
  const parts = why(trace);
  if (trace.asked) parts.push(message("Asked of the authorizer", trace.asked, [], ""));
  parts.push(el("div", { class: "sides" },
    message("Client → gateway", trace.request, trace.request_changes, "before"),
    trace.call ? message("Gateway → service", trace.call, trace.request_changes, "after") : el("section", {}, el("h3", {}, "Gateway → service"), el("p", {}, "Nobody was called.")),
    message("Gateway → client", trace.answer, trace.answer_changes, "after"),
    trace.said ? message("Service → gateway", trace.said, trace.answer_changes, "before") : el("section", {})));
  parts.push(el("h3", {}, "Log"), el("pre", {}, trace.log.join("\n")));
  return parts;
}
function add(trace) {
  const isFollowing = state.chosen === null || (state.traces[0] && state.chosen === state.traces[0].number);
  state.traces = [trace, ...state.traces.filter((one) => one.number !== trace.number)].slice(0, 200);
  if (isFollowing) chooseTrace(trace.number);
  else drawTraces();
}

/* Trying a route. */
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const lines = form.headers.value.split("\n").map((line) => line.split(/:(.*)/s)).filter(([name]) => name.trim());
  const sent = lines.map(([name, value]) => [name.trim(), (value || "").trim()]);
  if (form.token.value.trim()) sent.push(["Authorization", form.token.value.trim()]);
  const answer = by("answer");
  answer.replaceChildren(el("p", {}, "…"));
  try {
    const got = await fetch("api/send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ stage: state.stage, verb: form.verb.value, path: form.path.value, headers: sent, body: form.body.value, sign: form.sign.value || null, key: form.key.value || null, user: form.user.value.trim() || null }),
    });
    const told = await got.json();
    if (!got.ok) throw new Error(told.message);
    const trace = told.trace;
    if (trace) add(trace);
    answer.replaceChildren(...(trace ? why(trace) : []), message("Answer", told.answer, [], ""));
    if (trace) {
      const link = el("button", {}, "Both sides of the gateway");
      link.addEventListener("click", () => { show("requests"); chooseTrace(trace.number); by("detail").focus(); });
      answer.append(el("p", {}, link));
    }
  } catch (error) {
    answer.replaceChildren(el("p", { class: "bad" }, error.message));
  }
});

/* What a deployment would do. */
const outcomes = { nothing: ["good", "nothing to do"], changes: ["warn", "there are changes"], refused: ["bad", "a guard refuses"], failed: ["bad", "no plan"] };
by("plans").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [outcome, planned, button] = [by("outcome"), by("planned"), event.target.querySelector("button")];
  const say = (shade, word, text) => {
    outcome.className = shade;
    outcome.textContent = word;
    planned.textContent = text;
    planned.hidden = !text;
  };
  say("", "reading the API …", "");
  button.disabled = true;
  try {
    const got = await fetch("api/plan", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ stage: event.target.stage.value.trim() || null }),
    });
    const told = await got.json();
    if (!got.ok) throw new Error(told.message);
    say(...outcomes[told.outcome], told.text);
  } catch (error) {
    say(...outcomes.failed, error.message);
  }
  button.disabled = false;
});

/* Tabs, search and keys. */
const tabs = ["requests", "try", "document", "plan"];
function show(tab) {
  state.tab = tab;
  for (const name of tabs) {
    by(name).hidden = name !== tab;
    by(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
  }
  if (tab === "document" && state.stages.length) {
    get(`api/document?stage=${state.stage}`)
      .then((document) => { by("text").textContent = JSON.stringify(document, null, 2); })
      .catch((error) => { by("text").textContent = error.message; });
  }
}
for (const name of tabs) by(`tab-${name}`).addEventListener("click", () => show(name));
by("clear").addEventListener("click", () => { state.traces = []; state.chosen = null; drawTraces(); by("detail").replaceChildren(); });
by("copy").addEventListener("click", () => navigator.clipboard.writeText(by("text").textContent));
by("search").addEventListener("input", (event) => { state.search = event.target.value.trim().toLowerCase(); drawRoutes(); drawTraces(); });
by("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    const routes = by("routes");
    routes.focus();
    if (routes.rows.length) chooseRoute(routes.rows[0].id);
  } else if (event.key === "Escape") { event.target.value = ""; event.target.dispatchEvent(new Event("input")); }
});
document.addEventListener("keydown", (event) => {
  const isTyping = ["INPUT", "TEXTAREA", "SELECT"].includes(document.activeElement.tagName);
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) { event.preventDefault(); by("search").focus(); by("search").select(); }
  else if (event.key === "Escape" && isTyping) document.activeElement.blur();
});
movable(by("routes"), chooseRoute, openRoute);
movable(by("traces"), chooseTrace, () => by("detail").focus());
by("stage").addEventListener("change", (event) => { state.stage = Number(event.target.value); state.route = null; drawRoutes(); show(state.tab); });

/* What the gateway is. */
function options(select, pairs) {
  const before = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value }, text)));
  if (pairs.some(([value]) => String(value) === before)) select.value = before;
}
async function look() {
  const told = await get("api/overview");
  state.stages = told.stages;
  state.stage = Math.min(state.stage, Math.max(told.stages.length - 1, 0));
  options(by("stage"), told.stages.map((stage, nth) => [nth, told.stages.some((one) => one !== stage && one.name === stage.name) ? `${stage.title} ${stage.name}` : stage.name]));
  options(form.verb, told.verbs.map((verb) => [verb, verb]));
  options(form.sign, [["", "nobody"], ...told.signers.map((key) => [key, key])]);
  options(form.key, [["", "none"], ...told.keys.map((key) => [key.id, key.name || key.id])]);
  by("notice").textContent = told.notice || "";
  by("notice").hidden = !told.notice;
  by("tab-plan").hidden = !told.plans;
  drawRoutes();
  if (state.tab === "document") show("document");
}
const events = new EventSource("api/events");
events.addEventListener("request", (event) => add(JSON.parse(event.data)));
events.addEventListener("overview", look);
events.addEventListener("open", () => { by("live").textContent = "live"; by("live").className = "on"; look(); });
events.addEventListener("error", () => { by("live").textContent = "not connected"; by("live").className = ""; });
