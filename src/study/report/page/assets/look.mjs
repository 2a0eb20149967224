// Uses a page as a reader would, in headless Chromium, and fails where anything is not as it should be:
//   npm ci --ignore-scripts && npm run look -- report.html [more.html] [--pictures FOLDER]
// CHROMIUM names the browser [default: /usr/bin/chromium].
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { chromium } from "playwright-core";

const given = process.argv.slice(2);
const at = given.indexOf("--pictures");
const pictures = at < 0 ? null : given.splice(at, 2)[1];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return readFileSync(await download.path(), "utf8");
}

async function look(file, width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, acceptDownloads: true });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("dialog", (dialog) => wrong.push(`a dialog: ${dialog.message()}`));
  page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || wrong.push(request.url()));
  await page.goto(`file://${resolve(file)}`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "A", "the first stop skips to the results");
  const drawn = await page.evaluate(() => globalThis.report.drawn());
  assert.ok(drawn.length > 0 && drawn.every((chart) => chart.points > 0), JSON.stringify(drawn));
  assert.equal(await page.locator("section.chart").count(), drawn.length);
  assert.equal(await page.locator("section.chart canvas").count(), drawn.length);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  for (const { id } of drawn) {
    const chart = page.locator(`#${id}`);
    const inked = await chart.locator("canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, place) => place % 4 === 3 && value > 0);
    });
    assert.ok(inked, `${id} is drawn`);
    for (const select of await chart.locator("select").all()) {
      const count = await select.locator("option").count();
      await select.selectOption({ index: count - 1 });
      await select.selectOption({ index: 0 });
    }
    for (const box of await chart.locator("input[type=checkbox]").all()) await box.click();
    await chart.locator("canvas").hover();
    assert.match(await saved(page, chart.getByRole("button", { name: "Save as SVG" })), /^<svg[^]*<\/svg>$/);
    assert.ok((await saved(page, chart.getByRole("button", { name: "Save as TSV" }))).split("\n").length > 2);
  }
  for (const table of await page.locator("section.table").all()) {
    const rows = () => table.locator("tbody tr").count();
    const all = await rows();
    assert.ok(all > 0);
    await table.locator("thead button").first().click();
    await table.getByRole("searchbox").fill("no row has this");
    assert.equal(await rows(), 0);
    await table.getByRole("searchbox").fill("");
    assert.equal(await rows(), all);
  }
  assert.deepEqual(wrong, [], "nothing is said, and nothing asked for");
  if (pictures) {
    const name = `${basename(file, ".html")}-${width}-${colorScheme}.png`;
    await page.screenshot({ path: join(pictures, name), fullPage: true });
  }
  await context.close();
  return drawn.length;
}

for (const file of given) {
  for (const [width, scheme] of [[1280, "light"], [390, "dark"]]) {
    console.log(`${basename(file)}, ${width} px, ${scheme}: ${await look(file, width, scheme)} charts`);
  }
}
await browser.close();
