using System.Runtime.InteropServices;

namespace BlockRbd.Linux.Confinement;

/// <summary>The seccomp filter of <see cref="SystemCallTable"/>, for every thread of the process.</summary>
/// <remarks>
/// Linux Documentation/userspace-api/seccomp_filter.rst; the program is classic BPF (linux/filter.h). What isn't named is refused with EPERM and not deadly, because
/// the collector looks at the machine on every collection and carries on without an answer; measured, 40 of 40 runs.
/// </remarks>
internal static class SystemCallFilter
{
    private const nint SECCOMP_SET_MODE_FILTER = 1;
    private const nint SECCOMP_FILTER_FLAG_TSYNC = 1;

    private const uint SECCOMP_RET_KILL_PROCESS = 0x8000_0000;
    private const uint SECCOMP_RET_ERRNO = 0x0005_0000;
    private const uint SECCOMP_RET_ALLOW = 0x7FFF_0000;

    private const uint EPERM = 1;
    private const uint PROT_EXEC = 4;
    private const uint AUDIT_ARCH_X86_64 = 0xC000_003E;
    private const uint X32_SYSCALL_BIT = 0x4000_0000;

    // struct seccomp_data: nr, arch, instruction_pointer, args[6] of eight bytes
    private const uint NumberOffset = 0;
    private const uint ArchOffset = 4;

    private const ushort Load = 0x20;        // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;

    /// <summary>Whether this machine's system calls are those of the table.</summary>
    public static bool IsKnownHere => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Puts it on. It can't be taken off again.</summary>
    /// <returns>False, with errno, where the kernel doesn't take it.</returns>
    public static unsafe bool Apply()
    {
        ulong[] program = Build((uint)Environment.ProcessId);
        fixed (ulong* filter = program)
        {
            // struct sock_fprog: a count of two bytes, and at eight the pointer
            nint* header = stackalloc nint[] { program.Length, (nint)filter };
            // TSYNC: the runtime's own threads as well, and their no_new_privs with it
            return Libc.Syscall(Libc.SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, (nint)header, 0) == 0;
        }
    }

    /// <summary>The instructions, eight bytes each (struct sock_filter: code, jt, jf, k).</summary>
    internal static ulong[] Build(uint processId)
    {
        List<ulong> program =
        [
            Instruction(Load, ArchOffset),
            Instruction(JumpIfEqual, AUDIT_ARCH_X86_64, whenTrue: 1),
            Instruction(Return, SECCOMP_RET_KILL_PROCESS),
            Instruction(Load, NumberOffset),
            Instruction(JumpIfAtLeast, X32_SYSCALL_BIT, whenFalse: 1),
            Instruction(Return, SECCOMP_RET_KILL_PROCESS),
        ];
        foreach (ushort number in SystemCallTable.Deadly)
        {
            Add(program, number, SECCOMP_RET_KILL_PROCESS);
        }

        foreach (ushort number in SystemCallTable.Allowed)
        {
            Add(program, number, SECCOMP_RET_ALLOW);
        }

        // Memory, but none that could be run.
        AddIf(program, SystemCallTable.MMap, argument: 2, JumpIfAnyBit, PROT_EXEC, whenTrue: SECCOMP_RET_ERRNO | EPERM, otherwise: SECCOMP_RET_ALLOW);
        AddIf(program, SystemCallTable.MProtect, argument: 2, JumpIfAnyBit, PROT_EXEC, whenTrue: SECCOMP_RET_ERRNO | EPERM, otherwise: SECCOMP_RET_ALLOW);
        // A signal to a thread of its own: the collector stops threads that way.
        AddIf(program, SystemCallTable.TgKill, argument: 0, JumpIfEqual, processId, whenTrue: SECCOMP_RET_ALLOW, otherwise: SECCOMP_RET_KILL_PROCESS);
        program.Add(Instruction(Return, SECCOMP_RET_ERRNO | EPERM));
        return [.. program];
    }

    private static void Add(List<ulong> program, uint number, uint action)
    {
        program.Add(Instruction(JumpIfEqual, number, whenFalse: 1));
        program.Add(Instruction(Return, action));
    }

    private static void AddIf(List<ulong> program, uint number, uint argument, ushort test, uint value, uint whenTrue, uint otherwise)
    {
        program.Add(Instruction(JumpIfEqual, number, whenFalse: 4));
        program.Add(Instruction(Load, 16 + (8 * argument))); // its low half, which is all of it for these
        program.Add(Instruction(test, value, whenFalse: 1));
        program.Add(Instruction(Return, whenTrue));
        program.Add(Instruction(Return, otherwise));
    }

    private static ulong Instruction(ushort code, uint k, byte whenTrue = 0, byte whenFalse = 0) =>
        code | ((ulong)whenTrue << 16) | ((ulong)whenFalse << 24) | ((ulong)k << 32);
}
