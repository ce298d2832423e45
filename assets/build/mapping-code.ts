/** Machine code (x86-64, Linux) that maps pages of a file over the program, and goes on to the program. */

/** Pages that are to lie at an address, and their place in the file, both in pages of 4,096 bytes. */
export interface Mapping {
  readonly page: number;
  readonly pages: number;
  /** PROT_… of mmap(2). */
  readonly protection: number;
  readonly from: number;
}

/** Room for the code and its texts, before the table. */
export const CODE_BYTES = 320;
/** Of the table, which ends with an entry of zeros. */
export const ENTRY_BYTES = 16;

const TEXTS_AT = 144;

export interface MappingCode {
  /** Where the code is going to lie, below 2 GiB. */
  readonly address: number;
  /** Where the program begins. */
  readonly entry: number;
  /** The file that the pages are in; at most 40 characters. */
  readonly path: string;
  readonly mappings: readonly Mapping[];
}

/**
 * The code and its table. It keeps the stack and %rdx, by which ld.so hands the program its function for the end (System
 * V ABI, AMD64 supplement, section 3.4.1). Where the file cannot be mapped, the code ends the process with status 127 and a line on standard error.
 */
export function mappingCode({ address, entry, path, mappings }: MappingCode): Buffer {
  const name = `${path}\0`;
  const complaint = `Cannot start clump: ${path} cannot be mapped, and the pages of a start were wanted\n`;
  const nameAt = address + TEXTS_AT;
  const fail = [
    ...[0xb8, ...imm(1), 0xbf, ...imm(2)], // mov $write, %eax; mov $2, %edi
    ...[0xbe, ...imm(nameAt + name.length), 0xba, ...imm(complaint.length), 0x0f, 0x05], // mov …, %esi; mov …, %edx; syscall
    ...[0xb8, ...imm(60), 0xbf, ...imm(127), 0x0f, 0x05], // mov $exit, %eax; mov $127, %edi; syscall
  ];
  const start = [
    ...[0x52, 0xb8, ...imm(2)], // push %rdx; mov $open, %eax
    ...[0xbf, ...imm(nameAt), 0xbe, ...imm(0x80000), 0x0f, 0x05], // mov name, %edi; mov $O_CLOEXEC, %esi; syscall
    ...[0x41, 0x89, 0xc0], // mov %eax, %r8d
    ...[0xbb, ...imm(address + CODE_BYTES)], // mov table, %ebx
    ...[0x41, 0xba, ...imm(0x12)], // mov $MAP_PRIVATE|MAP_FIXED, %r10d
  ];
  const finish = [
    ...[0x44, 0x89, 0xc7, 0xb8, ...imm(3), 0x0f, 0x05], // mov %r8d, %edi; mov $close, %eax; syscall
    ...[0x5a, 0xb8, ...imm(entry), 0xff, 0xe0], // pop %rdx; mov entry, %eax; jmp *%rax
  ];
  const map = [
    ...[0x48, 0xc1, 0xe7, 12], // shl $12, %rdi
    ...[0x8b, 0x73, 4, 0x48, 0xc1, 0xe6, 12], // mov 4(%rbx), %esi; shl $12, %rsi
    ...[0x8b, 0x53, 8], // mov 8(%rbx), %edx
    ...[0x44, 0x8b, 0x4b, 12, 0x49, 0xc1, 0xe1, 12], // mov 12(%rbx), %r9d; shl $12, %r9
    ...[0xb8, ...imm(9), 0x0f, 0x05], // mov $mmap, %eax; syscall
    ...[0x48, 0x85, 0xc0], // test %rax, %rax
  ];
  const next = [0x48, 0x83, 0xc3, ENTRY_BYTES]; // add $16, %rbx
  const afterMap = next.length + 2;
  const head = [0x8b, 0x3b, 0x85, 0xff]; // mov (%rbx), %edi; test %edi, %edi
  const loop = [
    ...[...head, 0x74, map.length + 2 + afterMap], // jz finish
    ...[...map, 0x78, afterMap + finish.length], // js fail
    ...next,
  ];
  const code = [...start, ...loop, 0xeb, 256 - loop.length - 2, ...finish, ...fail]; // jmp loop
  const bytes = Buffer.alloc(CODE_BYTES + (mappings.length + 1) * ENTRY_BYTES);
  bytes.set(code, 0);
  bytes.write(name + complaint, TEXTS_AT, "latin1");
  for (const [index, { page, pages, protection, from }] of mappings.entries())
    for (const [field, value] of [page, pages, protection, from].entries())
      bytes.writeUInt32LE(value, CODE_BYTES + index * ENTRY_BYTES + field * 4);
  return bytes;
}

/** 32 bits, little-endian. */
function imm(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];
}
