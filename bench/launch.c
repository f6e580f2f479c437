/* launch RESULT PROGRAM [ARGUMENT...]: runs a program to its end and appends one line to RESULT:
 *   wall time and processor time (user and system, with all that it waited for) in microseconds, peak memory in KiB, exit status.
 *
 * In C and this small for one reason: a child's peak memory counts from the fork, so whoever starts it must be smaller than it. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

int main(int argc, char **argv)
{
    struct timespec begin, end;
    struct rusage usage;
    int status;
    pid_t pid;

    if (argc < 3)
        return 2;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0) {
        perror(argv[2]);
        return 127;
    }
    if (wait4(pid, &status, 0, &usage) != pid)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &end);

    FILE *result = fopen(argv[1], "a");
    if (result == NULL)
        return 1;
    fprintf(result, "%ld %ld %ld %d\n",
            (end.tv_sec - begin.tv_sec) * 1000000L + (end.tv_nsec - begin.tv_nsec) / 1000,
            (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec,
            usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(result);
}
