/** What the guest prints, again and again. */
export const signOfLife = "ostler";

/**
 * A whole x86-64 guest in 180 bytes, booted as a Multiboot kernel. A BIOS alone proves nothing: there are
 * hosts whose KVM runs one and then crawls or stops in 64-bit mode. So this one goes there, and prints a line
 * on the first serial port after every hundred million turns of a loop: a third of a second if emulated.
 *
 *         .code32
 *         .long 0x1BADB002, 0x10000, -(0x1BADB002 + 0x10000)   # Multiboot, with these addresses:
 *         .long BASE, BASE, 0, BASE + 0x4000, BASE + (entry - header)     # BASE is 0x100000
 * entry:  movl $(BASE + 0x2003), (BASE + 0x1000)               # page tables: the first 2 MiB are themselves
 *         movl $(BASE + 0x3003), (BASE + 0x2000)
 *         movl $0x83, (BASE + 0x3000)
 *         mov $(BASE + 0x1000), %eax;   mov %eax, %cr3
 *         mov %cr4, %eax;   or $0x20, %eax;   mov %eax, %cr4   # PAE
 *         mov $0xC0000080, %ecx;   rdmsr;   or $0x100, %eax;   wrmsr      # long mode
 *         mov %cr0, %eax;   or $0x80000001, %eax;   mov %eax, %cr0        # paging
 *         lgdt (gdtr);   ljmp $8, $again
 *         .code64
 * again:  mov $100000000, %ecx
 * 1:      dec %ecx;   jnz 1b
 *         mov $text, %esi;   mov $8, %ecx;   mov $0x3f8, %edx;   rep outsb
 *         jmp again
 * text:   .ascii "ostler\r\n"
 * gdt:    .quad 0, 0x00209A0000000000
 * gdtr:   .word 15;   .quad gdt
 */
export const probeGuest: Uint8Array = Buffer.from(
  "02b0ad1b00000100fe4f51e40000100000001000000000000040100020001000c7050010100003201000c70500201000" +
    "03301000c7050030100083000000b8001010000f22d80f20e083c8200f22e0b9800000c00f320d000100000f300f20c0" +
    "0d010000800f22c00f0115aa001000ea760010000800b900e1f505ffc975fcbe92001000b908000000baf8030000f36e" +
    "ebe46f73746c65720d0a000000000000000000000000009a20000f009a00100000000000",
  "hex",
);
