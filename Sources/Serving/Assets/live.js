"use strict";
// Keeps the page up with its run: when the server says that there is news, the content is fetched anew, and what is there becomes
// the new one, node by node. So whatever the reader has opened, focused, selected or scrolled, stays as it is.
const run = document.getElementById("run");
const line = document.getElementById("live");
const said = document.getElementById("said");
const base = run.dataset.from;
const memory = `evolve-open-${base}`;
// Between two fetches, milliseconds.
const pause = 3000;
let isBusy = false;
let wanted = null;
let phase = null;
let isLost = false;

// The place of the reader is kept here, for browsers that do not keep it.
document.documentElement.style.overflowAnchor = "none";

const opened = () => [...run.querySelectorAll("details[open]")].map((details) => details.id);

const open = (names) => {
  for (const name of names) {
    const details = document.getElementById(name);
    if (details && run.contains(details)) details.open = true;
  }
};

const remember = () => sessionStorage.setItem(memory, JSON.stringify(opened()));

// What is at the top of the window, and how far it is above it.
const place = () => {
  const sections = [...run.querySelectorAll("section[id]")];
  const above = sections.filter((section) => section.getBoundingClientRect().top <= 1).pop();
  return above ? { id: above.id, offset: above.getBoundingClientRect().top } : null;
};

const becomeInAttributes = (old, fresh) => {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(old.nodeName === "DETAILS" && name === "open")) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
};

// Makes the old node say what the fresh one says. Elements with an id are the same only by it, others by their place.
const become = (old, fresh) => {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  becomeInAttributes(old, fresh);
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  const still = new Set([...fresh.children].map((child) => child.id).filter((id) => known.has(id)));
  let next = old.firstChild;
  const pass = () => {
    const here = next;
    next = here.nextSibling;
    return here;
  };
  for (const child of [...fresh.childNodes]) {
    const same = child.id ? known.get(child.id) : null;
    if (same) {
      while (next && next !== same && !still.has(next.id)) pass().remove();
      if (next === same) pass();
      else old.insertBefore(same, next);
      become(same, child);
    } else if (!child.id && next && !next.id && next.nodeName === child.nodeName) {
      become(pass(), child);
    } else {
      old.insertBefore(child, next);
    }
  }
  while (next) pass().remove();
};

const update = (html) => {
  const names = opened();
  const before = place();
  const template = document.createElement("template");
  template.innerHTML = html;
  become(run, template.content.querySelector("#run"));
  open(names);
  const section = before && document.getElementById(before.id);
  const moved = section ? section.getBoundingClientRect().top - before.offset : 0;
  if (moved) window.scrollBy({ top: moved, behavior: "instant" });
};

const refresh = async () => {
  if (isBusy) return;
  isBusy = true;
  try {
    const response = await fetch(`${base}/content`);
    const text = await response.text();
    if (response.ok) {
      update(text);
    } else {
      line.textContent = text;
    }
  } catch {
    // The events say that the connection is gone.
  }
  setTimeout(() => {
    isBusy = false;
    if (wanted !== null && wanted !== run.dataset.mark) refresh();
  }, pause);
};

open(JSON.parse(sessionStorage.getItem(memory) || "[]"));
run.addEventListener("toggle", remember, true);

const events = new EventSource(`${base}/events`);
events.addEventListener("news", (event) => {
  const news = JSON.parse(event.data);
  line.textContent = news.line;
  // Only what changes seldom is spoken.
  if (phase !== null && news.phase && news.phase !== phase) said.textContent = `Now ${news.phase}.`;
  else if (isLost) said.textContent = "Connected again.";
  isLost = false;
  phase = news.phase ?? phase;
  wanted = news.mark ?? null;
  if (wanted !== null && wanted !== run.dataset.mark) refresh();
});
events.addEventListener("error", () => {
  line.textContent = "no connection to evolve serve; trying again …";
  if (!isLost) said.textContent = line.textContent;
  isLost = true;
});
