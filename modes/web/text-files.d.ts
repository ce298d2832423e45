/** Files that are imported as their text; the program's own modules end in .ts. */
declare module "*.css" {
  const text: string;
  export = text;
}
declare module "*.js" {
  const text: string;
  export = text;
}
