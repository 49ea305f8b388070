"use strict";
// Keeps the page up with its run: when the server says that there is news, the content is fetched anew, and what the reader had
// opened and where he was stays.
const run = document.getElementById("run");
const line = document.getElementById("live");
const base = `/runs/${run.dataset.number}`;
const memory = `evolve-open-${run.dataset.number}`;
// Between two fetches, milliseconds.
const pause = 3000;
let isBusy = false;
let wanted = null;

const nameOf = (details) => {
  const section = details.closest("section");
  return `${section ? section.id : ""}/${details.querySelector("summary").textContent}`;
};

const opened = () => new Set([...run.querySelectorAll("details[open]")].map(nameOf));

const open = (names) => {
  for (const details of run.querySelectorAll("details")) {
    if (names.has(nameOf(details))) details.open = true;
  }
};

const remember = () => sessionStorage.setItem(memory, JSON.stringify([...opened()]));

// What is at the top of the window, and how far it is above it.
const place = () => {
  const sections = [...run.querySelectorAll("section[id]")];
  const above = sections.filter((section) => section.getBoundingClientRect().top <= 1).pop();
  return above ? { id: above.id, offset: above.getBoundingClientRect().top } : null;
};

const replace = (html) => {
  const names = opened();
  const before = place();
  const focused = document.activeElement && run.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.querySelector("#run");
  run.replaceChildren(...fresh.childNodes);
  run.dataset.mark = fresh.dataset.mark;
  open(names);
  const section = before && document.getElementById(before.id);
  if (section) window.scrollBy({ top: section.getBoundingClientRect().top - before.offset, behavior: "instant" });
  if (focused) {
    const link = [...run.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
    if (link) link.focus({ preventScroll: true });
  }
};

const refresh = async () => {
  if (isBusy) return;
  isBusy = true;
  try {
    const response = await fetch(`${base}/content`);
    const text = await response.text();
    if (response.ok) {
      replace(text);
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

open(new Set(JSON.parse(sessionStorage.getItem(memory) || "[]")));
run.addEventListener("toggle", remember, true);

const events = new EventSource(`${base}/events`);
events.addEventListener("news", (event) => {
  const news = JSON.parse(event.data);
  line.textContent = news.line;
  wanted = news.mark ?? null;
  if (wanted !== null && wanted !== run.dataset.mark) refresh();
});
events.addEventListener("error", () => {
  line.textContent = "no connection to evolve serve; trying again …";
});
