// Turns a description of the API into types, and names what in them is `any` or `unknown`.
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const OPEN = new Set([ts.SyntaxKind.AnyKeyword, ts.SyntaxKind.UnknownKeyword]);

// openapi-typescript writes `unknown` for the headers that a response has beside those described; a header is text.
function headersAreText(nodes) {
  const text = () =>
    ts.factory.createUnionTypeNode([
      ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
      ts.factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword),
    ]);
  const transform = (context) => (root) => {
    const visit = (node, inHeaders) => {
      if (inHeaders && ts.isIndexSignatureDeclaration(node)) {
        return ts.factory.updateIndexSignature(node, node.modifiers, node.parameters, text());
      }
      const isHeaders = ts.isPropertySignature(node) && node.name.text === "headers";
      const below = isHeaders || (inHeaders && ts.isTypeLiteralNode(node));
      return ts.visitEachChild(node, (child) => visit(child, below), context);
    };
    return visit(root, false);
  };
  return nodes.map((node) => ts.transform(node, [transform]).transformed[0]);
}

// Returns the source of the types for a description (an object, or the address of a file).
export async function generate(description) {
  return astToString(headersAreText(await openapiTS(description, { defaultNonNullable: false })));
}

// Returns the lines of `source` that leave a type open.
export function openLines(source) {
  const file = ts.createSourceFile("types.ts", source, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (OPEN.has(node.kind)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${line + 1}: ${source.split("\n")[line].trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
