namespace BlockRbd.Linux.Confinement;

/// <summary>What a process that only reads may ask of the kernel: numbers of arch/x86/entry/syscalls/syscall_64.tbl.</summary>
internal static class SystemCallTable
{
    public const uint MMap = 9;
    public const uint MProtect = 10;
    public const uint TgKill = 234;

    /// <summary>Allowed whatever the arguments. Found with strace on runs that read, allocate, collect, throw and end; the rest is refused with EPERM.</summary>
    public static ReadOnlySpan<ushort> Allowed =>
    [
        0,   // read
        1,   // write
        3,   // close
        5,   // fstat
        7,   // poll
        8,   // lseek
        11,  // munmap
        12,  // brk
        13,  // rt_sigaction
        14,  // rt_sigprocmask
        15,  // rt_sigreturn
        17,  // pread64
        18,  // pwrite64
        20,  // writev
        24,  // sched_yield
        25,  // mremap
        28,  // madvise
        35,  // nanosleep
        39,  // getpid
        60,  // exit
        72,  // fcntl
        96,  // gettimeofday
        98,  // getrusage
        99,  // sysinfo: the collector, on every collection
        102, // getuid
        107, // geteuid
        131, // sigaltstack
        186, // gettid
        202, // futex
        203, // sched_setaffinity
        204, // sched_getaffinity
        219, // restart_syscall
        228, // clock_gettime
        229, // clock_getres
        230, // clock_nanosleep
        231, // exit_group
        271, // ppoll
        273, // set_robust_list: a thread of the runtime that has only just been started
        309, // getcpu
        318, // getrandom
        324, // membarrier
        332, // statx
        334, // rseq
    ];

    /// <summary>Never innocent: the process ends at once. Not openat and the like, which the collector tries for /proc/meminfo.</summary>
    public static ReadOnlySpan<ushort> Deadly =>
    [
        41,  // socket
        42,  // connect
        43,  // accept
        49,  // bind
        50,  // listen
        53,  // socketpair
        56,  // clone
        57,  // fork
        58,  // vfork
        59,  // execve
        62,  // kill
        101, // ptrace
        129, // rt_sigqueueinfo
        155, // pivot_root
        161, // chroot
        165, // mount
        166, // umount2
        169, // reboot
        175, // init_module
        200, // tkill
        246, // kexec_load
        248, // add_key
        250, // keyctl
        272, // unshare
        298, // perf_event_open
        304, // open_by_handle_at
        308, // setns
        310, // process_vm_readv
        311, // process_vm_writev
        313, // finit_module
        321, // bpf
        322, // execveat
        323, // userfaultfd
        425, // io_uring_setup
        428, // open_tree
        429, // move_mount
        430, // fsopen
        435, // clone3
        438, // pidfd_getfd
    ];
}
