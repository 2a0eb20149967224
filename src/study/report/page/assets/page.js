"use strict";
// Draws the report from the JSON beside it. Whatever comes from the run reaches the page as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colours = ["#0b6fb8", "#d1741a", "#2f8f4e", "#8a4fb0", "#b3374c", "#6b7580", "#0f8b8d"];
  const drawn = [];
  // Nodes of a larger q are drawn pale.
  const Q = 0.05;

  const ink = () => (dark.matches ? "#e6eaee" : "#1d2329");
  const soft = () => (dark.matches ? "#353d46" : "#d5dae0");
  const unique = (values) => [...new Set(values)];
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const short = (text, most = 40) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const shown = (value) => {
    if (value === null || value === undefined) return "NA";
    if (typeof value !== "number") return String(value);
    if (Number.isInteger(value)) return String(value);
    const size = Math.abs(value);
    return size < 1e-4 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  };
  const measures = { pearson: "Pearson's r", spearman: "Spearman's ρ", rmse: "RMSE", slope: "slope of observed on predicted",
    bias: "bias", top10: "overlap of the best tenth", constant: "constant predictions", pearson_within: "r within groups",
    auc: "area under the ROC curve", average_precision: "mean precision", brier: "Brier score", h2: "h²", h2_se: "SE of h²",
    network_share: "share of the network" };
  const measured = (metric) => measures[metric] ?? metric.replaceAll("_", " ");
  const titled = (name) => (data.units[name] ? `${name} (${data.units[name]})` : name);

  // What scores of a method are in.
  const scored = (trait, method) => {
    const moves = /^(clamp|knock-out|shapley)/.test(method);
    const scale = { binary: moves ? "probability" : "log-odds", count: moves ? "count" : "log-rate" }[data.kinds[trait]];
    const unit = scale ? `${trait} (${scale})` : titled(trait);
    return moves ? `moves ${unit} by` : `mean part of ${unit}`;
  };

  function element(parent, tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    parent.append(made);
    return made;
  }

  function choice(section, title, values, then, words = (value) => value) {
    const label = element(section.querySelector(".controls"), "label", title);
    const select = element(label, "select");
    values.forEach((value, at) => element(select, "option", short(words(value), 80), { value: at }));
    select.addEventListener("change", then);
    return () => values[Number(select.value)];
  }

  function tick(section, title, then) {
    const label = element(section.querySelector(".controls"), "label", undefined, { class: "tick" });
    const box = element(label, "input", undefined, { type: "checkbox" });
    label.append(title);
    box.addEventListener("change", then);
    return () => box.checked;
  }

  function button(section, title, then) {
    element(section.querySelector(".controls"), "button", title, { type: "button" }).addEventListener("click", then);
  }

  function download(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const cell = (value) => String(value ?? "NA").replace(/[\t\r\n]/g, " ");
  const tsv = (header, rows) => [header, ...rows].map((row) => row.map(cell).join("\t")).join("\n") + "\n";

  // A chart: `draw` gives options, the table behind them and a sentence.
  function chart(id, prepare) {
    const section = document.getElementById(id);
    if (!section) return;
    const place = section.querySelector(".canvas");
    let current;
    let instance;
    const redraw = () => {
      current = draw();
      place.style.height = `${current.height ?? 384}px`;
      instance ??= charts.init(place, null, { renderer: "canvas" });
      instance.resize();
      instance.setOption(dressed(current.options), { notMerge: true });
      section.querySelector(".note").textContent = current.note ?? "";
      place.setAttribute("aria-label", `${section.querySelector("h2").textContent}. ${current.note ?? ""}`);
    };
    const draw = prepare(section, redraw);
    button(section, "Save as SVG", () => {
      const still = charts.init(null, null, { renderer: "svg", ssr: true, width: 900, height: current.height ?? 384 });
      still.setOption({ ...dressed(current.options), animation: false, backgroundColor: dark.matches ? "#14181c" : "#fff" });
      download(`${id}.svg`, "image/svg+xml", still.renderToSVGString());
      still.dispose();
    });
    button(section, "Save as TSV", () => download(`${id}.tsv`, "text/tab-separated-values", tsv(...current.table)));
    redraw();
    drawn.push({ id, redraw, points: () => current.table[1].length, instance: () => instance });
  }

  function dressed(options) {
    const axis = (one) => ({
      nameLocation: "middle", axisLine: { onZero: false, lineStyle: { color: ink() } }, axisLabel: { color: ink() },
      nameTextStyle: { color: ink() }, splitLine: { lineStyle: { color: soft() } }, ...one,
    });
    const axes = (some) => (Array.isArray(some) ? some.map(axis) : axis(some));
    return {
      animation: false, color: colours, aria: { enabled: true },
      grid: { left: 70, right: 20, top: 40, bottom: 55 },
      legend: { top: 0, type: "scroll", textStyle: { color: ink() } },
      // As rich text: names are never read as markup.
      tooltip: { renderMode: "richText", confine: true },
      ...options, xAxis: axes(options.xAxis), yAxis: axes(options.yAxis),
    };
  }

  const error = (low, high, horizontal) => ({
    type: "custom", silent: true, z: 3, tooltip: { show: false }, encode: horizontal ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    data: low.map((value, at) => [at, value, high[at]]),
    renderItem: (_, api) => {
      const point = (value) => api.coord(horizontal ? [value, api.value(0)] : [api.value(0), value]);
      const [from, to] = [point(api.value(1)), point(api.value(2))];
      return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: ink(), lineWidth: 1.5 } };
    },
  });

  // Places beside each other for points of one column, the same at every look.
  const beside = (at, count) => (count < 2 ? 0 : ((((at * 7919) % count) / (count - 1)) - 0.5) * 0.5);

  chart("accuracy", (section, redraw) => {
    const traitOf = choice(section, "Trait", unique(data.folds.map((row) => row.trait)), redraw, titled);
    const metricOf = choice(section, "Measure", unique(data.folds.map((row) => row.metric)), redraw, measured);
    return () => {
      const rows = data.folds.filter((row) => row.trait === traitOf() && row.metric === metricOf() && row.size === null);
      const methods = rows.map((row) => row.method);
      const means = rows.map((row) => mean(row.values));
      const points = rows.flatMap((row, at) => row.values.map((value, fold) => [at + beside(fold, row.values.length), value]));
      const table = rows.flatMap((row) => row.values.map((value, fold) => [row.method, row.places[fold], value]));
      return {
        options: {
          legend: { show: false },
          xAxis: [
            { type: "value", min: -0.5, max: methods.length - 0.5, show: false },
            { type: "category", data: methods, position: "bottom", axisTick: { alignWithLabel: true } },
          ],
          yAxis: { type: "value", scale: true, name: measured(metricOf()), nameGap: 50 },
          series: [
            { type: "scatter", name: "fold", data: points, symbolSize: 8, itemStyle: { opacity: 0.65 },
              tooltip: { formatter: (point) => `${methods[Math.round(point.value[0])]}: ${shown(point.value[1])}` } },
            { type: "scatter", name: "mean", data: means.map((value, at) => [at, value]), symbol: "rect", symbolSize: [44, 3],
              itemStyle: { color: ink() }, tooltip: { formatter: (point) => `mean ${shown(point.value[1])}` } },
          ],
        },
        table: [["method", "fold", metricOf()], table],
        note: rows.length ? `Means over folds: ${rows.map((row, at) => `${row.method} ${shown(means[at])} (${row.values.length})`).join(", ")}.`
          : `${traitOf()} has no ${measured(metricOf())}.`,
      };
    };
  });

  chart("curve", (section, redraw) => {
    const sized = data.folds.filter((row) => row.size !== null);
    const traitOf = choice(section, "Trait", unique(sized.map((row) => row.trait)), redraw, titled);
    const metricOf = choice(section, "Measure", unique(sized.map((row) => row.metric)), redraw, measured);
    return () => {
      const rows = data.folds.filter((row) => row.trait === traitOf() && row.metric === metricOf());
      const methods = unique(rows.map((row) => row.method));
      const points = (method) => rows.filter((row) => row.method === method)
        .map((row) => [row.n_train, mean(row.values)]).sort((one, other) => one[0] - other[0]);
      return {
        options: {
          xAxis: { type: "value", scale: true, name: "training individuals", nameGap: 32 },
          yAxis: { type: "value", scale: true, name: measured(metricOf()), nameGap: 50 },
          series: methods.map((method) => ({ type: "line", name: method, data: points(method), symbolSize: 8 })),
          tooltip: { renderMode: "richText", confine: true, formatter: (point) => `${point.seriesName}, ${point.value[0]}: ${shown(point.value[1])}` },
        },
        table: [["method", "n_train", metricOf()], methods.flatMap((method) => points(method).map((point) => [method, ...point]))],
        note: "Means over folds.",
      };
    };
  });

  chart("predicted", (section, redraw) => {
    const traitOf = choice(section, "Trait", unique(data.predictions.map((row) => row.trait)), redraw, titled);
    const methodOf = choice(section, "Method", unique(data.predictions.map((row) => row.method)), redraw);
    return () => {
      const one = data.predictions.find((row) => row.trait === traitOf() && row.method === methodOf())
        ?? { observed: [], predicted: [], fold: [], folds: [], of: 0 };
      // Colours tell seven apart; further folds share the last.
      const own = one.folds.length > 7 ? [...one.folds.slice(0, 6), "other folds"] : one.folds;
      // Where both axes reach.
      const low = Math.max(Math.min(...one.observed), Math.min(...one.predicted));
      const high = Math.min(Math.max(...one.observed), Math.max(...one.predicted));
      const name = (at) => (one.ids ? `${one.ids[at]}: ` : "");
      return {
        options: {
          xAxis: { type: "value", scale: true, name: `predicted ${titled(traitOf())}`, nameGap: 32 },
          yAxis: { type: "value", scale: true, name: "observed", nameGap: 50 },
          tooltip: { renderMode: "richText", confine: true, formatter: (point) =>
            `${name(point.value[2])}predicted ${shown(point.value[0])}, observed ${shown(point.value[1])}` },
          legend: { top: 0, type: "scroll", textStyle: { color: ink() }, data: own },
          series: [...own.map((fold, at) => ({
            type: "scatter", name: fold, symbolSize: 6, itemStyle: { opacity: 0.7 },
            data: one.observed.map((value, row) => [one.predicted[row], value, row])
              .filter((_, row) => Math.min(one.fold[row], own.length - 1) === at),
          })), { type: "line", name: "equal", silent: true, showSymbol: false, color: ink(), lineStyle: { type: "dashed", width: 1.5 },
            data: low < high ? [[low, low], [high, high]] : [] }],
        },
        table: [["fold", "predicted", "observed"], one.observed.map((value, row) => [one.folds[one.fold[row]], one.predicted[row], value])],
        note: `${one.observed.length} of ${one.of} predictions of tested individuals; on the dashed line both are equal.`,
      };
    };
  });

  chart("training", (section, redraw) => {
    const kinds = unique(data.training.map((line) => line.method));
    const methodOf = choice(section, "Method", kinds, redraw);
    const isLogarithmic = tick(section, "logarithmic", redraw);
    return () => {
      const lines = data.training.filter((line) => line.method === methodOf());
      const series = (key, type, at) => lines.map((line) => ({
        type: "line", name: key === "loss" ? "training" : "validation", showSymbol: false, sampling: "lttb",
        lineStyle: { width: 1, opacity: 0.55, type }, color: colours[at],
        data: line.epochs.map((epoch, step) => [epoch, line[key][step]]).filter((point) => point[1] !== null),
      }));
      return {
        options: {
          xAxis: { type: "value", name: "epoch", nameGap: 32 },
          yAxis: { type: isLogarithmic() ? "log" : "value", scale: true, name: "loss", nameGap: 50 },
          series: [...series("loss", "solid", 0), ...series("validation", "solid", 1)],
          tooltip: { show: false },
        },
        table: [["fit", "epoch", "training", "validation"],
          lines.flatMap((line) => line.epochs.map((epoch, step) => [line.fit, epoch, line.loss[step], line.validation[step]]))],
        note: `${lines.length} of ${data.fits[methodOf()]} fits, each at some of its epochs.`,
      };
    };
  });

  chart("importance", (section, redraw) => {
    const nodes = data.tables.nodes.rows.map(([trait, layer, node, rank, score, se, p, q, signed, n_models, n_all]) =>
      ({ trait, layer, node, rank, score, se, p, q, signed, n_models, n_all }));
    const traitOf = choice(section, "Trait", unique(nodes.map((row) => row.trait)), redraw, titled);
    const layerOf = choice(section, "Layer", unique(nodes.map((row) => row.layer)), redraw);
    return () => {
      const all = nodes.filter((row) => row.trait === traitOf() && row.layer === layerOf());
      const rows = all.filter((row) => row.rank <= 30).sort((one, other) => other.rank - one.rank);
      const names = rows.map((row) => short(row.node, 30));
      const spread = (row) => row.se ?? 0;
      return {
        height: 110 + 22 * rows.length,
        options: {
          legend: { show: false }, grid: { left: 10, right: 30, top: 15, bottom: 50, containLabel: true },
          xAxis: { type: "value", name: scored(traitOf(), layerOf().split(" · ")[1] ?? "clamp"), nameGap: 30 },
          yAxis: { type: "category", data: names, axisLabel: { color: ink(), interval: 0 } },
          tooltip: { renderMode: "richText", confine: true, formatter: (bar) => {
            const row = rows[bar.dataIndex];
            return `${row.node}\n${shown(row.score)} ± ${shown(row.se)}, ${row.n_models} of ${row.n_all} networks${
              row.q === null ? "" : `\np ${shown(row.p)}, q ${shown(row.q)}`}`;
          } },
          series: [{ type: "bar", barMaxWidth: 16,
            data: rows.map((row) => ({ value: row.score, itemStyle: { opacity: row.q > Q ? 0.35 : 1 } })) },
            error(rows.map((row) => row.score - spread(row)), rows.map((row) => row.score + spread(row)), true)],
        },
        table: [["node", "score", "se", "p", "q", "signed", "rank", "n_models", "n_all"],
          all.map((row) => [row.node, row.score, row.se, row.p, row.q, row.signed, row.rank, row.n_models, row.n_all])],
        note: `The first ${rows.length} nodes, with the standard error over networks.${
          rows.some((row) => row.q !== null) ? ` Pale: q above ${Q}.` : ""}`,
      };
    };
  });

  chart("variants", (section, redraw) => {
    const setOf = choice(section, "Variants", data.variants, redraw, (one) => `${titled(one.trait)}, ${one.method}`);
    return () => {
      const one = setOf();
      const ends = one.chromosomes.map((chromosome) => chromosome.offset + chromosome.length);
      const last = ends[ends.length - 1] ?? 1;
      return {
        options: {
          legend: { show: false },
          xAxis: { type: "value", min: 0, max: last, name: "chromosome", nameGap: 30, splitLine: { show: false },
            axisTick: { show: false }, axisLabel: { show: false } },
          yAxis: { type: "value", name: scored(one.trait, one.method), nameGap: 55 },
          dataZoom: [{ type: "inside", xAxisIndex: 0 }],
          tooltip: { renderMode: "richText", confine: true, formatter: (point) =>
            `${one.ids[point.value[2]]}\nchromosome ${one.chromosomes[point.seriesIndex].name}, ${one.positions[point.value[2]]}\n${shown(point.value[1])}` },
          series: one.chromosomes.map((chromosome, at) => ({
            type: "scatter", name: chromosome.name, symbolSize: one.ids.length > 1500 ? 3 : 6, color: colours[at % 2],
            data: one.scores.map((score, row) => [chromosome.offset + one.positions[row], score, row])
              .filter((_, row) => one.chromosome[row] === at),
            markLine: { silent: true, symbol: "none", lineStyle: { color: "transparent" },
              label: { show: true, formatter: chromosome.name, position: "start", color: ink() },
              data: [{ xAxis: chromosome.offset + chromosome.length / 2 }] },
          })),
        },
        table: [["id", "chromosome", "position", "score"],
          one.ids.map((id, row) => [id, one.chromosomes[one.chromosome[row]].name, one.positions[row], one.scores[row]])],
        note: `${one.ids.length} of ${one.of} variants: the highest of each stretch.${one.unplaced ? ` ${one.unplaced} more have no place in the final model.` : ""}`,
      };
    };
  });

  chart("latents", () => () => {
    const rows = data.latents;
    const names = rows.map((row) => short(`${row.node} · ${row.measured_by}`, 36));
    return {
      height: 110 + 26 * rows.length,
      options: {
        legend: { show: false }, grid: { left: 10, right: 30, top: 15, bottom: 50, containLabel: true },
        xAxis: { type: "value", min: -1, max: 1, name: "r on tested individuals", nameGap: 30 },
        yAxis: { type: "category", data: names, axisLabel: { color: ink(), interval: 0 } },
        tooltip: { renderMode: "richText", confine: true, formatter: (point) => `${rows[point.value[1]].node}: ${shown(point.value[0])}` },
        series: [{ type: "scatter", symbolSize: 8, itemStyle: { opacity: 0.65 },
          data: rows.flatMap((row, at) => row.r.map((value) => [value, at])) }],
      },
      table: [["layer", "node", "measured_by", "r"], rows.flatMap((row) => row.r.map((value) => [row.layer, row.node, row.measured_by, value]))],
      note: `${rows.length} of ${data.supervised} nodes${rows.length < data.supervised ? ", the worst and the best" : ""}. ` + "One point a fold: how well a node's own read-out tells its measurement on individuals that no fit has seen.",
    };
  });

  const most = 200;
  for (const [id, table] of Object.entries(data.tables)) {
    const section = document.getElementById(id);
    if (!section) continue;
    const place = section.querySelector("table");
    const head = element(element(place, "thead"), "tr");
    const body = element(place, "tbody");
    const numeric = table.header.map((_, at) => table.rows.length > 0 && table.rows.every((row) => row[at] === null || typeof row[at] === "number"));
    const label = element(section.querySelector(".controls"), "label", "Search");
    const input = element(label, "input", undefined, { type: "search" });
    let order = null;
    table.header.forEach((name, at) => {
      const column = element(head, "th", undefined, { scope: "col", ...(numeric[at] ? { class: "number" } : {}) });
      const sort = element(column, "button", name, { type: "button" });
      sort.addEventListener("click", () => {
        order = { at, down: order?.at === at ? !order.down : numeric[at] };
        head.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
        column.setAttribute("aria-sort", order.down ? "descending" : "ascending");
        fill();
      });
    });
    const fill = () => {
      const wanted = input.value.toLowerCase();
      const found = table.rows.filter((row) => row.some((value) => String(value ?? "NA").toLowerCase().includes(wanted)));
      if (order) {
        const compare = (one, other) => (numeric[order.at] ? (one ?? -Infinity) - (other ?? -Infinity) : String(one).localeCompare(String(other)));
        found.sort((one, other) => (order.down ? -1 : 1) * compare(one[order.at], other[order.at]));
      }
      body.replaceChildren();
      for (const row of found.slice(0, most)) {
        const line = element(body, "tr");
        row.forEach((value, at) => element(line, "td", shown(value), numeric[at] ? { class: "number" } : {}));
      }
      const rest = found.length > most ? `, the first ${most} are shown` : "";
      const left = table.of > table.rows.length ? ` (${table.of} in the file)` : "";
      section.querySelector(".note").textContent = `${found.length} of ${table.rows.length} rows${left}${rest}.`;
    };
    input.addEventListener("input", fill);
    button(section, "Save as TSV", () => download(`${id}.tsv`, "text/tab-separated-values", tsv(table.header, table.rows)));
    fill();
  }

  const again = () => drawn.forEach((one) => one.redraw());
  dark.addEventListener("change", again);
  addEventListener("resize", () => drawn.forEach((one) => one.instance().resize()));
  document.documentElement.dataset.drawn = String(drawn.length);
  globalThis.report = { drawn: () => drawn.map((one) => ({ id: one.id, points: one.points() })) };
})();
