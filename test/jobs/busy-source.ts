/** C for which a compiler needs some seconds, with so many functions. */
export function busySource(functions: number): string {
  const one = (n: number) =>
    `int f${n}(int *a, int n) { int s = ${n}; for (int i = 0; i < n; i++) { if (a[i] % ${n}7 == 3) s += a[i] * s;
else s ^= a[(i * ${n}) % n]; for (int j = i; j < n; j += ${n}) a[j] += s >> (j & 7); } return s; }\n`;
  return Array.from({ length: functions }, (_, index) => one(index + 1)).join("");
}
