// What the pages do when a browser runs scripts; every one of them works without.
"use strict";

document.documentElement.classList.add("js");

// -- home: drop a file anywhere, paste a file or an address

function dropping(form) {
  const file = form.elements.file, url = form.elements.url;
  const take = (files) => {
    if (!files.length) return false;
    const one = new DataTransfer();
    one.items.add(files[0]);
    file.files = one.files;
    form.requestSubmit();
    return true;
  };
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    form.classList.toggle("over", depth > 0);
  };
  const holdsFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(-depth);
    take(event.dataTransfer.files);
  });
  addEventListener("paste", (event) => {
    if (take(event.clipboardData.files)) {
      event.preventDefault();
      return;
    }
    const text = event.clipboardData.getData("text").trim();
    if (/^https?:\/\/\S+$/.test(text) && !event.target.closest("input, textarea")) {
      url.value = text;
      url.focus();
    }
  });
}

// -- a job: its stages as they come, at last its scorecard

function following(card) {
  const stages = [...card.querySelectorAll("[data-stage]")];
  const told = card.querySelector("[data-told]"), state = document.querySelector("[data-state]");
  const show = (job) => {
    const at = job.state === "scored" ? stages.length : stages.findIndex((item) => item.dataset.stage === job.stage);
    stages.forEach((item, index) => {
      item.className = index < at ? "done" : index === at ? "now" : "";
      item.toggleAttribute("aria-current", false);
      if (index === at) item.setAttribute("aria-current", "step");
    });
    state.textContent = job.state;
    told.textContent = words(job);
  };
  const source = new EventSource(card.dataset.job);
  source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  source.addEventListener("end", (event) => {
    const job = JSON.parse(event.data);
    source.close();
    show(job);
    if (job.state === "scored") location.replace(card.dataset.report + job.document_id);
    else location.reload();
  });
}

function words(job) {
  const parts = [job.pages ? `${job.pages} pages` : "Reading the report"];
  if (job.chunks) parts.push(`${job.chunks_embedded} of ${job.chunks} passages embedded`);
  if (job.eta_seconds !== null) parts.push(`about ${Math.round(job.eta_seconds)} s to go`);
  return `${parts.join(", ")}.`;
}

// -- evidence: in a sheet over the scorecard; the address bar has its permanent link

function sheet(dialog) {
  let opener = null, turn = 0;
  const home = location.href;

  const open = async (link, how) => {
    const mine = ++turn;
    const viewer = await viewerAt(link.href);
    if (mine !== turn) return; // another was asked for meanwhile
    if (!viewer) {
      location.assign(link.href);
      return;
    }
    const shut = document.createElement("button");
    shut.type = "button";
    shut.className = "shut";
    shut.textContent = "×";
    shut.setAttribute("aria-label", "Close");
    shut.addEventListener("click", () => dialog.close());
    dialog.replaceChildren(shut, viewer);
    if (!dialog.open) {
      opener = link;
      dialog.showModal();
    }
    history[how]({ sheet: true }, "", link.href);
    dialog.scrollTop = 0;
    dialog.setAttribute("aria-label", viewer.querySelector("h1").textContent.trim());
    (viewer.querySelector("[rel=next]") || shut).focus();
    settle(viewer, dialog);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-evidence]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(link, dialog.open ? "replaceState" : "pushState");
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !inside(dialog, event)) dialog.close();
    const link = event.target.closest("a[href]");
    if (link && link.hash && link.pathname === new URL(home).pathname) dialog.close(); // a place of this page
  });
  dialog.addEventListener("close", () => {
    turn += 1;
    if (history.state && history.state.sheet) history.back();
  });
  addEventListener("popstate", () => {
    if (dialog.open) dialog.close();
    if (opener) setTimeout(() => opener.focus()); // after the browser has gone to the fragment of the address
  });
}

function inside(element, event) {
  const box = element.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}

async function viewerAt(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? document.adoptNode(page.getElementById("viewer")) : null;
  } catch {
    return null; // let the browser try, and say what is wrong
  }
}

// Bring the highlighted words into view once the page image is there.
function settle(viewer, scroller) {
  const image = viewer.querySelector("img[data-top]");
  if (!image) return;
  const scroll = () => {
    const top = (Number(image.dataset.top) * image.clientHeight) / image.naturalHeight;
    const bounds = scroller === window ? { top: 0, height: innerHeight } : scroller.getBoundingClientRect();
    const at = image.getBoundingClientRect().top - bounds.top + top - bounds.height * 0.45;
    if (at > 0) scroller.scrollBy({ top: at, behavior: "instant" });
  };
  if (image.complete) scroll();
  else image.addEventListener("load", scroll, { once: true });
}

function keys(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const rel = { ArrowLeft: "prev", k: "prev", ArrowRight: "next", j: "next" }[event.key];
  const link = rel && document.querySelector(`#viewer a[rel=${rel}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

// -- begin

const form = document.querySelector("form[data-drop]");
if (form) dropping(form);
const job = document.querySelector("[data-job]");
if (job) following(job);
const dialog = document.getElementById("sheet");
if (dialog) sheet(dialog);
else if (document.getElementById("viewer")) settle(document.getElementById("viewer"), window);
addEventListener("keydown", keys);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.downloads[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
