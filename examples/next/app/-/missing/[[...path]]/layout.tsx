export { default, metadata } from "../../../[[...path]]/layout";
