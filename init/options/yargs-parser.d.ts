/** The build of the parser that needs nothing else has the types of the whole. */
declare module "yargs-parser/browser" {
  export { default } from "yargs-parser";
}
