/** The picture of the architecture: the layers, their folders, and who imports whom within a layer. */

import { type Files, findImports } from "./imports.ts";
import { LAYERS, type Layer } from "./layers.ts";

/** Pixels. */
const BOX = { width: 232, height: 40, gap: 12 } as const;
/** Between two columns: the lines of imports have room there. */
const COLUMN_GAP = 46;
const MARGIN = 20;
const HEAD = { height: 56, gap: 26 } as const;
const FOOT = 46;

const COLOUR = {
  paper: "#ffffff",
  ink: "#1f2933",
  faint: "#64748b",
  line: "#94a3b8",
  layers: ["#fde2e2", "#fdecd2", "#e3f4dc", "#dcecfb", "#e9e2f8"],
} as const;

interface Folder {
  /** "modes/web"; "modes" for the layer's own files. */
  readonly path: string;
  readonly summary: string;
}

/** An import between two folders of one layer. */
interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The picture as SVG; equal imports between folders give an equal picture. */
export function drawArchitecture(files: Files): string {
  const edges = findEdges(files);
  const columns = LAYERS.map((layer) => ({ layer, folders: sortByImports(foldersOf(layer), edges) }));
  const most = Math.max(...columns.map(({ folders }) => folders.length));
  const width = 2 * MARGIN + columns.length * BOX.width + (columns.length - 1) * COLUMN_GAP + COLUMN_GAP;
  const height = 2 * MARGIN + HEAD.height + HEAD.gap + most * (BOX.height + BOX.gap) + FOOT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
    "<title>The layers of clump, their folders, and the imports between the folders of a layer</title>",
    `<rect width="${width}" height="${height}" rx="10" fill="${COLOUR.paper}"/>`,
    ...columns.flatMap((column, index) => drawColumn(column, edges, index)),
    ...text(
      { x: MARGIN, y: height - MARGIN },
      "A layer imports only layers to its right. A line leads from a folder down to a folder of the same layer that it imports.",
      { size: 13, colour: COLOUR.faint },
    ),
    "</svg>",
    "",
  ].join("\n");
}

/** The folder of a file as the picture has it: deeper folders belong to the one of the second level. */
export function folderOf(path: string): string {
  const parts = path.split("/").slice(0, -1);
  return parts.slice(0, 2).join("/");
}

/** The imports from folder to folder within a layer, each once. */
export function findEdges(files: Files): Edge[] {
  const edges = findImports(files)
    .filter(({ from, to }) => files.has(to) && from.split("/")[0] === to.split("/")[0])
    .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
    .filter(({ from, to }) => from !== to);
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}

/** A folder before the folders that it imports; of equals, by name. */
export function sortByImports(folders: readonly Folder[], edges: readonly Edge[]): Folder[] {
  const depths = new Map<string, number>();
  const depthOf = (path: string, way: readonly string[] = []): number => {
    const known = depths.get(path);
    if (known !== undefined || way.includes(path)) return known ?? 0;
    const above = edges.filter(({ to }) => to === path).map(({ from }) => depthOf(from, [...way, path]) + 1);
    const depth = Math.max(0, ...above);
    depths.set(path, depth);
    return depth;
  };
  return folders.toSorted((a, b) => depthOf(a.path) - depthOf(b.path) || (a.path < b.path ? -1 : 1));
}

function foldersOf({ name, files, folders }: Layer): Folder[] {
  const inner = Object.entries(folders).map(([folder, summary]) => ({ path: `${name}/${folder}`, summary }));
  return [{ path: name, summary: files }, ...inner];
}

function drawColumn(
  { layer, folders }: { readonly layer: Layer; readonly folders: readonly Folder[] },
  edges: readonly Edge[],
  index: number,
): string[] {
  const x = MARGIN + index * (BOX.width + COLUMN_GAP);
  const fill = COLOUR.layers[index % COLOUR.layers.length]!;
  const top = MARGIN + HEAD.height + HEAD.gap;
  const places = new Map(folders.map(({ path }, row) => [path, top + row * (BOX.height + BOX.gap)]));
  return [
    ...drawHead(layer, { x, fill, isLast: index === LAYERS.length - 1 }),
    ...folders.flatMap(({ path, summary }) => {
      const y = places.get(path)!;
      const name = path === layer.name ? `${path}/*.ts` : `${path.slice(layer.name.length + 1)}/`;
      return [
        box({ x, y, ...BOX }, fill),
        ...text({ x: x + 10, y: y + 17 }, name, { size: 13, weight: "bold" }),
        ...text({ x: x + 10, y: y + 32 }, summary, { size: 11, colour: COLOUR.faint }),
      ];
    }),
    ...edges.flatMap(({ from, to }) => {
      const [start, end] = [places.get(from), places.get(to)];
      return start === undefined || end === undefined ? [] : [drawEdge(x + BOX.width, start, end)];
    }),
  ];
}

function drawHead({ name, summary }: Layer, at: { x: number; fill: string; isLast: boolean }): string[] {
  const { x, fill, isLast } = at;
  const middle = MARGIN + HEAD.height / 2;
  const right = x + BOX.width;
  const [from, to] = [right + 5, right + COLUMN_GAP - 5];
  return [
    box({ x, y: MARGIN, width: BOX.width, height: HEAD.height }, fill, COLOUR.ink),
    ...text({ x: x + 10, y: MARGIN + 24 }, name, { size: 18, weight: "bold" }),
    ...text({ x: x + 10, y: MARGIN + 43 }, summary, { size: 11, colour: COLOUR.ink }),
    ...(isLast
      ? []
      : [
          `<path d="M${from} ${middle}H${to - 8}" stroke="${COLOUR.ink}" stroke-width="3" fill="none"/>`,
          `<path d="M${to} ${middle}l-12 -7v14z" fill="${COLOUR.ink}"/>`,
        ]),
  ];
}

/** A curve at the right side of a column, from one box to another; a longer way swings out further. */
function drawEdge(x: number, start: number, end: number): string {
  const rows = Math.abs(end - start) / (BOX.height + BOX.gap);
  const [y1, y2] = [start + BOX.height * 0.6, end + BOX.height * 0.4];
  const swing = Math.min(9 + 5 * rows, COLUMN_GAP + 8);
  return (
    `<path d="M${x} ${y1}C${x + swing} ${y1} ${x + swing} ${y2} ${x + 5} ${y2}" stroke="${COLOUR.line}" fill="none"/>` +
    `<path d="M${x} ${y2}l7 -3v6z" fill="${COLOUR.line}"/>`
  );
}

function box(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  fill: string,
  stroke: string = COLOUR.line,
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${stroke}"/>`;
}

function text(
  { x, y }: { x: number; y: number },
  words: string,
  { size, weight = "normal", colour = COLOUR.ink }: { size: number; weight?: string; colour?: string },
): string[] {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return [
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped}</text>`,
  ];
}
