export default { layout: "post.njk", permalink: (data) => `/posts/${data.page.inputPath.match(/post-\d+/)[0]}/` };
