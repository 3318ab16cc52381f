/* A disk that remembers and can break: loaded before libc, this file notes every write to the files of one folder in a
   log, in order, and answers EIO while a certain file exists. disk.py says how it is used. Nothing of it is shipped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096
static char *paths[FILES];
static int log_fd = -1;
static const char *watched, *broken_if;

struct __attribute__((packed)) head { char kind; uint16_t name; uint64_t at; uint32_t size; };

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("DISK_LOG");
    watched = getenv("DISK_FILE");
    broken_if = getenv("DISK_BROKEN_IF");
    if (log) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static const char *path_of(int fd) { return fd >= 0 && fd < FILES ? paths[fd] : NULL; }

static int is_broken(const char *path) {
    return path && broken_if && syscall(SYS_faccessat, AT_FDCWD, broken_if, F_OK) == 0;
}

static void note(char kind, const char *path, uint64_t at, const void *data, uint32_t size) {
    if (log_fd < 0 || !path) return;
    struct head head = {kind, (uint16_t)strlen(path), at, size};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.name}, {(void *)data, data ? size : 0}};
    (void)!writev(log_fd, parts, 3);
}

static int remember(int fd, const char *path) {
    if (fd < 0 || fd >= FILES) return fd;
    free(paths[fd]);
    size_t length = strlen(path);
    int is_index = length > 4 && strcmp(path + length - 4, "-shm") == 0; /* made anew at each start */
    paths[fd] = watched && !is_index && strstr(path, watched) ? strdup(path) : NULL;
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); \
        int mode = va_arg(more, int); va_end(more); \
        return remember(syscall(SYS_openat, AT_FDCWD, path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    if (fd >= 0 && fd < FILES) { free(paths[fd]); paths[fd] = NULL; }
    return syscall(SYS_close, fd);
}

#define WRITE_AT(name) \
    ssize_t name(int fd, const void *data, size_t size, off_t at) { \
        const char *path = path_of(fd); \
        if (is_broken(path)) { errno = EIO; return -1; } \
        ssize_t done = syscall(SYS_pwrite64, fd, data, size, at); \
        if (done > 0) note('W', path, at, data, done); \
        return done; \
    }
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

ssize_t write(int fd, const void *data, size_t size) {
    const char *path = path_of(fd);
    ssize_t done = syscall(SYS_write, fd, data, size);
    if (path && done > 0) note('M', path, 0, data, done); /* the database writes with pwrite: this is a mark of the test */
    return done;
}

#define SYNC(name, number) \
    int name(int fd) { \
        const char *path = path_of(fd); \
        if (is_broken(path)) { errno = EIO; return -1; } \
        int failed = syscall(number, fd); \
        if (!failed) note('S', path, 0, NULL, 0); \
        return failed; \
    }
SYNC(fsync, SYS_fsync)
SYNC(fdatasync, SYS_fdatasync)

#define TRUNCATE(name) \
    int name(int fd, off_t size) { \
        const char *path = path_of(fd); \
        if (is_broken(path)) { errno = EIO; return -1; } \
        int failed = syscall(SYS_ftruncate, fd, size); \
        if (!failed) note('T', path, size, NULL, 0); \
        return failed; \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)
