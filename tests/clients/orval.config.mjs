export default {
  api: {
    input: "openapi.json",
    output: { target: "made/orval/api.ts", schemas: "made/orval/schemas", client: "fetch", baseUrl: "http://api.invalid" },
  },
};
