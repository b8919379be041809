/** Components of a website: pictures, bodies, and what is seen of a preview. */

export { type BlockMap, Blocks, blocks, Figures, isLink, readableDate, type Words } from "./Blocks";
export { Comparison } from "./Comparison";
export { Picture } from "./Picture";
export { PreviewBar } from "./PreviewBar";
