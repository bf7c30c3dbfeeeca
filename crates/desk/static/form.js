// What a form gains by script; it works without. The browser's time zone says when the reader's morning is, and it and the
// browser's languages which country is theirs. For a sign-up the browser solves a small puzzle: the SHA-256 of stamp,
// address and a number must begin with sixteen zero bits.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
const zone = document.getElementById("zone");
if (zone && !zone.value) zone.value = here;

// An editor's order is carried out without the page being loaded anew: what the answer shows takes the place of what is there,
// at the same height, and the keyboard stays with the entry, or with the section, whose id tells its place only.
const known = (line) => line.dataset.name || line.id;
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(".order .moves, .undo")) return;
  event.preventDefault();
  const before = document.querySelector("main");
  // An order that comes while one is under way would be for what is not there any more.
  if (before.ariaBusy) return;
  before.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form, submitter));
  const entry = form.closest("li");
  const stays = submitter.value === "drop" ? entry.nextElementSibling || entry.previousElementSibling : entry;
  const done = await fetch(form.action, { method: "POST", body })
    .then(async (answer) => [answer, await answer.text()])
    .catch(() => null);
  before.ariaBusy = null;
  // Where the desk cannot be reached, the browser says so; and whoever is signed out by now is led to where one signs in.
  if (!done) return location.reload();
  const [answer, html] = done;
  const after = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  const leads = answer.redirected && new URL(answer.url).pathname !== location.pathname;
  if (!after || leads) return location.assign(answer.url);
  const lines = [...after.querySelectorAll("li[id]")];
  const again = (line) => lines.find((other) => known(other) === known(line));
  // What was chosen beside other entries stays chosen.
  for (const old of before.querySelectorAll("li select")) {
    const its = again(old.closest("li"))?.querySelector("select");
    if (its && !old.selectedOptions[0].defaultSelected) its.value = old.value;
  }
  before.replaceWith(after);
  // Why nothing was done stands at the top, where nobody might look.
  const fault = after.querySelector(".faults");
  if (fault) {
    fault.tabIndex = -1;
    return fault.focus();
  }
  const now = stays && again(stays);
  const same = now?.querySelector(`button[value="${submitter.value}"]`) || now?.querySelector("a, button");
  (same || after.querySelector("h1 ~ * :is(a, button)"))?.focus();
});

// In the row where the keyboard is, a letter does what the act does that shows it; j goes to the next row, k to the one before.
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.repeat) return;
  // In a text area Enter alone makes a line.
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea")) return target.form.querySelector("button").click();
  if (event.ctrlKey || event.altKey || event.metaKey || target.matches("input, select, textarea")) return;
  const row = target.closest("li, section");
  const mine = (act) => row && act.closest("li, section") === row;
  const acts = [...document.querySelectorAll("[aria-keyshortcuts]")];
  const step = { j: 1, k: -1 }[key];
  // From outside of all rows it goes to the first.
  if (step) {
    const rows = [...new Set(acts.map((act) => act.closest("li")))].filter(Boolean);
    rows[rows.indexOf(row) + step]?.querySelector("a, button").focus();
  } else if (key.length === 1) acts.find((act) => mine(act) && act.getAttribute("aria-keyshortcuts") === key)?.click();
});

const encoder = new TextEncoder();
const turn = (x, by) => (x >>> by) | (x << (32 - by));
const form = document.querySelector("form.sign-up");
if (form) {
  const { country, email, shown, work } = form.elements;
  if (!country.value) {
    const options = [...country.options];
    const regions = navigator.languages.map((tag) => tag.split("-").slice(1).pop());
    const guess =
      options.find((option) => here && option.dataset.zone === here) ||
      options.find((option) => option.value && regions.includes(option.value));
    if (guess) country.value = guess.value;
  }
  email.addEventListener("input", () => (work.value = ""));
  const button = form.querySelector("button");
  const moment = document.getElementById("moment");
  const wait = (waits) => {
    button.disabled = email.readOnly = waits;
    moment.textContent = waits ? moment.dataset.text : "";
  };
  // Who goes back finds the page as it was left, waiting.
  addEventListener("pageshow", () => wait(false));
  form.addEventListener("submit", async (event) => {
    if (work.value || !shown.value || !email.value.trim()) return;
    event.preventDefault();
    wait(true);
    work.value = await solve(`${shown.value}:${email.value.trim()}:`);
    form.submit();
  });
}

// A number that solves the puzzle. Every 20 ms the page may do something else.
async function solve(text) {
  for (let number = 0; ; ) {
    const end = performance.now() + 20;
    while (performance.now() < end)
      for (let n = 0; n < 200; n++, number++) if (firstWord(text + number) >>> 16 === 0) return number;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

// The first 32 bits of a text's SHA-256 (FIPS 180-4). The browser's own is not there on pages without TLS, and slower for
// texts this short.
function firstWord(text) {
  const bytes = encoder.encode(text);
  const words = new Uint32Array(16 * ((bytes.length + 72) >> 6));
  for (let at = 0; at < bytes.length; at++) words[at >> 2] |= bytes[at] << (24 - 8 * (at & 3));
  words[bytes.length >> 2] |= 0x80 << (24 - 8 * (bytes.length & 3));
  words[words.length - 1] = bytes.length * 8;
  const { roots, cubes } = constants;
  const hash = Int32Array.from(roots);
  const w = new Int32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = words[block + i];
      else {
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + cubes[i] + w[i]) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    hash.set([a + hash[0], b + hash[1], c + hash[2], d + hash[3], e + hash[4], f + hash[5], g + hash[6], h + hash[7]]);
  }
  return hash[0];
}

// The first 32 bits of the fractions of the square and cube roots of the first primes (section 4.2.2).
var constants = (() => {
  const roots = [];
  const cubes = [];
  for (let n = 2; cubes.length < 64; n++) {
    if (cubes.length && primes(n)) continue;
    if (roots.length < 8) roots.push((n ** 0.5 * 2 ** 32) | 0);
    cubes.push((Math.cbrt(n) * 2 ** 32) | 0);
  }
  function primes(n) {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) return true;
    return false;
  }
  return { roots: Int32Array.from(roots), cubes: Int32Array.from(cubes) };
})();
