"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const choice = (name) => Number(document.getElementById(name).value);
  const entries = all("tr[data-e]");
  const bodies = all("tbody[data-readers]");
  const painted = all("[data-c]");
  const legend = all("li[data-f]");
  const status = document.getElementById("status");

  const count = (fills, number) => {
    const sum = [0, 0];
    const others = new Set();
    fills.forEach((fill, readers) => {
      if (fill !== number) return;
      const [countries, parts, other] = data.sizes[readers];
      sum[0] += countries;
      sum[1] += parts;
      if (other) others.add(other);
    });
    const counted = [[sum[0], "country", "countries"], [sum[1], "part", "parts"]]
      .filter(([size]) => size).map(([size, one, many]) => `${size} ${size === 1 ? one : many}`);
    return [...counted, ...others].join(", ");
  };

  const paint = (fills) => {
    for (const shape of painted) {
      const fill = fills[Number(shape.dataset.c)];
      shape.setAttribute("class", `f${fill}`);
      const title = shape.querySelector("title");
      if (title) title.textContent = `${shape.dataset.n}: ${data.labels[fill]}`;
    }
    for (const words of all("[data-l]")) words.textContent = ` – ${data.labels[fills[Number(words.dataset.l)]]}`;
    for (const item of legend) {
      const number = Number(item.dataset.f);
      item.hidden = !fills.includes(number);
      item.lastElementChild.textContent = count(fills, number);
    }
  };

  const list = (stretch, kind, language) => {
    const shown = new Set(data.rows[stretch][kind]);
    for (const row of entries) row.hidden = !shown.has(Number(row.dataset.e));
    for (const body of bodies) {
      body.querySelector(".none").hidden = [...body.querySelectorAll("tr[data-e]")].some((row) => !row.hidden);
    }
    for (const cell of all("td[data-t]")) {
      const said = data.texts[stretch][cell.dataset.t];
      if (said) cell.textContent = said[language];
    }
    return shown.size;
  };

  const update = () => {
    const [stretch, kind, language] = [choice("stretch"), choice("kind"), choice("language")];
    const fills = data.fills[stretch][kind];
    paint(fills);
    const rows = list(stretch, kind, language);
    const groups = new Set(fills.filter((fill) => fill > 0)).size;
    status.textContent = `${rows} outcomes in the table; ${groups} different sets of notices.`;
  };

  const button = (words, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };

  const zoomable = (svg) => {
    const whole = svg.getAttribute("viewBox").split(" ").map(Number);
    let view = whole;
    const figures = all(`pattern[id^="${svg.id}-"]`);
    const keepSize = () => {
      const unit = view[2] / (svg.clientWidth || whole[2]);
      svg.style.setProperty("--unit", unit);
      for (const figure of figures) figure.setAttribute("patternTransform", `scale(${unit})`);
    };
    const look = ([x, y, width, height]) => {
      const wide = Math.min(whole[2], Math.max(width, whole[2] / 24));
      const high = wide * whole[3] / whole[2];
      view = [
        Math.min(Math.max(x + (width - wide) / 2, 0), whole[2] - wide),
        Math.min(Math.max(y + (height - high) / 2, 0), whole[3] - high), wide, high,
      ];
      svg.setAttribute("viewBox", view.join(" "));
      svg.classList.toggle("zoomed", wide < whole[2]);
      keepSize();
    };
    const scale = (factor) => look([
      view[0] + view[2] * (1 - factor) / 2, view[1] + view[3] * (1 - factor) / 2, view[2] * factor, view[3] * factor,
    ]);
    const move = (right, down) => look([view[0] + view[2] * right, view[1] + view[3] * down, view[2], view[3]]);
    const controls = document.createElement("div");
    controls.className = "controls";
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", `View of the map: ${svg.id}`);
    controls.append(
      button("+", "Zoom in", () => scale(0.6)), button("−", "Zoom out", () => scale(1 / 0.6)),
      button("←", "Move left", () => move(-0.25, 0)), button("→", "Move right", () => move(0.25, 0)),
      button("↑", "Move up", () => move(0, -0.25)), button("↓", "Move down", () => move(0, 0.25)),
      button("Whole", "Whole map", () => look(whole)),
    );
    if (svg.id === "world") controls.append(button("Europe", "Europe", () => look([455, 20, 190, 84])));
    svg.parentElement.prepend(controls);
    new ResizeObserver(keepSize).observe(svg);
    let held = null;
    svg.addEventListener("pointerdown", (event) => {
      if (!svg.classList.contains("zoomed")) return;
      held = [event.clientX, event.clientY];
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const box = svg.getBoundingClientRect();
      const [right, down] = [(held[0] - event.clientX) / box.width, (held[1] - event.clientY) / box.height];
      held = [event.clientX, event.clientY];
      move(right, down);
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = null; });
  };

  const telling = (svg) => {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.setAttribute("aria-hidden", "true");
    hint.textContent = "Point at a place";
    svg.parentElement.append(hint);
    svg.addEventListener("pointerover", (event) => {
      const title = event.target.querySelector && event.target !== svg && event.target.querySelector("title");
      if (title) hint.textContent = title.textContent;
    });
    svg.addEventListener("dblclick", (event) => {
      const place = event.target.dataset.n;
      const inside = place && document.getElementById(`map-${place.slice(0, 2)}`);
      if (inside && svg.id === "world") inside.scrollIntoView();
    });
  };

  for (const svg of all("svg.map")) {
    zoomable(svg);
    telling(svg);
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", update);
  update();
})();
