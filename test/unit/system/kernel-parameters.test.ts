import { expect, test } from "bun:test";
import { splitParameters } from "../../../system/kernel-parameters.ts";

test.each([
  ["", []],
  [" a  b=c\td\n", ["a", "b=c", "d"]],
  ['a="b c" d', ["a=b c", "d"]],
  ['"a=b c" d', ["a=b c", "d"]],
  ['"a b" c', ["a b", "c"]],
  ['a="b c', ["a=b c"]],
  ['"a=b c', ["a=b c"]],
  ['a=b" "c d', ['a=b" "c', "d"]],
  ['a"b c"=d', ['a"b c"=d']],
  ['a="b"c"d"', ['a=b"c"d']],
  ['a=""', ["a="]],
  ['="a b"', ['="a b"']],
  ['a=b"c"', ['a=b"c"']],
  ["a='b' 'c d'", ["a='b'", "'c", "d'"]],
  [`a="'b c'"`, ["a='b c'"]],
])("splitParameters() parts %p as the kernel does", (text, wanted) => {
  expect(splitParameters(text)).toEqual(wanted);
});
