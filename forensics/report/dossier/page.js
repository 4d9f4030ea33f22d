"use strict";
// Filters and sorts the table, and opens what is linked to or printed. Without it, the page says
// the same.
(() => {
  const table = document.getElementById("all");
  const opens = (hash) => {
    const found = /^#secret-\d+$/.test(hash) && document.getElementById(hash.slice(1));
    if (found) { found.parentElement.open = true; found.parentElement.scrollIntoView(); }
  };
  addEventListener("hashchange", () => opens(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href^='#secret-']");
    if (link) { opens(link.getAttribute("href")); }
  });
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) { one.open = true; }
  });
  opens(location.hash);
  if (!table) { return; }
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const fields = ["text", "status", "severity"].map((name) => document.getElementById(name));
  const count = document.getElementById("count");
  const filter = () => {
    const [text, status, severity] = fields.map((field) => field.value);
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, number) => {
      const fits = (!status || row.dataset.status === status) &&
        (!severity || row.dataset.severity === severity) &&
        words.every((word) => texts[number].includes(word));
      if (row.hidden === fits) { row.hidden = !fits; }
      shown += fits;
    });
    count.textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
  };
  let waiting = 0;
  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 120);
    });
  }
  const heads = Array.from(table.tHead.rows[0].cells);
  const sort = (column) => {
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const keys = new Map(rows.map((row) => {
      const cell = row.cells[column];
      return [row, "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent];
    }));
    const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const sorted = rows.slice().sort((a, b) => order(keys.get(a), keys.get(b)) * (down ? -1 : 1));
    body.append(...sorted);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(column));
  });
  document.getElementById("filters").hidden = false;
  filter();
})();
