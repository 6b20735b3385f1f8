import { feedPlugin } from "@11ty/eleventy-plugin-rss";
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";

export default function (config) {
  config.addPlugin(syntaxHighlight);
  config.addPlugin(feedPlugin, {
    type: "rss",
    outputPath: "/index.xml",
    collection: { name: "posts", limit: 20 },
    metadata: { language: "en", title: "Bench", base: "https://example.org/", author: { name: "Nobody" } },
  });
  config.addPassthroughCopy({ "src/site.css": "site.css", "src/img": "img" });
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  const posts = (api) => api.getFilteredByGlob("src/posts/*.md");
  config.addCollection("posts", posts);
  config.addCollection("newest", (api) => posts(api).reverse());
  config.addCollection("byTag", (api) => {
    const byTag = new Map();
    for (const post of posts(api).reverse()) {
      for (const tag of post.data.tags) {
        if (!byTag.has(tag)) byTag.set(tag, []);
        byTag.get(tag).push(post);
      }
    }
    return [...byTag].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, posts]) => ({ tag, posts }));
  });
  return { dir: { input: "src", output: "_site" }, markdownTemplateEngine: false };
}
